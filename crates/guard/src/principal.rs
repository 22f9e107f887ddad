//! What a running right rests on.

use std::sync::Arc;

use crate::{Subject, UnixSeconds};

/// The names by which a right can be withdrawn while it is used: whose it is, and the sign-in, the token and the key
/// it rests on.
///
/// Permits carry it, so that a revocation finds running generations and readers. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub(crate) subject: Subject,
    pub(crate) sid: Option<Arc<str>>,
    pub(crate) jti: Option<Arc<str>>,
    pub(crate) kid: Option<Arc<str>>,
    pub(crate) issued_at: UnixSeconds,
    pub(crate) expires_at: UnixSeconds,
}

impl Principal {
    /// Who it is.
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The sign-in the token belongs to, if its issuer names one (`sid`).
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// The name of the token itself, if it has one (`jti`, RFC 7519 §4.1.7). Our own tokens always have one.
    pub fn jti(&self) -> Option<&str> {
        self.jti.as_deref()
    }

    /// The key that signed the token, if the token names one (`kid`). Our own tokens always do.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// When the token was made (`iat`). For a token without `iat` the earliest moment that its issuer's rules allow,
    /// so that a revocation of everything before some moment covers it in doubt.
    pub const fn issued_at(&self) -> UnixSeconds {
        self.issued_at
    }

    /// When the token ends (`exp`), clock skew not added.
    pub const fn expires_at(&self) -> UnixSeconds {
        self.expires_at
    }
}
