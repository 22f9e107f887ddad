//! The [`Book`]: which generations exist, whose they are, and under which idempotency keys they were started.
//! Sharded, so that no lock is shared by all streams.

use std::collections::hash_map::{Entry, RandomState};
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use seseragi_guard::{StreamId, Subject};

use crate::generation::Generation;
use crate::request::Idempotency;

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
    /// Enters a generation that is about to start, together with its key: who finds the key taken finds the
    /// stream, too. Not `Free`: nothing was entered.
    pub(crate) fn insert(&self, generation: &Arc<Generation>, wish: Option<&Idempotency>) -> Claim {
        let about = generation.about();
        let mut owners = self.owned(&about.owner);
        let owned = owners.entry(about.owner.clone()).or_default();
        if let Some(wish) = wish {
            match owned.claim_of(wish) {
                Claim::Free => drop(owned.keys.insert(wish.key.clone(), (wish.digest, about.stream_id))),
                taken => return taken,
            }
        }
        owned.streams.push_back(about.stream_id);
        self.streams(about.stream_id).insert(about.stream_id, Arc::clone(generation));
        Claim::Free
    }

    pub(crate) fn get(&self, stream_id: StreamId) -> Option<Arc<Generation>> {
        self.streams(stream_id).get(&stream_id).cloned()
    }

    /// Forgets a generation, its place in its owner's list and its key. The key goes first: who finds it finds the
    /// stream.
    pub(crate) fn remove(&self, stream_id: StreamId) {
        let Some(generation) = self.get(stream_id) else { return };
        let mut owners = self.owned(&generation.about().owner);
        if let Entry::Occupied(mut entry) = owners.entry(generation.about().owner.clone()) {
            entry.get_mut().streams.retain(|id| *id != stream_id);
            entry.get_mut().keys.retain(|_, (_, id)| *id != stream_id);
            if entry.get().streams.is_empty() && entry.get().keys.is_empty() {
                entry.remove();
            }
        }
        drop(owners);
        self.streams(stream_id).remove(&stream_id);
    }

    /// The subject's streams, newest first.
    pub(crate) fn of(&self, owner: &Subject) -> Vec<StreamId> {
        let owners = self.owned(owner);
        owners.get(owner).map(|o| o.streams.iter().rev().copied().collect()).unwrap_or_default()
    }

    /// How many streams the subject has beyond `most`, and its oldest ones: those and some more, as running ones
    /// among them cannot go.
    pub(crate) fn beyond(&self, owner: &Subject, most: usize) -> (usize, Vec<StreamId>) {
        const MORE: usize = 64;
        let owners = self.owned(owner);
        let Some(owned) = owners.get(owner) else { return (0, Vec::new()) };
        let excess = owned.streams.len().saturating_sub(most);
        let looked_at = if excess == 0 { 0 } else { excess + MORE };
        (excess, owned.streams.iter().take(looked_at).copied().collect())
    }

    /// All generations. Walks every shard: for shutdown only.
    pub(crate) fn all(&self) -> Vec<Arc<Generation>> {
        self.streams.iter().flat_map(|shard| lock(shard).values().cloned().collect::<Vec<_>>()).collect()
    }

    pub(crate) fn claim_of(&self, owner: &Subject, wish: &Idempotency) -> Claim {
        self.owned(owner).get(owner).map_or(Claim::Free, |owned| owned.claim_of(wish))
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

impl Owned {
    fn claim_of(&self, wish: &Idempotency) -> Claim {
        match self.keys.get(&wish.key) {
            None => Claim::Free,
            Some((digest, stream_id)) if *digest == wish.digest => Claim::Taken(*stream_id),
            Some(_) => Claim::Conflict,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
