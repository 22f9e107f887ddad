//! A store that acknowledges when the test says so.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use seseragi_flow::{Appended, Generation, Record, Seq, Store, StreamId};

/// Keeps everything and acknowledges nothing, until [`LateStore::acknowledge`]. Cheap to clone: all clones are
/// one store. Made for tests with one stream.
#[derive(Clone, Debug, Default)]
pub struct LateStore {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    records: Vec<Kept>,
    refuses: bool,
}

/// What was appended: by whom, where, how many deltas, and whether it is the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kept {
    stream_id: StreamId,
    first: u32,
    count: u32,
    is_end: bool,
}

impl LateStore {
    /// The newest position that was appended; the end has one, too.
    #[must_use]
    pub fn newest(&self) -> u32 {
        let records = &self.lock().records;
        records.last().map_or(0, |kept| if kept.is_end { kept.first } else { kept.first + kept.count - 1 })
    }

    /// Acknowledges everything so far.
    pub fn acknowledge(&self, generation: &Generation) {
        generation.acknowledge(Seq(self.newest()));
    }

    /// From now on nothing is kept any more.
    pub fn refuse(&self) {
        self.lock().refuses = true;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for LateStore {
    /// # Panics
    /// If a record does not follow the one before it.
    fn append(&self, record: Record<'_>) -> Appended {
        let newest = self.newest();
        let mut state = self.lock();
        if state.refuses {
            return Appended::Refused;
        }
        assert_eq!(record.first.0, newest + 1, "records of a stream are contiguous");
        assert_ne!(record.count == 0, record.terminal.is_none(), "a record holds deltas or the end");
        let (stream_id, first) = (record.stream_id, record.first.0);
        let (count, is_end) = (record.count as u32, record.terminal.is_some());
        state.records.push(Kept { stream_id, first, count, is_end });
        Appended::Later
    }
}
