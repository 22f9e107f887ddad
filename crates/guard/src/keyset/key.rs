//! One key that verifies, with the one algorithm it is for.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::ParsedPublicKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Alg;
use super::numbers::{Curve, Numbers, Unusable};
use crate::PublicKey;

/// A key knows its algorithm; a token never chooses it (RFC 8725 §3.1).
#[derive(Clone)]
pub(crate) struct VerifyingKey {
    kid: Option<Arc<str>>,
    alg: Alg,
    material: Material,
}

#[derive(Clone)]
enum Material {
    Public(ParsedPublicKey),
    Secret(Box<hmac::Key>),
}

impl VerifyingKey {
    /// A key of these numbers.
    pub(crate) fn public(numbers: &Numbers, alg: Alg, kid: Option<Arc<str>>) -> Result<Self, Unusable> {
        Ok(Self { kid, alg, material: Material::Public(numbers.parse(alg)?) })
    }

    /// One of our own keys.
    ///
    /// # Panics
    /// Never: a [`PublicKey`] is the half of a key pair that the cryptographic library has made or checked.
    pub(crate) fn es256(key: &PublicKey) -> Self {
        let numbers = Numbers::Ec { curve: Curve::P256, point: key.point().to_vec() };
        Self::public(&numbers, Alg::ES256, Some(key.shared_kid())).expect("the point is on its curve")
    }

    /// A shared secret of one of the three HMAC algorithms; `None` if the algorithm is none, or the secret is shorter
    /// than its hash (RFC 7518 §3.2).
    pub(crate) fn shared(alg: Alg, secret: &[u8], kid: Option<Arc<str>>) -> Option<Self> {
        let hash = alg.hmac()?;
        let long_enough = secret.len() >= hash.digest_algorithm().output_len();
        let material = || Material::Secret(Box::new(hmac::Key::new(hash, secret)));
        long_enough.then(|| Self { kid, alg, material: material() })
    }

    /// The key's name, if it has one.
    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Its algorithm.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) const fn alg(&self) -> Alg {
        self.alg
    }

    /// Whether a header with this `alg` means this key's algorithm.
    pub(crate) fn accepts_name(&self, alg: &str) -> bool {
        self.alg.accepts_name(alg)
    }

    /// Whether the signature (canonical base64url, without padding) is this key's for these bytes.
    pub(crate) fn verify(&self, signed: &[u8], signature_b64: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature_b64) else { return false };
        match &self.material {
            Material::Public(key) => key.verify_sig(signed, &signature).is_ok(),
            // In constant time.
            Material::Secret(key) => hmac::verify(key, signed, &signature).is_ok(),
        }
    }
}

/// The key itself is not shown.
impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("kid", &self.kid).field("alg", &self.alg).finish_non_exhaustive()
    }
}
