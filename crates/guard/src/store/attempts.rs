//! Accounts of attempts to sign in: they survive restarts and are shared by all processes.

use super::engine::{Fault, Tx, params};
use super::{Attempts, Digest, Store, StoreError};
use crate::UnixSeconds;

/// How long an account is kept after its last change, or after its next attempt is due.
const KEPT_S: u64 = 86_400;

impl Store {
    /// Reads the accounts of these names (digests), lets `change` edit them in place (same order), writes what differs;
    /// under one lock per name, taken in a fixed order. An account that is not there is an empty one. `change` may be
    /// called again, when the database asks for another try. The names must differ.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails; nothing is changed then.
    pub fn change_attempts(
        &self,
        names: &[Digest],
        change: &mut dyn FnMut(&mut [Attempts]),
    ) -> Result<(), StoreError> {
        let mut sorted: Vec<usize> = (0..names.len()).collect();
        sorted.sort_unstable_by_key(|index| names[*index]);
        self.engine.transaction(|tx| {
            let mut before = vec![Attempts::default(); names.len()];
            for &index in &sorted {
                before[index] = locked(tx, &names[index])?;
            }
            let mut after = before.clone();
            change(&mut after);
            sorted.iter().try_for_each(|&index| match before[index] == after[index] {
                true => unmake(tx, &names[index]),
                false => write(tx, &names[index], &after[index]),
            })
        })
    }
}

/// The account, and the right to change it. It is made first: what is not there cannot be locked.
fn locked(tx: &mut Tx<'_>, name: &Digest) -> Result<Attempts, Fault> {
    let make =
        "INSERT INTO attempt (name_sha256, next_ms, failures, changed_at, forget_at) VALUES ($1, 0, 0, 0, 0)
                ON CONFLICT (name_sha256) DO NOTHING";
    tx.execute(make, params![name])?;
    let read = "SELECT next_ms, failures, changed_at FROM attempt WHERE name_sha256 = $1 FOR UPDATE";
    let mut row = tx.row(read, params![name])?.ok_or(Fault::Shape)?;
    Ok(Attempts {
        next_ms: row.number()?,
        failures: u32::try_from(row.number()?).unwrap_or(u32::MAX),
        changed_at: row.moment()?,
    })
}

/// Takes back the account that was made only to be locked: whoever is refused under ever new names leaves no rows behind.
fn unmake(tx: &mut Tx<'_>, name: &Digest) -> Result<(), Fault> {
    let sql = "DELETE FROM attempt WHERE name_sha256 = $1 AND forget_at = 0";
    tx.execute(sql, params![name]).map(drop)
}

fn write(tx: &mut Tx<'_>, name: &Digest, account: &Attempts) -> Result<(), Fault> {
    let sql = "UPDATE attempt SET next_ms = $2, failures = $3, changed_at = $4, forget_at = $5
               WHERE name_sha256 = $1";
    let due = UnixSeconds(account.next_ms / 1000);
    let forget_at = account.changed_at.max(due).plus(KEPT_S);
    let values = params![name, account.next_ms, u64::from(account.failures), account.changed_at, forget_at];
    tx.execute(sql, values).map(drop)
}
