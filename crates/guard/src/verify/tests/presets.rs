//! Presets: the token shapes of well-known issuers, a thousand good tokens each, and what must not pass beside them.
//!
//! The shapes of keycloak, auth0, cognito, supabase and entra follow their documentation; they are not run live.

use serde_json::{Value, json};

use super::forge::*;
use super::pair::{pair, token};
use crate::{ExternalIssuer, Gate, KeySource, OwnIssuer, OwnKeys, Reason, Rejection, Scope, VerifierConfig};

const TOKENS: u64 = 1000;
const ISS: &str = "https://idp.test/realms/x";

/// One preset, as it is used.
struct Shape {
    preset: &'static str,
    alg: &'static str,
    header: Value,
    /// Of token number so-and-so.
    claims: fn(u64) -> Value,
    sub: fn(u64) -> String,
    scopes: &'static [Scope],
}

fn keys(shape: &Shape) -> KeySource {
    match shape.alg {
        "HS256" => shared(CLASSIC_SECRET, None),
        alg if shape.header.get("kid").is_none() => KeySource::Pem { text: pair(alg).pem(), kid: None },
        alg => {
            let keys = json!([with(with(with(pair(alg).jwk(), "kid", "k1"), "alg", alg), "use", "sig")]);
            KeySource::JwksFile { content: json!({"keys": keys}).to_string().into_bytes() }
        }
    }
}

fn issuer(shape: &Shape) -> ExternalIssuer {
    let mut issuer = ExternalIssuer::preset(shape.preset, shape.preset, keys(shape)).unwrap();
    let claims = (shape.claims)(0);
    issuer.issuer = claims["iss"].as_str().map(str::to_owned);
    match shape.preset {
        "oidc" => issuer.algorithms = vec![shape.alg.to_owned()],
        "cognito" => issuer.audiences = vec!["1example23456789".to_owned()],
        _ => {}
    }
    if claims.get("aud").is_some() && issuer.audiences.is_empty() {
        issuer.audiences = vec!["https://api.test".to_owned()];
    }
    issuer
}

fn gate_of(issuer: ExternalIssuer) -> Gate {
    let own = OwnIssuer { keys: OwnKeys::Fixed(Vec::new()), ..WORLD.issuer.as_own_issuer() };
    gate(VerifierConfig { own, external: vec![issuer] }, true)
}

fn made(shape: &Shape, claims: &Value) -> String {
    match shape.alg {
        "HS256" => signed_with(CLASSIC_SECRET, with(shape.header.clone(), "alg", "HS256"), claims),
        alg => token(alg, shape.header.clone(), claims),
    }
}

/// Times of a token of `life` seconds that was issued some seconds ago.
fn timed(mut claims: Value, number: u64, life: u64) -> Value {
    let issued = NOW.0 - number % life.min(240);
    claims["iat"] = issued.into();
    claims["exp"] = (issued + life).into();
    claims
}

fn simplejwt(number: u64) -> Value {
    let user_id = if number.is_multiple_of(2) { json!(number.to_string()) } else { json!(number) };
    let claims = json!({"token_type": "access", "jti": format!("{number:032x}"), "user_id": user_id});
    timed(claims, number, 300)
}

fn simplejwt_rs256(number: u64) -> Value {
    with(with(simplejwt(number), "iss", ISS), "aud", "https://api.test")
}

fn allauth(number: u64) -> Value {
    let claims = json!({
        "sid": "dGhlIHNlc3Npb24ga2V5LCBlbmNyeXB0ZWQ=", "jti": format!("0b6e{number:08}-77c0-4d0e-8d0f-3f5f2f7f4b5c"),
        "token_use": "access", "sub": number.to_string(),
    });
    timed(claims, number, 300)
}

fn oidc(number: u64) -> Value {
    let claims = json!({
        "iss": ISS, "sub": format!("account-{number}"), "aud": "https://api.test", "client_id": "app",
        "jti": format!("{number:021}"), "scope": "openid infer:read",
    });
    timed(claims, number, 3600)
}

