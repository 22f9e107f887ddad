//! What the cookie of a sign-in is good for, and how a sign-in ends.

use super::secret::Kind;
use super::{Accounts, AuthRefusal, Issued, Wish};
use crate::{
    AuthEvent, Binding, Caller, NewSession, ProvenKey, Revocation, Revoked, Scopes, Session, Store,
    StoreError, Tier, UnixSeconds, User,
};

/// For how long the revocation of a token is kept after its end, in seconds: more than clocks are apart.
const REVOKED_S: u64 = 300;

/// Whose a sign-in is, and what for.
#[derive(Clone, Copy)]
pub(super) struct Basis<'a> {
    pub(super) sub: &'a str,
    pub(super) client_id: &'a str,
    pub(super) scopes: Scopes,
    pub(super) tier: Tier,
    /// The key to bind it to.
    pub(super) key: Option<&'a ProvenKey>,
}

impl Accounts {
    /// An access token for the sign-in of a cookie.
    ///
    /// # Errors
    /// `SignedOut`, also if the sign-in is bound to another key than the one proved; `Scope`, `Busy`, `Unavailable`.
    pub async fn issue_for_cookie(
        &self,
        cookie: &str,
        wish: Wish<'_>,
        now: UnixSeconds,
    ) -> Result<Issued, AuthRefusal> {
        let session = self.live_session(cookie, now).await?;
        self.issue_for_session(&session, wish, None, "session", now).map_err(|refusal| match refusal {
            AuthRefusal::Grant => AuthRefusal::SignedOut,
            other => other,
        })
    }

    /// The living sign-in of a cookie and its user.
    ///
    /// # Errors
    /// `SignedOut`, `Busy`, `Unavailable`.
    pub async fn session(
        &self,
        cookie: &str,
        now: UnixSeconds,
    ) -> Result<(Session, Option<User>), AuthRefusal> {
        let session = self.live_session(cookie, now).await?;
        let user = self.user(&session.sub).await?;
        Ok((session, user))
    }

    /// Ends the sign-in of a cookie, and with it its streams. Idempotent: an unknown cookie is fine.
    ///
    /// # Errors
    /// `Busy`, `Unavailable`: it did not end, ask again.
    pub async fn logout(&self, cookie: &str, now: UnixSeconds) -> Result<(), AuthRefusal> {
        let Some(digest) = Kind::Session.digest_of(cookie) else { return Ok(()) };
        let ended = self.ask(now, move |store| {
            let Some(session) = store.session_of_cookie(&digest, now)? else { return Ok(Vec::new()) };
            store.end_session(&session.sid, now)
        });
        self.ended(ended.await?, "logout", now)
    }

    /// Revokes a refresh token: its whole sign-in and its streams (RFC 7009 §2.1). An unknown one is fine. For an access
    /// token see [`revoke_access`](Self::revoke_access).
    ///
    /// # Errors
    /// `Busy`, `Unavailable`: it is not revoked, ask again.
    pub async fn revoke_refresh(&self, refresh_token: &str, now: UnixSeconds) -> Result<(), AuthRefusal> {
        let Some(digest) = Kind::Refresh.digest_of(refresh_token) else { return Ok(()) };
        let ended = self.ask(now, move |store| {
            let Some(session) = store.session_of_refresh(&digest)? else { return Ok(Vec::new()) };
            store.end_session(&session.sid, now)
        });
        self.ended(ended.await?, "revoked", now)
    }

    /// Revokes one access token of ours, of a caller that was verified. Others' tokens are not ours to revoke here.
    ///
    /// # Errors
    /// `Busy`, `Unavailable`: it is not revoked, ask again.
    pub async fn revoke_access(&self, caller: &Caller, now: UnixSeconds) -> Result<(), AuthRefusal> {
        let Some(jti) = caller.jti().filter(|_| caller.subject().issuer() == self.0.config.issuer) else {
            return Ok(());
        };
        let what = Revoked::Token { issuer: caller.subject().issuer().into(), jti: jti.into() };
        self.revoke(
            Revocation { what, until: caller.expires_at().plus(REVOKED_S) },
            caller.subject().sub(),
            now,
        )
        .await
    }

    /// Writes a revocation and puts it in force. `by`: whose doing it is, for the audit log.
    ///
    /// # Errors
    /// `Busy`, `Unavailable`: nothing is revoked, ask again.
    pub async fn revoke(
        &self,
        revocation: Revocation,
        by: &str,
        now: UnixSeconds,
    ) -> Result<(), AuthRefusal> {
        let written = revocation.clone();
        self.ask(now, move |store| store.add_revocation(&written, now)).await?;
        self.tell(&AuthEvent::Revoked { revocation: &revocation, by }, now);
        self.withdraw(revocation, now)
    }

    pub(super) async fn live_session(&self, cookie: &str, now: UnixSeconds) -> Result<Session, AuthRefusal> {
        let digest = Kind::Session.digest_of(cookie).ok_or(AuthRefusal::SignedOut)?;
        let session = self.ask(now, move |store| store.session_of_cookie(&digest, now)).await?;
        session.filter(|session| session.is_live(now)).ok_or(AuthRefusal::SignedOut)
    }

    /// Sign-ins ended in the store: their streams end as well. Puts all of them in force, even if one cannot be.
    pub(super) fn ended(
        &self,
        ended: impl IntoIterator<Item = Revocation>,
        why: &'static str,
        now: UnixSeconds,
    ) -> Result<(), AuthRefusal> {
        let mut outcome = Ok(());
        for revocation in ended {
            if let Revoked::Session { sid, .. } = &revocation.what {
                self.tell(&AuthEvent::SessionEnded { sid, why }, now);
            }
            outcome = outcome.and(self.withdraw(revocation, now));
        }
        outcome
    }

    /// A sign-in that begins now.
    pub(super) fn new_session(&self, basis: Basis<'_>, now: UnixSeconds) -> Session {
        Session {
            sid: crate::id::random_name(),
            sub: basis.sub.to_owned(),
            client_id: basis.client_id.to_owned(),
            scopes: basis.scopes,
            tier: basis.tier,
            binding: basis.key.map_or(Binding::None, |key| Binding::Key(key.thumbprint().to_owned())),
            created_at: now,
            last_used_at: now,
            idle_s: self.0.config.session_idle_s,
            expires_at: now.plus(self.0.config.session_max_s),
            ended_at: None,
            parent: None,
        }
    }
}

/// Writes a sign-in; `false` if its user may not sign in any more.
pub(super) fn begun(store: &Store, new: &NewSession) -> Result<bool, StoreError> {
    match store.add_session(new) {
        Ok(()) => Ok(true),
        Err(StoreError::UserChanged) => Ok(false),
        Err(error) => Err(error),
    }
}
