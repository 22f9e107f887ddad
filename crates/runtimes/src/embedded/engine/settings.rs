//! What an operator may set.

use super::super::gguf::Source;

/// Settings of an [`Engine`](super::Engine).
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The model.
    pub source: Source,
    /// Threads that compute; at least 1. K-quantized weights are computed by candle's own threads instead,
    /// whose number is `CANDLE_NUM_THREADS`.
    pub threads: usize,
    /// Generations that are stepped at the same time; at least 1. Each keeps its own cache of the context.
    pub max_concurrent: usize,
    /// Jobs that may wait for a place; more are refused.
    pub queue: usize,
    /// Slows every generation down to so many tokens in a second: a small model is too fast to be seen
    /// streaming.
    pub tokens_per_second: Option<f32>,
    /// Lowers the model's own context, and so the memory of a generation.
    pub context_tokens: Option<usize>,
    /// Used where a caller says nothing; 0 always takes the likeliest token.
    pub temperature: f32,
}

impl Settings {
    /// One thread, 32 generations at once, 64 waiting, no pacing, the model's own context, greedy.
    #[must_use]
    pub const fn new(source: Source) -> Self {
        Self {
            source,
            threads: 1,
            max_concurrent: 32,
            queue: 64,
            tokens_per_second: None,
            context_tokens: None,
            temperature: 0.0,
        }
    }
}
