//! Why a credential was refused.

use std::fmt;

/// What the caller is told. Everything more precise goes to logs and metrics only, so that an attacker learns
/// nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Public {
    /// The credential was good and has ended: get a new one.
    Expired,
    /// The credential is not good.
    Invalid,
    /// There is no credential we could look at (RFC 6750 §3.1: no `error` in the challenge).
    Missing,
    /// The credential is bound to a key and needs a proof of it (RFC 9449).
    Proof,
}

impl Public {
    /// The stable word of answers: `expired`, `invalid`, `missing`, `proof`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Invalid => "invalid",
            Self::Missing => "missing",
            Self::Proof => "proof",
        }
    }
}

/// A refused credential. Answer 401 / `UNAUTHENTICATED` with [`Rejection::public`] and nothing else, except
/// for [`Reason::StoreUnavailable`], which is our fault and not the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection {
    reason: Reason,
}

impl Rejection {
    /// The precise reason, for logs and metrics.
    pub const fn reason(self) -> Reason {
        self.reason
    }

    /// What the caller may know.
    pub const fn public(self) -> Public {
        self.reason.public()
    }
}

impl From<Reason> for Rejection {
    fn from(reason: Reason) -> Self {
        Self { reason }
    }
}

/// For logs: the code and one sentence. Not for callers.
impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason.as_str(), self.reason.meaning())
    }
}

impl std::error::Error for Rejection {}

/// One row per reason: the documented meaning is the doc comment and the text for logs.
macro_rules! reasons {
    ($($reason:ident, $code:literal, $public:ident, $meaning:literal;)*) => {
        /// Precisely why. The codes are stable: dashboards and alerts use them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason {
            $(#[doc = $meaning] $reason,)*
        }

        impl Reason {
            /// Every reason there is, for metrics that start at zero.
            pub const ALL: &[Self] = &[$(Self::$reason,)*];

            /// The stable code in snake case.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$reason => $code,)* }
            }

            /// One sentence for the operator.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$reason => $meaning,)* }
            }

            /// What the caller may know of it.
            pub const fn public(self) -> Public {
                match self { $(Self::$reason => Public::$public,)* }
            }
        }
    };
}

