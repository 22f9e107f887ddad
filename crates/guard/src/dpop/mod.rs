//! Proofs of possession (RFC 9449): a token that is bound to a key is worth nothing to whoever has no key.
//!
//! A proof is a small token of the caller's own, for one method, one URL, one moment and one access token. Each proof
//! is good once. Never cached. It says who has a key, not who may do something: whether the key is that of the token
//! is for the [`Gate`](crate::Gate).
//!
//! - `proof`: its form, its key and its signature.
//! - `url`: when two URLs are the same.
//! - `nonce`: nonces of ours, of which nothing is kept.
//! - `replays`: which proofs were used.

mod nonce;
mod proof;
mod replays;
#[cfg(any(test, feature = "testing"))]
mod testing;
#[cfg(test)]
mod tests;
mod url;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Context, SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{Reason, Rejection, UnixSeconds};
use nonce::Nonces;
use proof::Proof;
use replays::{Mark, Replays};
#[cfg(any(test, feature = "testing"))]
pub use testing::TestProver;
use url::NormalUrl;

/// A proof is good for so long after its `iat`, in seconds.
const AGE_MAX_S: u64 = 60;
/// A caller's clock may be ahead of ours by so much, in seconds.
const AHEAD_MAX_S: u64 = 5;

/// Proofs remembered that came without an access token, at most: their keys are whoever's, so they have a memory of their
/// own, which is small.
const TOKEN_REPLAYS_MAX: usize = 100_000;

/// What proofs are checked against.
#[derive(Clone, Debug)]
pub struct DpopConfig {
    /// The origins by which clients reach us (`https://api.example`), normalised before they are compared with `htu`;
    /// with a path if a proxy in front strips one. What is not [an origin](DpopConfig::is_origin) matches nothing.
    pub origins: Vec<String>,
    /// Whether a proof at a remote call needs a nonce of ours (RFC 9449 §8). At the token endpoint it always does.
    pub require_nonce: bool,
    /// Proofs remembered against replay: 1,000,000 by default (about 60 MB when full), 15,000 a second. None is
    /// forgotten before its time: when this many came within a minute, more are refused (`proof_busy`). Of those that
    /// came without an access token 100,000 are remembered beside, so that they take no room of calls.
    pub replays_max: usize,
}

impl DpopConfig {
    /// Proofs remembered unless configured otherwise.
    pub const REPLAYS_MAX: usize = 1_000_000;

    /// Whether this text can be one of [`origins`](Self::origins): an http or https URL without user and query.
    pub fn is_origin(text: &str) -> bool {
        !text.contains(['?', '#']) && NormalUrl::parse(text).is_some()
    }
}

impl Default for DpopConfig {
    fn default() -> Self {
        Self { origins: Vec::new(), require_nonce: false, replays_max: Self::REPLAYS_MAX }
    }
}

/// What one proof is for.
#[derive(Clone, Copy, Debug)]
pub struct ProofTarget<'a> {
    /// The HTTP method, upper case (`htm`).
    pub method: &'a str,
    /// The path of the request, which `htu` must have; without query.
    pub path: &'a str,
    /// Another origin that is right for this request: the one by which a client of this machine reached a loopback
    /// listener.
    pub local_origin: Option<&'a str>,
    /// The access token it comes with (`ath`); none at the token endpoint.
    pub access_token: Option<&'a str>,
    /// Whether a nonce is needed.
    pub nonce: bool,
}

/// A key that its owner has just proved to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenKey {
    thumbprint: String,
}

impl ProvenKey {
    /// The key of a token whose proof was checked a moment ago.
    pub(crate) fn of_token(jkt: &str) -> Self {
        Self { thumbprint: jkt.to_owned() }
    }

    /// Its name: the base64url SHA-256 thumbprint of RFC 7638, 43 characters (`cnf.jkt`).
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }
}

/// Checks proofs and remembers them for as long as they could be replayed. One per process.
///
/// Its memory is that of this process: behind several gateways without a nonce, a proof can be used once at each of
/// them within its minute, by whoever sees it on its way (RFC 9449 §11.1).
#[derive(Debug)]
pub struct Dpop {
    origins: Vec<NormalUrl>,
    require_nonce: bool,
    nonces: Nonces,
    /// Of proofs that came with a good access token.
    replays: Replays,
    /// Of proofs that ask for a token: anybody may make keys for these.
    token_replays: Replays,
}

