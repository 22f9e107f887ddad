//! Which proofs were used: each is good once.
//!
//! Invariant: a proof that could still be accepted is never forgotten. When there is no room, new proofs are refused;
//! and when a clock was set back over proofs that are forgotten already, proofs of that time are refused.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::UnixSeconds;

/// Locks, so that workers do not wait for each other.
const SHARDS: usize = 16;

/// What a proof is remembered by: half of a SHA-256. Nobody but its owner could gain from another with the same name.
pub(super) type Name = [u8; 16];

/// What became of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// It is the first of its name, and is remembered now.
    First,
    /// It was used before.
    Replayed,
    /// It is of a time that has been forgotten.
    Forgotten,
    /// There is no room to remember it.
    Full,
}

/// The used proofs of the last minute.
#[derive(Debug)]
pub(super) struct Replays {
    shards: [Mutex<Shard>; SHARDS],
    held: AtomicUsize,
    max: usize,
}

#[derive(Debug, Default)]
struct Shard {
    names: HashSet<Name>,
    /// By the last second at which they could be accepted.
    by_end: BTreeMap<u64, Vec<Name>>,
    /// Everything that ends before this second is forgotten.
    forgotten: u64,
}

impl Replays {
    pub(super) fn new(max: usize) -> Self {
        Self { shards: Default::default(), held: AtomicUsize::new(0), max }
    }

    /// Remembers a proof that could be accepted up to and including `end`.
    pub(super) fn mark(&self, name: Name, end: UnixSeconds, now: UnixSeconds) -> Mark {
        let index = usize::from(name[0]) % SHARDS;
        let mark = self.try_mark(index, name, end, now);
        if mark != Mark::Full {
            return mark;
        }
        // Others may hold what has ended.
        (0..SHARDS).for_each(|shard| drop(self.swept(shard, now)));
        self.try_mark(index, name, end, now)
    }

    /// Whether a proof is remembered; perhaps a while longer than it could be accepted.
    pub(super) fn holds(&self, name: Name) -> bool {
        let shard = &self.shards[usize::from(name[0]) % SHARDS];
        shard.lock().unwrap_or_else(PoisonError::into_inner).names.contains(&name)
    }

    fn try_mark(&self, index: usize, name: Name, end: UnixSeconds, now: UnixSeconds) -> Mark {
        let mut shard = self.swept(index, now);
        if shard.names.contains(&name) {
            return Mark::Replayed;
        }
        if end.0 < shard.forgotten {
            return Mark::Forgotten;
        }
        let room = |held: usize| (held < self.max).then_some(held + 1);
        if self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room).is_err() {
            return Mark::Full;
        }
        shard.names.insert(name);
        shard.by_end.entry(end.0).or_default().push(name);
        Mark::First
    }

    /// A shard without what has ended.
    fn swept(&self, index: usize, now: UnixSeconds) -> std::sync::MutexGuard<'_, Shard> {
        let mut shard = self.shards[index].lock().unwrap_or_else(PoisonError::into_inner);
        let forgotten = shard.sweep(now);
        self.held.fetch_sub(forgotten, Ordering::Relaxed);
        shard
    }

    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }
}

impl Shard {
    /// Forgets what ended before `now`; how many those were.
    fn sweep(&mut self, now: UnixSeconds) -> usize {
        if now.0 <= self.forgotten {
            return 0;
        }
        self.forgotten = now.0;
        let mut count = 0;
        while let Some(ended) = self.by_end.first_entry().filter(|entry| *entry.key() < now.0) {
            for name in ended.remove() {
                count += usize::from(self.names.remove(&name));
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: u32) -> Name {
        let mut name = [0; 16];
        name[..4].copy_from_slice(&number.to_le_bytes());
        name
    }

    const NOW: UnixSeconds = UnixSeconds(1_000);

    #[test]
    fn a_name_is_good_once_until_it_could_not_be_accepted_anyhow() {
        let replays = Replays::new(10);
        let end = NOW.plus(60);
        assert_eq!(replays.mark(name(1), end, NOW), Mark::First);
        for later in [0, 1, 59, 60] {
            assert_eq!(replays.mark(name(1), end, NOW.plus(later)), Mark::Replayed, "{later} s later");
        }
        assert_eq!(replays.mark(name(2), NOW.plus(121), NOW.plus(61)), Mark::First);
        assert_eq!(replays.mark(name(1), end, NOW.plus(61)), Mark::Forgotten);
    }

    #[test]
    fn a_full_store_refuses_and_forgets_nothing_early() {
        let replays = Replays::new(3);
        for number in 0..3 {
            assert_eq!(replays.mark(name(number), NOW.plus(60), NOW), Mark::First);
        }
        assert_eq!(replays.mark(name(3), NOW.plus(60), NOW), Mark::Full);
        assert_eq!(replays.mark(name(3), NOW.plus(120), NOW.plus(60)), Mark::Full);
        for number in 0..3 {
            assert_eq!(replays.mark(name(number), NOW.plus(60), NOW.plus(60)), Mark::Replayed);
        }
        // Whatever shards they are in, they make room for one that is in another.
        assert_eq!(replays.mark(name(3), NOW.plus(120), NOW.plus(61)), Mark::First);
        assert_eq!(replays.held(), 1);
    }

    #[test]
    fn a_clock_that_is_set_back_lets_no_old_proof_pass_again() {
        let replays = Replays::new(10);
        let end = NOW.plus(60);
        assert_eq!(replays.mark(name(1), end, NOW), Mark::First);
        assert_eq!(replays.mark(name(17), NOW.plus(660), NOW.plus(600)), Mark::First, "a jump ahead");
        assert_eq!(replays.mark(name(1), end, NOW.plus(1)), Mark::Forgotten, "and back");
    }

    #[test]
    fn of_many_at_once_one_is_first_and_the_bound_holds() {
        let replays = Replays::new(100);
        let count = |mark: Mark, marks: &[Mark]| marks.iter().filter(|one| **one == mark).count();
        let marks = std::thread::scope(|scope| {
            let mark = |number| replays.mark(name(number), NOW.plus(60), NOW);
            let threads: Vec<_> =
                (0..4).map(|_| scope.spawn(move || (0..150).map(mark).collect::<Vec<_>>())).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!((count(Mark::First, &marks), replays.held()), (100, 100));
        assert_eq!(count(Mark::Replayed, &marks), 300);
        assert_eq!(count(Mark::Full, &marks), 200);
    }
}
