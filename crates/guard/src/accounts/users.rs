//! The management of users: for operators, and for the users' own passwords.

use super::names::{login_key, new_password, shown};
use super::{Accounts, AuthRefusal};
use crate::{AuthEvent, Change, NewUser, Scopes, Tier, UnixSeconds, User};

impl Accounts {
    /// The user of this `sub`.
    ///
    /// # Errors
    /// `Busy`, `Unavailable`.
    pub async fn user(&self, sub: &str) -> Result<Option<User>, AuthRefusal> {
        let sub = sub.to_owned();
        self.ask(UnixSeconds::now(), move |store| store.user(&sub)).await
    }

    /// Adds a user. The password is 8 to 256 bytes and not a common one.
    ///
    /// # Errors
    /// `Request("username")`, `Password`, `NameTaken`, `Busy`, `Unavailable`.
    pub async fn add_user(
        &self,
        name: &str,
        password: &str,
        scopes: Scopes,
        tier: Tier,
        now: UnixSeconds,
    ) -> Result<User, AuthRefusal> {
        let key = login_key(name).ok_or(AuthRefusal::Request("username"))?;
        let name = shown(name).ok_or(AuthRefusal::Request("username"))?.to_owned();
        let phc = self.new_hash(password, &name).await?;
        let added = self.ask(now, move |store| {
            let sub = format!("user:{}", crate::id::random_name());
            store.add_user(NewUser { sub: &sub, name: &name, login_key: &key, phc: &phc, tier, scopes }, now)
        });
        let user = added.await?;
        self.tell(&AuthEvent::User { sub: &user.sub, change: Change::Created }, now);
        Ok(user)
    }

    /// Sets a password and ends all sign-ins of the user.
    ///
    /// # Errors
    /// `UnknownUser`, `Password`, `Busy`, `Unavailable`.
    pub async fn set_password(&self, sub: &str, password: &str, now: UnixSeconds) -> Result<(), AuthRefusal> {
        let user = self.user(sub).await?.ok_or(AuthRefusal::UnknownUser)?;
        let phc = self.new_hash(password, &user.name).await?;
        let of = user.sub.clone();
        let ended = self.ask(now, move |store| store.set_password(&of, &phc, now)).await?;
        self.tell(&AuthEvent::User { sub: &user.sub, change: Change::Changed }, now);
        self.ended(ended, "password_changed", now)
    }

    /// Disables a user: its sign-ins end and its streams are cut.
    ///
    /// # Errors
    /// `UnknownUser`, `Busy`, `Unavailable`.
    pub async fn disable_user(&self, sub: &str, now: UnixSeconds) -> Result<(), AuthRefusal> {
        let of = sub.to_owned();
        let ended = self.ask(now, move |store| store.disable_user(&of, now)).await?;
        self.tell(&AuthEvent::User { sub, change: Change::Disabled }, now);
        self.ended(ended, "user_disabled", now)
    }

    async fn new_hash(&self, password: &str, name: &str) -> Result<String, AuthRefusal> {
        let password = new_password(password, name)?;
        self.0.hasher.hash(self.0.hasher.enter()?, password).await
    }
}
