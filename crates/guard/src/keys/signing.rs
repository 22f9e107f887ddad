//! The key that signs our access tokens.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use crate::{KeyError, PublicKey};

/// A private ES256 key. It is never printed and never leaves the process.
pub struct SigningKey {
    pair: EcdsaKeyPair,
    public: PublicKey,
}

impl SigningKey {
    /// A fresh key that is kept nowhere, for tests and for servers that live for one run.
    ///
    /// # Errors
    /// [`KeyError::Library`] if the cryptographic library fails.
    pub fn generate() -> Result<Self, KeyError> {
        Self::from_pkcs8(&Self::new_pkcs8()?).ok_or(KeyError::Library)
    }

    /// A fresh private key in PKCS#8 (RFC 5958).
    pub(crate) fn new_pkcs8() -> Result<Vec<u8>, KeyError> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyError::Library)?;
        Ok(pair.to_pkcs8v1().map_err(|_| KeyError::Library)?.as_ref().to_vec())
    }

    pub(crate) fn from_pkcs8(pkcs8: &[u8]) -> Option<Self> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).ok()?;
        let public = PublicKey::from_point(pair.public_key().as_ref())?;
        Some(Self { pair, public })
    }

    /// The name of the key, see [`PublicKey::kid`].
    pub fn kid(&self) -> &str {
        self.public.kid()
    }

    /// The half that verifies what this key signs.
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The key set to publish at `/.well-known/jwks.json` (RFC 7517 §5). It holds no secret.
    pub fn jwks(&self) -> Value {
        json!({"keys": [self.public.jwk()]})
    }

    /// The signature of a JSON Web Signature: r and s of 32 bytes each (RFC 7518 §3.4).
    ///
    /// # Panics
    /// If the cryptographic library cannot sign, which it does only without memory or random bytes.
    pub(crate) fn sign(&self, message: &[u8]) -> impl AsRef<[u8]> + use<> {
        self.pair.sign(&SystemRandom::new(), message).expect("a P-256 key signs every message")
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid()).finish_non_exhaustive()
    }
}
