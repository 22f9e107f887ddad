//! The verified principal.

use std::fmt;
use std::sync::Arc;

use crate::{MissingScope, Principal, ProvenKey, Scope, Scopes, Tier, UnixSeconds};

/// Whose a generation is: the pair (issuer, sub).
///
/// `sub` alone names nobody, because two issuers may use the same one. Both are compared byte by byte: no case folding,
/// no Unicode normalisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    pub(crate) issuer: Arc<str>,
    pub(crate) sub: Arc<str>,
}

impl Subject {
    /// The subject of these names, to be looked for: it proves nothing about anybody.
    pub fn new(issuer: impl Into<Arc<str>>, sub: impl Into<Arc<str>>) -> Self {
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

/// A caller whose credential was verified. Only [`Gate::caller`](crate::Gate::caller) and the verifier behind it make
/// one.
#[derive(Clone, Debug)]
pub struct Caller {
    pub(crate) principal: Arc<Principal>,
    pub(crate) client_id: Option<Arc<str>>,
    pub(crate) jkt: Option<Arc<str>>,
    pub(crate) cbh: Option<Arc<str>>,
    pub(crate) scopes: Scopes,
    pub(crate) tier: Tier,
}

impl Caller {
    /// What its rights rest on.
    pub const fn principal(&self) -> &Arc<Principal> {
        &self.principal
    }

    /// Who it is.
    pub fn subject(&self) -> &Subject {
        self.principal.subject()
    }

    /// The sign-in the token belongs to, if its issuer names one (`sid`).
    pub fn sid(&self) -> Option<&str> {
        self.principal.sid()
    }

    /// The name of the token itself, if it has one (`jti`, RFC 7519 §4.1.7). Our own tokens always have one.
    pub fn jti(&self) -> Option<&str> {
        self.principal.jti()
    }

    /// The key that signed the token, if the token names one (`kid`). Our own tokens always do.
    pub fn kid(&self) -> Option<&str> {
        self.principal.kid()
    }

    /// The program that asked for the token (`client_id`), if the token says so.
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// The key the token is bound to (`cnf.jkt`, RFC 9449 §6). Its proof was checked.
    pub fn jkt(&self) -> Option<&str> {
        self.jkt.as_deref()
    }

    /// The cookie the token is bound to (`cnf.cbh`, the base64url of its SHA-256). It was checked.
    pub fn cookie_hash(&self) -> Option<&str> {
        self.cbh.as_deref()
    }

    /// The same as a key that was proved: a proof is good once, so the one that came with the token cannot be asked again.
    pub fn proven_key(&self) -> Option<ProvenKey> {
        self.jkt().map(ProvenKey::of_token)
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
    pub fn expires_at(&self) -> UnixSeconds {
        self.principal.expires_at()
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
        let principal = Principal {
            subject: Subject::new(issuer, sub),
            sid: None,
            jti: None,
            kid: None,
            issued_at: UnixSeconds(0),
            expires_at: UnixSeconds(u64::MAX),
        };
        Self { principal: Arc::new(principal), client_id: None, jkt: None, cbh: None, scopes, tier }
    }

    /// The same caller, its token being of this sign-in and ending at this moment (cargo feature `testing`).
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn testing_session(mut self, sid: &str, expires_at: UnixSeconds) -> Self {
        let principal = Arc::make_mut(&mut self.principal);
        principal.sid = Some(sid.into());
        principal.expires_at = expires_at;
        self
    }

    /// The same caller with a token of this name, signed with this key at this moment (cargo feature `testing`).
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn testing_token(mut self, jti: &str, kid: &str, issued_at: UnixSeconds) -> Self {
        let principal = Arc::make_mut(&mut self.principal);
        principal.jti = Some(jti.into());
        principal.kid = Some(kid.into());
        principal.issued_at = issued_at;
        self
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
