//! runtimes

#[cfg(feature = "embedded")]
pub mod embedded;
