//! API keys: long-lived credentials of servers and scripts, exchanged for access tokens.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use rusqlite::{OptionalExtension as _, Row, params};

use super::database::{Database, StoreError};
use super::secret::{self, ApiKeySecret};
use crate::verify::is_name;
use crate::{Reason, Rejection, Scopes, Tier, UnixSeconds};

/// `last_used_at` is written at most once in this time, so that a busy key does not write on every use.
const LAST_USED_STEP_S: u64 = 60;
const COLUMNS: &str = "id, name, scopes, tier, created_at, expires_at, revoked_at, last_used_at";

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
        format!("key:{}", self.id)
    }
}

/// Where API keys live. Calls block.
pub trait ApiKeyStore: Send + Sync {
    /// Makes a key. The secret is returned here and never again.
    ///
    /// # Errors
    /// [`StoreError`] if the name is not fit or the store fails.
    fn create(&self, new: NewApiKey, now: UnixSeconds) -> Result<(ApiKey, ApiKeySecret), StoreError>;

    /// All keys, revoked and ended ones too, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    fn list(&self) -> Result<Vec<ApiKey>, StoreError>;

    /// Ends a key for good, from the next use on. A second time changes nothing.
    ///
    /// # Errors
    /// [`StoreError::UnknownApiKey`], or another if the store fails.
    fn revoke(&self, id: &str, now: UnixSeconds) -> Result<ApiKey, StoreError>;

    /// The key this secret opens.
    ///
    /// # Errors
    /// A [`Rejection`] with the reason `api_key_malformed`, `_unknown`, `_revoked` or `_expired`, or
    /// `store_unavailable`.
    fn authenticate(&self, secret: &str, now: UnixSeconds) -> Result<ApiKey, Rejection>;
}

impl ApiKeyStore for Database {
    fn create(&self, new: NewApiKey, now: UnixSeconds) -> Result<(ApiKey, ApiKeySecret), StoreError> {
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
        self.insert(&key, &secret).map_err(|error| self.explain(error))?;
        Ok((key, secret))
    }

    fn list(&self) -> Result<Vec<ApiKey>, StoreError> {
        let connection = self.connection();
        let keys = connection
            .prepare(&format!("SELECT {COLUMNS} FROM api_key ORDER BY created_at, rowid"))
            .and_then(|mut statement| statement.query_map([], api_key)?.collect());
        keys.map_err(|error| self.explain(error))
    }

    fn revoke(&self, id: &str, now: UnixSeconds) -> Result<ApiKey, StoreError> {
        let sql = format!(
            "UPDATE api_key SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1 RETURNING {COLUMNS}"
        );
        let revoked = self.connection().query_row(&sql, params![id, seconds(now)], api_key).optional();
        revoked.map_err(|error| self.explain(error))?.ok_or(StoreError::UnknownApiKey)
    }

    fn authenticate(&self, secret: &str, now: UnixSeconds) -> Result<ApiKey, Rejection> {
        let id = secret::id_in(secret)?;
        let (key, stored) =
            self.find(id).map_err(|_| Reason::StoreUnavailable)?.ok_or(Reason::ApiKeyUnknown)?;
        verify_slices_are_equal(&stored, &secret::hash(secret)).map_err(|_| Reason::ApiKeyUnknown)?;
        if key.revoked_at.is_some() {
            return Err(Reason::ApiKeyRevoked.into());
        }
        if key.expires_at.is_some_and(|end| end <= now) {
            return Err(Reason::ApiKeyExpired.into());
        }
        Ok(self.mark_used(key, now))
    }
}

impl Database {
    fn insert(&self, key: &ApiKey, secret: &ApiKeySecret) -> rusqlite::Result<usize> {
        let sql = "INSERT INTO api_key (id, name, secret_sha256, scopes, tier, created_at, expires_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let hash = secret::hash(secret.expose());
        let (scopes, tier) = (key.scopes.to_string(), key.tier.as_str());
        let (created_at, expires_at) = (seconds(key.created_at), key.expires_at.map(seconds));
        self.connection().execute(sql, params![key.id, key.name, hash, scopes, tier, created_at, expires_at])
    }

    fn find(&self, id: &str) -> rusqlite::Result<Option<(ApiKey, [u8; 32])>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare(&format!("SELECT {COLUMNS}, secret_sha256 FROM api_key WHERE id = ?1"))?;
        statement.query_row([id], |row| Ok((api_key(row)?, row.get("secret_sha256")?))).optional()
    }

    /// Best effort: a key that is good stays good if this note cannot be written.
    fn mark_used(&self, mut key: ApiKey, now: UnixSeconds) -> ApiKey {
        if key.last_used_at.is_none_or(|last| now.since(last) >= LAST_USED_STEP_S) {
            let sql = "UPDATE api_key SET last_used_at = ?2 WHERE id = ?1 AND coalesce(last_used_at, 0) < ?2";
            let _ = self.connection().execute(sql, params![key.id, seconds(now)]);
            key.last_used_at = Some(now);
        }
        key
    }
}

fn api_key(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    let moment =
        |column| row.get::<_, Option<i64>>(column).map(|at| at.map(|at| UnixSeconds(at.max(0) as u64)));
    let (scopes, tier): (String, String) = (row.get("scopes")?, row.get("tier")?);
    Ok(ApiKey {
        id: row.get("id")?,
        name: row.get("name")?,
        scopes: Scopes::from_list(&scopes),
        // Written by a newer version, perhaps: the least is the safe reading.
        tier: tier.parse().unwrap_or(Tier::Guest),
        created_at: moment("created_at")?.unwrap_or(UnixSeconds(0)),
        expires_at: moment("expires_at")?,
        revoked_at: moment("revoked_at")?,
        last_used_at: moment("last_used_at")?,
    })
}

/// SQLite counts in `i64`.
fn seconds(at: UnixSeconds) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
