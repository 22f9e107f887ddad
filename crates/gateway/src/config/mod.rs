//! The configuration: read once, checked as a whole, then plain typed values. Nothing below this crate reads the
//! environment or the file.

mod auth;
mod external;
mod load;
mod model;
mod models;
mod preset;
mod source;
mod url;

pub use auth::IssuerMode;
pub use external::{DpopRule, ExternalConfig, KeySource};
pub use load::load;
pub use model::{Config, LogFormat};
pub use models::{ModelConfig, RuntimeConfig};
pub use source::Shown;

#[cfg(test)]
mod auth_tests;
#[cfg(test)]
mod tests;
