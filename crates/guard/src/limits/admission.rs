//! Who may start or read a generation now.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::book::{Asked, Book, Slot, Waiter};
use super::permit::{Caps, Permit, ReadPermit};
use super::{LimitsTable, Refusal, RefusalReason};
use crate::Caller;

/// The numbers of an [`Admission`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdmissionConfig {
    /// What each tier may do.
    pub limits: LimitsTable,
    /// How long a request waits for another generation of the same subject to end: 250 ms by default. It lets
    /// a page that is reloaded in, whose old connection is noticed a moment later. 0 refuses at once.
    pub wait_max: Duration,
    /// Requests of one subject that wait at the same time: 8 by default.
    pub waiters_max: u32,
    /// Readers of one subject at the same time: 16 by default. Where its tier allows more than half as many
    /// streams, two for each of those: every stream has a reader, and one more while a client comes back.
    pub readers_max: u32,
}

impl AdmissionConfig {
    /// These limits and the default numbers.
    pub const fn new(limits: LimitsTable) -> Self {
        Self { limits, wait_max: Duration::from_millis(250), waiters_max: 8, readers_max: 16 }
    }
}

impl Default for AdmissionConfig {
    fn default() -> Self {
        Self::new(LimitsTable::default())
    }
}

/// What a caller asks to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The route, by name.
    pub route: Arc<str>,
    /// Model tokens of the prompt, as estimated.
    pub prompt_tokens: u32,
    /// The most model tokens the caller wants; `None`: as many as it may.
    pub max_output_tokens: Option<u32>,
    /// The longest time the caller will wait for the whole generation; `None`: as long as it may run.
    pub deadline: Option<Duration>,
}

/// The book-keeper: one per process, cheap to clone.
///
/// It holds one small entry per subject that has something running or waiting, and none for others.
#[derive(Clone)]
pub struct Admission {
    config: AdmissionConfig,
    book: Arc<Book>,
}

impl Admission {
    /// With these limits and the default waiting.
    pub fn new(limits: LimitsTable) -> Self {
        Self::with_config(AdmissionConfig::new(limits))
    }

    /// With all numbers given.
    pub fn with_config(config: AdmissionConfig) -> Self {
        Self { config, book: Book::new() }
    }

    /// The right to start one generation, as soon as the subject has fewer running than its tier allows.
    ///
    /// Requests of one subject are served in the order they came. Cancel safe: a future dropped at any moment
    /// leaves nothing behind. Needs tokio's time if it has to wait.
    ///
    /// # Errors
    /// A [`Refusal`] when no slot became free in time or too many requests of the subject wait already;
    /// nothing is consumed then.
    pub async fn admit(&self, caller: &Caller, ask: Ask) -> Result<Permit, Refusal> {
        let limits = self.config.limits.of(caller.tier());
        let caps = Caps {
            max_output_tokens: ask.max_output_tokens.unwrap_or(u32::MAX).min(limits.max_output_tokens),
            max_duration: ask.deadline.unwrap_or(Duration::MAX).min(limits.max_duration),
        };
        let wait_max = self.config.wait_max.min(caps.max_duration);
        let waiters_max = if wait_max.is_zero() { 0 } else { self.config.waiters_max as usize };
        let slot = match self.book.ask(caller.subject(), limits.streams, waiters_max)? {
            Asked::Slot(slot) => Some(slot),
            Asked::Queued(waiter) => wait(waiter, wait_max).await,
        };
        let slot = slot.ok_or_else(|| Refusal::new(RefusalReason::TooManyStreams, limits.streams))?;
        Ok(Permit::new(slot, Arc::clone(caller.principal()), caps))
    }

    /// The right to read a generation, if the subject has a reader to spare.
    ///
    /// # Errors
    /// A [`Refusal`] with the reason `too_many_readers`.
    pub fn admit_read(&self, caller: &Caller) -> Result<ReadPermit, Refusal> {
        let streams = self.config.limits.of(caller.tier()).streams;
        let readers_max = self.config.readers_max.max(streams.saturating_mul(2));
        let slot = self.book.ask_reader(caller.subject(), readers_max)?;
        Ok(ReadPermit { slot, principal: Arc::clone(caller.principal()) })
    }

    /// Subjects the book has an entry for.
    #[cfg(test)]
    pub(super) fn subjects(&self) -> usize {
        self.book.subjects()
    }
}

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admission").field("config", &self.config).finish_non_exhaustive()
    }
}

/// A slot that arrives when the time is up already goes back as the waiter is dropped.
async fn wait(mut waiter: Waiter, wait_max: Duration) -> Option<Slot> {
    tokio::time::timeout(wait_max, waiter.slot()).await.ok().flatten()
}
