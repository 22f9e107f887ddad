//! The [`Desk`]: which generations have a clock running, which are over and kept, and how many are alive.
//!
//! Touched at the start and the end of a generation only, never per delta.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
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
}

impl Default for Retention {
    fn default() -> Self {
        Self { keep: Duration::from_secs(600), max_bytes: 256 * 1024 * 1024, max_streams: 100_000 }
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
    kept: VecDeque<Kept>,
    kept_bytes: usize,
    live: usize,
}

#[derive(Debug)]
struct Kept {
    since: Instant,
    stream_id: StreamId,
    bytes: usize,
}

impl Desk {
    /// Counts a new generation, if there may be one more.
    pub(crate) fn enlist(&self, max_live: usize) -> bool {
        let mut state = self.lock();
        let room = state.live < max_live;
        state.live += usize::from(room);
        room
    }

    /// Takes back a generation that did not start after all.
    pub(crate) fn strike_off(&self) {
        self.lock().live -= 1;
        self.ended.notify_waiters();
    }

    /// Looks at a generation's clocks at that time.
    pub(crate) fn watch(&self, at: Instant, stream_id: StreamId) {
        let mut state = self.lock();
        let earlier = state.due.peek().is_none_or(|Reverse((first, _))| at < *first);
        state.due.push(Reverse((at, stream_id)));
        drop(state);
        if earlier {
            self.changed.notify_one();
        }
    }

    /// A generation is over; its log, of so many bytes, is kept for a while.
    pub(crate) fn retire(&self, stream_id: StreamId, bytes: usize) {
        let mut state = self.lock();
        state.live -= 1;
        state.kept_bytes += bytes;
        state.kept.push_back(Kept { since: Instant::now(), stream_id, bytes });
        drop(state);
        self.ended.notify_waiters();
    }

    pub(crate) fn live(&self) -> usize {
        self.lock().live
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
        let oldest = state.kept.front()?;
        let over = state.kept_bytes > retention.max_bytes || state.kept.len() > retention.max_streams;
        if !over && now < oldest.since + retention.keep {
            return None;
        }
        let gone = state.kept.pop_front()?;
        state.kept_bytes -= gone.bytes;
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