fn keycloak(number: u64) -> Value {
    let claims = json!({
        "iss": ISS, "sub": format!("f1e2d3c4-{number:04}-4a5b-8c6d-000000000000"), "typ": "Bearer", "azp": "app",
        "aud": ["https://api.test", "account"], "jti": format!("onrtac:{number}"), "sid": "5f0e", "acr": "1",
        "allowed-origins": ["https://app.test"], "realm_access": {"roles": ["offline_access"]},
        "resource_access": {"account": {"roles": ["view-profile"]}}, "scope": "profile infer:read email",
        "email_verified": true, "preferred_username": "ann",
    });
    timed(claims, number, 300)
}

fn auth0(number: u64) -> Value {
    let claims = json!({
        "iss": ISS, "sub": format!("auth0|{number}"), "aud": ["https://api.test", "https://x.auth0.test/userinfo"],
        "azp": "app", "scope": "openid infer:read", "permissions": ["infer:read"],
    });
    timed(claims, number, 86_400)
}

fn cognito(number: u64) -> Value {
    let claims = json!({
        "iss": ISS, "sub": format!("aaaaaaaa-{number:04}-cccc-dddd-example"), "client_id": "1example23456789",
        "origin_jti": "o1", "event_id": "e1", "token_use": "access", "scope": "infer:read openid", "version": 2,
        "auth_time": NOW.0 - 5, "jti": format!("j{number}"), "username": "ann", "cognito:groups": ["staff"],
    });
    timed(claims, number, 3600)
}

fn supabase(number: u64) -> Value {
    let claims = json!({
        "iss": ISS, "sub": format!("123e4567-{number:04}-12d3-a456-426614174000"), "aud": "authenticated",
        "role": "authenticated", "aal": "aal1", "session_id": "s1", "email": "a@b.test", "phone": "",
        "is_anonymous": false, "amr": [{"method": "password", "timestamp": NOW.0}],
        "app_metadata": {"provider": "email", "providers": ["email"]}, "user_metadata": {},
    });
    timed(claims, number, 3600)
}

fn entra(number: u64) -> Value {
    let claims = json!({
        "iss": ISS, "sub": format!("AAAA{number}"), "aud": "https://api.test", "azp": "app", "azpacr": "0",
        "name": "Ann", "oid": "o1", "rh": "0.x", "scp": "infer:read", "tid": "t1", "uti": "u1", "ver": "2.0",
        "wids": ["w1"],
    });
    let claims = timed(claims, number, 5100);
    let issued = claims["iat"].clone();
    with(claims, "nbf", issued)
}

fn shapes() -> Vec<Shape> {
    let number = |number: u64| number.to_string();
    let shape = |preset, alg, header, claims, sub| Shape {
        preset,
        alg,
        header,
        claims,
        sub,
        scopes: &[Scope::InferRead],
    };
    let jwt = || json!({"typ": "JWT", "kid": "k1"});
    vec![
        shape("simplejwt-hs256", "HS256", json!({"typ": "JWT"}), simplejwt, number),
        shape("simplejwt-rs256", "RS256", json!({"typ": "JWT"}), simplejwt_rs256, number),
        shape("allauth", "RS256", jwt(), allauth, number),
        shape("oidc", "ES256", json!({"typ": "at+jwt", "kid": "k1"}), oidc, |number| {
            format!("account-{number}")
        }),
        shape("keycloak", "RS256", jwt(), keycloak, |n| format!("f1e2d3c4-{n:04}-4a5b-8c6d-000000000000")),
        shape("auth0", "RS256", json!({"typ": "at+jwt", "kid": "k1"}), auth0, |n| format!("auth0|{n}")),
        shape("cognito", "RS256", json!({"kid": "k1"}), cognito, |n| {
            format!("aaaaaaaa-{n:04}-cccc-dddd-example")
        }),
        shape("supabase", "ES256", jwt(), supabase, |n| format!("123e4567-{n:04}-12d3-a456-426614174000")),
        shape("entra", "RS256", json!({"typ": "JWT", "kid": "k1", "x5t": "k1"}), entra, |n| {
            format!("AAAA{n}")
        }),
    ]
}

