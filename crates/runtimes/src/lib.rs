//! Models, as [`seseragi_flow::Runtime`]s: one folder each.
//!
//! - [`echo`]: answers with the question, at a steady pace. For tests, demonstrations and measurements.
//! - [`infer`]: any server of the contract `infer.Infer` over HTTP/2, two-field servers included.
//! - `embedded` (cargo feature `embedded`): a language model inside the process.
//!
//! A runtime turns a job into deltas and one outcome. It knows nothing of readers, wires or credentials, and what it
//! says when it fails never holds text that a model server wrote: that goes to the log.
//!
//! A new runtime is one folder here and one line below; it must pass the contract suite of `testkit`.

pub mod echo;
#[cfg(feature = "embedded")]
pub mod embedded;
pub mod infer;
