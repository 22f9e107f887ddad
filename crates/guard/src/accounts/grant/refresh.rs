//! Refresh tokens: opaque, good once, followed by one that is derived from it.
//!
//! Within the grace time all who present a used one get the same successor (two tabs, a lost answer); later it means that two
//! hold what one should, and the whole sign-in ends (RFC 9700 §4.14.2). The store decides, in one transaction.

use crate::accounts::issue::granted;
use crate::accounts::secret::Kind;
use crate::accounts::{Accounts, AuthRefusal, Introspection, Issued, Wish};
use crate::{AuthEvent, Binding, Digest, RefreshResult, Revocation, Rotated, Rotation, Session, UnixSeconds};

impl Accounts {
    /// New tokens for a refresh token. A caller that goes away may ask again with the same one within the grace time.
    ///
    /// # Errors
    /// `Grant` for one that is unknown, ended, used before, or of another key or program; `Scope` (nothing is used up),
    /// `Busy`, `Unavailable`.
    pub async fn refresh(
        &self,
        refresh_token: &str,
        client_id: Option<&str>,
        wish: Wish<'_>,
        now: UnixSeconds,
    ) -> Result<Issued, AuthRefusal> {
        let Some(presented) = Kind::Refresh.digest_of(refresh_token) else {
            return Err(self.refused(RefreshResult::Refused, None, now));
        };
        self.check_wish(presented, &wish, now).await?;
        let successor = self.0.root.successor(refresh_token);
        let rotated = self.rotated(presented, successor.digest(), client_id, &wish, now).await?;
        let (result, session) = match rotated {
            Rotated::Fresh(session) => (RefreshResult::Rotated, session),
            Rotated::Grace(session) => (RefreshResult::Grace, session),
            Rotated::Reuse(session, written) => return Err(self.reused(&session, written, now)),
            Rotated::Ended(session) => return Err(self.refused(RefreshResult::Expired, Some(&session), now)),
            Rotated::NotTheirs(session) => {
                return Err(self.refused(RefreshResult::Refused, Some(&session), now));
            }
            Rotated::Unknown => return Err(self.refused(RefreshResult::Refused, None, now)),
        };
        self.answered(result, Some(&session), now);
        self.issue_for_session(&session, wish, Some(successor), "refresh_token", now)
    }

    /// What a refresh token is worth; `None`: nothing. A used one is worth its successor for the grace time.
    ///
    /// # Errors
    /// `Busy`, `Unavailable`.
    pub async fn introspect_refresh(
        &self,
        refresh_token: &str,
        now: UnixSeconds,
    ) -> Result<Option<Introspection>, AuthRefusal> {
        let Some(digest) = Kind::Refresh.digest_of(refresh_token) else { return Ok(None) };
        let found = self
            .ask(now, move |store| Ok((store.session_of_refresh(&digest)?, store.refresh_used_at(&digest)?)));
        let (session, used_at) = found.await?;
        let usable = used_at.is_none_or(|at| now.since(at) < self.0.config.refresh_grace_s);
        let session = session.filter(|session| usable && session.is_live(now));
        Ok(session.map(|session| self.introspection(session)))
    }

    fn introspection(&self, session: Session) -> Introspection {
        let idle_end = session.last_used_at.plus(session.idle_s);
        Introspection {
            kind: "refresh_token",
            sub: session.sub,
            issuer: self.0.config.issuer.clone(),
            client_id: Some(session.client_id),
            scopes: session.scopes,
            sid: Some(session.sid),
            jti: None,
            jkt: match session.binding {
                Binding::Key(jkt) => Some(jkt),
                _ => None,
            },
            expires_at: session.expires_at.min(idle_end),
            issued_at: session.created_at,
        }
    }

    /// A wish that cannot be granted uses nothing up. What is wished decides nothing else here: a token that is not good is
    /// left for the store to refuse.
    async fn check_wish(
        &self,
        presented: Digest,
        wish: &Wish<'_>,
        now: UnixSeconds,
    ) -> Result<(), AuthRefusal> {
        if wish.scopes.is_none() {
            return Ok(());
        }
        let session = self.ask(now, move |store| store.session_of_refresh(&presented)).await?;
        let Some(session) = session.filter(|session| session.is_live(now)) else { return Ok(()) };
        // Nobody learns the scopes of a sign-in that is not theirs.
        let theirs = match &session.binding {
            Binding::Key(jkt) => wish.key.is_some_and(|key| key.thumbprint() == jkt),
            Binding::None | Binding::Cookie(_) => true,
        };
        if theirs { granted(session.scopes, wish.scopes).map(drop) } else { Ok(()) }
    }

    async fn rotated(
        &self,
        presented: Digest,
        successor: Digest,
        client_id: Option<&str>,
        wish: &Wish<'_>,
        now: UnixSeconds,
    ) -> Result<Rotated, AuthRefusal> {
        let (client_id, jkt) =
            (client_id.map(str::to_owned), wish.key.map(|key| key.thumbprint().to_owned()));
        let grace_s = self.0.config.refresh_grace_s;
        let rotate = self.ask(now, move |store| {
            let (client_id, jkt) = (client_id.as_deref(), jkt.as_deref());
            store.rotate(&Rotation { presented, successor, client_id, jkt, grace_s }, now)
        });
        rotate.await
    }

    /// The store has ended the sign-in: its streams end as well.
    fn reused(&self, session: &Session, written: Vec<Revocation>, now: UnixSeconds) -> AuthRefusal {
        let refusal = self.refused(RefreshResult::Reuse, Some(session), now);
        self.ended(written, "reuse", now).err().unwrap_or(refusal)
    }

    fn refused(&self, result: RefreshResult, session: Option<&Session>, now: UnixSeconds) -> AuthRefusal {
        self.answered(result, session, now);
        AuthRefusal::Grant
    }

    fn answered(&self, result: RefreshResult, session: Option<&Session>, now: UnixSeconds) {
        let (sub, sid) = (session.map(|session| &*session.sub), session.map(|session| &*session.sid));
        self.tell(&AuthEvent::Refresh { result, sub, sid }, now);
    }
}
