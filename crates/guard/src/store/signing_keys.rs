//! Signing keys, sealed: one list for all processes of a store.

use super::engine::{Fault, Row, Tx, params};
use super::{KeyState, Store, StoreChange, StoreError, StoredKey};

const KEY: &str = "kid, sealed, point, state, created_at, changed_at";

impl Store {
    /// All signing keys, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn signing_keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        self.engine.alone(all)
    }

    /// Reads all signing keys, lets `change` edit the list, writes what differs: all under one exclusive lock, so that of
    /// many processes one makes a key. Returns the list as it is then. `change` may be called again with a newer list,
    /// when the database asks for another try.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; nothing is changed then.
    pub fn change_signing_keys(
        &self,
        change: StoreChange<'_, StoredKey>,
    ) -> Result<Vec<StoredKey>, StoreError> {
        self.engine.transaction(|tx| {
            tx.row("SELECT name FROM mutex WHERE name = 'signing_keys' FOR UPDATE", params![])?;
            let before = all(tx)?;
            let mut after = before.clone();
            change(&mut after);
            for gone in before.iter().filter(|old| after.iter().all(|new| new.kid != old.kid)) {
                tx.execute("DELETE FROM signing_key WHERE kid = $1", params![&gone.kid])?;
            }
            after.iter().filter(|new| !before.contains(new)).try_for_each(|new| write(tx, new))?;
            all(tx)
        })
    }
}

fn all(tx: &mut Tx<'_>) -> Result<Vec<StoredKey>, Fault> {
    let sql = format!("SELECT {KEY} FROM signing_key ORDER BY created_at, kid");
    tx.rows(&sql, params![])?.iter_mut().map(key).collect()
}

fn write(tx: &mut Tx<'_>, key: &StoredKey) -> Result<(), Fault> {
    let sql = format!(
        "INSERT INTO signing_key ({KEY}) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (kid) DO UPDATE SET sealed = excluded.sealed, point = excluded.point, state = excluded.state,
         created_at = excluded.created_at, changed_at = excluded.changed_at"
    );
    let state = written(key.state);
    let values = params![&key.kid, &key.sealed, &key.point, state, key.created_at, key.changed_at];
    tx.execute(&sql, values).map(drop)
}

const fn written(state: KeyState) -> &'static str {
    match state {
        KeyState::Next => "next",
        KeyState::Active => "active",
        KeyState::Retired => "retired",
        KeyState::Revoked => "revoked",
    }
}

fn key(row: &mut Row) -> Result<StoredKey, Fault> {
    Ok(StoredKey {
        kid: row.text()?,
        sealed: row.bytes()?,
        point: row.bytes()?,
        state: match &*row.text()? {
            "next" => KeyState::Next,
            "active" => KeyState::Active,
            "retired" => KeyState::Retired,
            // Written by a newer version, perhaps: to trust it less is the safe reading.
            _ => KeyState::Revoked,
        },
        created_at: row.moment()?,
        changed_at: row.moment()?,
    })
}
