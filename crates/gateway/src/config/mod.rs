//! The configuration: read once, checked as a whole, then plain typed values. Nothing below this crate reads the
//! environment or the file.

mod load;
mod model;
mod source;

pub use load::load;
pub use model::{Config, IssuerMode, LogFormat, ModelConfig, RuntimeConfig};
pub use source::Shown;

#[cfg(test)]
mod tests;
