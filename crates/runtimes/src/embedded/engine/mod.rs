//! The engine: one thread, `seseragi-model`, that owns the model and steps every live generation in turn.
//!
//! Callers [`Engine::submit`] a [`Request`] with an [`Output`] and keep the [`JobHandle`]; dropping it cancels the
//! job within one step. A step gives every generation that is due one token, or a piece of its prompt, so a
//! long prompt never holds up the others. It knows nothing of streams, deltas or wires.
//!
//! **Invariants.** Every output gets exactly one [`End`]. The queue and the number of live generations are
//! bounded. Nothing is computed for a job after its handle was dropped, except the step that was under way.

mod counters;
mod generation;
mod handle;
mod output;
mod prepare;
mod settings;
mod shared;
#[cfg(test)]
mod tests;
mod worker;

pub use super::sampler::Sampling;
pub use super::text::Turn;
pub use counters::EngineStats;
pub use handle::{Engine, JobHandle, ModelInfo};
pub use output::{End, Flow, Output, Spent};
pub use prepare::Request;
pub use settings::Settings;
