//! When to fetch a key set. Pure: it decides, and [`live`](super::live) does.
//!
//! Invariant: between two fetches that callers caused there are [`PAUSE_S`] seconds, whatever tokens they bring.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use crate::UnixSeconds;

/// Between a fetch and the next one that a caller may cause, in seconds.
pub(super) const PAUSE_S: u64 = 30;
/// How long a key set is kept if its server does not say, and between which bounds it may say, in seconds.
const KEPT_S: u64 = 15 * 60;
const KEPT_S_MIN: u64 = 5 * 60;
const KEPT_S_MAX: u64 = 24 * 3600;
/// How long keys stay after that while their server gives none, in seconds.
const STALE_S: u64 = 24 * 3600;
/// The longest wait between failed attempts, in seconds. The first is 1 s, then each is twice as long.
const RETRY_S_MAX: u64 = 300;
/// How long a kid stays unknown after a fetch that did not bring it, in seconds. Short: an issuer may begin to sign
/// before a cache in front of its key set has noticed.
const UNKNOWN_S: u64 = 60;
/// How many of them are remembered, 16 bytes each.
const UNKNOWN_MAX: usize = 1024;

/// What a caller with a kid that is not in the set is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Fetch.
    Lead,
    /// A fetch is under way: wait for it.
    Join,
    /// Not now.
    Refused,
}

/// What was fetched when, and what may be fetched when.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    under_way: bool,
    tried_at: Option<UnixSeconds>,
    good: Option<Good>,
    failures: u32,
    retry_at: UnixSeconds,
    /// Hashes of kids, with the moment they may be asked for again.
    unknown: HashMap<u64, UnixSeconds>,
    hasher: RandomState,
}

/// The last fetch that brought keys.
#[derive(Clone, Copy, Debug)]
struct Good {
    at: UnixSeconds,
    kept_s: u64,
}

impl Schedule {
    /// A caller brought a kid that is not in the set.
    pub(super) fn ask(&mut self, kid: &str, now: UnixSeconds) -> Turn {
        if self.under_way {
            return Turn::Join;
        }
        let unknown = self.unknown.get(&self.hasher.hash_one(kid)).is_some_and(|until| now < *until);
        // A clock that was set back must not end fetching for as long.
        let paused = self.tried_at.is_some_and(|tried| tried <= now && now.since(tried) < PAUSE_S);
        if unknown || paused {
            return Turn::Refused;
        }
        self.begin(now);
        Turn::Lead
    }

    /// The background wants to fetch: whether it may, which then has begun.
    pub(super) fn begin_if_due(&mut self, now: UnixSeconds) -> bool {
        let due = !self.under_way && self.due_at() <= now;
        if due {
            self.begin(now);
        }
        due
    }

    fn begin(&mut self, now: UnixSeconds) {
        self.under_way = true;
        self.tried_at = Some(now);
    }

    /// The fetch that began at `now` brought keys, which may be kept so long.
    pub(super) fn succeeded(&mut self, max_age: Option<Duration>, now: UnixSeconds) {
        let kept_s = max_age.map_or(KEPT_S, |age| age.as_secs().clamp(KEPT_S_MIN, KEPT_S_MAX));
        self.good = Some(Good { at: now, kept_s });
        self.failures = 0;
        self.under_way = false;
    }

    /// The fetch that began at `now` brought nothing. `jitter` is any random number.
    pub(super) fn failed(&mut self, jitter: u64, now: UnixSeconds) {
        let wait = 1_u64.checked_shl(self.failures).map_or(RETRY_S_MAX, |wait| wait.min(RETRY_S_MAX));
        // Between half and all of it, so that many gateways do not come back together.
        let wait = wait - jitter % (wait / 2 + 1);
        self.retry_at = now.plus(wait);
        self.failures = self.failures.saturating_add(1);
        self.under_way = false;
    }

    /// The fetch that a caller waited for did not bring this kid. Nothing is learnt from one that failed.
    pub(super) fn note_unknown(&mut self, kid: &str, now: UnixSeconds) {
        if self.failures > 0 {
            return;
        }
        if self.unknown.len() >= UNKNOWN_MAX {
            self.unknown.retain(|_, until| now < *until);
        }
        if self.unknown.len() < UNKNOWN_MAX {
            self.unknown.insert(self.hasher.hash_one(kid), now.plus(UNKNOWN_S));
        }
    }

    /// When the background fetches next: at 80 % of the time that keys are kept, or after a failure's wait.
    pub(super) fn due_at(&self) -> UnixSeconds {
        let by_age = self.good.map_or(UnixSeconds(0), |good| good.at.plus(good.kept_s / 5 * 4));
        if self.failures == 0 { by_age } else { by_age.max(self.retry_at) }
    }

