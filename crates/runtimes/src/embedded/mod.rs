//! A real language model inside the process: Llama and Qwen families from a GGUF file, in pure Rust.
//!
//! Bottom up: [`gguf`](Source) reads the file format; `matrix` multiplies quantized weights; `model` is the
//! forward pass with a cache per generation; `text` turns conversations into tokens and tokens into whole
//! characters; `sampler` chooses; [`engine`](Engine) owns the thread and steps all generations in turn. All that
//! knows nothing of streams; [`runtime`](Embedded) fits it to `flow`.
//!
//! It is for small models and for trying things out: it has no GPU, no tools, no grammar. Serious serving is a
//! model server behind the `infer` runtime.

mod engine;
mod error;
mod gguf;
mod matrix;
mod model;
mod runtime;
mod sampler;
#[cfg(test)]
mod shipped_tests;
#[cfg(test)]
mod testing;
mod text;

pub use engine::{
    End, Engine, EngineStats, Flow, JobHandle, ModelInfo, Output, Request, Sampling, Settings, Spent, Turn,
};
pub use error::{GenerateError, LoadError};
pub use gguf::Source;
pub use runtime::Embedded;
