//! The public keys of other issuers: read with suspicion, fetched, kept fresh.
//!
//! A key set comes from a URL, a file or the configuration. What it says about itself is not believed: each key gets
//! exactly one algorithm, from its own form and the issuer's configuration, and a set that could confuse the verifier
//! is refused whole.

mod alg;
mod jwk;
mod key;
mod live;
mod numbers;
mod pem;
mod roca;
mod schedule;
mod set;
#[cfg(test)]
pub(crate) mod tests;

use std::pin::Pin;
use std::time::Duration;

use thiserror::Error;

pub(crate) use alg::Alg;
pub(crate) use jwk::check_proof_jwk;
pub(crate) use key::VerifyingKey;
pub(crate) use live::LiveKeySet;
pub(crate) use numbers::Numbers;
pub(crate) use set::{KeySet, KeySetFault};

/// What a server answered to a request for its keys.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The body: at most [`KEY_SET_BYTES_MAX`].
    pub body: Vec<u8>,
    /// How long it says that its answer may be kept (`Cache-Control: max-age`).
    pub max_age: Option<Duration>,
}

/// The longest key set, in bytes.
pub const KEY_SET_BYTES_MAX: usize = 256 * 1024;

/// Keys could not be fetched. The text is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct FetchError(pub String);

/// A fetch under way; dropping it gives it up.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Fetched, FetchError>> + Send + 'a>>;

/// Gets a document over HTTP. This crate speaks none; the program lends it one that follows no redirect to another
/// host, reads no more than [`KEY_SET_BYTES_MAX`], takes no longer than two seconds, and calls no private address
/// unless it is allowed to.
pub trait FetchKeys: Send + Sync + 'static {
    /// GETs the URL. Cancel-safe.
    fn fetch<'a>(&'a self, url: &'a str) -> Fetching<'a>;
}

/// For the fuzzer: a key set of any bytes is refused or gives keys that can be asked, and nothing worse.
#[cfg(any(test, feature = "fuzzing"))]
pub fn fuzz_key_set(bytes: &[u8]) {
    let algorithms = [Alg::ES256, Alg::ES384, Alg::RS256, Alg::EdDSA];
    if let Ok(set) = KeySet::parse(bytes, &algorithms) {
        assert!(!set.keys().is_empty());
        for key in set.keys() {
            assert!(algorithms.contains(&key.alg()) && !key.verify(b"message", "AAAA"));
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = KeySet::from_pem(text, None, &algorithms);
    }
}
