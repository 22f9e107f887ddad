//! What outlives the process, in SQLite or Postgres.

mod api_keys;
mod attempts;
mod codes;
mod engine;
mod error;
mod open;
mod record;
mod revocations;
mod rotation;
mod secret;
mod sessions;
mod signing_keys;
#[cfg(test)]
mod tests;
mod tidy;
mod users;

pub use api_keys::{ApiKey, NewApiKey};
pub use error::StoreError;
pub use open::Store;
pub use record::{
    Attempts, Binding, CodeGrant, Digest, KeyState, NewSession, NewUser, Rotated, Rotation, Session,
    StoreChange, StoredKey, TakenCode, User, UserSecret,
};
pub use secret::ApiKeySecret;
