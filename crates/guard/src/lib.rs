//! Who is calling and how much they may do.
//!
//! The crate answers two questions for every request, in this order, by types: [`Verifier::verify`] turns a
//! credential into a [`Caller`], and [`Admission::admit`] turns a caller into a [`Permit`]. Without a
//! `Caller` there is no `Permit`, and without a `Permit` nothing can start a generation.
//!
//! # Layout
//! - `id`, `time`: the public name of a generation; seconds as a parameter.
//! - `caller`, `scope`: the verified principal and what it may do.
//! - `rejection`: why a credential was refused, one stable code each.
//! - `verify`: credentials in, [`Caller`] out; pure, no I/O.
//! - `keys`, `issue`: our own signing key and the short-lived access tokens made with it.
//! - `store`: API keys in an embedded database.
//! - `limits`: tiers, limits, and the book-keeping of running generations and readers.
//!
//! # What is deliberately absent
//! No HTTP, no environment, no printing, no clock except [`UnixSeconds::now`], and no cache of verified
//! tokens: every token is verified on every use.

mod caller;
mod id;
mod issue;
mod keys;
mod limits;
mod private_file;
mod random;
mod rejection;
mod scope;
mod store;
#[cfg(test)]
mod test_folder;
mod time;
mod verify;

pub use caller::{Caller, Subject};
pub use id::{InvalidStreamId, StreamId};
pub use issue::{AccessToken, Grant, Inspection, IssueError, Issuer, IssuerConfig, inspect};
pub use keys::{KeyError, PublicKey, SigningKey};
pub use limits::{
    Admission, AdmissionConfig, Ask, Caps, Limits, LimitsTable, Permit, ReadPermit, Refusal, RefusalReason,
    Tier, UnknownTier,
};
pub use private_file::FileProblem;
pub use rejection::{Public, Reason, Rejection};
pub use scope::{MissingScope, Scope, Scopes, UnknownScope};
pub use store::{ApiKey, ApiKeySecret, ApiKeyStore, Database, NewApiKey, StoreError};
pub use time::UnixSeconds;
pub use verify::{ConfigFault, ConfigFaults, ExternalIssuer, OwnIssuer, Verifier, VerifierConfig, bearer};
