//! The [`KeyRing`]: our signing keys, sealed in the store, rotated by time, shared by all processes of one store.
//!
//! `plan` says which key does what, `seal` keeps private halves from whoever copies the database. The ring itself is a
//! snapshot of the store that is replaced whole; signing and verifying never wait for the store.

mod plan;
mod seal;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::{Value, json};
use thiserror::Error;

use crate::{FileProblem, KeyState, PublicKey, SigningKey, Store, StoreError, StoredKey, UnixSeconds};

pub use seal::KeyEncryptionKey;

/// How long a key that was rotated in by hand is published before it signs, in seconds: longer than other gateways of the
/// same store take to see it.
pub const SOONEST_ROTATION_S: u64 = 2;

/// How keys follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotationConfig {
    /// How long a key signs, in seconds: 30 days by default.
    pub rotate_after_s: u64,
    /// How long a key is published before it signs, in seconds: one hour by default.
    pub publish_ahead_s: u64,
    /// How long a retired key is still published, in seconds: the life of access tokens, the skew, 15 minutes.
    pub retain_s: u64,
}

impl RotationConfig {
    /// With the default times, for access tokens of this life.
    pub const fn for_tokens_of(ttl_s: u32) -> Self {
        Self { rotate_after_s: 30 * 86_400, publish_ahead_s: 3600, retain_s: ttl_s as u64 + 5 + 900 }
    }
}

/// The signing keys cannot be used. What is there is never replaced: tokens and public keys of it are out there.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file of the key-encryption key cannot be read or created as it must be.
    #[error("key-encryption key: {0}")]
    File(#[from] FileProblem),
    /// The file is there but holds no key.
    #[error(
        "key-encryption key: {} does not hold 32 bytes in base64: restore it from a backup; without it the signing \
         keys in the database cannot be opened", .0.display()
    )]
    Corrupt(PathBuf),
    /// The database has sealed keys and the file is not there.
    #[error(
        "key-encryption key: {} is missing, and the database holds signing keys sealed by it: restore it from a \
         backup, or run `seseragi keys reset` to throw those keys away (all access tokens then end)", .0.display()
    )]
    Missing(PathBuf),
    /// A signing key was sealed by another key, or is damaged.
    #[error(
        "signing key {0}: this key-encryption key does not open it: give the one that the other gateways use, or run \
         `seseragi keys revoke {0}` to replace it (all its access tokens then end)"
    )]
    Sealed(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such key, or it is revoked already.
    #[error("there is no signing key with this name: `seseragi keys list` shows them")]
    Unknown,
    /// The cryptographic library failed, which it does only without memory or random bytes.
    #[error("signing key: the cryptographic library failed")]
    Library,
}

/// The keys of this process: a snapshot of the store's, cheap to clone, replaced whole.
#[derive(Clone, Debug)]
pub struct KeyRing {
    held: Arc<RwLock<Arc<Held>>>,
}

#[derive(Debug)]
struct Held {
    active: Arc<SigningKey>,
    published: Vec<PublicKey>,
}

impl KeyRing {
    /// The keys of the store; the first one is made if there is none. Blocks.
    ///
    /// # Errors
    /// [`KeyError`] if the store fails or its keys cannot be opened.
    pub fn open(
        store: &Store,
        kek: &KeyEncryptionKey,
        config: &RotationConfig,
        now: UnixSeconds,
    ) -> Result<Self, KeyError> {
        let held =
            Held::new(&change(store, kek, now, |keys, make| plan::advance(keys, config, now, make))?, kek)?;
        Ok(Self { held: Arc::new(RwLock::new(Arc::new(held))) })
    }

    /// Takes over what other processes did, and does what is due. Call it about once a second; it writes only if
    /// something is due. Blocks.
    ///
    /// # Errors
    /// [`KeyError`]; the ring is then as it was.
    pub fn tick(
        &self,
        store: &Store,
        kek: &KeyEncryptionKey,
        config: &RotationConfig,
        now: UnixSeconds,
    ) -> Result<(), KeyError> {
        let mut keys = store.signing_keys()?;
        let mut due = keys.clone();
        // What is made here is thrown away: it only shows that something is to be made.
        plan::advance(&mut due, config, now, &mut |state, at| made(kek, state, now, at))?;
        if due != keys {
            keys = change(store, kek, now, |keys, make| plan::advance(keys, config, now, make))?;
        }
        self.take_over(&keys, kek)
    }

    /// Has a new key follow in the store: after it was published for `publish_ahead_s`, or `at_once` after
    /// [`SOONEST_ROTATION_S`], which others who keep our key set for longer may notice. Rings see it by
    /// [`tick`](Self::tick). Returns its name. Blocks.
    ///
    /// # Errors
    /// [`KeyError`]; nothing is changed then.
    pub fn rotate(
        store: &Store,
        kek: &KeyEncryptionKey,
        config: &RotationConfig,
        at_once: bool,
        now: UnixSeconds,
    ) -> Result<String, KeyError> {
        let ahead_s = if at_once { SOONEST_ROTATION_S } else { config.publish_ahead_s };
        let keys = change(store, kek, now, |keys, make| plan::follow(keys, now.plus(ahead_s), make))?;
        let next = keys.into_iter().find(|key| key.state == KeyState::Next);
        next.map(|key| key.kid).ok_or(KeyError::Unknown)
    }

