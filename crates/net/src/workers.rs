//! Worker threads, each one a single-threaded tokio runtime.
//!
//! A task spawned on a worker never moves, so what belongs together is woken without crossing threads. Work that
//! blocks (password hashing, disk, model inference) has threads of its own and must not run here.

use std::cell::Cell;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;

thread_local! {
    static CURRENT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The index of the worker whose thread this is, or `None` on any other thread.
pub fn current_worker() -> Option<usize> {
    CURRENT.get()
}

/// The worker threads of the process. Dropping it stops them without waiting.
#[derive(Debug)]
pub struct Workers {
    workers: Vec<Worker>,
    running: Arc<Running>,
}

#[derive(Debug)]
struct Worker {
    handle: Handle,
    load: Arc<Load>,
    thread: JoinHandle<()>,
    /// Dropping it ends the thread.
    stop: oneshot::Sender<()>,
}

impl Workers {
    /// Starts `n` threads named `seseragi-worker-{i}`.
    ///
    /// Fails with [`io::ErrorKind::InvalidInput`] if `n` is 0, else with what the system says when it refuses a
    /// thread or an event queue; threads already started are then stopped again.
    pub fn start(n: usize) -> io::Result<Self> {
        if n == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "at least one worker is needed"));
        }
        let running = Arc::new(Running::default());
        let workers = (0..n).map(|index| Worker::start(index, &running)).collect::<io::Result<_>>()?;
        Ok(Self { workers, running })
    }

    /// How many workers there are; never 0.
    #[expect(clippy::len_without_is_empty, reason = "there is always at least one")]
    pub fn len(&self) -> usize {
        self.workers.len()
    }

    /// Spawns onto worker `i`.
    ///
    /// # Panics
    /// If `i` is not below [`Workers::len`].
    pub fn handle(&self, i: usize) -> Handle {
        self.workers[i].handle.clone()
    }

    /// Stops every worker, dropping the tasks that are left, and waits for the threads, at most `timeout`.
    ///
    /// Returns whether all of them ended; a worker stuck in a task that never yields is left behind. Blocks, so
    /// call it from a thread that is not a worker.
    pub fn shutdown(self, timeout: Duration) -> bool {
        let Self { workers, running } = self;
        let threads: Vec<_> = workers.into_iter().map(Worker::stop).collect();
        let ended = running.wait(timeout);
        if ended {
            threads.into_iter().for_each(|thread| drop(thread.join()));
        } else {
            tracing::warn!("workers are still busy after {timeout:?}; leaving them behind");
        }
        ended
    }

    /// The places where connections can be put, for the acceptor.
    pub(crate) fn seats(&self) -> Vec<Seat> {
        let seat = |worker: &Worker| Seat { handle: worker.handle.clone(), load: worker.load.clone() };
        self.workers.iter().map(seat).collect()
    }
}

impl Worker {
    fn start(index: usize, running: &Arc<Running>) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        let presence = Presence::new(running);
        let thread = thread::Builder::new()
            .name(format!("seseragi-worker-{index}"))
            .spawn(move || run(index, runtime, stopped, presence))?;
        Ok(Self { handle, load: Arc::default(), thread, stop })
    }

    fn stop(self) -> JoinHandle<()> {
        drop(self.stop);
        self.thread
    }
}

fn run(index: usize, runtime: Runtime, stopped: oneshot::Receiver<()>, presence: Presence) {
    CURRENT.set(Some(index));
    // The sender is only ever dropped: an error is the stop.
    let _ = runtime.block_on(stopped);
    // Does not wait for DNS lookups that still run on the blocking threads.
    runtime.shutdown_background();
    drop(presence);
}

/// A worker as the acceptor sees it.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    pub(crate) handle: Handle,
    pub(crate) load: Arc<Load>,
}

/// What a worker carries, over all listeners.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// Requests in flight, each until its response body has ended or was dropped.
    pub(crate) streams: AtomicUsize,
    /// Accepted sockets.
    pub(crate) connections: AtomicUsize,
}

impl Load {
    /// Orders workers for placement: fewest streams, then fewest connections.
    pub(crate) fn rank(&self) -> (usize, usize) {
        (self.streams.load(Ordering::Relaxed), self.connections.load(Ordering::Relaxed))
    }
}

/// How many worker threads have not ended.
#[derive(Debug, Default)]
struct Running {
    count: Mutex<usize>,
    changed: Condvar,
}

impl Running {
    fn wait(&self, timeout: Duration) -> bool {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(count, timeout, |count| *count > 0);
        *waited.unwrap_or_else(PoisonError::into_inner).0 == 0
    }
}

/// One thread in [`Running`].
struct Presence(Arc<Running>);

impl Presence {
    fn new(running: &Arc<Running>) -> Self {
        *running.count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Self(running.clone())
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        *self.0.count.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Duration = Duration::from_secs(5);

    #[test]
    fn a_task_knows_its_worker_and_its_thread_is_named() {
        let workers = Workers::start(2).unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        for index in 0..workers.len() {
            let sender = sender.clone();
            workers.handle(index).spawn(async move {
                let name = thread::current().name().map(str::to_owned);
                sender.send((index, current_worker(), name)).unwrap();
            });
        }
        for _ in 0..2 {
            let (index, current, name) = receiver.recv_timeout(BOUND).unwrap();
            assert_eq!(current, Some(index));
            assert_eq!(name, Some(format!("seseragi-worker-{index}")));
        }
        assert_eq!(current_worker(), None);
        assert!(workers.shutdown(BOUND));
    }

    #[test]
    fn shutdown_drops_what_is_left() {
        let workers = Workers::start(1).unwrap();
        let (held, dropped) = std::sync::mpsc::channel::<()>();
        workers.handle(0).spawn(async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
        assert!(workers.shutdown(BOUND));
        assert_eq!(dropped.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected));
    }

    #[test]
    fn shutdown_is_bounded_when_a_worker_is_stuck() {
        let workers = Workers::start(1).unwrap();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let (stuck, is_stuck) = std::sync::mpsc::channel();
        workers.handle(0).spawn(async move {
            stuck.send(()).unwrap();
            let _ = released.recv();
        });
        is_stuck.recv_timeout(BOUND).unwrap();
        assert!(!workers.shutdown(Duration::from_millis(20)));
        drop(release);
    }

    #[test]
    fn a_panicking_task_does_not_end_its_worker() {
        let workers = Workers::start(1).unwrap();
        let panicked = workers.handle(0).spawn(async { panic!("expected by the test") });
        let after = workers.handle(0).spawn(async { 7 });
        let runtime = Builder::new_current_thread().build().unwrap();
        assert!(runtime.block_on(panicked).unwrap_err().is_panic());
        assert_eq!(runtime.block_on(after).unwrap(), 7);
    }

    #[test]
    fn no_workers_is_a_mistake() {
        assert_eq!(Workers::start(0).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
}