    /// Whether the keys are so old that they must not be used any more. Says so once.
    pub(super) fn drop_if_dead(&mut self, now: UnixSeconds) -> bool {
        let dead = self.good.is_some_and(|good| good.at.plus(good.kept_s + STALE_S) <= now);
        if dead {
            self.good = None;
        }
        dead
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: UnixSeconds = UnixSeconds(1_000_000);

    fn fetched(max_age: Option<u64>) -> Schedule {
        let mut schedule = Schedule::default();
        assert!(schedule.begin_if_due(NOW), "the first fetch is due at once");
        schedule.succeeded(max_age.map(Duration::from_secs), NOW);
        schedule
    }

    #[test]
    fn keys_are_fetched_again_at_four_fifths_of_their_time() {
        for (said, due) in
            [(None, 720), (Some(0), 240), (Some(60), 240), (Some(1000), 800), (Some(1 << 40), 69_120)]
        {
            let mut schedule = fetched(said);
            assert_eq!(schedule.due_at(), NOW.plus(due), "{said:?}");
            assert!(!schedule.begin_if_due(NOW.plus(due - 1)));
            assert!(schedule.begin_if_due(NOW.plus(due)));
            assert!(!schedule.begin_if_due(NOW.plus(due)), "one at a time");
        }
    }

    #[test]
    fn failures_wait_longer_and_longer_up_to_five_minutes() {
        let mut schedule = fetched(None);
        let mut now = schedule.due_at();
        for longest in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300] {
            assert!(schedule.begin_if_due(now));
            schedule.failed(0, now);
            assert_eq!(schedule.due_at(), now.plus(longest));
            now = schedule.due_at();
        }
        for jitter in 0..1000 {
            let mut one = Schedule { failures: 100, ..Schedule::default() };
            one.failed(jitter, NOW);
            assert!((150..=300).contains(&one.retry_at.since(NOW)));
        }
        assert!(schedule.begin_if_due(now));
        schedule.succeeded(None, now);
        assert_eq!(schedule.due_at(), now.plus(720), "all is well again");
    }

    #[test]
    fn keys_stay_for_a_day_without_their_server_and_then_end_once() {
        let mut schedule = fetched(Some(600));
        for failure in 1..100 {
            schedule.failed(0, NOW.plus(failure));
        }
        assert!(!schedule.drop_if_dead(NOW.plus(600 + 86_399)));
        assert!(schedule.drop_if_dead(NOW.plus(600 + 86_400)));
        assert!(!schedule.drop_if_dead(NOW.plus(600 + 86_401)));
    }

    #[test]
    fn an_unknown_kid_causes_one_fetch_and_is_then_remembered() {
        let mut schedule = fetched(None);
        assert_eq!(schedule.ask("new", NOW.plus(29)), Turn::Refused, "just fetched");
        assert_eq!(schedule.ask("new", NOW.plus(30)), Turn::Lead);
        assert_eq!(schedule.ask("new", NOW.plus(30)), Turn::Join);
        assert_eq!(schedule.ask("other", NOW.plus(30)), Turn::Join);
        schedule.succeeded(None, NOW.plus(30));
        schedule.note_unknown("new", NOW.plus(30));
        assert_eq!(schedule.ask("new", NOW.plus(89)), Turn::Refused, "remembered");
        assert_eq!(schedule.ask("other", NOW.plus(89)), Turn::Lead);
        schedule.failed(0, NOW.plus(89));
        schedule.note_unknown("other", NOW.plus(89));
        assert_eq!(schedule.ask("other", NOW.plus(90)), Turn::Refused, "failed just now");
        assert_eq!(schedule.ask("other", NOW.plus(119)), Turn::Lead, "a failure says nothing about a kid");
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_end_fetching() {
        let mut schedule = fetched(None);
        assert_eq!(schedule.ask("new", UnixSeconds(NOW.0 - 600)), Turn::Lead);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut schedule = fetched(None);
        (0..5_000).for_each(|kid| schedule.note_unknown(&kid.to_string(), NOW));
        assert_eq!(schedule.unknown.len(), UNKNOWN_MAX);
        schedule.note_unknown("later", NOW.plus(60));
        assert_eq!(schedule.unknown.len(), 1, "the old ones had ended");
    }

    proptest! {
        #[test]
        fn whatever_callers_bring_they_cause_one_fetch_in_thirty_seconds(
            steps in prop::collection::vec((0_u64..20, 0_u8..8, any::<bool>(), any::<u64>()), 1..200)
        ) {
            let (mut schedule, mut now, mut led) = (Schedule::default(), NOW, Vec::new());
            for (wait, kid, good, jitter) in steps {
                now = now.plus(wait);
                if schedule.ask(&kid.to_string(), now) == Turn::Lead {
                    led.push(now);
                    if good { schedule.succeeded(None, now) } else { schedule.failed(jitter, now) }
                }
            }
            prop_assert!(led.windows(2).all(|pair| pair[1].since(pair[0]) >= PAUSE_S));
        }
    }
}
