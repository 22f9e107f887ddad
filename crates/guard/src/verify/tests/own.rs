//! Our own tokens: what is in a good one, and every claim and header field changed (rows of the comparison
//! table).

use proptest::prelude::*;
use serde_json::json;

use super::forge::*;
use crate::{Grant, IssueError, Reason, Scope, Scopes, Tier};

#[test]
fn an_issued_token_becomes_the_caller_it_was_made_for() {
    let scopes: Scopes = Scope::ALL.into_iter().collect();
    let grant = Grant {
        sub: "alice",
        scopes: &scopes,
        tier: Tier::Server,
        client_id: "cli",
        sid: Some("s1"),
        cnf: None,
    };
    let issued = WORLD.issuer.issue(grant, NOW).unwrap();
    let caller = accepted(&issued.token);
    assert_eq!((caller.subject().issuer(), caller.subject().sub()), (ISSUER, "alice"));
    assert_eq!((caller.sid(), caller.jti()), (Some("s1"), Some(&*issued.jti)));
    assert_eq!((caller.kid(), caller.jkt()), (Some(WORLD.issuer.key().kid()), None));
    assert_eq!((caller.scopes(), caller.tier()), (scopes, Tier::Server));
    assert_eq!((issued.expires_in_s, issued.expires_at), (300, caller.expires_at()));
    assert!(!format!("{issued:?}").contains(&issued.token));
}

#[test]
fn a_guest_may_infer_and_nothing_else() {
    let (sub, issued) = WORLD.issuer.guest(NOW);
    let caller = accepted(&issued.token);
    assert_eq!((caller.subject().sub(), caller.tier()), (&*sub, Tier::Guest));
    assert_eq!((sub.starts_with("guest:"), sub.len()), (true, 32));
    assert_eq!(caller.scopes(), Scope::InferRead.into());
    assert_ne!(sub, WORLD.issuer.guest(NOW).0);
}

#[test]
fn a_guest_that_comes_again_stays_the_same_and_nobody_else_becomes_one() {
    let (sub, issued) = WORLD.issuer.guest(NOW);
    let (again, renewed) = WORLD.issuer.guest_again(&accepted(&issued.token), NOW).unwrap();
    assert_eq!((&*again, accepted(&renewed.token).subject().sub()), (&*sub, &*sub));
    assert_ne!(renewed.jti, issued.jti);
    for (issuer, sub, tier) in
        [("https://other", &*sub, Tier::Guest), (ISSUER, "alice", Tier::Guest), (ISSUER, &*sub, Tier::User)]
    {
        let caller = crate::Caller::testing(issuer, sub, Scope::InferRead.into(), tier);
        assert!(WORLD.issuer.guest_again(&caller, NOW).is_none(), "{issuer} {sub} {tier:?}");
    }
}

#[test]
fn a_grant_that_could_not_be_verified_is_not_issued() {
    let scopes = Scopes::NONE;
    let good = Grant { sub: "a", scopes: &scopes, tier: Tier::User, client_id: "c", sid: None, cnf: None };
    let issue =
        |grant| WORLD.issuer.issue(grant, NOW).map(drop).map_err(|error: IssueError| error.to_string());
    assert_eq!(issue(good), Ok(()));
    for bad in ["", "a\nb", &"x".repeat(256)] {
        assert!(issue(Grant { sub: bad, ..good }).unwrap_err().starts_with("sub "));
        assert!(issue(Grant { client_id: bad, ..good }).unwrap_err().starts_with("client_id "));
        assert!(issue(Grant { sid: Some(bad), ..good }).unwrap_err().starts_with("sid "));
    }
}

#[test]
fn every_mandatory_claim_is_missed() {
    let reasons = [
        ("iss", Reason::AlgorithmForbidden), // then it is a token of the issuer without iss, whose key has no kid
        ("sub", Reason::SubjectInvalid),
        ("aud", Reason::AudienceInvalid),
        ("exp", Reason::ExpiryInvalid),
        ("iat", Reason::IssuedAtInvalid),
        ("jti", Reason::TokenIdInvalid),
        ("client_id", Reason::TokenIdInvalid),
        ("scope", Reason::ScopeInvalid),
        ("lim", Reason::TierInvalid),
    ];
    for (claim, reason) in reasons {
        let header = if claim == "iss" { without(own_header(), "kid") } else { own_header() };
        refused(&signed_by_us(header, without(own_claims(), claim)), reason);
    }
    accepted(&signed_by_us(own_header(), without(own_claims(), "nbf")));
}

