//! The verified principal.

use std::fmt;
use std::sync::Arc;

use crate::{MissingScope, Scope, Scopes, Tier, UnixSeconds};

/// Whose a generation is: the pair (issuer, sub).
///
/// `sub` alone names nobody, because two issuers may use the same one. Both are compared byte by byte: no case folding,
/// no Unicode normalisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    issuer: Arc<str>,
    sub: Arc<str>,
}

impl Subject {
    pub(crate) fn new(issuer: impl Into<Arc<str>>, sub: impl Into<Arc<str>>) -> Self {
        Self { issuer: issuer.into(), sub: sub.into() }
    }

    /// The `iss` of the token, or the configured name of an issuer whose tokens carry none.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The subject within its issuer: 1 to 255 bytes without control characters.
    pub fn sub(&self) -> &str {
        &self.sub
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.issuer, self.sub)
    }
}

/// A caller whose credential was verified. Only [`Verifier::verify`](crate::Verifier::verify) makes one.
#[derive(Clone, Debug)]
pub struct Caller {
    pub(crate) subject: Subject,
    pub(crate) sid: Option<Arc<str>>,
    pub(crate) jti: Option<Arc<str>>,
    pub(crate) kid: Option<Arc<str>>,
    pub(crate) scopes: Scopes,
    pub(crate) tier: Tier,
    pub(crate) expires_at: UnixSeconds,
}

impl Caller {
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

    /// The key the token is bound to (`cnf.jkt`, RFC 9449 §6). Always `None` today: a bound token is refused,
    /// because its proof cannot be checked yet.
    pub const fn jkt(&self) -> Option<&str> {
        None
    }

    /// What it may do.
    pub const fn scopes(&self) -> Scopes {
        self.scopes
    }

    /// How much it may do.
    pub const fn tier(&self) -> Tier {
        self.tier
    }

    /// When the token ends (`exp`), clock skew not added.
    pub const fn expires_at(&self) -> UnixSeconds {
        self.expires_at
    }

    /// Demands one scope.
    ///
    /// # Errors
    /// [`MissingScope`] if the caller does not have it.
    pub fn require(&self, scope: Scope) -> Result<(), MissingScope> {
        if self.scopes.contains(scope) { Ok(()) } else { Err(MissingScope(scope)) }
    }

    /// A caller that nobody verified, for tests of other crates (cargo feature `testing`).
    #[cfg(any(test, feature = "testing"))]
    pub fn testing(issuer: &str, sub: &str, scopes: Scopes, tier: Tier) -> Self {
        Self {
            subject: Subject::new(issuer, sub),
            sid: None,
            jti: None,
            kid: None,
            scopes,
            tier,
            expires_at: UnixSeconds(u64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_demanded_by_name() {
        let caller = Caller::testing("i", "s", Scope::InferRead.into(), Tier::User);
        assert_eq!(caller.require(Scope::InferRead), Ok(()));
        let missing = caller.require(Scope::ReflectionRead).unwrap_err();
        assert_eq!(missing.to_string(), "the scope reflection:read is needed");
    }

    #[test]
    fn the_same_sub_of_two_issuers_is_two_subjects() {
        assert_ne!(Subject::new("a", "x"), Subject::new("b", "x"));
    }
}
