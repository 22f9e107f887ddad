//! Sign-ins: begun, found by what a client presents, ended.

use super::engine::{Fault, Row, Tx, params};
use super::users::{scopes, still_allowed, tier};
use super::{Binding, Digest, NewSession, Session, Store, StoreError, revocations};
use crate::{Revocation, Revoked, UnixSeconds};

/// `last_used_at` is written at most once in this time, so that a busy sign-in does not write on every use.
const LAST_USED_STEP_S: u64 = 60;
/// How long a sign-in that ended is still known as one that ended.
pub(super) const KEPT_S: u64 = 86_400;
pub(super) const SESSION: &str = "sid, sub, client_id, scopes, tier, bound_jkt, bound_cookie, created_at, \
                                  last_used_at, idle_s, expires_at, ended_at, parent";

impl Store {
    /// Writes a sign-in that was checked at `new.session.created_at`.
    ///
    /// # Errors
    /// [`StoreError::UserChanged`] if the user was disabled, its password set or the parent ended since, so that none of
    /// it is undone by a sign-in that was under way; another if the store fails.
    pub fn add_session(&self, new: &NewSession) -> Result<(), StoreError> {
        let session = &new.session;
        self.engine.transaction(|tx| {
            still_allowed(tx, &session.sub, session.created_at)?;
            parent_stands(tx, session)?;
            insert(tx, session, new.cookie.as_ref())?;
            new.refresh.iter().try_for_each(|refresh| insert_refresh(tx, refresh, session))
        })
    }

    /// The sign-in of this name, live or not.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn session(&self, sid: &str) -> Result<Option<Session>, StoreError> {
        let sql = format!("SELECT {SESSION} FROM session WHERE sid = $1");
        self.engine.alone(|tx| tx.row(&sql, params![sid])?.as_mut().map(session).transpose())
    }

    /// The sign-ins of a subject that are live at `now`, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn sessions_of(&self, sub: &str, now: UnixSeconds) -> Result<Vec<Session>, StoreError> {
        let sql = format!(
            "SELECT {SESSION} FROM session WHERE sub = $1 AND ended_at IS NULL ORDER BY created_at, sid"
        );
        let all: Vec<Session> =
            self.engine.alone(|tx| tx.rows(&sql, params![sub])?.iter_mut().map(session).collect())?;
        Ok(all.into_iter().filter(|session| session.is_live(now)).collect())
    }

    /// The sign-in of a cookie, live or not; notes the use of a live one at most once a minute.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn session_of_cookie(
        &self,
        cookie: &Digest,
        now: UnixSeconds,
    ) -> Result<Option<Session>, StoreError> {
        let sql = format!("SELECT {SESSION} FROM session WHERE cookie_sha256 = $1");
        let found: Option<Session> =
            self.engine.alone(|tx| tx.row(&sql, params![cookie])?.as_mut().map(session).transpose())?;
        let Some(mut session) = found else { return Ok(None) };
        if session.is_live(now) && now.since(session.last_used_at) >= LAST_USED_STEP_S {
            self.engine.alone(|tx| touch(tx, &session.sid, now))?;
            session.last_used_at = now;
        }
        Ok(Some(session))
    }

    /// The sign-in that a refresh token belongs to, used or not. Changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn session_of_refresh(&self, refresh: &Digest) -> Result<Option<Session>, StoreError> {
        let sql =
            format!("SELECT {SESSION} FROM refresh_token JOIN session USING (sid) WHERE token_sha256 = $1");
        self.engine.alone(|tx| tx.row(&sql, params![refresh])?.as_mut().map(session).transpose())
    }

    /// Ends a sign-in and those made from it, and writes a revocation for each: its own comes first. None if there is none
    /// that is not ended.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn end_session(&self, sid: &str, now: UnixSeconds) -> Result<Vec<Revocation>, StoreError> {
        self.engine.transaction(|tx| end(tx, &self.issuer, sid, now))
    }

    /// Ends all sign-ins of a subject and takes back its authorization codes; one revocation for each sign-in is
    /// written and returned.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn end_sessions_of(&self, sub: &str, now: UnixSeconds) -> Result<Vec<Revocation>, StoreError> {
        self.engine.transaction(|tx| end_all_of(tx, &self.issuer, sub, now))
    }

    /// The revocation of a sign-in that is ended at `now`, as this store writes it.
    pub fn revocation_of(&self, session: &Session, now: UnixSeconds) -> Revocation {
        revocations::in_force(ended(&self.issuer, &session.sid), now)
    }
}

