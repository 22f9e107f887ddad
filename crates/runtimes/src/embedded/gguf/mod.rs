//! Reads the GGUF file format: metadata, the tensor directory, and the bytes of one tensor at a time.
//!
//! Not a model loader: it knows no names of keys or tensors. Every length in the file is checked against the
//! bytes that are left before anything is allocated, so a hostile file costs an error and never memory.

mod file;
mod format;
mod input;
#[cfg(test)]
mod tests;

pub use file::Source;
pub(crate) use file::{Gguf, RawTensor};
