//! The [`Book`]: which generations exist, whose they are, and under which idempotency keys they were started.
//! Sharded, so that no lock is shared by all streams.

use std::collections::hash_map::{Entry, RandomState};
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use seseragi_guard::{StreamId, Subject};

use crate::generation::Generation;
use crate::hub::Idempotency;

const SHARDS: usize = 16;

/// Whether an idempotency key is free for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    Free,
    Taken(StreamId),
    Conflict,
}

#[derive(Default)]
pub(crate) struct Book {
    hasher: RandomState,
    streams: [Mutex<HashMap<StreamId, Arc<Generation>>>; SHARDS],
    owners: [Mutex<HashMap<Subject, Owned>>; SHARDS],
}

/// What one subject has.
#[derive(Default)]
struct Owned {
    streams: VecDeque<StreamId>,
    keys: HashMap<String, (u64, StreamId)>,
}

impl Book {
    pub(crate) fn insert(&self, generation: &Arc<Generation>) {
        let about = generation.about();
        self.streams(about.stream_id).insert(about.stream_id, Arc::clone(generation));
        self.owned(&about.owner).entry(about.owner.clone()).or_default().streams.push_back(about.stream_id);
    }

    pub(crate) fn get(&self, stream_id: StreamId) -> Option<Arc<Generation>> {
        self.streams(stream_id).get(&stream_id).cloned()
    }

    /// Forgets a generation, its place in its owner's list and its key.
    pub(crate) fn remove(&self, stream_id: StreamId) {
        let Some(generation) = self.streams(stream_id).remove(&stream_id) else { return };
        let mut owners = self.owned(&generation.about().owner);
        if let Entry::Occupied(mut entry) = owners.entry(generation.about().owner.clone()) {
            entry.get_mut().streams.retain(|id| *id != stream_id);
            entry.get_mut().keys.retain(|_, (_, id)| *id != stream_id);
            if entry.get().streams.is_empty() && entry.get().keys.is_empty() {
                entry.remove();
            }
        }
    }

    /// The subject's streams, newest first.
    pub(crate) fn of(&self, owner: &Subject) -> Vec<StreamId> {
        let owners = self.owned(owner);
        owners.get(owner).map(|o| o.streams.iter().rev().copied().collect()).unwrap_or_default()
    }

    /// All generations. Walks every shard: for shutdown only.
    pub(crate) fn all(&self) -> Vec<Arc<Generation>> {
        self.streams.iter().flat_map(|shard| lock(shard).values().cloned().collect::<Vec<_>>()).collect()
    }

    pub(crate) fn claim_of(&self, owner: &Subject, wish: &Idempotency) -> Claim {
        let owners = self.owned(owner);
        let taken = owners.get(owner).and_then(|o| o.keys.get(&wish.key)).copied();
        taken.map_or(
            Claim::Free,
            |(digest, id)| {
                if digest == wish.digest { Claim::Taken(id) } else { Claim::Conflict }
            },
        )
    }

    /// Takes a key for a stream that is about to start, unless it is taken already.
    pub(crate) fn claim(&self, owner: &Subject, wish: &Idempotency, stream_id: StreamId) -> Claim {
        let mut owners = self.owned(owner);
        match owners.entry(owner.clone()).or_default().keys.entry(wish.key.clone()) {
            Entry::Vacant(free) => {
                free.insert((wish.digest, stream_id));
                Claim::Free
            }
            Entry::Occupied(taken) if taken.get().0 == wish.digest => Claim::Taken(taken.get().1),
            Entry::Occupied(_) => Claim::Conflict,
        }
    }

    /// Gives a key back that was claimed for a stream that did not start.
    pub(crate) fn release(&self, owner: &Subject, wish: &Idempotency) {
        if let Some(owned) = self.owned(owner).get_mut(owner) {
            owned.keys.remove(&wish.key);
        }
    }

    fn streams(&self, stream_id: StreamId) -> MutexGuard<'_, HashMap<StreamId, Arc<Generation>>> {
        lock(&self.streams[self.shard(&stream_id)])
    }

    fn owned(&self, owner: &Subject) -> MutexGuard<'_, HashMap<Subject, Owned>> {
        lock(&self.owners[self.shard(owner)])
    }

    fn shard(&self, key: &impl Hash) -> usize {
        self.hasher.hash_one(key) as usize % SHARDS
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
