//! What a token is bound to: a key that has to be proved for every call, a cookie that has to come with it, nothing.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::forge::*;
use crate::{
    DpopPolicy, Evidence, ExternalIssuer, Gate, Public, Reason, Rejection, TestProver, VerifierConfig,
};

const PATH: &str = "/infer.v1.Infer/Stream";
const COOKIE: &str = "b5Xw9rQ2";

/// One gate that remembers and one that does not: bindings are checked alike.
fn gates() -> [Gate; 2] {
    let config = || VerifierConfig { own: WORLD.issuer.as_own_issuer(), external: Vec::new() };
    [gate(config(), false), gate(config(), true)]
}

fn bound(cnf: Value) -> String {
    signed_by_us(own_header(), with(own_claims(), "cnf", cnf))
}

/// The verdict on a request with this header, these proofs and this cookie.
async fn verdict(
    gate: &Gate,
    header: &str,
    proofs: &[&[u8]],
    cookie: Option<&str>,
) -> Result<Option<String>, Reason> {
    let evidence = Evidence {
        authorization: &[header.as_bytes()],
        proofs,
        binding_cookie: cookie,
        method: "POST",
        path: PATH,
        local_origin: None,
    };
    let caller = gate.caller(&evidence, NOW).await;
    caller.map(|caller| caller.jkt().map(str::to_owned)).map_err(Rejection::reason)
}

fn proof(prover: &TestProver, token: &str) -> String {
    prover.proof("POST", &format!("{ISSUER}{PATH}"), Some(token), None, NOW)
}

#[tokio::test]
async fn g21_a_token_that_is_bound_to_a_key_is_worth_nothing_without_it() {
    let (owner, thief) = (TestProver::new_es256(), TestProver::new_es256());
    let token = bound(json!({"jkt": owner.thumbprint()}));
    for gate in gates() {
        let (dpop, bearer) = (format!("DPoP {token}"), format!("Bearer {token}"));
        let good = proof(&owner, &token);
        let ask = async |header: &str, proofs: &[&str]| {
            let proofs: Vec<_> = proofs.iter().map(|proof| proof.as_bytes()).collect();
            verdict(&gate, header, &proofs, None).await.map(drop)
        };
        // As a bearer token, with and without a proof: the holder of a stolen token has no better.
        assert_eq!(ask(&bearer, &[]).await, Err(Reason::ProofRequired));
        assert_eq!(ask(&bearer, &[&good]).await, Err(Reason::ProofRequired));
        assert_eq!(ask(&dpop, &[]).await, Err(Reason::ProofRequired));
        assert_eq!(ask(&dpop, &[&good, &good]).await, Err(Reason::ProofRepeated));
        assert_eq!(ask(&dpop, &["x"]).await, Err(Reason::ProofMalformed));
        assert_eq!(ask(&dpop, &[&proof(&thief, &token)]).await, Err(Reason::ProofKeyMismatch));
        assert_eq!(ask(&dpop, &[&proof(&owner, "another.token.x")]).await, Err(Reason::ProofToken));
        let elsewhere = owner.proof("GET", &format!("{ISSUER}{PATH}"), Some(&token), None, NOW);
        assert_eq!(ask(&dpop, &[&elsewhere]).await, Err(Reason::ProofMethod));
        let elsewhere = owner.proof("POST", &format!("https://evil.test{PATH}"), Some(&token), None, NOW);
        assert_eq!(ask(&dpop, &[&elsewhere]).await, Err(Reason::ProofUrl));
        let raw: &[&[u8]] = &[b"\xff\xfe"];
        assert_eq!(verdict(&gate, &dpop, raw, None).await, Err(Reason::ProofMalformed));
        // None of these used up the good one; a remembered token does not spare the next proof.
        let jkt = verdict(&gate, &dpop, &[good.as_bytes()], None).await;
        assert_eq!(jkt, Ok(Some(owner.thumbprint().to_owned())));
        assert_eq!(ask(&dpop, &[&good]).await, Err(Reason::ProofReplayed));
        assert_eq!(ask(&dpop, &[]).await, Err(Reason::ProofRequired));
        assert_eq!(ask(&dpop, &[&proof(&owner, &token)]).await, Ok(()));
    }
    assert_eq!(Reason::ProofKeyMismatch.public(), Public::Proof);
}

#[tokio::test]
async fn the_scheme_of_bound_tokens_is_for_bound_tokens() {
    let prover = TestProver::new_es256();
    let token = signed_by_us(own_header(), own_claims());
    for gate in gates() {
        let proof = proof(&prover, &token);
        let dpop = format!("DPoP {token}");
        assert_eq!(verdict(&gate, &dpop, &[proof.as_bytes()], None).await, Err(Reason::ProofUnbound));
        assert_eq!(verdict(&gate, &dpop, &[], None).await, Err(Reason::ProofUnbound));
        // A proof nobody asked for is not looked at.
        let bearer = format!("Bearer {token}");
        assert_eq!(verdict(&gate, &bearer, &[b"x"], None).await, Ok(None));
    }
}

