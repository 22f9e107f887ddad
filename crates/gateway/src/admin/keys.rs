//! Orders about signing keys, and tokens made with them by hand.

use std::sync::Arc;

use seseragi_guard::{
    AuthEvent, Change, Grant, Issuer, KeyRing, Revocation, Revoked, SOONEST_ROTATION_S, Scopes, Tier,
    UnixSeconds,
};

use super::office::{BY, Office, OfficeParts};
use super::order::Answer;
use crate::trust::Vault;

impl Office {
    pub(super) async fn rotate(&self, at_once: bool, now: UnixSeconds) -> Result<Answer, String> {
        let rotated = self.work(move |parts| {
            let Vault { kek, rotation } = vault(parts)?;
            let kid = KeyRing::rotate(&parts.store, kek, rotation, at_once, now);
            tick(parts, now);
            let ahead_s = if at_once { SOONEST_ROTATION_S } else { rotation.publish_ahead_s };
            kid.map(|kid| (kid, ahead_s)).map_err(|error| error.to_string())
        });
        let (kid, ahead_s) = rotated.await?;
        self.tell(&AuthEvent::SigningKey { kid: &kid, change: Change::Created }, now);
        Ok(Answer::said(format!(
            "{kid} is published and signs in {ahead_s} s; tokens of the key before stay good"
        )))
    }

    pub(super) async fn revoke_key(&self, kid: &str, now: UnixSeconds) -> Result<Answer, String> {
        let kid: Arc<str> = kid.into();
        let until = now.plus(self.parts.issuers.own().life_s);
        let what = Revoked::Key { issuer: self.parts.issuers.own().iss.clone(), kid: Arc::clone(&kid) };
        let revocation = Revocation { what, until };
        let written = revocation.clone();
        let name = Arc::clone(&kid);
        let revoked = self.work(move |parts| {
            let Vault { kek, rotation } = vault(parts)?;
            let revoked = KeyRing::revoke(&parts.store, kek, rotation, &name, now);
            revoked.map_err(|error| error.to_string())?;
            tick(parts, now);
            parts.store.add_revocation(&written, now).map_err(|error| error.to_string())
        });
        revoked.await?;
        self.tell(&AuthEvent::SigningKey { kid: &kid, change: Change::Revoked }, now);
        self.enforce(revocation, now)?;
        Ok(Answer::said(format!("{kid} is revoked: its tokens and their running streams have ended")))
    }

    pub(super) fn issue(
        &self,
        sub: &str,
        scopes: Scopes,
        tier: Tier,
        now: UnixSeconds,
    ) -> Result<Answer, String> {
        self.accounts()?;
        let Some(ring) = self.parts.ring.clone() else { return Err("there is no signing key".to_owned()) };
        let issuer = Issuer::new(ring, self.parts.issuers.token_config());
        let grant = Grant { sub, scopes: &scopes, tier, client_id: "cli", sid: None, cnf: None };
        let issued = issuer.issue(grant, now).map_err(|error| error.to_string())?;
        self.tell(&AuthEvent::Issued { sub, client_id: "cli", jti: &issued.jti, by: BY }, now);
        let said = format!("an access token for {sub}, {scopes}; valid for {} s:", issued.expires_in_s);
        Ok(Answer::said(said).with_secret(&issued.token))
    }
}

fn vault(parts: &OfficeParts) -> Result<&Vault, String> {
    let vault = parts.vault.as_ref();
    vault.ok_or_else(|| "auth.issuer is external: signing keys are kept elsewhere".to_owned())
}

/// Takes the change over at once where a ring runs; else the next one that opens sees it.
fn tick(parts: &OfficeParts, now: UnixSeconds) {
    if let (Some(ring), Some(Vault { kek, rotation })) = (&parts.ring, &parts.vault)
        && let Err(error) = ring.tick(&parts.store, kek, rotation, now)
    {
        tracing::error!(%error, "the signing keys cannot be taken over");
    }
}
