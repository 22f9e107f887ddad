//! The [`Desk`]: which generations have a clock running, which are over and kept, and how many are alive.
//!
//! Touched at the start and the end of a generation only, never per delta.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use seseragi_guard::StreamId;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How long finished logs are kept, and how much of them.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// For how long a finished log can be read.
    pub keep: Duration,
    /// The most memory of all finished logs, in bytes; the oldest go first.
    pub max_bytes: usize,
    /// The most finished logs.
    pub max_streams: usize,
    /// The most streams of one subject, running ones included; its oldest finished ones go first, so that nobody
    /// pushes out what belongs to others.
    pub max_per_subject: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            keep: Duration::from_secs(600),
            max_bytes: 256 * 1024 * 1024,
            max_streams: 100_000,
            max_per_subject: 4096,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Desk {
    state: Mutex<State>,
    /// Something is due earlier than before.
    pub(crate) changed: Notify,
    /// A generation ended.
    pub(crate) ended: Notify,
}

#[derive(Debug, Default)]
struct State {
    due: BinaryHeap<Reverse<(Instant, StreamId)>>,
    /// Finished logs in the order in which they ended, and the place of each.
    kept: BTreeMap<u64, Kept>,
    places: HashMap<StreamId, u64>,
    ended: u64,
    kept_bytes: usize,
    live: HashSet<StreamId>,
}

#[derive(Debug)]
struct Kept {
    since: Instant,
    stream_id: StreamId,
    bytes: usize,
}

/// The heap of clocks is swept when it holds so many entries more than twice the living.
const SWEEP_SLACK: usize = 1024;

impl Desk {
    /// Counts a new generation, if there may be one more.
    pub(crate) fn enlist(&self, stream_id: StreamId, max_live: usize) -> bool {
        let mut state = self.lock();
        state.live.len() < max_live && state.live.insert(stream_id)
    }

    /// Takes back a generation that did not start after all.
    pub(crate) fn strike_off(&self, stream_id: StreamId) {
        self.lock().live.remove(&stream_id);
        self.ended.notify_waiters();
    }

    /// Looks at a generation's clocks at that time.
    pub(crate) fn watch(&self, at: Instant, stream_id: StreamId) {
        let mut state = self.lock();
        let earlier = state.due.peek().is_none_or(|Reverse((first, _))| at < *first);
        state.due.push(Reverse((at, stream_id)));
        state.sweep();
        drop(state);
        if earlier {
            self.changed.notify_one();
        }
    }

    /// A generation is over; its log, of so many bytes, is kept for a while.
    pub(crate) fn retire(&self, stream_id: StreamId, bytes: usize) {
        let mut state = self.lock();
        state.live.remove(&stream_id);
        state.ended += 1;
        let place = state.ended;
        state.kept_bytes += bytes;
        state.places.insert(stream_id, place);
        state.kept.insert(place, Kept { since: Instant::now(), stream_id, bytes });
        drop(state);
        self.ended.notify_waiters();
    }

    /// A finished log is not kept any more.
    pub(crate) fn forget(&self, stream_id: StreamId) {
        let mut state = self.lock();
        if let Some(gone) = state.places.remove(&stream_id).and_then(|place| state.kept.remove(&place)) {
            state.kept_bytes -= gone.bytes;
        }
    }

    pub(crate) fn live(&self) -> usize {
        self.lock().live.len()
    }

    /// Those that run now.
    pub(crate) fn running(&self) -> Vec<StreamId> {
        self.lock().live.iter().copied().collect()
    }

    /// The next generation whose clocks are due.
    pub(crate) fn next_due(&self, now: Instant) -> Option<StreamId> {
        let mut state = self.lock();
        state.due.peek().filter(|Reverse((at, _))| *at <= now)?;
        state.due.pop().map(|Reverse((_, id))| id)
    }

    /// The next finished log to forget.
    pub(crate) fn next_stale(&self, now: Instant, retention: &Retention) -> Option<StreamId> {
        let mut state = self.lock();
        let (_, oldest) = state.kept.first_key_value()?;
        let over = state.kept_bytes > retention.max_bytes || state.kept.len() > retention.max_streams;
        if !over && now < oldest.since + retention.keep {
            return None;
        }
        let (_, gone) = state.kept.pop_first()?;
        state.kept_bytes -= gone.bytes;
        state.places.remove(&gone.stream_id);
        Some(gone.stream_id)
    }

    /// When something will be due, at the latest in `at_most`.
    pub(crate) fn wake_at(&self, now: Instant, at_most: Duration) -> Instant {
        let latest = now + at_most;
        self.lock().due.peek().map_or(latest, |Reverse((at, _))| (*at).min(latest))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Throws out the clocks of those that are over, and all but the first of each that lives: looking at a
    /// generation's clocks sets the next time by itself.
    fn sweep(&mut self) {
        if self.due.len() <= 2 * self.live.len() + SWEEP_SLACK {
            return;
        }
        let mut all = std::mem::take(&mut self.due).into_vec();
        all.sort_unstable_by(|a, b| b.cmp(a));
        let mut seen = HashSet::new();
        all.retain(|Reverse((_, id))| self.live.contains(id) && seen.insert(*id));
        self.due = all.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn clocks_of_the_dead_and_doubles_of_the_living_are_swept() {
        let (desk, now) = (Desk::default(), Instant::now());
        let (alive, at) = (StreamId::random(), |s| now + Duration::from_secs(s));
        assert!(desk.enlist(alive, 10));
        for i in 0..10_000 {
            let gone = StreamId::random();
            assert!(desk.enlist(gone, 10));
            desk.watch(at(600), gone);
            desk.watch(at(500 - i % 400), alive);
            desk.retire(gone, 0);
        }
        assert!(desk.lock().due.len() <= SWEEP_SLACK + 2 + 1);
        assert_eq!(desk.next_due(at(100)), None);
        assert_eq!(desk.next_due(at(101)), Some(alive), "the first of its clocks is kept");
    }
}
