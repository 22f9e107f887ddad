//! Rotation of refresh tokens: one successor for each, and the end of the sign-in when one is used twice.
//!
//! Invariant: of a sign-in's refresh tokens at most one is unused. Everything is decided while the row of the token and
//! that of its sign-in are locked, so two processes with one token are one after the other.

use super::engine::{Fault, Tx, params};
use super::sessions::{SESSION, end, insert_refresh, session, touch};
use super::{Binding, Digest, Rotated, Rotation, Session, Store, StoreError};
use crate::UnixSeconds;

impl Store {
    /// Answers a refresh token that is presented.
    ///
    /// A used token is known until it has been used for as long as its sign-in may be unused (`idle_s`): whoever comes
    /// back with it later would have lost the sign-in anyway, and is answered [`Rotated::Unknown`].
    ///
    /// # Errors
    /// [`StoreError`] if the store fails. If the connection broke at the very end it may have happened; presented
    /// again within the grace time the token has the same successor.
    pub fn rotate(&self, rotation: &Rotation<'_>, now: UnixSeconds) -> Result<Rotated, StoreError> {
        self.engine.transaction(|tx| {
            let Some((used_at, mut session)) = presented(tx, &rotation.presented)? else {
                return Ok(Rotated::Unknown);
            };
            if !is_theirs(rotation, &session) {
                return Ok(Rotated::NotTheirs(session));
            }
            if !session.is_live(now) {
                return Ok(Rotated::Ended(session));
            }
            match used_at {
                None => {
                    succeed(tx, rotation, &session, now)?;
                    session.last_used_at = session.last_used_at.max(now);
                    Ok(Rotated::Fresh(session))
                }
                Some(first_used_at) if now.since(first_used_at) < rotation.grace_s => {
                    Ok(Rotated::Grace(session))
                }
                Some(_) => {
                    let written = end(tx, &self.issuer, &session.sid, now)?;
                    session.ended_at = Some(now);
                    Ok(Rotated::Reuse(session, written))
                }
            }
        })
    }

    /// When a refresh token was first used; `None` if it was not, or there is none. Changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn refresh_used_at(&self, refresh: &Digest) -> Result<Option<UnixSeconds>, StoreError> {
        let sql = "SELECT used_at FROM refresh_token WHERE token_sha256 = $1";
        self.engine.alone(|tx| match tx.row(sql, params![refresh])? {
            Some(mut row) => row.maybe_moment(),
            None => Ok(None),
        })
    }
}

/// When the token was first used, and its sign-in; both rows are locked.
fn presented(tx: &mut Tx<'_>, token: &Digest) -> Result<Option<(Option<UnixSeconds>, Session)>, Fault> {
    let sql = format!(
        "SELECT used_at, {SESSION} FROM refresh_token JOIN session USING (sid) WHERE token_sha256 = $1 FOR UPDATE"
    );
    let found = tx.row(&sql, params![token])?;
    found.map(|mut row| Ok((row.maybe_moment()?, session(&mut row)?))).transpose()
}

/// A sign-in that is bound to a key is only for who proves it. Bound to a cookie, its access tokens are: the refresh
/// token is as the browser holds it.
fn is_theirs(rotation: &Rotation<'_>, session: &Session) -> bool {
    let same_key = match &session.binding {
        Binding::Key(jkt) => rotation.jkt == Some(jkt),
        Binding::None | Binding::Cookie(_) => true,
    };
    same_key && rotation.client_id.is_none_or(|client_id| client_id == session.client_id)
}

fn succeed(
    tx: &mut Tx<'_>,
    rotation: &Rotation<'_>,
    session: &Session,
    now: UnixSeconds,
) -> Result<(), Fault> {
    let sql = "UPDATE refresh_token SET used_at = $2, forget_at = $3 WHERE token_sha256 = $1";
    tx.execute(sql, params![&rotation.presented, now, now.plus(session.idle_s)])?;
    insert_refresh(tx, &rotation.successor, session)?;
    touch(tx, &session.sid, now)
}
