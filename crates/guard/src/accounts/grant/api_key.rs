//! An access token for an API key (`client_credentials`, RFC 6749 §4.4): its own client and its own subject. No refresh
//! token: the key is one.

use crate::accounts::issue::{confirmation, granted};
use crate::accounts::{Accounts, AuthRefusal, Issued, Wish};
use crate::{AuthEvent, Binding, Grant, Principal, Reason, Subject, UnixSeconds};

impl Accounts {
    /// An access token for an API key (also `client_credentials`).
    ///
    /// # Errors
    /// `Rejected` with the reason, `Scope`, `Busy`, `Unavailable`.
    pub async fn issue_for_api_key(
        &self,
        secret: &str,
        wish: Wish<'_>,
        now: UnixSeconds,
    ) -> Result<Issued, AuthRefusal> {
        let secret = secret.to_owned();
        let key = self.ask(now, move |store| Ok(store.authenticate_api_key(&secret, now))).await?;
        let key = key.map_err(|rejection| self.rejected(rejection.reason(), now))?;
        let sub = key.sub();
        // A key is as old as the moment it was made: what revokes its subject revokes the key, or it would be exchanged for
        // tokens that are younger than the revocation.
        let principal = Principal {
            subject: Subject::new(&*self.0.config.issuer, &*sub),
            sid: None,
            jti: None,
            kid: None,
            issued_at: key.created_at,
            expires_at: key.expires_at.unwrap_or(UnixSeconds(u64::MAX)),
        };
        if self.0.revocations.covers(&principal) {
            return Err(self.rejected(Reason::ApiKeyRevoked, now));
        }
        let scopes = granted(key.scopes, wish.scopes)?;
        let cnf = confirmation(&Binding::None, &wish)?;
        let grant = Grant { sub: &sub, scopes: &scopes, tier: key.tier, client_id: &sub, sid: None, cnf };
        self.issue(grant, None, "api_key", now)
    }

    fn rejected(&self, reason: Reason, now: UnixSeconds) -> AuthRefusal {
        self.tell(&AuthEvent::Rejected { reason, issuer: Some("own") }, now);
        match reason {
            Reason::StoreUnavailable => AuthRefusal::Unavailable,
            reason => AuthRefusal::Rejected(reason),
        }
    }
}
