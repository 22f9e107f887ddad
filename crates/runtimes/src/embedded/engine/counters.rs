//! What the engine has done and is doing, for a metrics page.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) tokens_generated: AtomicU64,
    pub(super) prompt_tokens: AtomicU64,
    pub(super) active: AtomicUsize,
    pub(super) queued: AtomicUsize,
}

/// A snapshot of the engine's counters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EngineStats {
    /// Output tokens computed since the start, of all generations.
    pub tokens_generated_total: u64,
    /// Prompt tokens computed since the start.
    pub prompt_tokens_total: u64,
    /// Generations that are being stepped.
    pub active: usize,
    /// Jobs that wait for a place.
    pub queued: usize,
}

impl Counters {
    pub(super) fn snapshot(&self) -> EngineStats {
        EngineStats {
            tokens_generated_total: self.tokens_generated.load(Relaxed),
            prompt_tokens_total: self.prompt_tokens.load(Relaxed),
            active: self.active.load(Relaxed),
            queued: self.queued.load(Relaxed),
        }
    }
}