#[test]
fn g15_issuer_and_audience_are_compared_byte_by_byte() {
    for iss in [
        "https://seseragi.test/",
        "https://seseragi.tes",
        "https://seseragi.testx",
        "HTTPS://seseragi.test",
        "",
    ] {
        own_claim("iss", iss, Err(Reason::IssuerUnknown));
    }
    for iss in [json!([ISSUER]), json!({"a": ISSUER}), json!(1), json!(null)] {
        own_claim("iss", iss, Err(Reason::IssuerInvalid));
    }
    for aud in
        [json!("seseragi/"), json!("Seseragi"), json!("sesera"), json!(""), json!([]), json!(["other"])]
    {
        own_claim("aud", aud, Err(Reason::AudienceInvalid));
    }
    for aud in [
        json!({"0": AUDIENCE}),
        json!(null),
        json!([1, AUDIENCE]),
        json!([[AUDIENCE]]),
        json!("seseragi other"),
    ] {
        own_claim("aud", aud, Err(Reason::AudienceInvalid));
    }
    own_claim("aud", json!(["other", AUDIENCE]), Ok(()));
}

#[test]
fn g16_tokens_for_another_purpose_are_refused() {
    for typ in ["JWT", "dpop+jwt", "logout+jwt", "AT+JWT", "at+jwt ", "", "application/jwt"] {
        refused(&signed_by_us(with(own_header(), "typ", typ), own_claims()), Reason::TypeForbidden);
    }
    refused(&signed_by_us(without(own_header(), "typ"), own_claims()), Reason::TypeForbidden);
    refused(
        &signed_by_us(with(own_header(), "typ", json!(["at+jwt"])), own_claims()),
        Reason::HeaderMalformed,
    );
    accepted(&signed_by_us(with(own_header(), "typ", "application/at+jwt"), own_claims()));
}

#[test]
fn g17_a_subject_cannot_forge_a_log_line() {
    for sub in
        ["", "a\0b", "a\nb", "a\u{202e}b", "a\u{2028}b", "a\u{85}b", &"x".repeat(256), &"あ".repeat(86)]
    {
        own_claim("sub", sub, Err(Reason::SubjectInvalid));
    }
    for sub in [json!(1), json!(null), json!(["alice"]), json!(true)] {
        own_claim("sub", sub, Err(Reason::SubjectInvalid));
    }
    // Another name, not another writing of alice: Cyrillic а, and é composed and decomposed.
    for sub in ["аlice", "Alice", " alice", "é", "e\u{301}", &"x".repeat(255)] {
        let caller = accepted(&signed_by_us(own_header(), with(own_claims(), "sub", sub)));
        assert_eq!(caller.subject().sub(), sub);
    }
    let surrogate = own_claims().to_string().replace("alice", r"\ud800");
    refused(&signed_by_us(own_header(), surrogate), Reason::ClaimsMalformed);
}

#[test]
fn a_binding_is_understood_in_full_or_refused() {
    let hash = b64([7; 32]);
    let bad = [
        json!({}),
        json!(null),
        json!("x"),
        json!([]),
        json!({"jkt": "x"}),
        json!({"jkt": b64([7; 31])}),
        json!({"jkt": b64([7; 33])}),
        json!({"jkt": format!("{hash}=")}),
        json!({"jkt": format!("{}d", &hash[..42])}),
        json!({"jkt": [hash]}),
        json!({"jkt": null}),
        json!({"cbh": 7}),
        json!({"jwk": {"kty": "EC"}}),
        json!({"jkt": hash, "x5t#S256": hash}),
        json!({"JKT": hash}),
    ];
    for cnf in bad {
        own_claim("cnf", cnf, Err(Reason::ConfirmationInvalid));
    }
    own_claim("cnf", json!({"jkt": hash}), Ok(()));
    own_claim("cnf", json!({"jkt": hash, "cbh": hash}), Ok(()));
}

#[test]
fn other_claims_have_one_type() {
    own_claim("scope", json!(["infer:read"]), Err(Reason::ScopeInvalid));
    own_claim("scope", 1, Err(Reason::ScopeInvalid));
    own_claim("scope", "", Ok(()));
    own_claim("lim", "admin", Err(Reason::TierInvalid));
    own_claim("lim", json!(["user"]), Err(Reason::TierInvalid));
    own_claim("jti", 1, Err(Reason::TokenIdInvalid));
    own_claim("jti", "", Err(Reason::TokenIdInvalid));
    own_claim("sid", json!({}), Err(Reason::TokenIdInvalid));
    own_claim("client_id", "x".repeat(256), Err(Reason::TokenIdInvalid));
    own_claim("anything", json!({"deep": [1, 2, {"er": null}]}), Ok(()));
}

proptest! {
    #[test]
    fn every_grant_that_is_issued_is_verified(sub in "\\PC{1,60}", client_id in "[ -~]{1,255}", sid in "\\PC{1,20}", now: u32) {
        let (scopes, now) = (Scopes::from(Scope::InferRead), crate::UnixSeconds(now.into()));
        let grant = Grant { sub: &sub, scopes: &scopes, tier: Tier::User, client_id: &client_id, sid: Some(&sid), cnf: None };
        if let Ok(issued) = WORLD.issuer.issue(grant, now) {
            let caller = verify_at(&issued.token, now).unwrap();
            prop_assert_eq!(caller.subject().sub(), sub);
            prop_assert_eq!(caller.sid(), Some(&*sid));
        }
    }
}