fn insert(tx: &mut Tx<'_>, session: &Session, cookie: Option<&Digest>) -> Result<(), Fault> {
    let sql = format!(
        "INSERT INTO session ({SESSION}, cookie_sha256, forget_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    );
    let (jkt, bound_cookie) = match &session.binding {
        Binding::None => (None, None),
        Binding::Key(jkt) => (Some(jkt.as_str()), None),
        Binding::Cookie(digest) => (None, Some(digest)),
    };
    let scopes = session.scopes.to_string();
    let values = params![
        &session.sid,
        &session.sub,
        &session.client_id,
        &scopes,
        session.tier.as_str(),
        jkt,
        bound_cookie,
        session.created_at,
        session.last_used_at,
        session.idle_s,
        session.expires_at,
        session.ended_at,
        session.parent.as_deref(),
        cookie,
        session.expires_at.plus(KEPT_S)
    ];
    tx.execute(&sql, values).map(drop)
}

pub(super) fn insert_refresh(tx: &mut Tx<'_>, refresh: &Digest, session: &Session) -> Result<(), Fault> {
    let sql = "INSERT INTO refresh_token (token_sha256, sid, forget_at) VALUES ($1, $2, $3)";
    tx.execute(sql, params![refresh, &session.sid, session.expires_at.plus(KEPT_S)]).map(drop)
}

/// Notes a use; a clock that goes back notes nothing.
pub(super) fn touch(tx: &mut Tx<'_>, sid: &str, now: UnixSeconds) -> Result<(), Fault> {
    let sql =
        "UPDATE session SET last_used_at = $2 WHERE sid = $1 AND ended_at IS NULL AND last_used_at < $2";
    tx.execute(sql, params![sid, now]).map(drop)
}

/// A sign-in that is made from another is not made any more once that has ended. The row stays locked until it is.
fn parent_stands(tx: &mut Tx<'_>, session: &Session) -> Result<(), Fault> {
    let Some(parent) = session.parent.as_deref() else { return Ok(()) };
    let sql = "SELECT sid FROM session WHERE sid = $1 AND ended_at IS NULL FOR UPDATE";
    let stands = tx.row(sql, params![parent])?.is_some();
    if stands { Ok(()) } else { Err(StoreError::UserChanged.into()) }
}

/// Ends one sign-in and those made from it, which are no others' parents; none if it has ended or never was.
pub(super) fn end(
    tx: &mut Tx<'_>,
    issuer: &str,
    sid: &str,
    now: UnixSeconds,
) -> Result<Vec<Revocation>, Fault> {
    let sql = "UPDATE session SET ended_at = $2, forget_at = $3 WHERE sid = $1 AND ended_at IS NULL";
    let end_one = |tx: &mut Tx<'_>, sid: &str| tx.execute(sql, params![sid, now, now.plus(KEPT_S)]);
    if end_one(tx, sid)? == 0 {
        return Ok(Vec::new());
    }
    let mut sids = vec![sid.to_owned()];
    let children = "SELECT sid FROM session WHERE parent = $1 AND ended_at IS NULL ORDER BY sid FOR UPDATE";
    for mut row in tx.rows(children, params![sid])? {
        let child = row.text()?;
        end_one(tx, &child)?;
        sids.push(child);
    }
    sids.iter().map(|sid| revocations::write(tx, ended(issuer, sid), now)).collect()
}

/// Ends all sign-ins of a subject, and what could become one.
pub(super) fn end_all_of(
    tx: &mut Tx<'_>,
    issuer: &str,
    sub: &str,
    now: UnixSeconds,
) -> Result<Vec<Revocation>, Fault> {
    tx.execute(
        "UPDATE authorization_code SET used_at = $2 WHERE sub = $1 AND used_at IS NULL",
        params![sub, now],
    )?;
    // In one order, so that two who do this do not wait for each other.
    let sql = "SELECT sid FROM session WHERE sub = $1 AND ended_at IS NULL ORDER BY sid FOR UPDATE";
    let mut written = Vec::new();
    for mut row in tx.rows(sql, params![sub])? {
        written.extend(end(tx, issuer, &row.text()?, now)?);
    }
    Ok(written)
}

fn ended(issuer: &str, sid: &str) -> Revoked {
    Revoked::Session { issuer: issuer.into(), sid: sid.into() }
}

pub(super) fn session(row: &mut Row) -> Result<Session, Fault> {
    Ok(Session {
        sid: row.text()?,
        sub: row.text()?,
        client_id: row.text()?,
        scopes: scopes(row)?,
        tier: tier(row)?,
        binding: match (row.maybe_text()?, row.maybe_digest()?) {
            (Some(jkt), _) => Binding::Key(jkt),
            (None, Some(cookie)) => Binding::Cookie(cookie),
            (None, None) => Binding::None,
        },
        created_at: row.moment()?,
        last_used_at: row.moment()?,
        idle_s: row.number()?,
        expires_at: row.moment()?,
        ended_at: row.maybe_moment()?,
        parent: row.maybe_text()?,
    })
}
