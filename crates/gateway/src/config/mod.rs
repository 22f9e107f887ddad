//! The configuration: read once, checked as a whole, then plain typed values. Nothing below this crate reads the
//! environment or the file.

mod load;
mod model;
mod models;
mod source;

pub use load::load;
pub use model::{Config, IssuerMode, LogFormat};
pub use models::{ModelConfig, RuntimeConfig};
pub use source::Shown;

#[cfg(test)]
mod tests;
