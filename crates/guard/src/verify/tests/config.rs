//! A wrong configuration is refused with all its faults.

use super::forge::*;
use crate::{ExternalIssuer, OwnIssuer, OwnKeys, Reason, Rejection, VerifierConfig};

fn faults(own: (&str, &str), external: Vec<ExternalIssuer>) -> Vec<String> {
    let own =
        OwnIssuer { issuer: own.0.to_owned(), audience: own.1.to_owned(), keys: OwnKeys::Fixed(Vec::new()) };
    match try_gate(VerifierConfig { own, external }, true) {
        Ok(_) => Vec::new(),
        Err(faults) => {
            assert_eq!(faults.to_string().lines().count(), faults.0.len());
            faults.0.into_iter().map(|fault| fault.path).collect()
        }
    }
}

#[test]
fn all_faults_are_reported_at_once() {
    let mut bad = ExternalIssuer::new("Bad Name", shared(b"secret", None));
    bad.sub_claim.clear();
    bad.scope_claim.clear();
    bad.max_age_s = 0;
    bad.clock_skew_s = 301;
    bad.issuer = Some(String::new());
    let names = ["name", "issuer", "secret", "sub_claim", "scope_claim", "max_age_s", "clock_skew_s"];
    let expected = names.map(|name| format!("external[0].{name}"));
    assert_eq!(faults(("i", ""), vec![bad]), [&["own.audience".into()], &expected[..]].concat());
    assert_eq!(faults(("", "a"), vec![]), ["own.issuer"]);
}

#[test]
fn issuers_must_be_told_apart() {
    let issuer = |name: &str, issuer: Option<&str>, secret: &[u8]| {
        let issuer = issuer.map(str::to_owned);
        ExternalIssuer { issuer, ..ExternalIssuer::new(name, shared(secret, None)) }
    };
    let check = |external, expected: &[&str]| assert_eq!(faults(("i", "a"), external), expected);
    check(vec![], &[]);
    check(vec![issuer("a", None, CLASSIC_SECRET), issuer("b", Some("x"), FULL_SECRET)], &[]);
    check(vec![issuer("a", None, CLASSIC_SECRET), issuer("b", None, FULL_SECRET)], &["external[1].issuer"]);
    check(
        vec![issuer("a", Some("x"), CLASSIC_SECRET), issuer("b", Some("x"), FULL_SECRET)],
        &["external[1].issuer"],
    );
    check(vec![issuer("a", Some("i"), CLASSIC_SECRET)], &["external[0].issuer"]);
    // The name stands for the issuer where there is no iss.
    check(
        vec![issuer("a", Some("b"), CLASSIC_SECRET), issuer("b", None, FULL_SECRET)],
        &["external[1].issuer"],
    );
    check(
        vec![issuer("a", None, CLASSIC_SECRET), issuer("b", Some("x"), CLASSIC_SECRET)],
        &["external[1].secret"],
    );
}

#[test]
fn an_issuer_of_the_same_name_as_another_is_refused() {
    let external = |issuer: &str, secret: &[u8]| ExternalIssuer {
        issuer: Some(issuer.to_owned()),
        ..ExternalIssuer::new("twin", shared(secret, None))
    };
    let twins = vec![external("x", CLASSIC_SECRET), external("y", FULL_SECRET)];
    assert_eq!(faults(("i", "a"), twins), ["external[1].name"]);
}

#[test]
fn secrets_are_not_shown() {
    let shown = format!("{:?} {:?}", ExternalIssuer::new("a", shared(CLASSIC_SECRET, None)), WORLD.forgetful);
    assert!(!shown.contains(std::str::from_utf8(CLASSIC_SECRET).unwrap()));
    assert!(!shown.contains("107, 51"), "bytes of the secret");
}

#[test]
fn without_issuers_nothing_passes() {
    let own = OwnIssuer { keys: OwnKeys::Fixed(Vec::new()), ..WORLD.issuer.as_own_issuer() };
    let gate = gate(VerifierConfig { own, external: Vec::new() }, true);
    let reason = |token: &str| gate.verify_token(token, NOW).map_err(Rejection::reason).unwrap_err();
    assert_eq!(reason(&WORLD.issuer.guest(NOW).1.token), Reason::KeyUnknown);
    let classic = signed_with(CLASSIC_SECRET, r#"{"alg":"HS256"}"#, r#"{"sub":"a","exp":1800000100}"#);
    assert_eq!(reason(&classic), Reason::IssuerMissing);
}
