//! The key that seals signing keys at rest: AES-256-GCM, so that a copy of the database alone signs nothing.

use std::fmt;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::KeyError;
use crate::{Store, private_file, random};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;
/// 32 bytes are 44 characters in base64; a line break and a comment-free file are all there is.
const FILE_BYTES_MAX: u64 = 1024;

/// The key-encryption key of a deployment: 32 bytes in base64, in a private file that all its gateways share. Not shown
/// by `Debug`.
#[derive(Clone)]
pub struct KeyEncryptionKey([u8; KEY_BYTES]);

impl KeyEncryptionKey {
    /// The key in this file. A new one is made only if there is no file and `store` holds no signing key yet: another
    /// key could not open those.
    ///
    /// # Errors
    /// [`KeyError`] if the file is accessible to others, damaged, missing although it is needed, or cannot be made.
    pub fn load_or_create(path: &Path, store: &Store) -> Result<Self, KeyError> {
        if let Some(key) = Self::load(path)? {
            return Ok(key);
        }
        if store.signing_keys()?.iter().any(|key| !key.sealed.is_empty()) {
            return Err(KeyError::Missing(path.to_owned()));
        }
        private_file::make_folder_of(path)?;
        let fresh = STANDARD.encode(random::bytes::<KEY_BYTES>()) + "\n";
        private_file::create(path, fresh.as_bytes())?;
        // Whoever made the file, what counts is what is in it now.
        Self::load(path)?.ok_or_else(|| KeyError::Corrupt(path.to_owned()))
    }

    fn load(path: &Path) -> Result<Option<Self>, KeyError> {
        let Some(content) = private_file::read(path, FILE_BYTES_MAX)? else { return Ok(None) };
        let key = STANDARD.decode(content.trim_ascii()).ok().and_then(|key| key.try_into().ok());
        key.map(|key| Some(Self(key))).ok_or_else(|| KeyError::Corrupt(path.to_owned()))
    }

    /// A fresh key that is kept nowhere, for tests.
    pub fn generate() -> Self {
        Self(random::bytes())
    }

    /// A secret for another use, the same on every gateway of the deployment. `purpose` tells uses apart.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let tag = hmac::sign(&key, format!("seseragi {purpose}").as_bytes());
        tag.as_ref().try_into().expect("HMAC-SHA256 has 32 bytes")
    }

    /// Nonce, cipher text, tag. The name goes with it: what was sealed for one key is nothing for another.
    pub(super) fn seal(&self, name: &str, mut secret: Vec<u8>) -> Result<Vec<u8>, KeyError> {
        let nonce = self
            .cipher()?
            .seal_in_place_append_tag(Aad::from(name.as_bytes()), &mut secret)
            .map_err(|_| KeyError::Library)?;
        Ok([nonce.as_ref(), &*secret].concat())
    }

    /// What was sealed under this name by this key; `None` for anything else.
    pub(super) fn open(&self, name: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, cipher_text) = sealed.split_at_checked(NONCE_BYTES)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = cipher_text.to_vec();
        let opened =
            self.cipher().ok()?.open_in_place(nonce, Aad::from(name.as_bytes()), &mut text).ok()?.len();
        text.truncate(opened);
        Some(text)
    }

    fn cipher(&self) -> Result<RandomizedNonceKey, KeyError> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.0).map_err(|_| KeyError::Library)
    }
}

impl fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyEncryptionKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_and_name_open_it() {
        let key = KeyEncryptionKey::generate();
        let sealed = key.seal("a", b"secret".to_vec()).unwrap();
        assert_eq!(key.open("a", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(key.open("b", &sealed), None);
        assert_eq!(KeyEncryptionKey::generate().open("a", &sealed), None);
        for place in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[place] ^= 1;
            assert_eq!(key.open("a", &bent), None, "{place}");
            assert_eq!(key.open("a", &sealed[..place]), None, "{place}");
        }
    }

    #[test]
    fn derived_secrets_differ_by_purpose() {
        let key = KeyEncryptionKey::generate();
        assert_eq!(key.derive("x"), key.derive("x"));
        assert_ne!(key.derive("x"), key.derive("y"));
        assert_ne!(key.derive("x"), KeyEncryptionKey::generate().derive("x"));
    }
}