#[test]
fn every_preset_has_a_shape_and_nothing_else_is_one() {
    let names: Vec<_> = shapes().iter().map(|shape| shape.preset).collect();
    assert_eq!(names, ExternalIssuer::PRESETS);
    assert!(ExternalIssuer::preset("", "x", shared(CLASSIC_SECRET, None)).is_none());
    assert!(ExternalIssuer::preset("Auth0", "x", shared(CLASSIC_SECRET, None)).is_none());
}

#[test]
fn a_thousand_good_tokens_of_every_preset_are_accepted() {
    for shape in shapes() {
        let gate = gate_of(issuer(&shape));
        for number in 0..TOKENS {
            let token = made(&shape, &(shape.claims)(number));
            let caller = gate.verify_token(&token, NOW);
            let caller = caller.unwrap_or_else(|error| panic!("{} {number}: {error}", shape.preset));
            assert_eq!(caller.subject().sub(), (shape.sub)(number), "{}", shape.preset);
            assert_eq!(caller.scopes(), shape.scopes.iter().copied().collect(), "{}", shape.preset);
        }
    }
}

/// The claim that tells access tokens apart, and what the other tokens of the same issuer say there.
fn other_tokens(preset: &str) -> (&'static str, Vec<Value>, Reason) {
    match preset {
        "simplejwt-hs256" | "simplejwt-rs256" => {
            ("token_type", vec![json!("refresh"), json!("sliding"), json!("Access")], Reason::ClaimRequired)
        }
        "allauth" => ("token_use", vec![json!("refresh")], Reason::ClaimRequired),
        "keycloak" => ("typ", vec![json!("ID"), json!("Refresh"), json!("Offline")], Reason::ClaimRequired),
        "cognito" => ("token_use", vec![json!("id")], Reason::ClaimRequired),
        "supabase" => ("role", vec![json!("anon"), json!("service_role")], Reason::ClaimRequired),
        "oidc" | "auth0" | "entra" => ("aud", vec![json!("app"), json!(["app"])], Reason::AudienceInvalid),
        other => panic!("{other}"),
    }
}

#[test]
fn g16_other_tokens_of_the_same_issuer_are_refused() {
    for shape in shapes() {
        let gate = gate_of(issuer(&shape));
        let verdict = |claims: &Value| {
            gate.verify_token(&made(&shape, claims), NOW).map(drop).map_err(Rejection::reason)
        };
        let (claim, values, reason) = other_tokens(shape.preset);
        assert_eq!(verdict(&without((shape.claims)(1), claim)), Err(reason), "{}", shape.preset);
        for value in values {
            let claims = with((shape.claims)(1), claim, value);
            assert_eq!(verdict(&claims), Err(reason), "{}: {claims}", shape.preset);
        }
    }
}

#[test]
fn an_id_token_of_an_oidc_issuer_is_refused_by_its_type() {
    let shape = shapes().into_iter().find(|shape| shape.preset == "oidc").unwrap();
    let gate = gate_of(issuer(&shape));
    for header in
        [json!({"kid": "k1"}), json!({"kid": "k1", "typ": "JWT"}), json!({"kid": "k1", "typ": "logout+jwt"})]
    {
        let id_token = token(shape.alg, header, oidc(1));
        assert_eq!(gate.verify_token(&id_token, NOW).unwrap_err().reason(), Reason::TypeForbidden);
    }
}

