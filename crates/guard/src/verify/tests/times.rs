//! Time claims: types, edges, and the clock (G14, G25).

use serde_json::{Value, json};

use super::forge::*;
use crate::{Public, Reason, UnixSeconds};

#[test]
fn exp_is_a_whole_number_of_seconds() {
    let soon = NOW.0 + 300;
    let bad = [
        json!(soon.to_string()),
        json!(-1),
        json!(1e300),
        json!(soon as f64 + 0.5),
        json!(null),
        json!(true),
        json!([soon]),
        json!({"at": soon}),
        json!(u64::MAX),
        json!(i64::MIN),
    ];
    for value in bad {
        own_claim("exp", value.clone(), Err(Reason::ExpiryInvalid));
        own_claim("iat", value.clone(), Err(Reason::IssuedAtInvalid));
        own_claim("nbf", value, Err(Reason::NotBeforeInvalid));
    }
    own_claim("exp", soon as f64, Ok(()));
    for text in ["NaN", "Infinity", "1e999", "0x6b49d200", "01800000300", "+1800000300"] {
        let claims = own_claims().to_string().replace(&soon.to_string(), text);
        refused(&signed_by_us(own_header(), claims), Reason::ClaimsMalformed);
    }
    let exponent = own_claims().to_string().replace(&soon.to_string(), "1.8000003e9");
    accepted(&signed_by_us(own_header(), exponent));
}

#[test]
fn a_token_lives_from_iat_to_exp_and_our_clocks_differ_by_5_s() {
    let token = signed_by_us(own_header(), own_claims());
    let at = |now| verify_at(&token, UnixSeconds(now)).map(drop);
    let claims = without(own_claims(), "nbf");
    let without_nbf = signed_by_us(own_header(), claims);
    assert_eq!(at(NOW.0), Ok(()));
    assert_eq!(at(NOW.0 + 304), Ok(()));
    assert_eq!(at(NOW.0 + 305), Err(Reason::Expired));
    assert_eq!(at(NOW.0 + 30_000), Err(Reason::Expired));
    assert_eq!(at(u64::MAX), Err(Reason::Expired));
    assert_eq!(at(NOW.0 - 4), Ok(()));
    assert_eq!(at(NOW.0 - 5), Err(Reason::NotYetValid));
    assert_eq!(at(NOW.0 - 6), Err(Reason::IssuedInFuture));
    assert_eq!(at(0), Err(Reason::IssuedInFuture));
    assert_eq!(verify_at(&without_nbf, UnixSeconds(NOW.0 - 5)).map(drop), Ok(()));
    let early = verify_at(&without_nbf, UnixSeconds(NOW.0 - 6)).map(drop);
    assert_eq!(early, Err(Reason::IssuedInFuture));
    assert_eq!(Reason::Expired.public(), Public::Expired);
}

#[test]
fn the_table_of_times() {
    let now = NOW.0;
    let rows = [
        ("nbf", now + 4, Ok(())),
        ("nbf", now + 5, Err(Reason::NotYetValid)),
        ("nbf", now + 30, Err(Reason::NotYetValid)),
        ("nbf", now + 300, Err(Reason::NotYetValid)),
        ("iat", now + 3600, Err(Reason::IssuedInFuture)),
        ("exp", now, Err(Reason::LifetimeInvalid)),
        ("exp", now - 30, Err(Reason::Expired)),
        ("exp", now + 3600, Ok(())),
        ("exp", now + 3601, Err(Reason::LifetimeInvalid)),
        ("exp", now + 315_360_000, Err(Reason::LifetimeInvalid)),
        ("exp", 1 << 53, Err(Reason::LifetimeInvalid)),
        ("iat", now - 3300, Ok(())),
        ("iat", now - 3301, Err(Reason::LifetimeInvalid)),
        ("iat", 0, Err(Reason::LifetimeInvalid)),
    ];
    for (claim, value, expected) in rows {
        own_claim(claim, value, expected);
    }
}

#[test]
fn what_is_said_about_time_counts_only_with_a_good_signature() {
    let expired = with(own_claims(), "exp", NOW.0 - 100);
    let forged = signed(own_header(), expired, |_| vec![7; 64]);
    refused(&forged, Reason::SignatureInvalid);
}

#[test]
fn a_classic_token_needs_no_iat_and_lives_from_now() {
    let claims = |exp: u64| json!({"sub": "7", "exp": exp});
    let check = |claims: Value, expected: Result<(), Reason>| {
        let found = verify(&signed_with(CLASSIC_SECRET, json!({"alg": "HS256"}), &claims)).map(drop);
        assert_eq!(found, expected, "{claims}");
    };
    check(claims(NOW.0 + 3600), Ok(()));
    check(claims(NOW.0 + 3601), Err(Reason::LifetimeInvalid));
    check(claims(NOW.0 - 29), Ok(()));
    check(claims(NOW.0 - 30), Err(Reason::Expired));
    check(with(claims(NOW.0 + 60), "iat", NOW.0 + 30), Ok(()));
    check(with(claims(NOW.0 + 60), "iat", NOW.0 + 31), Err(Reason::IssuedInFuture));
    check(with(claims(NOW.0 + 60), "iat", NOW.0 + 60), Err(Reason::IssuedInFuture));
    check(with(claims(NOW.0 + 10), "iat", NOW.0 + 20), Err(Reason::LifetimeInvalid));
    check(with(claims(NOW.0 + 60), "iat", NOW.0 - 3541), Err(Reason::LifetimeInvalid));
    check(with(claims(NOW.0 + 60), "iat", "now"), Err(Reason::IssuedAtInvalid));
    check(json!({"sub": "7"}), Err(Reason::ExpiryInvalid));
}
