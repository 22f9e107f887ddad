//! Why something was not given. What is said here may be told to whoever asked: it never tells whether a name exists.

use thiserror::Error;

use crate::Reason;

/// Why no token was issued, no sign-in begun, nothing revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AuthRefusal {
    /// Wrong name or wrong password, or a disabled user: one answer for all.
    #[error("the name or the password is wrong")]
    Credentials,
    /// Too many attempts: try again in so many seconds.
    #[error("too many attempts: try again in {0} s")]
    Throttled(u64),
    /// More is asked at once than can be done.
    #[error("too much is asked at once: try again in a second")]
    Busy,
    /// The cookie is not of a living sign-in.
    #[error("not signed in")]
    SignedOut,
    /// The refresh token or the code is not good (`invalid_grant`).
    #[error("the grant is not valid")]
    Grant,
    /// The program is not known or did not authenticate (`invalid_client`).
    #[error("the client is not known")]
    Client,
    /// The place to send the code to is not one of the program's: nothing may be sent there.
    #[error("the redirect_uri is not registered for this client")]
    Redirect,
    /// More is wanted than may be given (`invalid_scope`).
    #[error("a scope that was asked for cannot be given")]
    Scope,
    /// A parameter is malformed (`invalid_request`); its name.
    #[error("{0} is missing or malformed")]
    Request(&'static str),
    /// A new password is not good enough, and why. For whoever manages users.
    #[error("the password {0}")]
    Password(&'static str),
    /// Another user has this name. For whoever manages users.
    #[error("there is a user of this name already")]
    NameTaken,
    /// There is no such user. For whoever manages users.
    #[error("there is no such user")]
    UnknownUser,
    /// A credential was refused.
    #[error("the credential was refused")]
    Rejected(Reason),
    /// The store does not answer.
    #[error("accounts cannot be reached at the moment: try again")]
    Unavailable,
}
