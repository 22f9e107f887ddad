//! The account of what each subject has running. Knows no time and no limits of its own.
//!
//! Invariants, at every moment a shard is unlocked:
//! - `running` is the number of living [`Slot`]s of the subject, those on their way to a waiter included;
//! - no waiter can be served (`running >= cap` for each), so whoever is served at once overtakes nobody of its tier;
//! - a subject without slots, readers and waiters has no entry.

use std::collections::hash_map::{Entry, RandomState};
use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::{Refusal, RefusalReason};
use crate::Subject;

/// Subjects of different shards never wait for each other's lock. A power of two.
const SHARDS: usize = 64;

/// All accounts.
pub(super) struct Book {
    shards: Vec<Mutex<HashMap<Subject, Account>>>,
    hasher: RandomState,
}

#[derive(Default)]
struct Account {
    running: u32,
    readers: u32,
    waiters: VecDeque<Waiting>,
}

/// A request in the queue: gets its slot through the channel.
struct Waiting {
    cap: u32,
    hand: oneshot::Sender<Slot>,
}

/// What asking for a slot gives at once.
pub(super) enum Asked {
    Slot(Slot),
    Queued(Waiter),
}

impl Book {
    pub(super) fn new() -> Arc<Self> {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Arc::new(Self { shards, hasher: RandomState::new() })
    }

    /// A slot if fewer than `cap` are taken, else a place in the queue of at most `waiters_max`.
    pub(super) fn ask(
        self: &Arc<Self>,
        subject: &Subject,
        cap: u32,
        waiters_max: usize,
    ) -> Result<Asked, Refusal> {
        let mut shard = self.shard(subject);
        let account = shard.entry(subject.clone()).or_default();
        if account.running < cap {
            account.running += 1;
            return Ok(Asked::Slot(self.slot(subject)));
        }
        let refusal = if cap == 0 || waiters_max == 0 {
            Some(Refusal::new(RefusalReason::TooManyStreams, cap))
        } else if account.waiters.len() >= waiters_max {
            Some(Refusal::new(RefusalReason::TooManyWaiting, waiters_max as u32))
        } else {
            None
        };
        if let Some(refusal) = refusal {
            forget_if_empty(&mut shard, subject);
            return Err(refusal);
        }
        let (hand, slot) = oneshot::channel();
        account.waiters.push_back(Waiting { cap, hand });
        Ok(Asked::Queued(Waiter { book: Arc::clone(self), subject: subject.clone(), slot }))
    }

    /// The right to read, if fewer than `cap` are taken.
    pub(super) fn ask_reader(self: &Arc<Self>, subject: &Subject, cap: u32) -> Result<ReaderSlot, Refusal> {
        let mut shard = self.shard(subject);
        let account = shard.entry(subject.clone()).or_default();
        if account.readers >= cap {
            forget_if_empty(&mut shard, subject);
            return Err(Refusal::new(RefusalReason::TooManyReaders, cap));
        }
        account.readers += 1;
        Ok(ReaderSlot { book: Arc::clone(self), subject: subject.clone() })
    }

    /// Subjects with an entry.
    #[cfg(test)]
    pub(super) fn subjects(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    fn slot(self: &Arc<Self>, subject: &Subject) -> Slot {
        Slot { book: Arc::clone(self), subject: subject.clone() }
    }

    fn shard(&self, subject: &Subject) -> MutexGuard<'_, HashMap<Subject, Account>> {
        let index = self.hasher.hash_one(subject) as usize % SHARDS;
        self.shards[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the account of `subject` and serves whoever can be served now. Slots are handed over with the
    /// lock released: a receiver that is gone drops its slot, which comes back here.
    fn change(self: &Arc<Self>, subject: &Subject, change: impl FnOnce(&mut Account)) {
        let mut served = Vec::new();
        {
            let mut shard = self.shard(subject);
            let Entry::Occupied(mut entry) = shard.entry(subject.clone()) else { return };
            let account = entry.get_mut();
            change(account);
            while let Some(next) = account.next_to_serve() {
                account.running += 1;
                served.push(next.hand);
            }
            if account.is_empty() {
                entry.remove();
            }
        }
        for hand in served {
            drop(hand.send(self.slot(subject)));
        }
    }
}

impl Account {
    /// Takes the first waiter that can be served out of the queue. Only waiters of a lower tier are passed
    /// over.
    fn next_to_serve(&mut self) -> Option<Waiting> {
        let first = self.waiters.iter().position(|waiting| self.running < waiting.cap)?;
        self.waiters.remove(first)
    }

    fn is_empty(&self) -> bool {
        self.running == 0 && self.readers == 0 && self.waiters.is_empty()
    }
}

fn forget_if_empty(shard: &mut HashMap<Subject, Account>, subject: &Subject) {
    if shard.get(subject).is_some_and(Account::is_empty) {
        shard.remove(subject);
    }
}

/// One of the generations a subject may have running. Given back when dropped.
pub(super) struct Slot {
    book: Arc<Book>,
    subject: Subject,
}

impl Slot {
    pub(super) const fn subject(&self) -> &Subject {
        &self.subject
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.book.change(&self.subject, |account| account.running -= 1);
    }
}

/// One of the readers a subject may have. Given back when dropped.
pub(super) struct ReaderSlot {
    book: Arc<Book>,
    subject: Subject,
}

impl ReaderSlot {
    pub(super) const fn subject(&self) -> &Subject {
        &self.subject
    }
}

impl Drop for ReaderSlot {
    fn drop(&mut self) {
        self.book.change(&self.subject, |account| account.readers -= 1);
    }
}

/// A place in the queue of a subject. Given up when dropped, at any moment.
pub(super) struct Waiter {
    book: Arc<Book>,
    subject: Subject,
    slot: oneshot::Receiver<Slot>,
}

impl Waiter {
    /// The slot, once somebody gives one up. Cancel safe: what was handed over stays in the waiter.
    pub(super) async fn slot(&mut self) -> Option<Slot> {
        (&mut self.slot).await.ok()
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        // A slot that was handed over meanwhile is dropped here, outside the lock, and so given back.
        self.slot.close();
        drop(self.slot.try_recv());
        self.book
            .change(&self.subject, |account| account.waiters.retain(|waiting| !waiting.hand.is_closed()));
    }
}
