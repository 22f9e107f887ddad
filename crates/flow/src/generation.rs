//! A [`Generation`]: one run of a runtime that writes a log. A state machine, not a task.
//!
//! It owns everything that a response must not own: the permit, the clocks, the caps, the usage. One lock
//! guards it all; what has to happen outside of the lock (waking, releasing, telling) happens in `settle`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use seseragi_guard::{Permit, Principal, StreamId, Subject};
use tokio::time::Instant;

use crate::desk::Desk;
use crate::event::{Event, Finished, Observer};
use crate::outcome::{Outcome, deadline_passed, store_gone, too_slow};
use crate::store::{Appended, MAX_UNACKNOWLEDGED_BYTES, Record, Store};
use crate::tail::{Slot, Tail, Wakes};
use crate::{Batch, Finish, OnDisconnect, Run, Seq, Terminal};

/// What a producer should do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publish {
    /// Go on.
    Continue,
    /// Wait for [`crate::Producer::ready`]: the store is behind.
    Pause,
    /// End the work: the generation is over.
    Stop(Finish),
}

/// What a generation is, from its start to its end.
#[derive(Clone, Debug)]
pub struct About {
    /// Its public name.
    pub stream_id: StreamId,
    /// Which producer writes it.
    pub epoch: u32,
    /// Who may read it.
    pub owner: Subject,
    /// The model's name.
    pub model: Arc<str>,
    /// When it began.
    pub started: Instant,
    /// When it began, in milliseconds since 1970.
    pub created_unix_ms: i64,
}

/// One run of a runtime, and its log.
pub struct Generation {
    about: About,
    store: Arc<dyn Store>,
    observer: Arc<dyn Observer>,
    desk: Arc<Desk>,
    inner: Mutex<Inner>,
}

pub(crate) struct Inner {
    pub(crate) tail: Tail,
    running: Option<Running>,
    first_delta: Option<Instant>,
    ended: Option<Instant>,
}

/// What exists only while it runs.
struct Running {
    run: Option<Run>,
    permit: Permit,
    on_disconnect: OnDisconnect,
    /// The cap on its duration.
    stop_at: Instant,
    /// The caller's deadline.
    deadline: Option<Instant>,
    /// When it is cancelled for want of a reader.
    abandoned_at: Option<Instant>,
    /// When the desk looks at it next; one entry at a time, however often readers come and go.
    watched_at: Option<Instant>,
}

/// The rules that a generation starts with.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) permit: Permit,
    pub(crate) on_disconnect: OnDisconnect,
    pub(crate) deadline: Option<Instant>,
}

/// What must happen after the lock is free.
#[derive(Default)]
#[must_use]
struct Aftermath {
    stopped: Option<Run>,
    wakes: Wakes,
    over: bool,
}

impl Generation {
    pub(crate) fn new(
        about: About,
        rules: Rules,
        store: Arc<dyn Store>,
        observer: Arc<dyn Observer>,
        desk: Arc<Desk>,
    ) -> Self {
        let running = Running {
            run: None,
            stop_at: about.started + rules.permit.caps().max_duration,
            permit: rules.permit,
            on_disconnect: rules.on_disconnect,
            deadline: rules.deadline,
            abandoned_at: None,
            watched_at: None,
        };
        let inner = Inner { tail: Tail::default(), running: Some(running), first_delta: None, ended: None };
        Self { about, store, observer, desk, inner: Mutex::new(inner) }
    }

    /// What it is.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The newest position that readers may see, and the end if there is one.
    #[must_use]
    pub fn progress(&self) -> (Seq, Option<Terminal>) {
        let inner = self.lock();
        match inner.tail.visible_terminal() {
            Some((seq, terminal)) => (seq, Some(terminal.clone())),
            None => (inner.tail.visible(), None),
        }
    }

    /// Whether it has ended, visibly or not.
    pub(crate) fn is_over(&self) -> bool {
        self.lock().running.is_none()
    }

    /// Keeps the running job; if the generation is over already, the job is cancelled at once.
    pub(crate) fn attach_run(&self, run: Run) {
        let mut inner = self.lock();
        match &mut inner.running {
            Some(running) => running.run = Some(run),
            None => {
                drop(inner);
                drop(run);
            }
        }
    }

    /// Appends what the runtime brought: one lock, one store call, one wake per reader.
    pub(crate) fn publish(&self, batch: &Batch) -> Publish {
        let mut after = Aftermath::default();
        let verdict = self.append(&mut self.lock(), batch, &mut after);
        self.settle(after);
        verdict
    }

