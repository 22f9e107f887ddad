//! The key that signs our access tokens.

use std::fmt;
use std::path::{Path, PathBuf};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use thiserror::Error;

use super::file;
use crate::{FileProblem, KeyError, PublicKey, private_file};

/// A private ES256 key. It is never printed and never leaves the process.
pub struct SigningKey {
    pair: EcdsaKeyPair,
    public: PublicKey,
}

/// The signing key cannot be used. An existing file is never replaced: its tokens and its public key are out
/// there.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// The file cannot be read or created as it must be.
    #[error("signing key: {0}")]
    File(#[from] FileProblem),
    /// The file is there but holds no usable key.
    #[error(
        "signing key: {} is not a PKCS#8 private key on P-256 in PEM form: restore it from a backup, or move it \
         away to get a new key at the next start (all access tokens of the old key then end)", .0.display()
    )]
    Corrupt(PathBuf),
    /// The cryptographic library could not make a key.
    #[error("signing key: could not generate a key")]
    Generate,
}

impl SigningKey {
    /// The key in this file, which is made if it is not there: PKCS#8 (RFC 5958) in PEM, mode 0600.
    ///
    /// Of several processes that start at once, one makes the key and all use it.
    ///
    /// # Errors
    /// [`KeyFileError`] if the file is accessible to others, corrupt, unreadable, or cannot be made.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyFileError> {
        if let Some(key) = Self::load(path)? {
            return Ok(key);
        }
        private_file::make_folder_of(path)?;
        private_file::create(path, file::to_pem(&new_pkcs8()?).as_bytes())?;
        // Whoever made the file, what counts is what is in it now.
        Self::load(path)?.ok_or_else(|| KeyFileError::Corrupt(path.to_owned()))
    }

    /// A fresh key that is kept nowhere, for tests and for servers that live for one run.
    ///
    /// # Errors
    /// [`KeyFileError::Generate`] if the cryptographic library fails.
    pub fn generate() -> Result<Self, KeyFileError> {
        Self::from_pkcs8(&new_pkcs8()?).ok_or(KeyFileError::Generate)
    }

    fn load(path: &Path) -> Result<Option<Self>, KeyFileError> {
        let Some(content) = private_file::read(path, file::BYTES_MAX)? else { return Ok(None) };
        let key = file::from_pem(&content).and_then(|pkcs8| Self::from_pkcs8(&pkcs8));
        key.map(Some).ok_or_else(|| KeyFileError::Corrupt(path.to_owned()))
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

fn new_pkcs8() -> Result<Vec<u8>, KeyFileError> {
    SigningKey::new_pkcs8().map_err(|_| KeyFileError::Generate)
}
