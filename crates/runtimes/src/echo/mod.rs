//! The runtime that answers with the question itself, piece by piece at a steady pace.
//!
//! It is the smallest whole runtime, and the one with a known answer: tests, demonstrations and measurements use it.
//! It is not a model: temperature, seeds and the rest of the sampling mean nothing to it. `max_tokens` (one piece
//! counts as one token) and `stop` are honoured.
//!
//! - `runtime`: the [`Echo`] runtime and its options.
//! - `pieces`: the text cut into pieces; pure.
//! - `job`: one answer, on its schedule.
//!
//! Invariant: the pieces joined are the answer, and no piece splits a character.

mod job;
mod pieces;
mod runtime;

pub use runtime::{Echo, EchoOptions, EchoStats};