    fn append(&self, inner: &mut Inner, batch: &Batch, after: &mut Aftermath) -> Publish {
        let Some(cap) = inner.running.as_ref().map(|r| r.permit.caps().max_output_tokens) else {
            return Publish::Stop(inner.tail.terminal().map_or(Finish::Cancelled, |t| t.finish));
        };
        let first = inner.tail.log.last().next();
        let count = inner.take(batch, cap);
        if count > 0 && inner.first_delta.is_none() {
            inner.first_delta = Some(Instant::now());
        }
        let (stream_id, epoch) = (self.about.stream_id, self.about.epoch);
        let record = Record { stream_id, epoch, first, batch, count, terminal: None };
        let appended = if count > 0 { self.store.append(record) } else { Appended::Now };
        match appended {
            Appended::Refused => return self.end(inner, Outcome::interrupted(store_gone()), after),
            Appended::Now => after.wakes.add(inner.tail.reveal(inner.tail.log.last())),
            Appended::Later => {}
        }
        if count < batch.len() {
            return self.end(inner, Outcome::of(Finish::Length), after);
        }
        let behind = inner.tail.hidden_bytes() > MAX_UNACKNOWLEDGED_BYTES;
        if behind { Publish::Pause } else { Publish::Continue }
    }

    /// Ends it as the runtime says. Without effect if it is over already.
    pub(crate) fn finish(&self, outcome: Outcome) {
        let mut after = Aftermath::default();
        self.end(&mut self.lock(), outcome, &mut after);
        self.settle(after);
    }

    fn end(&self, inner: &mut Inner, outcome: Outcome, after: &mut Aftermath) -> Publish {
        let Some(Running { run, permit, .. }) = inner.running.take() else {
            return Publish::Stop(inner.tail.terminal().map_or(outcome.finish, |t| t.finish));
        };
        let mut terminal = inner.terminal(outcome);
        let first = inner.tail.log.last().next();
        let (stream_id, epoch, batch) = (self.about.stream_id, self.about.epoch, &Batch::new());
        let record = Record { stream_id, epoch, first, batch, count: 0, terminal: Some(&terminal) };
        let appended = self.store.append(record);
        if appended == Appended::Refused && inner.tail.forget_hidden() {
            terminal = inner.terminal(Outcome::interrupted(store_gone()));
        }
        let finish = terminal.finish;
        // Before anyone can see the end: a client that does may start again at once.
        drop(permit);
        after.wakes.add(inner.tail.close(terminal));
        if appended != Appended::Later {
            after.wakes.add(inner.tail.reveal(inner.tail.log.last().next()));
        }
        inner.ended = Some(Instant::now());
        after.stopped = run;
        after.over = true;
        Publish::Stop(finish)
    }

    /// Stops the work before anyone is woken.
    fn settle(&self, after: Aftermath) {
        drop(after.stopped);
        if after.over {
            self.tell_finished();
        }
        after.wakes.wake();
    }

    fn tell_finished(&self) {
        let inner = self.lock();
        let Some(terminal) = inner.tail.terminal().cloned() else { return };
        let since_start = |at: Instant| at.duration_since(self.about.started);
        let (deltas, bytes, memory) =
            (inner.tail.log.last().0, inner.tail.log.bytes(), inner.tail.log.memory());
        let first_delta = inner.first_delta.map(since_start);
        let elapsed = inner.ended.map_or(Duration::ZERO, since_start);
        drop(inner);
        let problem = terminal.problem.as_ref();
        self.desk.retire(self.about.stream_id, memory);
        self.observer.event(&Event::Finished(Finished {
            stream_id: self.about.stream_id,
            model: &self.about.model,
            finish: terminal.finish,
            code: problem.map(|p| p.code),
            reason: problem.map_or("", |p| &p.reason),
            blame: problem.map(|p| p.blame),
            deltas,
            output_tokens: terminal.usage.output_tokens,
            bytes,
            elapsed,
            first_delta,
        }));
    }

    /// The store has made everything up to `upto` durable; the position after the last delta is the end's.
    pub fn acknowledge(&self, upto: Seq) {
        let wakes = self.lock().tail.reveal(upto);
        wakes.wake();
    }

    /// Stops it. Idempotent: what was written stays, and an end that was written before stands.
    pub fn cancel(&self) -> Terminal {
        self.finish(Outcome::of(Finish::Cancelled));
        let inner = self.lock();
        let written = inner.tail.terminal().cloned();
        written.unwrap_or_else(|| inner.terminal(Outcome::of(Finish::Cancelled)))
    }

