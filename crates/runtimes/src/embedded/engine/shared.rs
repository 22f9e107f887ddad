//! What callers and the model's thread share: the queue, the way to wake the thread, the counters.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Wake;
use std::time::Instant;

use super::super::error::GenerateError;
use super::counters::Counters;
use super::output::{End, Open, Spent};
use super::prepare::Request;

/// A job that waits for its place.
pub(super) struct Waiting {
    pub(super) request: Request,
    pub(super) output: Open,
    pub(super) cancelled: Arc<AtomicBool>,
}

#[derive(Default)]
pub(super) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    pub(super) counters: Counters,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    /// Something happened since the thread looked last.
    woken: bool,
    stopped: bool,
    /// Nobody can submit any more.
    closed: bool,
}

impl Shared {
    /// Queues a job, or tells its output why not.
    pub(super) fn submit(&self, job: Waiting, queue_max: usize) {
        let mut state = self.lock();
        let refusal = if state.stopped {
            GenerateError::Stopped
        } else if state.waiting.len() >= queue_max {
            GenerateError::Busy(queue_max)
        } else {
            state.waiting.push_back(job);
            self.counters.queued.store(state.waiting.len(), Ordering::Relaxed);
            return self.notify(state);
        };
        drop(state);
        job.output.end(End::Failed(refusal), Spent::default());
    }

    /// The next job in the queue.
    pub(super) fn take(&self) -> Option<Waiting> {
        let mut state = self.lock();
        let job = state.waiting.pop_front();
        self.counters.queued.store(state.waiting.len(), Ordering::Relaxed);
        job
    }

    /// Takes cancelled jobs out of the queue.
    pub(super) fn drop_cancelled(&self) {
        let mut state = self.lock();
        let (cancelled, waiting): (Vec<_>, _) =
            state.waiting.drain(..).partition(|job| job.cancelled.load(Ordering::Relaxed));
        state.waiting = waiting.into();
        self.counters.queued.store(state.waiting.len(), Ordering::Relaxed);
        drop(state);
        cancelled.into_iter().for_each(|job| job.output.end(End::Cancelled, Spent::default()));
    }

    /// Waits until something happens, or until `until`. `false` once the engine is stopped.
    pub(super) fn wait(&self, until: Option<Instant>) -> bool {
        let mut state = self.lock();
        while !state.woken && !state.stopped {
            state = match until.map(|until| until.saturating_duration_since(Instant::now())) {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(left) if left.is_zero() => break,
                Some(left) => {
                    self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        state.woken = false;
        !state.stopped
    }

    /// Refuses every job from now on and ends those that wait.
    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.stopped = true;
        let waiting = std::mem::take(&mut state.waiting);
        self.counters.queued.store(0, Ordering::Relaxed);
        self.notify(state);
        drop(waiting);
    }

    /// Says that no job comes any more: the thread ends after those it has.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.notify(state);
    }

    /// Whether there is nothing left to take.
    pub(super) fn is_over(&self) -> bool {
        let state = self.lock();
        state.closed && state.waiting.is_empty()
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.lock().stopped
    }

    pub(super) fn wake_thread(&self) {
        self.notify(self.lock());
    }

    fn notify(&self, mut state: MutexGuard<'_, State>) {
        state.woken = true;
        drop(state);
        self.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.wake_thread();
    }
}
