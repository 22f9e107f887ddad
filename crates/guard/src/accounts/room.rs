//! A bound on blocking work: so many at once, so many more waiting, everybody else is sent away.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use super::AuthRefusal;

/// Where blocking work is done, off the async workers. Cheap to clone.
#[derive(Clone)]
pub(super) struct Room {
    places: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

/// A place in the room: its holder may wait for a thread. Given back when it is dropped.
pub(super) struct Place {
    place: OwnedSemaphorePermit,
    running: Arc<Semaphore>,
}

impl Room {
    /// A room where `at_once` (at least one) work and `waiting_max` more may wait.
    pub(super) fn new(at_once: usize, waiting_max: usize) -> Self {
        let at_once = at_once.clamp(1, Semaphore::MAX_PERMITS);
        let places = at_once.saturating_add(waiting_max).min(Semaphore::MAX_PERMITS);
        Self { places: Arc::new(Semaphore::new(places)), running: Arc::new(Semaphore::new(at_once)) }
    }

    /// A place, at once or never.
    ///
    /// # Errors
    /// [`AuthRefusal::Busy`] if all are taken.
    pub(super) fn enter(&self) -> Result<Place, AuthRefusal> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| AuthRefusal::Busy)?;
        Ok(Place { place, running: Arc::clone(&self.running) })
    }

    /// Places that nobody holds.
    #[cfg(test)]
    pub(super) fn free(&self) -> (usize, usize) {
        (self.places.available_permits(), self.running.available_permits())
    }
}

impl Place {
    /// Does the work on a thread of its own, when it is its turn. If the caller goes away before that, the work is not
    /// done; if it goes away later, the work goes on and gives its place back at its end.
    ///
    /// # Errors
    /// [`AuthRefusal::Unavailable`] if the work panicked or the runtime is shutting down.
    pub(super) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AuthRefusal> {
        let turn = self.running.acquire_owned().await.map_err(|_| AuthRefusal::Unavailable)?;
        let place = self.place;
        let done = spawn_blocking(move || {
            let _held = (turn, place);
            work()
        });
        done.await.map_err(|_| AuthRefusal::Unavailable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    #[tokio::test]
    async fn whoever_finds_no_place_is_sent_away() {
        let room = Room::new(1, 1);
        let first = room.enter().unwrap();
        let second = room.enter().unwrap();
        assert_eq!(room.enter().err(), Some(AuthRefusal::Busy));
        drop(first);
        assert_eq!(room.enter().unwrap().run(|| 1).await, Ok(1));
        assert_eq!(second.run(|| 2).await, Ok(2));
        assert_eq!(room.free(), (2, 1));
    }

    #[tokio::test]
    async fn whoever_goes_away_leaves_nothing_behind() {
        let room = Room::new(1, 3);
        let (go, wait) = mpsc::channel::<()>();
        let (begun, begin) = tokio::sync::oneshot::channel();
        let working = room.enter().unwrap();
        let task = tokio::spawn(working.run(move || {
            begun.send(()).unwrap();
            let _ = wait.recv();
        }));
        begin.await.unwrap();
        // One that waits for its turn and gives up; one that works and is given up.
        let waiting = room.enter().unwrap().run(|| panic!("its turn never comes"));
        assert!(tokio::time::timeout(Duration::from_millis(20), waiting).await.is_err());
        assert_eq!(room.free(), (3, 0), "the work goes on");
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(room.free(), (3, 0), "the work still goes on");
        go.send(()).unwrap();
        while room.free() != (4, 1) {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn work_that_panics_gives_its_place_back() {
        let room = Room::new(1, 0);
        let broken = room.enter().unwrap().run(|| -> () { panic!("on purpose") }).await;
        assert_eq!((broken, room.free()), (Err(AuthRefusal::Unavailable), (1, 1)));
    }
}