reasons! {
    Missing, "missing", Missing, "there is no Authorization header";
    HeaderRepeated, "header_repeated", Invalid, "there is more than one Authorization header";
    SchemeUnsupported, "scheme_unsupported", Missing,
        "the Authorization header is of another scheme than Bearer and DPoP";
    ProofUnsupported, "proof_unsupported", Proof, "the DPoP scheme is not taken here";
    TokenTooLarge, "token_too_large", Invalid, "the token is longer than 8192 bytes, or 4096 for our own";
    TokenMalformed, "token_malformed", Invalid, "the token is not three parts of canonical base64url";
    HeaderMalformed, "header_malformed", Invalid,
        "the token header is not one small JSON object of strings with unique keys";
    HeaderFieldForbidden, "header_field_forbidden", Invalid, "the token header has a field other than alg, typ and kid";
    ClaimsMalformed, "claims_malformed", Invalid, "the claims are not one JSON object with unique keys at every level";
    IssuerInvalid, "issuer_invalid", Invalid, "iss is not a string";
    IssuerMissing, "issuer_missing", Invalid, "the token has no iss and no issuer is configured for such tokens";
    IssuerUnknown, "issuer_unknown", Invalid, "iss equals no configured issuer, byte by byte";
    KeyUnknown, "key_unknown", Invalid, "the issuer has no key of this kid, or the token names no kid and has to";
    AlgorithmForbidden, "algorithm_forbidden", Invalid, "alg is not the one algorithm of the key";
    TypeForbidden, "type_forbidden", Invalid, "typ is not one the issuer uses for access tokens";
    SignatureInvalid, "signature_invalid", Invalid, "the signature does not belong to the token and the key";
    ExpiryInvalid, "expiry_invalid", Invalid, "exp is missing or not a whole number of seconds";
    Expired, "expired", Expired, "exp has passed";
    IssuedAtInvalid, "issued_at_invalid", Invalid, "iat is missing or not a whole number of seconds";
    IssuedInFuture, "issued_in_future", Invalid, "iat is in the future by more than the clock skew";
    NotBeforeInvalid, "not_before_invalid", Invalid, "nbf is not a whole number of seconds";
    NotYetValid, "not_yet_valid", Invalid, "nbf is in the future by more than the clock skew";
    LifetimeInvalid, "lifetime_invalid", Invalid, "exp is not after iat, or further away than the issuer's max_age_s";
    AudienceInvalid, "audience_invalid", Invalid, "aud does not name us";
    SubjectInvalid, "subject_invalid", Invalid,
        "the subject claim is missing, empty, longer than 255 bytes or has control characters";
    TokenIdInvalid, "token_id_invalid", Invalid, "jti, sid or client_id is missing or not a short string";
    SubjectPlaceholder, "subject_placeholder", Invalid,
        "the subject is a word like None, null, undefined or AnonymousUser: the issuer made a token for a visitor who \
         is not signed in; it should answer 401 instead";
    ScopeInvalid, "scope_invalid", Invalid, "the scope claim is neither a string nor an array of strings";
    TierInvalid, "tier_invalid", Invalid, "lim names no tier";
    ClaimRequired, "claim_required", Invalid, "a claim the configuration requires is missing or different";
    Revoked, "revoked", Invalid, "the token, its sign-in, its subject or its key was revoked";
    ConfirmationInvalid, "confirmation_invalid", Invalid,
        "cnf is not an object of jkt and cbh, each the base64url of a SHA-256";
    CookieMismatch, "cookie_mismatch", Invalid, "the token is bound to a cookie that did not come with it";
    ProofRequired, "proof_required", Proof, "the token is bound to a key by cnf and came without a proof";
    ProofMalformed, "proof_malformed", Proof,
        "the proof is longer than 4096 bytes, not three parts of canonical base64url, or lacks a claim of RFC 9449 §4.2";
    ProofType, "proof_type", Proof, "the typ of the proof is not dpop+jwt";
    ProofAlgorithm, "proof_algorithm", Proof, "the proof is not signed with ES256, Ed25519, RS256 or PS256";
    ProofKey, "proof_key", Proof, "the jwk of the proof is not one public key of its algorithm";
    ProofSignature, "proof_signature", Proof, "the signature does not belong to the proof and its key";
    ProofMethod, "proof_method", Proof, "htm is not the method of the request";
    ProofUrl, "proof_url", Proof,
        "htu is not the URL of the request: the public origin of the server is missing in its configuration, or the \
         proof was made for something else";
    ProofTime, "proof_time", Proof, "iat is more than 60 s ago or more than 5 s ahead: somebody's clock is wrong";
    ProofReplayed, "proof_replayed", Proof, "the proof has been used before";
    ProofToken, "proof_token", Proof, "ath is missing or not the hash of the access token";
    ProofNonce, "proof_nonce", Proof, "the proof has no nonce of ours that still counts";
    ProofBusy, "proof_busy", Proof,
        "as many proofs as are remembered came within a minute: none is forgotten early, so new ones are refused";
    ProofRepeated, "proof_repeated", Proof, "there is more than one DPoP header";
    ProofUnbound, "proof_unbound", Invalid, "the DPoP scheme came with a token that is bound to no key";
    ProofKeyMismatch, "proof_key_mismatch", Proof, "the proof is of another key than the token is bound to";
    BindingRequired, "binding_required", Invalid,
        "the issuer's tokens have to be bound to a key, and this one is not";
    ApiKeyMalformed, "api_key_malformed", Invalid, "the API key is mistyped: its form or its checksum is wrong";
    ApiKeyUnknown, "api_key_unknown", Invalid, "there is no such API key";
    ApiKeyRevoked, "api_key_revoked", Invalid, "the API key was revoked";
    ApiKeyExpired, "api_key_expired", Expired, "the API key has ended";
    StoreUnavailable, "store_unavailable", Invalid, "the API keys could not be read: our fault, answer UNAVAILABLE";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_in_snake_case() {
        let codes: HashSet<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        assert!(codes.iter().all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
    }

    #[test]
    fn a_log_line_names_code_and_meaning() {
        let rejection = Rejection::from(Reason::Expired);
        assert_eq!(rejection.to_string(), "expired: exp has passed");
        assert_eq!(rejection.public(), Public::Expired);
    }
}