#[tokio::test]
async fn a_token_that_is_bound_to_a_cookie_needs_it() {
    let token = bound(json!({"cbh": b64(digest(&SHA256, COOKIE.as_bytes()))}));
    let header = format!("Bearer {token}");
    for gate in gates() {
        for _ in 0..2 {
            for wrong in [None, Some(""), Some("b5Xw9rQ3"), Some("b5Xw9rQ2 "), Some("B5XW9RQ2")] {
                assert_eq!(
                    verdict(&gate, &header, &[], wrong).await,
                    Err(Reason::CookieMismatch),
                    "{wrong:?}"
                );
            }
            assert_eq!(verdict(&gate, &header, &[], Some(COOKIE)).await, Ok(None));
        }
        let dpop = format!("DPoP {token}");
        assert_eq!(verdict(&gate, &dpop, &[], Some(COOKIE)).await, Err(Reason::ProofUnbound));
    }
    // A cookie that nobody asked for is not looked at.
    let unbound = format!("Bearer {}", signed_by_us(own_header(), own_claims()));
    assert_eq!(verdict(&gates()[1], &unbound, &[], Some("x")).await, Ok(None));
}

#[tokio::test]
async fn of_two_bindings_both_must_hold() {
    let prover = TestProver::new_es256();
    let token = bound(json!({"jkt": prover.thumbprint(), "cbh": b64(digest(&SHA256, COOKIE.as_bytes()))}));
    let header = format!("DPoP {token}");
    for gate in gates() {
        let proof = proof(&prover, &token);
        let proofs: &[&[u8]] = &[proof.as_bytes()];
        assert_eq!(verdict(&gate, &header, proofs, None).await, Err(Reason::CookieMismatch));
        assert_eq!(verdict(&gate, &header, &[], Some(COOKIE)).await, Err(Reason::ProofRequired));
        assert!(verdict(&gate, &header, proofs, Some(COOKIE)).await.is_ok());
    }
}

#[tokio::test]
async fn an_issuer_may_have_to_bind_its_tokens() {
    let prover = TestProver::new_es256();
    let mut external = ExternalIssuer::new("strict", shared(CLASSIC_SECRET, None));
    external.dpop = DpopPolicy::Required;
    let gate = gate(VerifierConfig { own: WORLD.issuer.as_own_issuer(), external: vec![external] }, true);
    let claims = json!({"sub": "7", "exp": NOW.0 + 60});
    let unbound = signed_with(CLASSIC_SECRET, json!({"alg": "HS256"}), &claims);
    for scheme in ["Bearer", "DPoP"] {
        let header = format!("{scheme} {unbound}");
        assert_eq!(verdict(&gate, &header, &[], None).await, Err(Reason::BindingRequired));
    }
    let claims = with(claims, "cnf", json!({"jkt": prover.thumbprint()}));
    let token = signed_with(CLASSIC_SECRET, json!({"alg": "HS256"}), &claims);
    let proof = proof(&prover, &token);
    let found = verdict(&gate, &format!("DPoP {token}"), &[proof.as_bytes()], None).await;
    assert_eq!(found, Ok(Some(prover.thumbprint().to_owned())));
}

#[tokio::test]
async fn g18_the_credential_is_in_one_header_or_nowhere() {
    let token = signed_by_us(own_header(), own_claims());
    let gate = &gates()[1];
    let values =
        |values: &[String]| values.iter().map(|value| value.clone().into_bytes()).collect::<Vec<_>>();
    let rows = [
        (values(&[]), Err(Reason::Missing)),
        (values(&[format!("Bearer {token}")]), Ok(())),
        (values(&[format!("bEaReR {token}")]), Ok(())),
        (values(&[format!("Bearer {token}"), format!("Bearer {token}")]), Err(Reason::HeaderRepeated)),
        (values(&[format!("Bearer {token}, Bearer {token}")]), Err(Reason::TokenMalformed)),
        (values(&[format!("Bearer {token} ")]), Err(Reason::TokenMalformed)),
        (values(&[format!("Bearer {token}==")]), Err(Reason::TokenMalformed)),
        (values(&[format!("Basic {token}")]), Err(Reason::SchemeUnsupported)),
        (values(std::slice::from_ref(&token)), Err(Reason::SchemeUnsupported)),
    ];
    for (headers, expected) in rows {
        let headers: Vec<&[u8]> = headers.iter().map(Vec::as_slice).collect();
        let path = format!("{PATH}?access_token={token}");
        let evidence = Evidence {
            authorization: &headers,
            binding_cookie: Some(&token),
            method: "POST",
            path: &path,
            ..Evidence::default()
        };
        let found = gate.caller(&evidence, NOW).await.map(drop).map_err(Rejection::reason);
        assert_eq!(found, expected, "{headers:?}");
    }
}
