//! Users: who can sign in.

use super::engine::{Fault, Row, Tx, params};
use super::sessions::end_all_of;
use super::{NewUser, Store, StoreError, User, UserSecret, revocations};
use crate::{Revocation, Revoked, Scopes, Subject, Tier, UnixSeconds};

const USER: &str = "sub, name, tier, scopes, created_at, password_changed_at, disabled_at";

impl Store {
    /// Adds a user.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`], or another if the store fails.
    pub fn add_user(&self, new: NewUser<'_>, now: UnixSeconds) -> Result<User, StoreError> {
        let sql = "INSERT INTO account
                   (sub, name, login_key, phc, tier, scopes, created_at, password_changed_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (login_key) DO NOTHING";
        let scopes = new.scopes.to_string();
        self.engine.transaction(|tx| {
            let values = params![new.sub, new.name, new.login_key, new.phc, new.tier.as_str(), &scopes, now];
            if tx.execute(sql, values)? == 0 { Err(StoreError::NameTaken.into()) } else { Ok(()) }
        })?;
        Ok(User {
            sub: new.sub.to_owned(),
            name: new.name.to_owned(),
            tier: new.tier,
            scopes: new.scopes,
            created_at: now,
            password_changed_at: now,
            disabled_at: None,
        })
    }

    /// All users, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn users(&self) -> Result<Vec<User>, StoreError> {
        let sql = format!("SELECT {USER} FROM account ORDER BY created_at, login_key");
        self.engine.alone(|tx| tx.rows(&sql, params![])?.iter_mut().map(user).collect())
    }

    /// The user of this `sub`.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn user(&self, sub: &str) -> Result<Option<User>, StoreError> {
        let sql = format!("SELECT {USER} FROM account WHERE sub = $1");
        self.engine.alone(|tx| tx.row(&sql, params![sub])?.as_mut().map(user).transpose())
    }

    /// The user of this name, and what its password is checked against.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn user_by_login(&self, login_key: &str) -> Result<Option<UserSecret>, StoreError> {
        let sql = format!("SELECT {USER}, phc FROM account WHERE login_key = $1");
        self.engine.alone(|tx| {
            let found = tx.row(&sql, params![login_key])?;
            found.map(|mut row| Ok(UserSecret { user: user(&mut row)?, phc: row.text()? })).transpose()
        })
    }

    /// Sets a user's password and ends all its sign-ins; their revocations are written and returned.
    ///
    /// # Errors
    /// [`StoreError::UnknownUser`], or another if the store fails.
    pub fn set_password(
        &self,
        sub: &str,
        phc: &str,
        now: UnixSeconds,
    ) -> Result<Vec<Revocation>, StoreError> {
        let sql = "UPDATE account SET phc = $2, password_changed_at = $3 WHERE sub = $1";
        self.engine.transaction(|tx| {
            change(tx.execute(sql, params![sub, phc, now])?)?;
            end_all_of(tx, &self.issuer, sub, now)
        })
    }

    /// Replaces the hash of an unchanged password by one with other costs; nothing if the hash is another by now.
    /// `password_changed_at` and the sign-ins stay.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn rehash(&self, sub: &str, old_phc: &str, new_phc: &str) -> Result<(), StoreError> {
        let sql = "UPDATE account SET phc = $3 WHERE sub = $1 AND phc = $2";
        self.engine.alone(|tx| tx.execute(sql, params![sub, old_phc, new_phc]).map(drop))
    }

    /// Disables a user: ends all its sign-ins and revokes everything issued to it so far. All revocations are written in
    /// the same transaction and returned. A second time the moment stays the first one's.
    ///
    /// # Errors
    /// [`StoreError::UnknownUser`], or another if the store fails.
    pub fn disable_user(&self, sub: &str, now: UnixSeconds) -> Result<Vec<Revocation>, StoreError> {
        let sql = "UPDATE account SET disabled_at = coalesce(disabled_at, $2) WHERE sub = $1";
        self.engine.transaction(|tx| {
            change(tx.execute(sql, params![sub, now])?)?;
            let what = Revoked::Subject { subject: Subject::new(&*self.issuer, sub), before: now };
            let mut written = vec![revocations::write(tx, what, now)?];
            written.extend(end_all_of(tx, &self.issuer, sub, now)?);
            Ok(written)
        })
    }

    /// Lets a disabled user sign in again. What was ended stays ended.
    ///
    /// # Errors
    /// [`StoreError::UnknownUser`], or another if the store fails.
    pub fn enable_user(&self, sub: &str) -> Result<(), StoreError> {
        let sql = "UPDATE account SET disabled_at = NULL WHERE sub = $1";
        self.engine.transaction(|tx| change(tx.execute(sql, params![sub])?))
    }
}

/// Nothing, if the user of a sign-in that was checked at `checked_at` is still allowed in with the same password. The
/// user is locked, so that it stays so until the end of the transaction. Guests have no account.
pub(super) fn still_allowed(tx: &mut Tx<'_>, sub: &str, checked_at: UnixSeconds) -> Result<(), Fault> {
    let sql = "SELECT password_changed_at, disabled_at FROM account WHERE sub = $1 FOR UPDATE";
    let Some(mut row) = tx.row(sql, params![sub])? else { return Ok(()) };
    let (changed_at, disabled_at) = (row.moment()?, row.maybe_moment()?);
    if changed_at > checked_at || disabled_at.is_some() {
        return Err(StoreError::UserChanged.into());
    }
    Ok(())
}

fn change(rows: usize) -> Result<(), Fault> {
    if rows == 0 { Err(StoreError::UnknownUser.into()) } else { Ok(()) }
}

fn user(row: &mut Row) -> Result<User, Fault> {
    Ok(User {
        sub: row.text()?,
        name: row.text()?,
        tier: tier(row)?,
        scopes: scopes(row)?,
        created_at: row.moment()?,
        password_changed_at: row.moment()?,
        disabled_at: row.maybe_moment()?,
    })
}

/// Written by a newer version, perhaps: the least is the safe reading.
pub(super) fn tier(row: &mut Row) -> Result<Tier, Fault> {
    Ok(row.text()?.parse().unwrap_or(Tier::Guest))
}

pub(super) fn scopes(row: &mut Row) -> Result<Scopes, Fault> {
    Ok(Scopes::from_list(&row.text()?))
}
