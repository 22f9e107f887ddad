//! External HS256 issuers: the short tokens of web frameworks, and the walls between issuers.

use serde_json::{Value, json};

use super::forge::*;
use crate::{Reason, Scope, Scopes, Tier};

fn classic_claims() -> Value {
    json!({"sub": "42", "exp": NOW.0 + 300, "scope": ["infer:read"]})
}

fn classic(claims: impl ToString) -> String {
    signed_with(CLASSIC_SECRET, json!({"alg": "HS256", "typ": "JWT"}), claims)
}

fn full_claims() -> Value {
    json!({
        "iss": FULL_ISSUER, "aud": ["api"], "user_id": 7, "exp": NOW.0 + 300, "iat": NOW.0, "jti": "j9",
        "token_type": "access", "permissions": "infer:read reflection:read",
    })
}

fn full(claims: impl ToString) -> String {
    signed_with(FULL_SECRET, json!({"alg": "HS256", "typ": "JWT", "kid": "d1"}), claims)
}

#[test]
fn the_three_claims_of_a_web_framework_are_enough() {
    let caller = accepted(&classic(classic_claims()));
    assert_eq!((caller.subject().issuer(), caller.subject().sub()), ("classic", "42"));
    assert_eq!((caller.tier(), caller.scopes()), (Tier::User, Scope::InferRead.into()));
    assert_eq!((caller.jti(), caller.kid(), caller.sid()), (None, None, None));
    assert_eq!(caller.expires_at().0, NOW.0 + 300);
}

#[test]
fn scope_is_a_list_in_either_form() {
    let scopes = |value: Value| accepted(&classic(with(classic_claims(), "scope", value))).scopes();
    assert_eq!(scopes(json!("infer:read other:thing")), Scope::InferRead.into());
    let both = [Scope::InferRead, Scope::ReflectionRead].into_iter().collect();
    assert_eq!(scopes(json!(["other", "infer:read", "reflection:read", "admin:revoke"])), both);
    assert_eq!(scopes(json!(["infer:read reflection:read"])), Scopes::NONE);
    assert_eq!(scopes(json!([])), Scopes::NONE);
    assert_eq!(accepted(&classic(without(classic_claims(), "scope"))).scopes(), Scopes::NONE);
    for bad in [
        json!(1),
        json!({"infer:read": true}),
        json!(["infer:read", 1]),
        json!(null),
        json!([["infer:read"]]),
    ] {
        refused(&classic(with(classic_claims(), "scope", bad)), Reason::ScopeInvalid);
    }
}

#[test]
fn the_header_of_a_classic_token() {
    let header = |header: Value| verify(&signed_with(CLASSIC_SECRET, header, classic_claims())).map(drop);
    assert_eq!(header(json!({"alg": "HS256"})), Ok(()));
    assert_eq!(header(json!({"alg": "HS256", "typ": "at+jwt"})), Err(Reason::TypeForbidden));
    assert_eq!(header(json!({"alg": "HS256", "typ": "jwt"})), Err(Reason::TypeForbidden));
    assert_eq!(header(json!({"alg": "HS256", "kid": "1"})), Err(Reason::KeyUnknown));
    assert_eq!(header(json!({"alg": "HS256", "kid": ""})), Err(Reason::KeyUnknown));
    for alg in ["none", "HS384", "HS512", "ES256", "hs256"] {
        assert_eq!(header(json!({"alg": alg})), Err(Reason::AlgorithmForbidden), "{alg}");
    }
}

#[test]
fn the_subject_of_a_classic_token_is_a_string() {
    for bad in [json!(42), json!(""), json!(null), json!("a\u{7}b")] {
        refused(&classic(with(classic_claims(), "sub", bad)), Reason::SubjectInvalid);
    }
    refused(&classic(without(classic_claims(), "sub")), Reason::SubjectInvalid);
    refused(&classic(with(classic_claims(), "cnf", json!({"jkt": "x"}))), Reason::ConfirmationInvalid);
    refused(&classic(with(classic_claims(), "jti", 5)), Reason::TokenIdInvalid);
}

#[test]
fn a_configured_issuer_has_its_own_claims() {
    let caller = accepted(&full(full_claims()));
    assert_eq!((caller.subject().issuer(), caller.subject().sub()), (FULL_ISSUER, "7"));
    let both = [Scope::InferRead, Scope::ReflectionRead].into_iter().collect();
    assert_eq!((caller.scopes(), caller.kid()), (both, Some("d1")));
    accepted(&full(with(full_claims(), "user_id", "u7")));
    for bad in [json!(-1), json!(1.5), json!(null), json!([7])] {
        refused(&full(with(full_claims(), "user_id", bad)), Reason::SubjectInvalid);
    }
    // `sub` does not stand in for the configured claim.
    refused(&full(with(without(full_claims(), "user_id"), "sub", "7")), Reason::SubjectInvalid);
    refused(&full(with(full_claims(), "aud", "other")), Reason::AudienceInvalid);
    refused(&full(without(full_claims(), "aud")), Reason::AudienceInvalid);
    accepted(&full(with(full_claims(), "aud", AUDIENCE)));
}

#[test]
fn g16_a_refresh_token_is_no_access_token() {
    for bad in [json!("refresh"), json!(["access"]), json!("ACCESS"), json!(null)] {
        refused(&full(with(full_claims(), "token_type", bad)), Reason::ClaimRequired);
    }
    refused(&full(without(full_claims(), "token_type")), Reason::ClaimRequired);
}

#[test]
fn no_issuer_can_sign_for_another() {
    let key = WORLD.issuer.key();
    let kid = key.kid();
    // The holders of the shared secrets try to be us.
    for secret in [CLASSIC_SECRET, FULL_SECRET] {
        for (header, reason) in [
            (json!({"alg": "HS256", "typ": "at+jwt", "kid": kid}), Reason::AlgorithmForbidden),
            (json!({"alg": "HS256", "typ": "at+jwt"}), Reason::KeyUnknown),
            (json!({"alg": "ES256", "typ": "at+jwt", "kid": kid}), Reason::SignatureInvalid),
        ] {
            refused(&signed_with(secret, header, own_claims()), reason);
        }
    }
    // One external issuer tries to be the other, and we try to be an external one.
    let header = json!({"alg": "HS256", "typ": "JWT", "kid": "d1"});
    refused(&signed_with(CLASSIC_SECRET, header, full_claims()), Reason::SignatureInvalid);
    refused(&classic(full_claims()), Reason::KeyUnknown);
    refused(&signed_with(FULL_SECRET, json!({"alg": "HS256"}), classic_claims()), Reason::SignatureInvalid);
    refused(&full(classic_claims()), Reason::KeyUnknown);
    refused(&signed_by_us(own_header(), classic_claims()), Reason::KeyUnknown);
    refused(&classic(with(classic_claims(), "iss", "classic")), Reason::IssuerUnknown);
    refused(&classic(with(classic_claims(), "iss", "")), Reason::IssuerUnknown);
    refused(&classic(with(classic_claims(), "iss", json!(null))), Reason::IssuerInvalid);
}

#[test]
fn an_external_token_may_have_8192_bytes() {
    let padded = |bytes: usize| classic(with(classic_claims(), "pad", "x".repeat(bytes)));
    accepted(&padded(5_900));
    assert!(padded(5_900).len() > 7_900);
    refused(&padded(6_200), Reason::TokenTooLarge);
}
