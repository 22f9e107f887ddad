//! Forgetting: rows whose time is over are deleted, some at a time.

use super::engine::params;
use super::{Store, StoreError};
use crate::UnixSeconds;

/// Rows deleted of each table in one call, so that a call is short.
const ROWS_MAX: u64 = 1000;
/// Tables whose rows say when they may go, and the names of their rows.
const TABLES: [(&str, &str); 5] = [
    ("refresh_token", "token_sha256"),
    ("session", "sid"),
    ("authorization_code", "code_sha256"),
    ("attempt", "name_sha256"),
    ("revocation", "kind, issuer, name"),
];

impl Store {
    /// Deletes what has ended long ago: sign-ins, refresh tokens, codes, attempts, revocations; at most 1,000 rows of
    /// each a call. How many were deleted: call it again while that is many.
    ///
    /// Rows that others work on are left for the next call. Users and API keys are never deleted.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; what was deleted before stays deleted.
    pub fn tidy(&self, now: UnixSeconds) -> Result<usize, StoreError> {
        TABLES.iter().try_fold(0, |deleted, (table, name)| {
            let sql = format!(
                "DELETE FROM {table} WHERE ({name}) IN (SELECT {name} FROM {table} WHERE forget_at < $1
                 ORDER BY forget_at LIMIT $2 FOR UPDATE SKIP LOCKED)"
            );
            Ok(deleted + self.engine.transaction(|tx| tx.execute(&sql, params![now, ROWS_MAX]))?)
        })
    }
}
