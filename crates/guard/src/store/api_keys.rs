//! API keys: long-lived credentials of servers and scripts, exchanged for access tokens.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::engine::{Fault, Row, params};
use super::secret::{self, ApiKeySecret};
use super::users::{scopes, tier};
use super::{Store, StoreError, revocations};
use crate::verify::is_name;
use crate::{Reason, Rejection, Revocation, Revoked, Scopes, Subject, Tier, UnixSeconds};

/// `last_used_at` is written at most once in this time, so that a busy key does not write on every use.
const LAST_USED_STEP_S: u64 = 60;
/// What the subjects of keys begin with.
const SUB_START: &str = "key:";
const KEY: &str = "id, name, scopes, tier, created_at, expires_at, revoked_at, last_used_at";

/// What to put into a new API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApiKey {
    /// What people call it: 1 to 255 bytes, no control characters; need not be unique.
    pub name: String,
    /// What its tokens may do.
    pub scopes: Scopes,
    /// How much its tokens may do.
    pub tier: Tier,
    /// When it ends; `None`: only by revocation.
    pub expires_at: Option<UnixSeconds>,
}

/// An API key as it is stored: everything but the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its public name: 12 characters, also a part of the secret's text.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What its tokens may do.
    pub scopes: Scopes,
    /// How much its tokens may do.
    pub tier: Tier,
    /// When it was made.
    pub created_at: UnixSeconds,
    /// When it ends, if it does.
    pub expires_at: Option<UnixSeconds>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<UnixSeconds>,
    /// When it was last used, up to a minute too early; `None`: never.
    pub last_used_at: Option<UnixSeconds>,
}

impl ApiKey {
    /// The subject of its access tokens: `key:<id>`.
    pub fn sub(&self) -> String {
        format!("{SUB_START}{}", self.id)
    }
}

impl Store {
    /// Makes a key. The secret is returned here and never again.
    ///
    /// # Errors
    /// [`StoreError::InvalidName`], or another if the store fails.
    pub fn add_api_key(
        &self,
        new: NewApiKey,
        now: UnixSeconds,
    ) -> Result<(ApiKey, ApiKeySecret), StoreError> {
        if !is_name(&new.name) {
            return Err(StoreError::InvalidName);
        }
        let id = secret::new_id();
        let secret = ApiKeySecret::generate(&id);
        let NewApiKey { name, scopes, tier, expires_at } = new;
        let key = ApiKey {
            id,
            name,
            scopes,
            tier,
            created_at: now,
            expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        self.insert_api_key(&key, &secret)?;
        Ok((key, secret))
    }

    /// All keys, revoked and ended ones too, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn api_keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let sql = format!("SELECT {KEY} FROM api_key ORDER BY created_at, id");
        self.engine.alone(|tx| tx.rows(&sql, params![])?.iter_mut().map(api_key).collect())
    }

    /// Ends a key for good, from the next use on; a second time the moment stays the first one's. Also writes the
    /// revocation of all that was issued to the key's subject up to now, and returns it.
    ///
    /// # Errors
    /// [`StoreError::UnknownApiKey`], or another if the store fails.
    pub fn revoke_api_key(&self, id: &str, now: UnixSeconds) -> Result<(ApiKey, Revocation), StoreError> {
        let sql =
            format!("UPDATE api_key SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1 RETURNING {KEY}");
        self.engine.transaction(|tx| {
            let key = tx.row(&sql, params![id, now])?.as_mut().map(api_key).transpose()?;
            let key = key.ok_or(StoreError::UnknownApiKey)?;
            let what = Revoked::Subject { subject: Subject::new(&*self.issuer, key.sub()), before: now };
            Ok((key, revocations::write(tx, what, now)?))
        })
    }

    /// Ends for good all that could give a subject of ours new tokens: its sign-ins, its authorization codes, and the API
    /// key, if it is one (`key:<id>`). What was written is returned.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn end_subject(&self, sub: &str, now: UnixSeconds) -> Result<Vec<Revocation>, StoreError> {
        let Some(id) = sub.strip_prefix(SUB_START) else { return self.end_sessions_of(sub, now) };
        match self.revoke_api_key(id, now) {
            Ok((_, revocation)) => Ok(vec![revocation]),
            Err(StoreError::UnknownApiKey) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// The key that this secret opens.
    ///
    /// # Errors
    /// A [`Rejection`] with the reason `api_key_malformed`, `_unknown`, `_revoked` or `_expired`, or
    /// `store_unavailable`.
    pub fn authenticate_api_key(&self, secret: &str, now: UnixSeconds) -> Result<ApiKey, Rejection> {
        let id = secret::id_in(secret)?;
        let (key, stored) =
            self.find_api_key(id).map_err(|_| Reason::StoreUnavailable)?.ok_or(Reason::ApiKeyUnknown)?;
        verify_slices_are_equal(&stored, &secret::hash(secret)).map_err(|_| Reason::ApiKeyUnknown)?;
        if key.revoked_at.is_some() {
            return Err(Reason::ApiKeyRevoked.into());
        }
        if key.expires_at.is_some_and(|end| end <= now) {
            return Err(Reason::ApiKeyExpired.into());
        }
        Ok(self.mark_used(key, now))
    }

    fn insert_api_key(&self, key: &ApiKey, secret: &ApiKeySecret) -> Result<(), StoreError> {
        let sql = "INSERT INTO api_key (id, name, secret_sha256, scopes, tier, created_at, expires_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let (hash, scopes) = (secret::hash(secret.expose()), key.scopes.to_string());
        self.engine.transaction(|tx| {
            let values = params![
                &key.id,
                &key.name,
                &hash,
                &scopes,
                key.tier.as_str(),
                key.created_at,
                key.expires_at
            ];
            tx.execute(sql, values).map(drop)
        })
    }

    fn find_api_key(&self, id: &str) -> Result<Option<(ApiKey, [u8; 32])>, StoreError> {
        let sql = format!("SELECT {KEY}, secret_sha256 FROM api_key WHERE id = $1");
        self.engine.alone(|tx| {
            let found = tx.row(&sql, params![id])?;
            found.map(|mut row| Ok((api_key(&mut row)?, row.digest()?))).transpose()
        })
    }

    /// Best effort: a key that is good stays good if this note cannot be written.
    fn mark_used(&self, mut key: ApiKey, now: UnixSeconds) -> ApiKey {
        if key.last_used_at.is_none_or(|last| now.since(last) >= LAST_USED_STEP_S) {
            let sql = "UPDATE api_key SET last_used_at = $2 WHERE id = $1 AND coalesce(last_used_at, 0) < $2";
            let _ = self.engine.alone(|tx| tx.execute(sql, params![&key.id, now]));
            key.last_used_at = Some(now);
        }
        key
    }
}

fn api_key(row: &mut Row) -> Result<ApiKey, Fault> {
    Ok(ApiKey {
        id: row.text()?,
        name: row.text()?,
        scopes: scopes(row)?,
        tier: tier(row)?,
        created_at: row.moment()?,
        expires_at: row.maybe_moment()?,
        revoked_at: row.maybe_moment()?,
        last_used_at: row.maybe_moment()?,
    })
}
