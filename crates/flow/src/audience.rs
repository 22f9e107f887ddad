//! The [`Audience`]: which generations are being read right now. Those that are over count, and those that the hub has
//! forgotten while somebody still read them.
//!
//! It is there for one question, "who reads with this right?", so that the answer costs as much as there are readers
//! and not as much as there are kept logs. Touched when a reader comes and when it leaves, never per delta.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use seseragi_guard::StreamId;

use crate::generation::Generation;

#[derive(Default)]
pub(crate) struct Audience {
    read: Mutex<HashMap<StreamId, Read>>,
}

struct Read {
    generation: Arc<Generation>,
    readers: usize,
}

impl Audience {
    /// Counts one more reader, until the seat is dropped.
    pub(crate) fn seat(self: &Arc<Self>, generation: &Arc<Generation>) -> Seat {
        let stream_id = generation.about().stream_id;
        let new = || Read { generation: Arc::clone(generation), readers: 0 };
        self.lock().entry(stream_id).or_insert_with(new).readers += 1;
        Seat { audience: Arc::clone(self), stream_id }
    }

    /// All that is being read.
    pub(crate) fn all(&self) -> HashMap<StreamId, Arc<Generation>> {
        self.lock().iter().map(|(id, read)| (*id, Arc::clone(&read.generation))).collect()
    }

    /// This one, if it is being read.
    pub(crate) fn get(&self, stream_id: StreamId) -> Option<Arc<Generation>> {
        self.lock().get(&stream_id).map(|read| Arc::clone(&read.generation))
    }

    /// The generation is handed out with its last reader, so that it is never dropped under the lock.
    fn leave(&self, stream_id: StreamId) -> Option<Read> {
        let mut read = self.lock();
        let Entry::Occupied(mut entry) = read.entry(stream_id) else { return None };
        entry.get_mut().readers -= 1;
        (entry.get().readers == 0).then(|| entry.remove())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<StreamId, Read>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One reader's place in the audience.
pub(crate) struct Seat {
    audience: Arc<Audience>,
    stream_id: StreamId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        drop(self.audience.leave(self.stream_id));
    }
}