    /// Withdraws a key in the store: none of its tokens is good any more. A key that signs is replaced. Rings see it by
    /// [`tick`](Self::tick); the caller also puts [`Revoked::Key`](crate::Revoked::Key) in force, which cuts what runs.
    /// Blocks.
    ///
    /// # Errors
    /// [`KeyError`]; nothing is changed then.
    pub fn revoke(
        store: &Store,
        kek: &KeyEncryptionKey,
        config: &RotationConfig,
        kid: &str,
        now: UnixSeconds,
    ) -> Result<(), KeyError> {
        let revoked = change(store, kek, now, |keys, make| {
            if !plan::revoke(keys, kid, now) {
                return Err(KeyError::Unknown);
            }
            plan::advance(keys, config, now, make)
        });
        revoked.map(drop)
    }

    /// Withdraws all keys in the store, for a key-encryption key that is lost. Returns their names; put each in force as
    /// [`Revoked::Key`](crate::Revoked::Key). Blocks.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is changed then.
    pub fn reset(store: &Store, now: UnixSeconds) -> Result<Vec<String>, StoreError> {
        let mut revoked = Vec::new();
        store.change_signing_keys(&mut |keys: &mut Vec<StoredKey>| {
            let kids: Vec<String> = keys.iter().map(|key| key.kid.clone()).collect();
            revoked = kids.into_iter().filter(|kid| plan::revoke(keys, kid, now)).collect();
        })?;
        Ok(revoked)
    }

    fn take_over(&self, keys: &[StoredKey], kek: &KeyEncryptionKey) -> Result<(), KeyError> {
        let unchanged = self.held().is_of(keys);
        if !unchanged {
            let held = Arc::new(Held::new(keys, kek)?);
            *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
        }
        Ok(())
    }

    /// The key that signs now.
    pub fn active(&self) -> Arc<SigningKey> {
        Arc::clone(&self.held().active)
    }

    /// The keys that verify now: next, active, retired.
    pub fn published(&self) -> Vec<PublicKey> {
        self.held().published.clone()
    }

    /// The key of this name, if it verifies now.
    pub fn verifying(&self, kid: &str) -> Option<PublicKey> {
        self.held().published.iter().find(|key| key.kid() == kid).cloned()
    }

    /// The key set to publish at `/.well-known/jwks.json` (RFC 7517 §5). It holds no secret.
    pub fn jwks(&self) -> Value {
        let keys: Vec<Value> = self.held().published.iter().map(PublicKey::jwk).collect();
        json!({ "keys": keys })
    }

    fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A ring of one key that is kept nowhere, for tests and for servers that live for one run.
    pub fn of_one(key: SigningKey) -> Self {
        let published = vec![key.public_key().clone()];
        Self { held: Arc::new(RwLock::new(Arc::new(Held { active: Arc::new(key), published }))) }
    }
}

impl Held {
    fn new(keys: &[StoredKey], kek: &KeyEncryptionKey) -> Result<Self, KeyError> {
        let active = keys.iter().find(|key| key.state == KeyState::Active).ok_or(KeyError::Unknown)?;
        let pkcs8 = kek.open(&active.kid, &active.sealed);
        let signing =
            pkcs8.and_then(|pkcs8| SigningKey::from_pkcs8(&pkcs8)).filter(|key| key.kid() == active.kid);
        let active = signing.ok_or_else(|| KeyError::Sealed(active.kid.clone()))?;
        let published = keys.iter().filter(|key| is_published(key)).map(|key| {
            let public = PublicKey::from_point(&key.point).filter(|public| public.kid() == key.kid);
            public.ok_or_else(|| KeyError::Sealed(key.kid.clone()))
        });
        Ok(Self { active: Arc::new(active), published: published.collect::<Result<_, _>>()? })
    }

    fn is_of(&self, keys: &[StoredKey]) -> bool {
        let signs = |key: &StoredKey| key.state == KeyState::Active && key.kid == self.active.kid();
        let published = keys.iter().filter(|key| is_published(key)).map(|key| &*key.kid);
        keys.iter().any(signs) && published.eq(self.published.iter().map(PublicKey::kid))
    }
}

fn is_published(key: &StoredKey) -> bool {
    key.state != KeyState::Revoked
}

/// Changes the store's keys under its lock; an error in between changes nothing.
fn change(
    store: &Store,
    kek: &KeyEncryptionKey,
    now: UnixSeconds,
    mut edit: impl FnMut(&mut Vec<StoredKey>, plan::Make<'_>) -> Result<(), KeyError>,
) -> Result<Vec<StoredKey>, KeyError> {
    let mut failed = None;
    let keys = store.change_signing_keys(&mut |keys: &mut Vec<StoredKey>| {
        let before = keys.clone();
        let make: plan::Make<'_> = &mut |state, at| made(kek, state, now, at);
        if let Err(error) = edit(keys, make) {
            *keys = before;
            failed = Some(error);
        }
    })?;
    failed.map_or(Ok(keys), Err)
}

/// A fresh key, sealed.
fn made(
    kek: &KeyEncryptionKey,
    state: KeyState,
    now: UnixSeconds,
    at: UnixSeconds,
) -> Result<StoredKey, KeyError> {
    let pkcs8 = SigningKey::new_pkcs8()?;
    let public = SigningKey::from_pkcs8(&pkcs8).ok_or(KeyError::Library)?.public_key().clone();
    let (kid, point) = (public.kid().to_owned(), public.point().to_vec());
    let sealed = kek.seal(&kid, pkcs8)?;
    Ok(StoredKey { kid, sealed, point, state, created_at: now, changed_at: at })
}

#[cfg(test)]
mod tests;
