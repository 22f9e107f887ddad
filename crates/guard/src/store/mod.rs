//! What outlives the process: API keys, in an embedded SQLite database.

mod api_keys;
mod database;
mod secret;

pub use api_keys::{ApiKey, ApiKeyStore, NewApiKey};
pub use database::{Database, StoreError};
pub use secret::ApiKeySecret;
