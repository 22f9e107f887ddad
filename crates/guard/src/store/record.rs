//! What the store keeps, as plain data. Secrets are kept as SHA-256 digests only; private keys are sealed before they
//! come here.

use std::fmt;

use crate::{Revocation, Scopes, Tier, UnixSeconds};

/// The SHA-256 of a secret of ours: of 256 random bits nothing slower is needed.
pub type Digest = [u8; 32];

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The `sub` of its tokens: `user:<26 characters>`, never reused.
    pub sub: String,
    /// The name as it was given.
    pub name: String,
    /// How much its tokens may do.
    pub tier: Tier,
    /// What its tokens may do at most.
    pub scopes: Scopes,
    /// When it was added.
    pub created_at: UnixSeconds,
    /// When its password was set last.
    pub password_changed_at: UnixSeconds,
    /// When it was disabled, if it is.
    pub disabled_at: Option<UnixSeconds>,
}

/// A user with what its password is checked against.
#[derive(Clone)]
pub struct UserSecret {
    /// The user.
    pub user: User,
    /// The password's hash in PHC string form (`$argon2id$…`).
    pub phc: String,
}

/// A user to be added.
#[derive(Clone, Copy)]
pub struct NewUser<'a> {
    /// The `sub`.
    pub sub: &'a str,
    /// The name as it is shown.
    pub name: &'a str,
    /// The name as it is compared: one for all ways to type it.
    pub login_key: &'a str,
    /// The password's hash.
    pub phc: &'a str,
    /// How much.
    pub tier: Tier,
    /// What.
    pub scopes: Scopes,
}

/// What a sign-in's tokens are bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Binding {
    /// Nothing: who holds them may use them.
    #[default]
    None,
    /// A key, by its thumbprint (`cnf.jkt`, RFC 9449 §6).
    Key(String),
    /// A cookie of the browser, by its digest (`cnf.cbh`).
    Cookie(Digest),
}

/// A sign-in, and the family of its refresh tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its name (`sid`): 26 characters.
    pub sid: String,
    /// Whose it is.
    pub sub: String,
    /// The program that signed in (`client_id`).
    pub client_id: String,
    /// What its tokens may do.
    pub scopes: Scopes,
    /// How much its tokens may do.
    pub tier: Tier,
    /// What they are bound to.
    pub binding: Binding,
    /// When it began.
    pub created_at: UnixSeconds,
    /// When it was last used, up to a minute too early.
    pub last_used_at: UnixSeconds,
    /// For how long it may be unused, in seconds.
    pub idle_s: u64,
    /// When it ends, used or not.
    pub expires_at: UnixSeconds,
    /// When it was ended before its time, if it was.
    pub ended_at: Option<UnixSeconds>,
    /// The sign-in it was made from by an authorization code (its `sid`): it ends with that one.
    pub parent: Option<String>,
}

impl Session {
    /// Whether it is good at `now`.
    pub fn is_live(&self, now: UnixSeconds) -> bool {
        self.ended_at.is_none() && now < self.expires_at && now < self.last_used_at.plus(self.idle_s)
    }
}

/// A sign-in to be written. Its refresh token and its cookie are optional.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The sign-in as it begins.
    pub session: Session,
    /// The digest of its first refresh token.
    pub refresh: Option<Digest>,
    /// The digest of its cookie.
    pub cookie: Option<Digest>,
}

/// A refresh token that is presented, and the one that would follow it.
#[derive(Clone, Debug)]
pub struct Rotation<'a> {
    /// The digest of the token presented.
    pub presented: Digest,
    /// The digest of its successor, which is derived from it, so that two who present one token get one successor.
    pub successor: Digest,
    /// The program that presents it.
    pub client_id: Option<&'a str>,
    /// The key that was proved, if one was.
    pub jkt: Option<&'a str>,
    /// For how long after its first use the same successor is given again, in seconds.
    pub grace_s: u64,
}

/// What came of a rotation. Decided in one transaction, so that no two successors are ever valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// The successor is written.
    Fresh(Session),
    /// It was used within the grace time: its successor stands.
    Grace(Session),
    /// It was used before that: the session and those made from it were ended by this call, and these revocations are
    /// written.
    Reuse(Session, Vec<Revocation>),
    /// It is good, but the session has ended or expired.
    Ended(Session),
    /// It is bound to another key or belongs to another program. Nothing was changed.
    NotTheirs(Session),
    /// There is no such token.
    Unknown,
}

/// An authorization code (RFC 6749 §4.1, RFC 7636).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeGrant {
    /// The program it is for.
    pub client_id: String,
    /// Where it was sent.
    pub redirect_uri: String,
    /// The S256 challenge.
    pub code_challenge: String,
    /// The key the tokens must be bound to (`dpop_jkt`, RFC 9449 §10).
    pub jkt: Option<String>,
    /// Whose it is.
    pub sub: String,
    /// How much the tokens may do.
    pub tier: Tier,
    /// What the tokens may do.
    pub scopes: Scopes,
    /// When it ends.
    pub expires_at: UnixSeconds,
    /// The sign-in that asked for it (its `sid`): the code is worth nothing once that has ended.
    pub parent: String,
}

/// What came of presenting an authorization code. It is used up by being presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenCode {
    /// Presented for the first time. It may have ended: check `expires_at`.
    Good(CodeGrant),
    /// Presented before: the sign-in that was made from it was ended by this call (RFC 6749 §4.1.2), its `sid` if there
    /// was one.
    Used(Option<String>),
    /// There is none.
    Unknown,
}

/// What a signing key is for at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// Published, so that others know it when it begins to sign.
    Next,
    /// Signs.
    Active,
    /// Signs no more; its tokens are good to their end.
    Retired,
    /// Withdrawn: its tokens are worth nothing.
    Revoked,
}

/// A signing key as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Its name: the thumbprint (RFC 7638).
    pub kid: String,
    /// The private half, sealed; empty once it is of no use.
    pub sealed: Vec<u8>,
    /// The public half: an uncompressed point (SEC 1 §2.3.3).
    pub point: Vec<u8>,
    /// What it is for.
    pub state: KeyState,
    /// When it was made and published.
    pub created_at: UnixSeconds,
    /// When its state changed last; of a next key: when it begins to sign.
    pub changed_at: UnixSeconds,
}

/// The private half is sealed, and still nobody's business.
impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredKey")
            .field("kid", &self.kid)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// The account of attempts to sign in of one name, address or device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// When the next attempt conforms to the rate (the theoretical arrival time of GCRA), in milliseconds since 1970.
    pub next_ms: u64,
    /// Failures in a row.
    pub failures: u32,
    /// When the account was changed last.
    pub changed_at: UnixSeconds,
}

/// Edits a list of rows while nobody else can.
pub type StoreChange<'a, T> = &'a mut dyn FnMut(&mut Vec<T>);
