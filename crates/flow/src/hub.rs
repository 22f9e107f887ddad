//! The [`Hub`]: the registry of generations. Starting, finding, reading, cancelling, forgetting, draining.
//!
//! Ownership is checked here, for every call alike: a stream of another subject is as unknown as one that
//! never was.

use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use seseragi_guard::{Principal, StreamId, Subject};
use tokio::time::Instant;

use crate::audience::Audience;
use crate::book::{Book, Claim};
use crate::desk::{Desk, Retention};
use crate::event::{Event, Observer};
use crate::generation::{About, Generation, Rules};
use crate::outcome::Outcome;
use crate::request::{Idempotency, MAX_IDEMPOTENCY_KEY_BYTES, Start, StreamInfo};
use crate::store::Store;
use crate::{Code, Job, Problem, Producer, Reading, Runtime, Subscription, Terminal};

/// How many generations one tick looks at.
const TICK: usize = 256;

/// The bounds of a hub.
#[derive(Clone, Copy, Debug)]
pub struct HubOptions {
    /// The most generations that run at once.
    pub max_live: usize,
    /// What is kept of finished ones.
    pub retention: Retention,
}

impl Default for HubOptions {
    fn default() -> Self {
        Self { max_live: 20_000, retention: Retention::default() }
    }
}

/// The registry of generations. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
    book: Book,
    desk: Arc<Desk>,
    audience: Arc<Audience>,
    store: Arc<dyn Store>,
    observer: Arc<dyn Observer>,
    options: HubOptions,
    draining: AtomicBool,
}

