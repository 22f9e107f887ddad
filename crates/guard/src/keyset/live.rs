//! A key set that lives at a URL.
//!
//! Invariant: at most one fetch is under way, and none that a caller may begin belongs to it: a caller who goes away
//! takes nothing from those who wait for the same keys.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use tokio::sync::watch;
use tokio::time::timeout;

use super::schedule::{Schedule, Turn};
use super::{Alg, FetchError, FetchKeys, Fetched, KeySet};
use crate::{AuthEvent, AuthObserver, UnixSeconds, random};

/// Whoever fetches for us promises to take less.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// The background looks at the clock at least so often: it may be set, and machines sleep.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// The keys of one issuer, fetched when they are needed and before they are old. Shared by all workers; it belongs to
/// none of their runtimes.
pub(crate) struct LiveKeySet {
    shared: Arc<Shared>,
}

struct Shared {
    name: String,
    url: String,
    algorithms: Vec<Alg>,
    fetch: Arc<dyn FetchKeys>,
    observer: Arc<dyn AuthObserver>,
    current: RwLock<Current>,
    schedule: Mutex<Schedule>,
    /// Counts fetches that have ended.
    ended: watch::Sender<u64>,
}

#[derive(Default)]
struct Current {
    keys: Arc<KeySet>,
    /// Of the document the keys were read from: the same document is the same set.
    digest: Option<[u8; 32]>,
}

impl LiveKeySet {
    /// No keys yet; nothing is fetched before somebody asks or [`keep_fresh`](Self::keep_fresh) runs.
    pub(crate) fn new(
        name: String,
        url: String,
        algorithms: Vec<Alg>,
        fetch: Arc<dyn FetchKeys>,
        observer: Arc<dyn AuthObserver>,
    ) -> Self {
        let (current, schedule, ended) = (RwLock::default(), Mutex::default(), watch::Sender::new(0));
        let shared = Shared { name, url, algorithms, fetch, observer, current, schedule, ended };
        Self { shared: Arc::new(shared) }
    }

    /// The keys there are now; the same allocation until they change.
    pub(crate) fn current(&self) -> Arc<KeySet> {
        Arc::clone(&self.shared.current().keys)
    }

    /// Whether the key of this name is in the set, after a fetch if one may be made for it: at most one in 30 s, which
    /// all who wait share. Takes no longer than the fetch. Cancel-safe: the fetch goes on for the others.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub(crate) async fn refresh_for(&self, kid: &str, now: UnixSeconds) -> bool {
        if self.shared.has(kid) {
            return true;
        }
        // Before the schedule is asked, so that no end is missed.
        let mut ended = self.shared.ended.subscribe();
        let turn = self.shared.schedule().ask(kid, now);
        match turn {
            Turn::Refused => return self.shared.has(kid),
            Turn::Join => {}
            Turn::Lead => drop(tokio::spawn(self.flight(now).fly())),
        }
        // The sender lives as long as `self`.
        let _ = ended.changed().await;
        let found = self.shared.has(kid);
        if !found {
            self.shared.schedule().note_unknown(kid, now);
        }
        found
    }

    /// Fetches at once, and again before the keys are too old, for as long as it is polled. Run it once. Without it keys
    /// are fetched for unknown kids only, and never end. Cancel-safe.
    pub(crate) async fn keep_fresh(&self) {
        let mut ended = self.shared.ended.subscribe();
        loop {
            let now = UnixSeconds::now();
            if let Some(wait) = self.shared.step(now) {
                // Woken early when somebody else's fetch has ended.
                let _ = timeout(wait.min(LOOK_EVERY), ended.changed()).await;
            } else {
                let _ = tokio::spawn(self.flight(now).fly()).await;
            }
        }
    }

    /// One step of the background at this moment.
    #[cfg(test)]
    pub(super) async fn background(&self, now: UnixSeconds) {
        if self.shared.step(now).is_none() {
            self.flight(now).fly().await;
        }
    }

    fn flight(&self, now: UnixSeconds) -> Flight {
        Flight { shared: Arc::clone(&self.shared), kept: None, now }
    }
}

impl Shared {
    /// What the background has to do at `now`: wait so long, or fetch.
    fn step(&self, now: UnixSeconds) -> Option<Duration> {
        let mut schedule = self.schedule();
        if schedule.drop_if_dead(now) {
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = Current::default();
            let error = Some("the keys are a day too old and are not used any more");
            self.tell(error, now);
        }
        if schedule.begin_if_due(now) {
            return None;
        }
        Some(Duration::from_secs(schedule.due_at().since(now).max(1)))
    }

    /// Puts a fetched document in force.
    fn take(&self, fetched: &Fetched) -> Result<(), String> {
        let digest = digest(&SHA256, &fetched.body).as_ref().try_into().ok();
        if self.current().digest == digest {
            return Ok(());
        }
        let keys = KeySet::parse(&fetched.body, &self.algorithms).map_err(|fault| fault.to_string())?;
        let next = Current { keys: Arc::new(keys), digest };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    fn has(&self, kid: &str) -> bool {
        self.current().keys.find(Some(kid)).is_some()
    }

    fn tell(&self, error: Option<&str>, now: UnixSeconds) {
        let event = AuthEvent::KeysFetched { issuer: &self.name, good: error.is_none(), error };
        self.observer.auth_event(&event, now);
    }

    fn current(&self) -> std::sync::RwLockReadGuard<'_, Current> {
        self.current.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn schedule(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One fetch, which has begun in the schedule. Whatever happens to it, the schedule learns that it has ended, and those
/// who wait are woken: also if its runtime is shut down before it was polled once.
struct Flight {
    shared: Arc<Shared>,
    /// How long the server says that its keys may be kept, if they came.
    kept: Option<Option<Duration>>,
    now: UnixSeconds,
}

impl Flight {
    async fn fly(mut self) {
        let shared = Arc::clone(&self.shared);
        let timed_out = || Err(FetchError("it took longer than 5 s".to_owned()));
        let fetched = timeout(FETCH_TIMEOUT, shared.fetch.fetch(&shared.url)).await;
        let taken =
            fetched.unwrap_or_else(|_| timed_out()).map_err(|error| error.to_string()).and_then(|fetched| {
                shared.take(&fetched)?;
                Ok(fetched.max_age)
            });
        self.kept = taken.as_ref().ok().copied();
        let now = self.now;
        drop(self);
        shared.tell(taken.as_ref().err().map(String::as_str), now);
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut schedule = self.shared.schedule();
        match self.kept {
            Some(max_age) => schedule.succeeded(max_age, self.now),
            None => schedule.failed(u64::from_le_bytes(random::bytes()), self.now),
        }
        drop(schedule);
        self.shared.ended.send_modify(|count| *count += 1);
    }
}

/// The keys are not shown.
impl fmt::Debug for LiveKeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveKeySet").field("url", &self.shared.url).finish_non_exhaustive()
    }
}
