//! A refusal and what the caller is asked to bring instead: the challenge of RFC 9110 §11.6.1.

use http::header::{HeaderMap, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue};
use seseragi_flow::{Blame, Code, Problem};
use seseragi_guard::{MissingScope, Public, Reason, Rejection, UnixSeconds};

use crate::app::App;

/// The header that carries a nonce for the next proof (RFC 9449 §8.1).
pub(crate) const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
/// The header that carries a proof (RFC 9449 §4.1).
pub(crate) const DPOP: HeaderName = HeaderName::from_static("dpop");
/// The algorithms of proofs, as challenges and metadata name them.
pub(crate) const PROOF_ALGORITHMS: [&str; 4] = ["ES256", "EdDSA", "RS256", "PS256"];

/// A call that was refused. Whatever its wire says of the problem, the headers go with it.
#[derive(Debug)]
pub(crate) struct Denied {
    pub(crate) problem: Problem,
    headers: Option<Box<HeaderMap>>,
}

impl Denied {
    /// The headers that go with the answer.
    pub(crate) fn headers(self) -> HeaderMap {
        self.headers.map(|headers| *headers).unwrap_or_default()
    }
}

impl From<Problem> for Denied {
    fn from(problem: Problem) -> Self {
        Self { problem, headers: None }
    }
}

impl App {
    /// The refusal of a credential. The caller hears expired, invalid, missing or proof, and nothing more.
    pub(crate) fn deny(&self, rejection: Rejection) -> Denied {
        self.observer.rejected(rejection.reason().as_str());
        let problem = unauthenticated(rejection);
        if problem.code != Code::Unauthenticated {
            return problem.into();
        }
        let mut headers = HeaderMap::with_capacity(1);
        self.challenge(&mut headers, &self.credential_challenge(rejection));
        Denied { problem, headers: Some(Box::new(headers)) }
    }

    /// The refusal of a caller that may not do this (RFC 6750 §3.1).
    pub(crate) fn deny_scope(&self, missing: MissingScope) -> Denied {
        self.observer.rejected("insufficient_scope");
        let problem = Problem {
            code: Code::PermissionDenied,
            blame: Blame::Caller,
            reason: "insufficient_scope".into(),
            message: format!("this call needs the scope {}", missing.0),
            retryable: false,
        };
        let mut headers = HeaderMap::with_capacity(1);
        let error = format!(", error=\"insufficient_scope\", scope=\"{}\"", missing.0);
        self.challenge(&mut headers, &format!("Bearer {}{error}", self.realm()));
        Denied { problem, headers: Some(Box::new(headers)) }
    }

    /// Tells the client which nonce its next proof should carry.
    pub(crate) fn add_nonce(&self, headers: &mut HeaderMap) {
        let nonce = self.gate.dpop().nonce(UnixSeconds::now());
        if let Ok(value) = HeaderValue::from_str(&nonce) {
            headers.insert(DPOP_NONCE, value);
        }
    }

    fn challenge(&self, headers: &mut HeaderMap, challenge: &str) {
        // A public URL that no header can carry was configured: better no challenge than a broken one.
        if let Ok(value) = HeaderValue::from_str(challenge) {
            headers.insert(WWW_AUTHENTICATE, value);
        }
    }

    fn credential_challenge(&self, rejection: Rejection) -> String {
        let realm = self.realm();
        match rejection.public() {
            // RFC 6750 §3.1: no error for whoever brought nothing.
            Public::Missing => format!("Bearer {realm}"),
            Public::Expired => {
                format!("Bearer {realm}, error=\"invalid_token\", error_description=\"expired\"")
            }
            Public::Invalid => format!("Bearer {realm}, error=\"invalid_token\""),
            Public::Proof => {
                let error = if wants_nonce(rejection) { "use_dpop_nonce" } else { "invalid_dpop_proof" };
                format!("DPoP {realm}, error=\"{error}\", algs=\"{}\"", PROOF_ALGORITHMS.join(" "))
            }
        }
    }

    fn realm(&self) -> String {
        format!("realm=\"seseragi\", resource_metadata=\"{}\"", self.identity.resource_metadata_url())
    }
}

/// Whether only the nonce of a proof is missing or old.
pub(crate) fn wants_nonce(rejection: Rejection) -> bool {
    rejection.reason() == Reason::ProofNonce
}

/// Our fault, or everybody's: not the caller's.
fn retryable(reason: &'static str, message: &str) -> Problem {
    let problem = Problem::gateway(Code::Unavailable, reason, message);
    Problem { retryable: true, ..problem }
}

/// The public form of a rejection: expired, invalid, missing or proof, and nothing more.
fn unauthenticated(rejection: Rejection) -> Problem {
    if rejection.reason() == Reason::StoreUnavailable {
        let message = "credentials cannot be checked at the moment; try again";
        return retryable("store_unavailable", message);
    }
    if rejection.reason() == Reason::ProofBusy {
        return retryable("busy", "too many proofs come at once; try again");
    }
    let message = match rejection.public() {
        Public::Expired => "the access token has expired: sign in again",
        Public::Invalid => "the access token is not valid: sign in again",
        Public::Missing => "this call needs an access token: authorization: Bearer …",
        Public::Proof => "the access token is bound to a key and needs its proof",
    };
    Problem::caller(Code::Unauthenticated, rejection.public().as_str(), message)
}
