//! Credentials that were good a moment ago, so that the same one is not verified again for every call.
//!
//! Never needed for a right answer: it holds good ones only, and whoever finds one asks again what may have changed
//! since. Keys are digests, so a dump of it holds no credential.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use quick_cache::sync::Cache;

use crate::{Digest, UnixSeconds};

/// Good credentials, bounded in number and in time.
pub(super) struct Remembered<T> {
    entries: Option<Cache<Digest, Arc<Entry<T>>>>,
    life_s: u64,
}

struct Entry<T> {
    value: Arc<T>,
    since: UnixSeconds,
}

impl<T> Remembered<T> {
    /// For at most so many, each for at most so many seconds. Of none it never finds one.
    pub(super) fn new(entries_max: usize, life_s: u64) -> Self {
        Self { entries: (entries_max > 0).then(|| Cache::new(entries_max)), life_s }
    }

    /// What was remembered for this credential and is `still_good`. A clock that went back forgets.
    pub(super) fn find(
        &self,
        credential: &str,
        now: UnixSeconds,
        still_good: impl FnOnce(&T) -> bool,
    ) -> Option<Arc<T>> {
        let entries = self.entries.as_ref()?;
        let key = key(credential);
        let entry = entries.get(&key)?;
        let fresh = entry.since <= now && now.since(entry.since) < self.life_s;
        if fresh && still_good(&entry.value) {
            return Some(Arc::clone(&entry.value));
        }
        entries.remove(&key);
        None
    }

    /// Remembers a credential that was found good at `now`.
    pub(super) fn keep(&self, credential: &str, value: &Arc<T>, now: UnixSeconds) {
        if let Some(entries) = &self.entries {
            entries.insert(key(credential), Arc::new(Entry { value: Arc::clone(value), since: now }));
        }
    }
}

fn key(credential: &str) -> Digest {
    digest(&SHA256, credential.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1000);

    #[test]
    fn a_credential_is_remembered_for_its_time_and_no_longer() {
        let remembered = Remembered::new(8, 300);
        remembered.keep("a", &Arc::new(7), NOW);
        let find = |credential: &str, now: u64| remembered.find(credential, UnixSeconds(now), |_| true);
        assert_eq!((find("a", 1000), find("a", 1299)), (Some(Arc::new(7)), Some(Arc::new(7))));
        assert_eq!((find("b", 1000), find("A", 1000)), (None, None));
        assert_eq!(find("a", 1300), None);
        assert_eq!(find("a", 1000), None, "it is gone");
        remembered.keep("a", &Arc::new(7), NOW);
        assert_eq!(find("a", 999), None, "the clock went back");
        assert_eq!(find("a", 1000), None, "it is gone");
    }

    #[test]
    fn what_is_not_good_any_more_is_forgotten() {
        let remembered = Remembered::new(8, 300);
        remembered.keep("a", &Arc::new(7), NOW);
        assert_eq!(remembered.find("a", NOW, |seven| *seven != 7), None);
        assert_eq!(remembered.find("a", NOW, |_| true), None);
    }

    #[test]
    fn it_is_bounded_and_can_be_nothing() {
        let remembered = Remembered::new(100, 300);
        let none = Remembered::new(0, 300);
        for number in 0..10_000 {
            remembered.keep(&number.to_string(), &Arc::new(number), NOW);
            none.keep(&number.to_string(), &Arc::new(number), NOW);
        }
        assert!(remembered.entries.as_ref().is_some_and(|entries| (50..=100).contains(&entries.len())));
        assert_eq!(none.find("1", NOW, |_| true), None);
    }
}
