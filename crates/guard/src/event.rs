//! Facts that this crate tells about itself. Nothing here knows a metric's name or a log's form; nothing here holds a
//! secret.

use std::net::IpAddr;

use crate::{Revocation, UnixSeconds};

/// How a sign-in by name and password ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoginResult {
    /// Signed in.
    Accepted,
    /// Wrong name or wrong password: nobody is told which.
    Refused,
    /// Too many attempts of this account or address; the password was not looked at.
    Throttled,
    /// More sign-ins at once than passwords can be checked.
    Busy,
}

/// How a refresh token was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefreshResult {
    /// A new one was given for it.
    Rotated,
    /// It had just been used: the same new one was given again.
    Grace,
    /// It had been used before: its whole sign-in was ended.
    Reuse,
    /// It, or its sign-in, had ended.
    Expired,
    /// There is none, or it is bound to another key.
    Refused,
}

/// What happened to something that an operator manages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// It was made.
    Created,
    /// It took effect, as a signing key that begins to sign.
    Activated,
    /// It was replaced and still verifies.
    Retired,
    /// It was changed, as a password.
    Changed,
    /// It was disabled or ended.
    Disabled,
    /// It works again.
    Enabled,
    /// It was withdrawn for good.
    Revoked,
}

/// A fact about authentication or its administration, for metrics and the audit log.
#[derive(Clone, Debug)]
pub enum AuthEvent<'a> {
    /// Somebody tried to sign in.
    Login {
        /// How it ended.
        result: LoginResult,
        /// Who it was; only for an accepted sign-in, because a refused one may name anybody.
        sub: Option<&'a str>,
        /// Where from.
        address: Option<IpAddr>,
    },
    /// A refresh token was presented.
    Refresh {
        /// How it was answered.
        result: RefreshResult,
        /// Whose it is, if anybody's.
        sub: Option<&'a str>,
        /// Its sign-in.
        sid: Option<&'a str>,
    },
    /// An access token was issued.
    Issued {
        /// To whom.
        sub: &'a str,
        /// To which program.
        client_id: &'a str,
        /// The token's name.
        jti: &'a str,
        /// By which right: `password`, `guest`, `session`, `api_key`, `refresh_token`, `client_credentials`,
        /// `authorization_code`, `command`.
        by: &'static str,
    },
    /// A sign-in ended before its time.
    SessionEnded {
        /// The sign-in.
        sid: &'a str,
        /// Why: `logout`, `revoked`, `reuse`, `user_disabled`, `password_changed`.
        why: &'static str,
    },
    /// Something was revoked.
    Revoked {
        /// What.
        revocation: &'a Revocation,
        /// By whom: a subject, or `command`.
        by: &'a str,
    },
    /// A user was added, disabled, enabled, or got another password.
    User {
        /// The user's `sub`.
        sub: &'a str,
        /// What happened.
        change: Change,
    },
    /// An API key was made or revoked.
    ApiKey {
        /// The key's id.
        id: &'a str,
        /// What happened.
        change: Change,
    },
    /// A signing key was made, activated, retired or revoked.
    SigningKey {
        /// The key's name.
        kid: &'a str,
        /// What happened.
        change: Change,
    },
    /// The key set of an external issuer was fetched.
    KeysFetched {
        /// The configured name of the issuer.
        issuer: &'a str,
        /// Whether it is usable.
        good: bool,
        /// Why it is not.
        error: Option<&'a str>,
    },
    /// The store did not do what it was asked for.
    StoreFailed {
        /// What it said: for operators, without secrets.
        error: &'a str,
    },
    /// A credential was refused.
    Rejected {
        /// One of the stable codes of [`Reason`](crate::Reason).
        reason: crate::Reason,
        /// The configured name of the issuer, as far as it was known; `own` for ourselves.
        issuer: Option<&'a str>,
    },
}

/// Takes facts. Called on the path of requests: it must not block.
pub trait AuthObserver: Send + Sync + 'static {
    /// Takes one fact.
    fn auth_event(&self, event: &AuthEvent<'_>, now: UnixSeconds);
}

/// An observer that ignores everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct IgnoreAuth;

impl AuthObserver for IgnoreAuth {
    fn auth_event(&self, _: &AuthEvent<'_>, _: UnixSeconds) {}
}
