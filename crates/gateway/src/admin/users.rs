//! Orders about users and API keys.

use seseragi_guard::{Accounts, AuthEvent, Change, NewApiKey, Scopes, Tier, UnixSeconds, User};

use super::office::Office;
use super::order::Answer;

impl Office {
    pub(super) async fn add_user(
        &self,
        name: &str,
        password: &str,
        scopes: Scopes,
        tier: Tier,
        now: UnixSeconds,
    ) -> Result<Answer, String> {
        let added = self.accounts()?.add_user(name, password, scopes, tier, now).await;
        let user = added.map_err(|refusal| refusal.to_string())?;
        Ok(Answer::said(format!("{} may sign in; its tokens are those of {}", user.name, user.sub)))
    }

    pub(super) async fn set_password(
        &self,
        name: &str,
        password: &str,
        now: UnixSeconds,
    ) -> Result<Answer, String> {
        let user = self.user(name).await?;
        let set = self.accounts()?.set_password(&user.sub, password, now).await;
        set.map_err(|refusal| refusal.to_string())?;
        Ok(Answer::said(format!("{} has a new password and was signed out everywhere", user.name)))
    }

    pub(super) async fn disable_user(&self, name: &str, now: UnixSeconds) -> Result<Answer, String> {
        let user = self.user(name).await?;
        let disabled = self.accounts()?.disable_user(&user.sub, now).await;
        disabled.map_err(|refusal| refusal.to_string())?;
        Ok(Answer::said(format!("{} is disabled; its sign-ins and running streams have ended", user.name)))
    }

    pub(super) async fn enable_user(&self, name: &str, now: UnixSeconds) -> Result<Answer, String> {
        let user = self.user(name).await?;
        let sub = user.sub.clone();
        self.ask(move |store| store.enable_user(&sub)).await?;
        self.tell(&AuthEvent::User { sub: &user.sub, change: Change::Enabled }, now);
        Ok(Answer::said(format!("{} may sign in again", user.name)))
    }

    pub(super) async fn sign_out(&self, name: &str, now: UnixSeconds) -> Result<Answer, String> {
        let user = self.user(name).await?;
        let sub = user.sub.clone();
        let ended = self.ask(move |store| store.end_sessions_of(&sub, now)).await?;
        let count = ended.len();
        for revocation in ended {
            self.enforce(revocation, now)?;
        }
        Ok(Answer::said(format!("{} was signed out everywhere: {count} sign-ins ended", user.name)))
    }

    pub(super) async fn create_api_key(
        &self,
        name: String,
        scopes: Scopes,
        tier: Tier,
        expires_at: Option<UnixSeconds>,
        now: UnixSeconds,
    ) -> Result<Answer, String> {
        let new = NewApiKey { name, scopes, tier, expires_at };
        let (key, secret) = self.ask(move |store| store.add_api_key(new, now)).await?;
        self.tell(&AuthEvent::ApiKey { id: &key.id, change: Change::Created }, now);
        let said = format!("API key {} ({}); the secret is shown this once:", key.id, key.name);
        Ok(Answer::said(said).with_secret(secret.expose()))
    }

    pub(super) async fn revoke_api_key(&self, id: &str, now: UnixSeconds) -> Result<Answer, String> {
        let id = id.to_owned();
        let (key, revocation) = self.ask(move |store| store.revoke_api_key(&id, now)).await?;
        self.tell(&AuthEvent::ApiKey { id: &key.id, change: Change::Revoked }, now);
        self.enforce(revocation, now)?;
        Ok(Answer::said(format!(
            "{} ({}) is revoked; its tokens and running streams have ended",
            key.id, key.name
        )))
    }

    pub(super) fn accounts(&self) -> Result<&Accounts, String> {
        let ours = self.parts.accounts.as_ref();
        ours.ok_or_else(|| "auth.issuer is external: users, tokens and keys are kept elsewhere".to_owned())
    }

    /// The user of this name, or of this `sub`.
    async fn user(&self, name: &str) -> Result<User, String> {
        self.accounts()?;
        let users = self.ask(|store| store.users()).await?;
        named(&users, name).cloned()
    }
}

/// The user of this name, or of this `sub`.
///
/// # Errors
/// A sentence if there is none.
pub fn named<'a>(users: &'a [User], name: &str) -> Result<&'a User, String> {
    let exactly = |user: &&User| user.name == name || user.sub == name;
    let alike = |user: &&User| user.name.to_lowercase() == name.to_lowercase();
    let found = users.iter().find(exactly).or_else(|| users.iter().find(alike));
    found.ok_or_else(|| format!("there is no user {name:?}: `seseragi user list` shows all"))
}