    /// Takes back what rests on rights that are gone: ends it if its own is, and marks each reader whose is. `true` if
    /// this ended it. `gone` is asked with the lock held.
    pub(crate) fn withdraw(&self, gone: &dyn Fn(&Principal) -> bool) -> bool {
        let mut after = Aftermath::default();
        let mut inner = self.lock();
        let ends = inner.running.as_ref().is_some_and(|running| gone(running.permit.principal()));
        after.wakes.add(inner.tail.withdraw(gone));
        if ends {
            self.end(&mut inner, Outcome::revoked(), &mut after);
        }
        drop(inner);
        self.settle(after);
        ends
    }

    /// Gives a reader its place, if there is one left.
    pub(crate) fn join(&self, right: Arc<Principal>) -> Option<Slot> {
        let mut inner = self.lock();
        let slot = inner.tail.join(right)?;
        if let Some(running) = &mut inner.running {
            running.abandoned_at = None;
        }
        Some(slot)
    }

    /// A reader leaves. If nobody reads any more, its wish or the generation's own rule says what that means;
    /// a reader that the gateway itself sent away always gets the time to come back.
    pub(crate) fn leave(&self, slot: Slot, wish: Option<OnDisconnect>, sent_away: bool, now: Instant) {
        let mut inner = self.lock();
        if !inner.tail.leave(slot) {
            return;
        }
        let Some(running) = &mut inner.running else { return };
        match wish.unwrap_or(running.on_disconnect).or_grace_if(sent_away) {
            OnDisconnect::Cancel => {
                drop(inner);
                self.finish(Outcome::of(Finish::Cancelled));
            }
            OnDisconnect::Keep { grace } => {
                running.abandoned_at = Some(now + grace);
                let due = running.next_watch();
                drop(inner);
                self.watch(due);
            }
            OnDisconnect::UntilComplete => running.abandoned_at = None,
        }
    }

    /// Has the desk look at its clocks for the first time.
    pub(crate) fn watch_clocks(&self) {
        let due = self.lock().running.as_mut().and_then(Running::next_watch);
        self.watch(due);
    }

    fn watch(&self, due: Option<Instant>) {
        if let Some(at) = due {
            self.desk.watch(at, self.about.stream_id);
        }
    }

    /// Applies the clocks; says when to look again, or `None` if it is over or looked at later anyway.
    pub(crate) fn tick(&self, now: Instant) -> Option<Instant> {
        let mut inner = self.lock();
        let has_text = inner.first_delta.is_some();
        let running = inner.running.as_mut()?;
        running.watched_at.take_if(|at| *at <= now)?;
        let outcome = if running.deadline.is_some_and(|at| at <= now) {
            Outcome::failed(deadline_passed())
        } else if running.stop_at <= now && !has_text {
            Outcome::failed(too_slow())
        } else if running.stop_at <= now {
            Outcome::of(Finish::Length)
        } else if running.abandoned_at.is_some_and(|at| at <= now) {
            Outcome::of(Finish::Cancelled)
        } else {
            return running.next_watch();
        };
        drop(inner);
        self.finish(outcome);
        None
    }

    /// Poison is passed over: every change of `Inner` is complete before anything can panic.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn observer(&self) -> &dyn Observer {
        &*self.observer
    }
}

impl Running {
    /// When its clocks are to be looked at, unless that is already so.
    fn next_watch(&mut self) -> Option<Instant> {
        let due = [Some(self.stop_at), self.deadline, self.abandoned_at].into_iter().flatten().min()?;
        let sooner = self.watched_at.is_none_or(|at| due < at);
        sooner.then(|| *self.watched_at.insert(due))
    }
}

impl Inner {
    /// Appends what the caps allow and says how many deltas that were.
    fn take(&mut self, batch: &Batch, cap: u32) -> usize {
        let log = &mut self.tail.log;
        let mut admitted = 0;
        for delta in batch.iter() {
            if log.tokens().saturating_add(delta.tokens) > cap || !log.fits(delta.text.len()) {
                break;
            }
            log.append(delta);
            admitted += 1;
        }
        admitted
    }

    /// The end of the log as it stands.
    fn terminal(&self, outcome: Outcome) -> Terminal {
        let Outcome { finish, mut usage, problem } = outcome;
        let (log, checkpoint) = (&self.tail.log, self.tail.log.checkpoint());
        usage.output_tokens = usage.output_tokens.max(log.tokens());
        let (utf8_len, crc32c) = (checkpoint.utf8_len, checkpoint.crc32c);
        Terminal { finish, usage, utf8_len, crc32c, problem }
    }
}
