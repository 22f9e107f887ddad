//! The cost of one verification per algorithm, cold and remembered, from the header to the caller, with a thousand
//! revocations in force: `cargo bench -p seseragi-guard --bench verify`.
//!
//! Each figure is the best of several rounds, because other work on the machine can only make a round slower.

use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use seseragi_guard::{
    Dpop, DpopConfig, Evidence, ExternalIssuer, Gate, GateParts, Grant, IgnoreAuth, Issuer, IssuerConfig,
    KeyRing, KeySource, OwnIssuer, Revocation, Revocations, Revoked, Scope, Scopes, SigningKey, Tier,
    UnixSeconds, VerifierConfig,
};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(150);
const SECRET: &[u8] = b"k3Jw8-Zq1vT0pXn5RbYc7LdQ2mFhGs9e";

/// What is measured: a token, and the external issuer it is of, if it is not ours.
struct Case {
    name: &'static str,
    token: String,
    external: Option<ExternalIssuer>,
}

fn main() {
    let issuer = Issuer::new(
        KeyRing::of_one(SigningKey::generate().expect("a key")),
        IssuerConfig::new("https://own.test", "api"),
    );
    let own = issuer.as_own_issuer();
    println!("algorithm        token     cold µs   cached µs   cached/cold");
    let mut es256 = (0.0, 0.0);
    for case in cases(&issuer) {
        let cold = microseconds(&gate(&own, &case, false), &case.token);
        let cached = microseconds(&gate(&own, &case, true), &case.token);
        let (name, bytes) = (case.name, case.token.len());
        println!("{name:<14} {bytes:>5} B {cold:>11.2} {cached:>11.2} {:>13.4}", cached / cold);
        if name == "ES256 (own)" {
            es256 = (cold, cached);
        }
    }
    let (cold, cached) = es256;
    let verdict = if cached * 20.0 <= cold { "at most 1/20, as it should be" } else { "MORE THAN 1/20" };
    println!("\na remembered ES256 token costs 1/{:.0} of a cold one: {verdict}", cold / cached);
}

fn cases(issuer: &Issuer) -> Vec<Case> {
    let scopes = Scopes::from(Scope::InferRead);
    let grant = Grant {
        sub: "user:01jd8x",
        scopes: &scopes,
        tier: Tier::User,
        client_id: "web",
        sid: Some("s"),
        cnf: None,
    };
    let token = issuer.issue(grant, NOW).expect("a good grant").token;
    let mut cases = vec![Case { name: "ES256 (own)", token, external: None }];
    let p256 = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    let p384 = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).expect("a key");
    let ed = Ed25519KeyPair::generate().expect("a key");
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    let der = |key: PublicKeyX509Der<'_>| key.as_ref().to_vec();
    let random = SystemRandom::new();
    let ec = |pair: &EcdsaKeyPair, message: &[u8]| {
        pair.sign(&random, message).expect("it signs").as_ref().to_vec()
    };
    let by_rsa = |encoding: &'static dyn RsaEncoding, message: &[u8]| {
        let mut signature = vec![0; rsa.public_modulus_len()];
        rsa.sign(encoding, &random, message, &mut signature).expect("it signs");
        signature
    };
    let public = |name, der: Vec<u8>, sign: &dyn Fn(&[u8]) -> Vec<u8>| {
        let text =
            format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der));
        external(name, KeySource::Pem { text, kid: None }, sign)
    };
    cases.push(public("ES256", der(p256.public_key().as_der().expect("DER")), &|m| ec(&p256, m)));
    cases.push(public("ES384", der(p384.public_key().as_der().expect("DER")), &|m| ec(&p384, m)));
    cases.push(public("EdDSA", der(ed.public_key().as_der().expect("DER")), &|m| {
        ed.sign(m).as_ref().to_vec()
    }));
    cases.push(public("RS256", der(rsa.public_key().as_der().expect("DER")), &|m| {
        by_rsa(&RSA_PKCS1_SHA256, m)
    }));
    cases
        .push(public("PS256", der(rsa.public_key().as_der().expect("DER")), &|m| by_rsa(&RSA_PSS_SHA256, m)));
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
    let secret = KeySource::Hs256 { secret: SECRET.to_vec(), kid: None };
    cases.push(external("HS256", secret, &|m| hmac::sign(&key, m).as_ref().to_vec()));
    cases
}

/// A token of the usual size of an external issuer that signs by this algorithm.
fn external(name: &'static str, keys: KeySource, sign: &dyn Fn(&[u8]) -> Vec<u8>) -> Case {
    let part = |text: String| URL_SAFE_NO_PAD.encode(text);
    let header = part(format!(r#"{{"alg":"{name}","typ":"JWT"}}"#));
    let claims = part(format!(
        r#"{{"iss":"https://idp.test","aud":"api","sub":"f1e2d3c4-0001-4a5b-8c6d-000000000000","iat":{},"exp":{},"jti":"9f0c4c1c52c14d5c9a1d8c1f0b7b4f39","scope":"openid infer:read","client_id":"web"}}"#,
        NOW.0,
        NOW.0 + 3000
    ));
    let signature = URL_SAFE_NO_PAD.encode(sign(format!("{header}.{claims}").as_bytes()));
    let mut issuer = ExternalIssuer::new("idp", keys);
    issuer.issuer = Some("https://idp.test".to_owned());
    issuer.audiences = vec!["api".to_owned()];
    issuer.algorithms = vec![name.to_owned()];
    Case { name, token: format!("{header}.{claims}.{signature}"), external: Some(issuer) }
}

fn gate(own: &OwnIssuer, case: &Case, cache: bool) -> Gate {
    let revocations = Revocations::default();
    for number in 0..1000 {
        let what = Revoked::Token { issuer: "https://own.test".into(), jti: number.to_string().into() };
        revocations.insert(Revocation { what, until: NOW.plus(1000) }).expect("there is room");
    }
    let parts = GateParts {
        verifier: VerifierConfig { own: own.clone(), external: case.external.clone().into_iter().collect() },
        dpop: Dpop::new(DpopConfig::default()),
        revocations,
        api_keys: None,
        fetch: None,
        observer: Arc::new(IgnoreAuth),
        cache,
    };
    Gate::new(parts).expect("the configuration is sound")
}

/// The best mean of several rounds.
fn microseconds(gate: &Gate, token: &str) -> f64 {
    let header = format!("Bearer {token}");
    let once = || {
        let authorization: &[&[u8]] = &[header.as_bytes()];
        let evidence = Evidence { authorization, method: "POST", path: "/x", ..Evidence::default() };
        let mut call = pin!(gate.caller(black_box(&evidence), NOW));
        match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(caller) => drop(black_box(caller.expect("a good token"))),
            Poll::Pending => unreachable!("nothing is waited for"),
        }
    };
    once();
    let rounds = (0..ROUNDS).map(|_| {
        let (start, mut calls) = (Instant::now(), 0_u32);
        while start.elapsed() < ROUND {
            (0..16).for_each(|_| once());
            calls += 16;
        }
        start.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
    });
    rounds.fold(f64::INFINITY, f64::min)
}