#[test]
fn cognito_names_its_audience_in_client_id() {
    let shape = shapes().into_iter().find(|shape| shape.preset == "cognito").unwrap();
    let gate = gate_of(issuer(&shape));
    let verdict =
        |claims: &Value| gate.verify_token(&made(&shape, claims), NOW).map(drop).map_err(Rejection::reason);
    assert_eq!(verdict(&with(cognito(1), "client_id", "another")), Err(Reason::AudienceInvalid));
    let spoofed = with(with(cognito(1), "client_id", "another"), "aud", "1example23456789");
    assert_eq!(verdict(&spoofed), Err(Reason::AudienceInvalid));
}

#[test]
fn a_subject_that_is_a_placeholder_is_refused_with_a_hint() {
    let words = [
        "None",
        "none",
        "NULL",
        "null",
        "Undefined",
        "undefined",
        "AnonymousUser",
        "anonymoususer",
        " None ",
    ];
    for shape in shapes() {
        let gate = gate_of(issuer(&shape));
        let sub_claim = if shape.preset.starts_with("simplejwt") { "user_id" } else { "sub" };
        for word in words {
            let token = made(&shape, &with((shape.claims)(1), sub_claim, word));
            let rejection = gate.verify_token(&token, NOW).unwrap_err();
            assert_eq!(rejection.reason(), Reason::SubjectPlaceholder, "{} {word}", shape.preset);
            assert!(rejection.to_string().contains("not signed in"), "{rejection}");
        }
        for word in ["Nonex", "nil", "null0", "anonymous"] {
            let token = made(&shape, &with((shape.claims)(1), sub_claim, word));
            assert_eq!(gate.verify_token(&token, NOW).unwrap().subject().sub(), word);
        }
    }
    // Our own users get random subjects.
    own_claim("sub", "None", Ok(()));
}

#[test]
fn default_scopes_are_for_tokens_without_the_claim() {
    let shape = &shapes()[0];
    let gate = gate_of(issuer(shape));
    let scopes = |value: Value| {
        let token = made(shape, &with(simplejwt(2), "scope", value));
        gate.verify_token(&token, NOW).map(|caller| caller.scopes()).map_err(Rejection::reason)
    };
    assert_eq!(scopes(json!("")), Ok(crate::Scopes::NONE));
    assert_eq!(scopes(json!([])), Ok(crate::Scopes::NONE));
    assert_eq!(scopes(json!("reflection:read")), Ok(Scope::ReflectionRead.into()));
    assert_eq!(scopes(json!(null)), Err(Reason::ScopeInvalid));
}

#[test]
fn only_an_issuer_that_may_grants_the_right_to_revoke() {
    let shape = &shapes()[0];
    let both = [Scope::InferRead, Scope::AdminRevoke].into_iter().collect();
    for (admin, expected) in [(false, Scope::InferRead.into()), (true, both)] {
        let issuer = ExternalIssuer { admin, ..issuer(shape) };
        let token = made(shape, &with(simplejwt(2), "scope", "infer:read admin:revoke"));
        assert_eq!(gate_of(issuer).verify_token(&token, NOW).unwrap().scopes(), expected);
    }
}

#[test]
fn a_tier_claim_names_a_tier_or_counts_for_nothing() {
    use crate::Tier;
    let shape = &shapes()[0];
    let issuer = ExternalIssuer { tier_claim: Some("lim".to_owned()), tier: Tier::User, ..issuer(shape) };
    let gate = gate_of(issuer);
    let tier = |value: Value| {
        gate.verify_token(&made(shape, &with(simplejwt(2), "lim", value)), NOW).unwrap().tier()
    };
    assert_eq!(tier(json!("server")), Tier::Server);
    assert_eq!(tier(json!("guest")), Tier::Guest);
    for other in [json!("Server"), json!("admin"), json!(1), json!(null), json!(["server"])] {
        assert_eq!(tier(other), Tier::User);
    }
    assert_eq!(gate.verify_token(&made(shape, &simplejwt(2)), NOW).unwrap().tier(), Tier::User);
}
