//! The [`Office`]: carries out orders on the store, and puts their effect in force in this process.

use std::sync::Arc;

use seseragi_guard::{
    Accounts, AuthEvent, AuthObserver, KeyRing, Revocation, Revocations, Scope, Scopes, Store, StoreError,
    Tier, UnixSeconds,
};

use super::order::{Answer, Order};
use crate::trust::{Issuers, Vault};

/// Who did it, in the audit log.
pub(super) const BY: &str = "command";

/// What an office works with.
#[derive(Clone)]
pub struct OfficeParts {
    /// Where it works.
    pub store: Arc<Store>,
    /// How signing keys are sealed and follow each other; `None`: others issue.
    pub vault: Option<Vault>,
    /// The signing keys of this process.
    pub ring: Option<KeyRing>,
    /// The accounts of this process.
    pub accounts: Option<Accounts>,
    /// What is in force in this process.
    pub revocations: Revocations,
    /// Whose tokens there are, and how long they live.
    pub issuers: Issuers,
    /// Takes what was done.
    pub observer: Arc<dyn AuthObserver>,
}

/// Carries out orders. Cheap to clone.
#[derive(Clone)]
pub struct Office {
    pub(super) parts: Arc<OfficeParts>,
}

impl Office {
    /// Ready to work.
    pub fn new(parts: OfficeParts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// Carries out one order. What it has asked of the store happens even if the caller goes away.
    ///
    /// # Errors
    /// One sentence for the operator; nothing was changed then, unless it says so.
    pub async fn perform(&self, order: Order, now: UnixSeconds) -> Result<Answer, String> {
        match order {
            Order::UserAdd { name, password, scopes, tier } => {
                self.add_user(&name, &password.0, known_scopes(&scopes)?, known_tier(&tier)?, now).await
            }
            Order::UserPassword { name, password } => self.set_password(&name, &password.0, now).await,
            Order::UserDisable { name } => self.disable_user(&name, now).await,
            Order::UserEnable { name } => self.enable_user(&name, now).await,
            Order::UserSignOut { name } => self.sign_out(&name, now).await,
            Order::TokenIssue { sub, scopes, tier } => {
                self.issue(&sub, known_scopes(&scopes)?, known_tier(&tier)?, now)
            }
            Order::RevokeToken { iss, jti } => self.revoke_token(&iss, &jti, now).await,
            Order::RevokeSession { iss, sid } => self.revoke_session(&iss, &sid, now).await,
            Order::RevokeSubject { iss, sub, before } => {
                self.revoke_subject(&iss, &sub, before.map_or(now, UnixSeconds), now).await
            }
            Order::KeysRotate { at_once } => self.rotate(at_once, now).await,
            Order::KeysRevoke { kid } => self.revoke_key(&kid, now).await,
            Order::ApikeyCreate { name, scopes, tier, expires_at } => {
                let (scopes, tier) = (known_scopes(&scopes)?, known_tier(&tier)?);
                self.create_api_key(name, scopes, tier, expires_at.map(UnixSeconds), now).await
            }
            Order::ApikeyRevoke { id } => self.revoke_api_key(&id, now).await,
        }
    }

    /// Asks the store, which blocks, off the async workers.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, String> {
        self.work(move |parts| ask(&parts.store).map_err(|error| error.to_string())).await
    }

    /// Does something that blocks off the async workers.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&OfficeParts) -> Result<T, String> + Send + 'static,
    ) -> Result<T, String> {
        let parts = Arc::clone(&self.parts);
        let done = tokio::task::spawn_blocking(move || work(&parts)).await;
        done.map_err(|_| "it broke in the middle: see the log of the gateway".to_owned())?
    }

    /// Puts what the store holds already in force here.
    pub(super) fn enforce(&self, revocation: Revocation, now: UnixSeconds) -> Result<(), String> {
        self.tell(&AuthEvent::Revoked { revocation: &revocation, by: BY }, now);
        self.parts.revocations.insert(revocation).map_err(|error| error.to_string())
    }

    pub(super) fn tell(&self, event: &AuthEvent<'_>, now: UnixSeconds) {
        self.parts.observer.auth_event(event, now);
    }
}

fn known_scopes(texts: &[String]) -> Result<Scopes, String> {
    let scopes: Result<Vec<Scope>, _> = texts.iter().map(|text| text.parse()).collect();
    scopes.map(|scopes| scopes.into_iter().collect()).map_err(|error| error.to_string())
}

fn known_tier(text: &str) -> Result<Tier, String> {
    text.parse().map_err(|error: seseragi_guard::UnknownTier| error.to_string())
}
