//! The key that a client proves to have while it asks for tokens (RFC 9449 §5).

use http::{HeaderMap, StatusCode};
use seseragi_guard::{ProofTarget, ProvenKey, Reason};

use super::Visit;
use crate::denied::{DPOP, DPOP_NONCE, wants_nonce};
use crate::evidence::values;
use crate::web::Document;

/// The key of the proof in the `DPoP` header, if there is one. Proofs for tokens always need a nonce of ours: it costs one
/// more request per sign-in and makes proofs that were prepared ahead worthless.
///
/// # Errors
/// 400 `invalid_dpop_proof`; `use_dpop_nonce` with the nonce to use (RFC 9449 §8).
pub(super) fn prove(visit: &Visit<'_>) -> Result<Option<ProvenKey>, Document> {
    let values = values(&visit.head.headers, &DPOP);
    let proof = match values.as_slice() {
        [] => return Ok(None),
        [proof] => std::str::from_utf8(proof).map_err(|_| invalid())?,
        _ => return Err(invalid()),
    };
    let local_origin = visit.app.local_origin(visit.head);
    let target = ProofTarget {
        method: visit.head.method.as_str(),
        path: visit.head.uri.path(),
        local_origin: local_origin.as_deref(),
        access_token: None,
        nonce: true,
    };
    visit.app.gate.dpop().prove(proof, &target, visit.now).map(Some).map_err(|rejection| {
        if rejection.reason() == Reason::ProofBusy {
            return visit.app.deny(rejection).into();
        }
        visit.app.observer.rejected(rejection.reason().as_str());
        if !wants_nonce(rejection) {
            return invalid();
        }
        let detail = "the proof needs the nonce of the header dpop-nonce";
        let mut document = Document::new(StatusCode::BAD_REQUEST, "use_dpop_nonce").because(detail);
        visit.app.add_nonce(document.headers_mut());
        document
    })
}

/// Whoever proves a key hears the nonce of its next proof.
pub(super) fn add_nonce(visit: &Visit<'_>, headers: &mut HeaderMap) {
    if visit.head.headers.contains_key(DPOP) && !headers.contains_key(DPOP_NONCE) {
        visit.app.add_nonce(headers);
    }
}

fn invalid() -> Document {
    Document::new(StatusCode::BAD_REQUEST, "invalid_dpop_proof")
        .because("the proof in the DPoP header is not good")
}
