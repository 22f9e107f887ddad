//! Who is calling and how much they may do.
//!
//! The crate answers two questions for every request, in this order, by types: [`Gate::caller`] turns what
//! came with it into a [`Caller`], and [`Admission::admit`] turns a caller into a [`Permit`]. Without a
//! `Caller` there is no `Permit`, and without a `Permit` nothing can start a generation.
//!
//! # Layout
//! - `id`, `time`: the public name of a generation; seconds as a parameter.
//! - `caller`, `scope`: the verified principal and what it may do.
//! - `rejection`: why a credential was refused, one stable code each.
//! - `gate`: what a request brought in, [`Caller`] out; remembers, asks stores and issuers, checks bindings.
//! - `verify`: access tokens by the rules of their issuer; pure, no I/O.
//! - `dpop`, `keyset`: proofs of possession; the keys of other issuers.
//! - `keys`, `issue`: our own signing key and the short-lived access tokens made with it.
//! - `store`: users, sign-ins, keys, revocations: what outlives the process, in SQLite or Postgres.
//! - `limits`: tiers, limits, and the book-keeping of running generations and readers.
//!
//! # What is deliberately absent
//! No HTTP, no environment, no printing, no clock except [`UnixSeconds::now`].

mod accounts;
mod caller;
mod dpop;
mod event;
mod gate;
mod id;
mod issue;
mod keyring;
mod keys;
mod keyset;
mod limits;
mod opaque;
mod principal;
mod private_file;
mod random;
mod rejection;
mod revocation;
mod scope;
mod store;
#[cfg(test)]
mod test_folder;
mod time;
mod verify;

pub use accounts::{
    Accounts, AccountsConfig, AuthRefusal, Client, CodeExchange, CodeRequest, HashingConfig, Introspection,
    Issued, Login, Secret, SignedIn, Wish,
};
pub use caller::{Caller, Subject};
#[cfg(any(test, feature = "testing"))]
pub use dpop::TestProver;
#[cfg(any(test, feature = "fuzzing"))]
pub use dpop::fuzz_proof;
pub use dpop::{Dpop, DpopConfig, ProofTarget, ProvenKey};
pub use event::{AuthEvent, AuthObserver, Change, IgnoreAuth, LoginResult, RefreshResult};
pub use gate::{Evidence, Gate, GateParts};
pub use id::{InvalidStreamId, StreamId};
pub use issue::{AccessToken, Confirmation, Grant, Inspection, IssueError, Issuer, IssuerConfig, inspect};
pub use keyring::{KeyEncryptionKey, KeyError, KeyRing, RotationConfig, SOONEST_ROTATION_S};
pub use keys::{PublicKey, SigningKey};
#[cfg(any(test, feature = "fuzzing"))]
pub use keyset::fuzz_key_set;
pub use keyset::{FetchError, FetchKeys, Fetched, Fetching, KEY_SET_BYTES_MAX};
pub use limits::{
    Admission, AdmissionConfig, Ask, Caps, Limits, LimitsTable, Permit, ReadPermit, Refusal, RefusalReason,
    Tier, UnknownTier,
};
pub use opaque::{digest_of, random_text};
pub use principal::Principal;
pub use private_file::FileProblem;
pub use rejection::{Public, Reason, Rejection};
pub use revocation::{Revocation, Revocations, Revoked, TooManyRevocations};
pub use scope::{MissingScope, Scope, Scopes, UnknownScope};
pub use store::{
    ApiKey, ApiKeySecret, Attempts, Binding, CodeGrant, Digest, KeyState, NewApiKey, NewSession, NewUser,
    Rotated, Rotation, Session, Store, StoreChange, StoreError, StoredKey, TakenCode, User, UserSecret,
};
pub use time::UnixSeconds;
pub use verify::parse_object as strict_json;
pub use verify::{
    ConfigFault, ConfigFaults, DpopPolicy, ExternalIssuer, KeySource, OwnIssuer, OwnKeys, Scheme,
    VerifierConfig, bearer, credential,
};
#[cfg(any(test, feature = "fuzzing"))]
pub use verify::{fuzz_claims, fuzz_header};