impl Hub {
    /// An empty hub. Run [`Hub::keep_house`] beside it.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, observer: Arc<dyn Observer>, options: HubOptions) -> Self {
        let (book, desk, audience) = (Book::default(), Arc::default(), Arc::default());
        let draining = AtomicBool::new(false);
        Self { shared: Arc::new(Shared { book, desk, audience, store, observer, options, draining }) }
    }

    /// The stream that the same request started before, if there is one.
    ///
    /// # Errors
    /// `AlreadyExists` if the key was used for another request.
    pub fn find_idempotent(&self, owner: &Subject, wish: &Idempotency) -> Result<Option<StreamId>, Problem> {
        if wish.key.len() > MAX_IDEMPOTENCY_KEY_BYTES {
            let message = format!("idempotency_key is longer than {MAX_IDEMPOTENCY_KEY_BYTES} bytes");
            return Err(Problem::caller(Code::InvalidArgument, "idempotency_key_too_long", message));
        }
        match self.shared.book.claim_of(owner, wish) {
            Claim::Free => Ok(None),
            Claim::Taken(stream_id) => Ok(Some(stream_id)),
            Claim::Conflict => Err(key_reused()),
        }
    }

    /// Starts a generation on the current worker and names it. Subscribe right after, without waiting in
    /// between: a generation is bound to its readers from then on.
    ///
    /// If the same request was started meanwhile, its stream is named instead and nothing is started.
    ///
    /// # Errors
    /// `Unavailable` while draining or at the bound of live generations; `AlreadyExists` as in
    /// [`Hub::find_idempotent`].
    pub fn start(&self, runtime: &dyn Runtime, start: Start) -> Result<StreamId, Problem> {
        let Shared { desk, book, options, draining, .. } = &*self.shared;
        let Start { permit, job, model, on_disconnect, idempotency } = start;
        let stream_id = permit.stream_id();
        if !desk.enlist(stream_id, options.max_live) {
            return Err(full());
        }
        let about = About::new(permit.stream_id(), permit.subject().clone(), model);
        let generation = self.generation(about, Rules { permit, on_disconnect, deadline: job.deadline });
        // Asked once it is counted, so that a drain either waits for it or is seen here.
        let claim = if draining.load(Ordering::Acquire) {
            Err(draining_now())
        } else {
            Ok(book.insert(&generation, idempotency.as_ref()))
        };
        if claim == Ok(Claim::Free) {
            self.make_room(&generation.about().owner);
            return Ok(self.run(&generation, runtime, job));
        }
        desk.strike_off(stream_id);
        match claim? {
            Claim::Taken(existing) => Ok(existing),
            Claim::Free | Claim::Conflict => Err(key_reused()),
        }
    }

    /// Forgets a subject's oldest finished streams once it has more streams than it may.
    fn make_room(&self, owner: &Subject) {
        let Shared { desk, book, options, .. } = &*self.shared;
        let (excess, oldest) = book.beyond(owner, options.retention.max_per_subject);
        let is_over = |id: &StreamId| book.get(*id).is_some_and(|generation| generation.is_over());
        for stream_id in oldest.into_iter().filter(is_over).take(excess) {
            desk.forget(stream_id);
            book.remove(stream_id);
        }
    }

    fn generation(&self, about: About, rules: Rules) -> Arc<Generation> {
        let Shared { store, observer, desk, .. } = &*self.shared;
        let (store, observer, desk) = (Arc::clone(store), Arc::clone(observer), Arc::clone(desk));
        Arc::new(Generation::new(about, rules, store, observer, desk))
    }

    fn run(&self, generation: &Arc<Generation>, runtime: &dyn Runtime, job: Job) -> StreamId {
        let About { stream_id, model, .. } = generation.about();
        generation.watch_clocks();
        self.shared.observer.event(&Event::Started { stream_id: *stream_id, model });
        generation.attach_run(runtime.start(job, Producer::new(Arc::clone(generation))));
        *stream_id
    }

    /// Reads a generation of the caller from a cursor. Never runs a model.
    ///
    /// # Errors
    /// `NotFound` for a stream that is not there or not the caller's; `OutOfRange` for a cursor beyond the
    /// tail; `Aborted` for another epoch; `ResourceExhausted` if it has all the readers it may have.
    pub fn subscribe(
        &self,
        owner: &Subject,
        stream_id: StreamId,
        epoch: Option<u32>,
        reading: Reading,
    ) -> Result<Subscription, Problem> {
        let generation = self.find(owner, stream_id)?;
        let about = generation.about();
        if epoch.is_some_and(|epoch| epoch != about.epoch) {
            let message = format!("the stream is in epoch {}; read it again from the start", about.epoch);
            return Err(Problem::caller(Code::Aborted, "epoch_changed", message));
        }
        let (newest, _) = generation.progress();
        if reading.after > newest {
            let message = format!("after_seq {} is beyond the newest position {newest}", reading.after);
            return Err(Problem::caller(Code::OutOfRange, "cursor_beyond_tail", message));
        }
        let behind = newest.0 - reading.after.0;
        Subscription::new(Arc::clone(&generation), reading, &self.shared.audience)
            .inspect(|_| self.shared.observer.event(&Event::Attached { model: &about.model, behind }))
            .ok_or_else(too_many_readers)
    }

    /// Stops a generation of the caller. Idempotent.
    ///
    /// # Errors
    /// `NotFound` as in [`Hub::subscribe`].
    pub fn cancel(&self, owner: &Subject, stream_id: StreamId) -> Result<Terminal, Problem> {
        self.find(owner, stream_id).map(|generation| generation.cancel())
    }

    /// Takes back what rests on withdrawn rights. Every running generation whose permit's principal is gone ends with
    /// [`Finish::Revoked`](crate::Finish::Revoked); what it wrote stays readable by its owner's other rights. Every
    /// reader whose own principal is gone is sent away with
    /// [`DetachReason::Expired`](crate::DetachReason::Expired), unless it learns the same from the stream's own end.
    /// Returns how many generations ended.
    ///
    /// The work grows with what runs and what is being read, not with what is kept, and no lock is held but one
    /// generation's at a time. `gone` is asked under that lock: it must be quick and must not call the hub.
    ///
    /// A right that was verified before and is used after a sweep escapes it: whoever starts or subscribes asks
    /// [`Hub::end_revoked`] right after.
    pub fn sweep(&self, gone: &dyn Fn(&Principal) -> bool) -> usize {
        let Shared { desk, book, audience, .. } = &*self.shared;
        let mut concerned = audience.all();
        for stream_id in desk.running() {
            if let Entry::Vacant(unread) = concerned.entry(stream_id)
                && let Some(generation) = book.get(stream_id)
            {
                unread.insert(generation);
            }
        }
        concerned.values().filter(|generation| generation.withdraw(gone)).count()
    }

    /// [`Hub::sweep`] for one stream; `true` if that ended it. Call it right after [`Hub::start`] and
    /// [`Hub::subscribe`]: the right may have been withdrawn since it was verified. An unknown stream is left alone.
    pub fn end_revoked(&self, stream_id: StreamId, gone: &dyn Fn(&Principal) -> bool) -> bool {
        let Shared { book, audience, .. } = &*self.shared;
        let found = book.get(stream_id).or_else(|| audience.get(stream_id));
        found.is_some_and(|generation| generation.withdraw(gone))
    }

    /// Tells about a generation of the caller.
    ///
    /// # Errors
    /// `NotFound` as in [`Hub::subscribe`].
    pub fn stream(&self, owner: &Subject, stream_id: StreamId) -> Result<StreamInfo, Problem> {
        self.find(owner, stream_id).map(|generation| self.info(&generation))
    }

    /// The caller's generations, newest first, at most `limit`.
    #[must_use]
    pub fn streams(&self, owner: &Subject, live_only: bool, limit: usize) -> Vec<StreamInfo> {
        let all = self.shared.book.of(owner).into_iter().filter_map(|id| self.shared.book.get(id));
        let wanted = all.filter(|generation| !live_only || !generation.is_over());
        wanted.map(|generation| self.info(&generation)).take(limit).collect()
    }

    /// How many generations run now.
    #[must_use]
    pub fn live(&self) -> usize {
        self.shared.desk.live()
    }

    /// Applies clocks and retention, for as long as it is polled. Run it once beside the hub.
    pub async fn keep_house(&self) {
        loop {
            let now = Instant::now();
            if self.tick(now) {
                // Much is due at once: others get their turn in between.
                tokio::task::yield_now().await;
                continue;
            }
            let wake_at = self.shared.desk.wake_at(now, Duration::from_secs(1));
            tokio::select! {
                () = tokio::time::sleep_until(wake_at) => {}
                () = self.shared.desk.changed.notified() => {}
            }
        }
    }

    /// Applies what is due at `now`, at most so much that it takes a moment; `true` if there is more.
    pub fn tick(&self, now: Instant) -> bool {
        let Shared { desk, book, options, .. } = &*self.shared;
        for _ in 0..TICK {
            let due = desk.next_due(now);
            let stale = desk.next_stale(now, &options.retention);
            if due.is_none() && stale.is_none() {
                return false;
            }
            if let Some(stream_id) = due
                && let Some(next) = book.get(stream_id).and_then(|generation| generation.tick(now))
            {
                desk.watch(next, stream_id);
            }
            if let Some(stream_id) = stale {
                book.remove(stream_id);
            }
        }
        true
    }

    /// Takes no new generations and waits until the running ones have ended; after `grace`, those that are
    /// left end `interrupted`. Returns how many those were.
    pub async fn drain(&self, grace: Duration) -> usize {
        self.shared.draining.store(true, Ordering::Release);
        let deadline = Instant::now() + grace;
        while self.live() > 0 {
            let ended = self.shared.desk.ended.notified();
            if self.live() == 0 || tokio::time::timeout_at(deadline, ended).await.is_err() {
                break;
            }
        }
        let left = self.shared.book.all();
        left.iter()
            .filter(|g| g.progress().1.is_none())
            .map(|g| g.finish(Outcome::interrupted(shutdown())))
            .count()
    }

    fn find(&self, owner: &Subject, stream_id: StreamId) -> Result<Arc<Generation>, Problem> {
        let found = self.shared.book.get(stream_id);
        found.filter(|generation| generation.about().owner == *owner).ok_or_else(unknown_stream)
    }

    fn info(&self, generation: &Generation) -> StreamInfo {
        let (about, (last, terminal)) = (generation.about(), generation.progress());
        StreamInfo {
            stream_id: about.stream_id,
            epoch: about.epoch,
            model: Arc::clone(&about.model),
            last,
            terminal,
            created_unix_ms: about.created_unix_ms,
            keep: self.shared.options.retention.keep,
        }
    }
}

impl About {
    fn new(stream_id: StreamId, owner: Subject, model: Arc<str>) -> Self {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (started, created_unix_ms) = (Instant::now(), unix.as_millis() as i64);
        Self { stream_id, epoch: 1, owner, model, started, created_unix_ms }
    }
}

fn key_reused() -> Problem {
    let message = "this idempotency_key was used for another request; use a new one";
    Problem::caller(Code::AlreadyExists, "idempotency_key_reused", message)
}

fn unknown_stream() -> Problem {
    let message = "no such stream; it may have expired, or it belongs to somebody else";
    Problem::caller(Code::NotFound, "stream_unknown", message)
}

fn too_many_readers() -> Problem {
    let message = "this stream has all the readers it may have; close one of them";
    Problem { retryable: true, ..Problem::caller(Code::ResourceExhausted, "too_many_readers", message) }
}

fn draining_now() -> Problem {
    Problem::gateway(Code::Unavailable, "draining", "this gateway is shutting down; try again")
}

fn shutdown() -> Problem {
    Problem::gateway(Code::Unavailable, "shutdown", "the gateway shut down before the answer was complete")
}

fn full() -> Problem {
    Problem::gateway(Code::Unavailable, "too_many_generations", "this gateway runs all it can; try again")
}
