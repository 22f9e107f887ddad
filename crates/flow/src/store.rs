//! The [`Store`]: where deltas are made durable before any reader sees them.

use seseragi_guard::StreamId;

use crate::{Batch, Seq, Terminal};

/// The most text that may wait for a store's acknowledgement, in bytes; beyond it the producer pauses.
pub const MAX_UNACKNOWLEDGED_BYTES: u32 = 256 * 1024;

/// Deltas to keep, or the end of the stream. Contiguous: `first` follows the last record of the same stream.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The generation.
    pub stream_id: StreamId,
    /// Which producer writes; a store refuses an older one.
    pub epoch: u32,
    /// The position of the batch's first delta, or of the terminal.
    pub first: Seq,
    /// The deltas; only the first `count` of them were admitted.
    pub batch: &'a Batch,
    /// How many deltas of the batch belong to the record.
    pub count: usize,
    /// The end of the stream, if this is it.
    pub terminal: Option<&'a Terminal>,
}

/// When an append is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// At once: readers may see it.
    Now,
    /// The store will call [`crate::Generation::acknowledge`] with the last position.
    Later,
    /// Never: the generation ends `interrupted`.
    Refused,
}

/// Keeps records. Called with the generation's lock held: it must not block.
pub trait Store: Send + Sync + 'static {
    /// Keeps one record. Append before deliver: readers see nothing that is not acknowledged.
    fn append(&self, record: Record<'_>) -> Appended;
}

/// The class `memory`: the readers' own log is the only copy; it survives disconnects, not the process.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemoryStore;

impl Store for MemoryStore {
    fn append(&self, _: Record<'_>) -> Appended {
        Appended::Now
    }
}
