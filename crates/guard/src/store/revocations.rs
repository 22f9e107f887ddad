//! Revocations, for the processes that did not write them: each reads what is new here.

use super::engine::{Fault, Row, Tx, params};
use super::{Store, StoreError};
use crate::{Revocation, Revoked, Subject, UnixSeconds};

/// No access token of ours lives longer, in seconds (`access_token_ttl_s` at most).
const ACCESS_TOKEN_MAX_S: u64 = 3600;
/// Skew of clocks and some reserve, in seconds.
const RESERVE_S: u64 = 300;
/// As many as a process can hold.
const READ_MAX: u64 = 1_000_000;

impl Store {
    /// Writes a revocation. Of one that is there the wider reach counts.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn add_revocation(&self, revocation: &Revocation, now: UnixSeconds) -> Result<(), StoreError> {
        self.engine.transaction(|tx| upsert(tx, revocation, now))
    }

    /// Revocations numbered above `after` that are in force at `now`, in the order in which they were written, and the number
    /// to ask with the next time; begin with 0. Writers are numbered one after the other until they commit, so none appears
    /// below a number that was read, whatever their clocks say. If the numbers have gone back, because the database was
    /// restored, all are read again.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn revocations_after(
        &self,
        after: u64,
        now: UnixSeconds,
    ) -> Result<(Vec<Revocation>, u64), StoreError> {
        let newest = self.engine.alone(|tx| {
            let row = tx.row("SELECT value FROM counter WHERE name = 'revocation'", params![])?;
            row.ok_or(Fault::Shape)?.number()
        })?;
        if newest == after {
            return Ok((Vec::new(), after));
        }
        let from = if newest < after { 0 } else { after };
        let sql = "SELECT kind, issuer, name, covers_up_to, forget_at FROM revocation
                   WHERE number > $1 AND number <= $2 AND forget_at > $3 ORDER BY number LIMIT $4";
        let values = params![from, newest, now, READ_MAX];
        let read = self.engine.alone(|tx| tx.rows(sql, values)?.iter_mut().map(revocation).collect());
        Ok((read?, newest))
    }

    /// Revocations written at or after `since`, by the clocks of their writers, that are still in force at `now`, the oldest first; at most a million.
    /// To follow what others write see [`revocations_after`](Self::revocations_after).
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn revocations(&self, since: UnixSeconds, now: UnixSeconds) -> Result<Vec<Revocation>, StoreError> {
        let sql = "SELECT kind, issuer, name, covers_up_to, forget_at FROM revocation
                   WHERE written_at >= $1 AND forget_at > $2 ORDER BY written_at LIMIT $3";
        self.engine
            .alone(|tx| tx.rows(sql, params![since, now, READ_MAX])?.iter_mut().map(revocation).collect())
    }
}

/// A revocation of something of ours that lasts as long as any access token of ours could.
pub(super) fn in_force(what: Revoked, now: UnixSeconds) -> Revocation {
    Revocation { what, until: now.plus(ACCESS_TOKEN_MAX_S + RESERVE_S) }
}

/// Writes a revocation of something of ours.
pub(super) fn write(tx: &mut Tx<'_>, what: Revoked, now: UnixSeconds) -> Result<Revocation, Fault> {
    let revocation = in_force(what, now);
    upsert(tx, &revocation, now)?;
    Ok(revocation)
}

fn upsert(tx: &mut Tx<'_>, revocation: &Revocation, now: UnixSeconds) -> Result<(), Fault> {
    // Locks the counter until the commit: the order of the numbers is that of the commits.
    let count = "UPDATE counter SET value = value + 1 WHERE name = 'revocation' RETURNING value";
    let number: u64 = tx.row(count, params![])?.ok_or(Fault::Shape)?.number()?;
    let later = |column: &str| {
        format!(
            "{column} = CASE WHEN excluded.{column} > revocation.{column} THEN excluded.{column} ELSE revocation.{column} END"
        )
    };
    let sql = format!(
        "INSERT INTO revocation (kind, issuer, name, covers_up_to, written_at, forget_at, number)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kind, issuer, name)
         DO UPDATE SET {}, {}, {}, number = excluded.number",
        later("covers_up_to"),
        later("written_at"),
        later("forget_at"),
    );
    let (kind, issuer, name, covers_up_to) = match &revocation.what {
        Revoked::Subject { subject, before } => ("subject", &*subject.issuer, &*subject.sub, *before),
        Revoked::Session { issuer, sid } => ("session", &**issuer, &**sid, UnixSeconds(0)),
        Revoked::Token { issuer, jti } => ("token", &**issuer, &**jti, UnixSeconds(0)),
        Revoked::Key { issuer, kid } => ("key", &**issuer, &**kid, UnixSeconds(0)),
    };
    let values = params![kind, issuer, name, covers_up_to, now, revocation.until, number];
    tx.execute(&sql, values).map(drop)
}

fn revocation(row: &mut Row) -> Result<Revocation, Fault> {
    let (kind, issuer, name) = (row.text()?, row.text()?, row.text()?);
    let before = row.moment()?;
    let issuer = issuer.into();
    let what = match &*kind {
        "subject" => Revoked::Subject { subject: Subject::new(issuer, name), before },
        "session" => Revoked::Session { issuer, sid: name.into() },
        "token" => Revoked::Token { issuer, jti: name.into() },
        "key" => Revoked::Key { issuer, kid: name.into() },
        _ => return Err(Fault::Shape),
    };
    Ok(Revocation { what, until: row.moment()? })
}