impl Dpop {
    /// Ready to check.
    pub fn new(config: DpopConfig) -> Self {
        let DpopConfig { origins, require_nonce, replays_max } = config;
        let origins = origins.into_iter().filter(|text| DpopConfig::is_origin(text));
        Self {
            origins: origins.filter_map(|origin| NormalUrl::parse(&origin)).collect(),
            require_nonce,
            nonces: Nonces::new(),
            replays: Replays::new(replays_max),
            token_replays: Replays::new(replays_max.min(TOKEN_REPLAYS_MAX)),
        }
    }

    /// The key of this proof. A proof is used up by a call that succeeds.
    ///
    /// Costs one signature check by a key that anybody may choose: verify the access token first, where there is one.
    ///
    /// # Errors
    /// A [`Rejection`] with one of the `proof_*` reasons; `proof_nonce` asks the client to try again with
    /// [`nonce`](Self::nonce).
    pub fn prove(
        &self,
        proof: &str,
        target: &ProofTarget<'_>,
        now: UnixSeconds,
    ) -> Result<ProvenKey, Rejection> {
        let proof = Proof::parse(proof)?;
        self.check_target(&proof, target)?;
        ensure(is_current(proof.iat, now), Reason::ProofTime)?;
        if target.nonce {
            let good = proof.nonce.as_deref().is_some_and(|nonce| self.nonces.is_good(nonce, now));
            ensure(good, Reason::ProofNonce)?;
        }
        proof.verify()?;
        // Last: what is not the owner's must not use up what is.
        match self.mark(&proof, target.access_token.is_some(), now) {
            Mark::First => Ok(ProvenKey { thumbprint: proof.thumbprint }),
            Mark::Replayed => Err(Reason::ProofReplayed.into()),
            Mark::Forgotten => Err(Reason::ProofTime.into()),
            Mark::Full => Err(Reason::ProofBusy.into()),
        }
    }

    /// The nonce that proofs should carry now; the one before is good as well.
    pub fn nonce(&self, now: UnixSeconds) -> String {
        self.nonces.now(now)
    }

    /// Whether remote calls need a nonce.
    pub const fn requires_nonce(&self) -> bool {
        self.require_nonce
    }

    /// Remembers a proof where it belongs. It is good once, whichever memory has it: at one endpoint a proof may come with
    /// a token or without.
    fn mark(&self, proof: &Proof<'_>, has_token: bool, now: UnixSeconds) -> Mark {
        let (name, end) = (replay_name(proof), proof.iat.plus(AGE_MAX_S));
        let (own, other) = match has_token {
            true => (&self.replays, &self.token_replays),
            false => (&self.token_replays, &self.replays),
        };
        // First written, then looked up: of two at once at least one sees the other.
        match own.mark(name, end, now) {
            Mark::First if other.holds(name) => Mark::Replayed,
            mark => mark,
        }
    }

    /// Method, URL and access token are those of the request.
    fn check_target(&self, proof: &Proof<'_>, target: &ProofTarget<'_>) -> Result<(), Rejection> {
        ensure(proof.htm == target.method, Reason::ProofMethod)?;
        let url = NormalUrl::parse(&proof.htu).ok_or(Reason::ProofUrl)?;
        let local = target.local_origin.and_then(NormalUrl::parse);
        let ours = self.origins.iter().chain(&local).any(|origin| url.is(origin, target.path));
        ensure(ours, Reason::ProofUrl)?;
        let Some(token) = target.access_token else { return Ok(()) };
        let wanted = URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()));
        let given = proof.ath.as_deref().unwrap_or_default();
        let equal = verify_slices_are_equal(given.as_bytes(), wanted.as_bytes()).is_ok();
        ensure(equal, Reason::ProofToken)
    }
}

const fn is_current(iat: UnixSeconds, now: UnixSeconds) -> bool {
    now.since(iat) <= AGE_MAX_S && iat.since(now) <= AHEAD_MAX_S
}

/// A `jti` counts within its key, so that nobody uses up another's.
fn replay_name(proof: &Proof<'_>) -> replays::Name {
    let mut hash = Context::new(&SHA256);
    hash.update(proof.thumbprint.as_bytes());
    hash.update(proof.jti.as_bytes());
    *hash.finish().as_ref().first_chunk().expect("a SHA-256 has 32 bytes")
}

fn ensure(holds: bool, reason: Reason) -> Result<(), Rejection> {
    if holds { Ok(()) } else { Err(reason.into()) }
}

/// For the fuzzer: a proof of any bytes is refused or accepted, and nothing worse.
#[cfg(any(test, feature = "fuzzing"))]
pub fn fuzz_proof(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(proof) = Proof::parse(text) {
        assert!(text.len() <= proof::PROOF_BYTES_MAX && proof.thumbprint.len() == 43);
        let _ = NormalUrl::parse(&proof.htu);
        let _ = proof.verify();
    }
    let _ = NormalUrl::parse(text);
}
