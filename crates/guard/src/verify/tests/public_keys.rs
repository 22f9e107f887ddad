//! External issuers with public keys: every algorithm, every source, and what a key may not be used for.

use serde_json::{Value, json};

use super::forge::*;
use super::pair::{PUBLIC, pair, token};
use crate::{ExternalIssuer, Gate, KeySource, OwnIssuer, OwnKeys, Reason, Rejection, VerifierConfig};

const THEIRS: &str = "https://idp.test";

fn claims() -> Value {
    json!({"iss": THEIRS, "sub": "u1", "exp": NOW.0 + 300, "iat": NOW.0, "scope": "infer:read"})
}

fn config(keys: KeySource, algorithms: &[&str]) -> VerifierConfig {
    let mut external = ExternalIssuer::new("idp", keys);
    external.issuer = Some(THEIRS.to_owned());
    external.algorithms = algorithms.iter().map(|&name| name.to_owned()).collect();
    let own = OwnIssuer { keys: OwnKeys::Fixed(Vec::new()), ..WORLD.issuer.as_own_issuer() };
    VerifierConfig { own, external: vec![external] }
}

fn pem(alg: &str, kid: Option<&str>) -> KeySource {
    KeySource::Pem { text: pair(alg).pem(), kid: kid.map(str::to_owned) }
}

fn jwks(keys: impl Into<Value>) -> KeySource {
    KeySource::JwksFile { content: json!({"keys": keys.into()}).to_string().into_bytes() }
}

fn named(alg: &str, kid: &str) -> Value {
    with(with(pair(alg).jwk(), "kid", kid), "alg", alg)
}

fn reason(gate: &Gate, token: &str) -> Result<(), Reason> {
    let first = gate.verify_token(token, NOW).map(drop).map_err(Rejection::reason);
    let again = gate.verify_token(token, NOW).map(drop).map_err(Rejection::reason);
    assert_eq!(first, again);
    first
}

#[test]
fn every_algorithm_verifies_from_pem_and_from_a_key_set() {
    for alg in PUBLIC {
        for keys in [pem(alg, Some("k1")), jwks([named(alg, "k1")])] {
            let gate = gate(config(keys, &[alg]), true);
            let good = token(alg, json!({"kid": "k1"}), claims());
            assert_eq!(reason(&gate, &good), Ok(()), "{alg}");
            let caller = gate.verify_token(&good, NOW).unwrap();
            assert_eq!((caller.subject().issuer(), caller.subject().sub()), (THEIRS, "u1"));
            assert_eq!(caller.kid(), Some("k1"));
            let other = good.replace('.', "..").replacen("..", ".", 1);
            assert_eq!(reason(&gate, &other), Err(Reason::TokenMalformed));
            let middle = good.len() / 2;
            let (start, end) = good.split_at(middle);
            let flipped = if end.starts_with('A') { "B" } else { "A" };
            assert!(reason(&gate, &format!("{start}{flipped}{}", &end[1..])).is_err());
        }
    }
}

#[test]
fn ed25519_has_two_names_and_is_one_algorithm() {
    for configured in ["EdDSA", "Ed25519"] {
        let gate = gate(config(pem("EdDSA", None), &[configured]), false);
        for alg in ["EdDSA", "Ed25519"] {
            assert_eq!(reason(&gate, &token(alg, json!({}), claims())), Ok(()), "{configured} {alg}");
        }
        for alg in ["ed25519", "EDDSA", "Ed448", "ES256"] {
            let header = json!({"alg": alg});
            let forged = signed(header, claims(), |_| vec![7; 64]);
            assert_eq!(reason(&gate, &forged), Err(Reason::AlgorithmForbidden), "{alg}");
        }
    }
}

#[test]
fn g03_no_public_key_is_an_hmac_secret() {
    for alg in PUBLIC {
        let text = pair(alg).pem();
        let der: Vec<u8> = text.lines().filter(|line| !line.starts_with('-')).flat_map(str::bytes).collect();
        let gate = gate(config(pem(alg, None), &[alg]), false);
        for secret in [text.as_bytes(), text.trim().as_bytes(), &der, pair(alg).jwk().to_string().as_bytes()]
        {
            for hmac in ["HS256", "HS384", "HS512"] {
                let forged = signed_with(secret, json!({"alg": hmac}), claims());
                assert_eq!(reason(&gate, &forged), Err(Reason::AlgorithmForbidden), "{alg} {hmac}");
            }
            let forged = signed_with(secret, json!({"alg": alg}), claims());
            assert_eq!(reason(&gate, &forged), Err(Reason::SignatureInvalid), "{alg}");
        }
    }
}

#[test]
fn g04_g05_a_key_is_for_one_algorithm_even_where_it_fits_others() {
    for pinned in PUBLIC {
        let gate = gate(config(jwks([named(pinned, "k1")]), &PUBLIC), false);
        for other in PUBLIC {
            let same = other == pinned || (pinned.starts_with("Ed") && other.starts_with("Ed"));
            let verdict = reason(&gate, &token(other, json!({"kid": "k1"}), claims()));
            assert_eq!(
                verdict,
                if same { Ok(()) } else { Err(Reason::AlgorithmForbidden) },
                "{pinned} {other}"
            );
            // The header says the right algorithm, the signature is of another.
            let lying = signed(json!({"alg": pinned, "kid": "k1"}), claims(), |_| {
                let made = token(other, json!({"kid": "k1"}), claims());
                base64_of(made.rsplit('.').next().unwrap())
            });
            if !same {
                assert_eq!(reason(&gate, &lying), Err(Reason::SignatureInvalid), "{pinned} {other}");
            }
        }
    }
}

fn base64_of(part: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()
}

#[test]
fn a_token_without_kid_needs_an_issuer_with_one_static_key() {
    let bare = token("ES256", json!({}), claims());
    let named_k1 = token("ES256", json!({"kid": "k1"}), claims());
    let one = [named("ES256", "k1")];
    let two = [named("ES256", "k1"), named("RS256", "k2")];
    let nameless = [pair("ES256").jwk()];
    let rows = [
        (pem("ES256", None), Ok(()), Err(Reason::KeyUnknown)),
        (pem("ES256", Some("k1")), Err(Reason::KeyUnknown), Ok(())),
        (jwks(one), Ok(()), Ok(())),
        (jwks(two), Err(Reason::KeyUnknown), Ok(())),
        (jwks(nameless), Ok(()), Err(Reason::KeyUnknown)),
    ];
    for (index, (keys, without, with_kid)) in rows.into_iter().enumerate() {
        let algorithms: &[&str] = if index == 0 || index == 1 { &["ES256"] } else { &["ES256", "RS256"] };
        let gate = gate(config(keys, algorithms), false);
        assert_eq!((reason(&gate, &bare), reason(&gate, &named_k1)), (without, with_kid), "row {index}");
    }
}

#[test]
fn g07_a_kid_counts_within_its_issuer() {
    let mut other = ExternalIssuer::new("other", jwks([named("RS256", "theirs")]));
    other.issuer = Some("https://other.test".to_owned());
    other.algorithms = vec!["RS256".to_owned()];
    let mut both = config(jwks([named("ES256", "k1")]), &["ES256"]);
    both.external.push(other);
    let gate = gate(both, false);
    assert_eq!(reason(&gate, &token("RS256", json!({"kid": "theirs"}), claims())), Err(Reason::KeyUnknown));
    let key = WORLD.issuer.key();
    let ours = key.kid();
    assert_eq!(reason(&gate, &token("ES256", json!({"kid": ours}), claims())), Err(Reason::KeyUnknown));
}

#[test]
fn x5t_is_tolerated_of_others_and_never_used() {
    let gate = gate(config(jwks([named("RS256", "k1")]), &["RS256"]), false);
    let header = json!({"kid": "k1", "x5t": "not even a thumbprint"});
    assert_eq!(reason(&gate, &token("RS256", header, claims())), Ok(()));
    let alone = json!({"x5t": "k1"});
    assert_eq!(reason(&gate, &token("RS256", alone, claims())), Ok(()), "one key: no kid is needed");
    let wrong = json!({"kid": "k2", "x5t": "k1"});
    assert_eq!(reason(&gate, &token("RS256", wrong, claims())), Err(Reason::KeyUnknown));
    assert_eq!(
        reason(&gate, &token("RS256", json!({"kid": "k1", "x5t": 1}), claims())),
        Err(Reason::HeaderMalformed)
    );
    for field in ["x5t#S256", "x5c", "x5u", "jku", "jwk", "crit", "cty", "zip", "b64"] {
        let header = json!({"kid": "k1", field: "x"});
        assert_eq!(reason(&gate, &token("RS256", header, claims())), Err(Reason::HeaderFieldForbidden));
    }
}

#[test]
fn a_shared_secret_may_sign_with_a_longer_hash_if_the_configuration_says_so() {
    let secret: Vec<u8> = (0_u8..64).map(|byte| byte.wrapping_mul(197) ^ 0x5a).collect();
    for (alg, algorithm) in [("HS384", aws_lc_rs::hmac::HMAC_SHA384), ("HS512", aws_lc_rs::hmac::HMAC_SHA512)]
    {
        let gate = gate(config(shared(&secret, None), &[alg]), false);
        let key = aws_lc_rs::hmac::Key::new(algorithm, &secret);
        let sign = |message: &[u8]| aws_lc_rs::hmac::sign(&key, message).as_ref().to_vec();
        assert_eq!(reason(&gate, &signed(json!({"alg": alg}), claims(), sign)), Ok(()));
        let short = signed_with(&secret, json!({"alg": "HS256"}), claims());
        assert_eq!(reason(&gate, &short), Err(Reason::AlgorithmForbidden));
    }
}

#[test]
fn what_keys_and_algorithms_cannot_be_is_said_at_start() {
    let fault = |keys: KeySource, algorithms: &[&str]| {
        let faults = try_gate(config(keys, algorithms), true).unwrap_err().0;
        assert_eq!(faults.len(), 1, "{faults:?}");
        (faults[0].path.trim_start_matches("external[0].").to_owned(), faults[0].hint.clone())
    };
    let expect = |keys: KeySource, algorithms: &[&str], path: &str, hint: &str| {
        let (found_path, found_hint) = fault(keys, algorithms);
        assert_eq!(found_path, path);
        assert!(found_hint.contains(hint), "{found_hint}");
    };
    expect(pem("ES256", None), &[], "algorithms", "there is no default");
    expect(jwks([named("ES256", "k1")]), &[], "algorithms", "there is no default");
    expect(pem("ES256", None), &["HS256"], "algorithms", "no shared secret");
    expect(pem("ES256", None), &["ES256", "none"], "algorithms", "`none` is not one of");
    expect(jwks([named("ES256", "k1")]), &["ES256", "HS256"], "algorithms", "no shared secret");
    expect(shared(CLASSIC_SECRET, None), &["RS256"], "algorithms", "shared secret");
    expect(shared(CLASSIC_SECRET, None), &["HS256", "HS512"], "algorithms", "name one of");
    expect(shared(CLASSIC_SECRET, None), &["HS512"], "secret", "shorter than 64 bytes");
    expect(pem("RS256", None), &["RS256", "PS256"], "public_key", "several of the issuer's algorithms");
    expect(pem("RS256", None), &["ES256"], "public_key", "none of the issuer's algorithms");
    expect(KeySource::Pem { text: "no".into(), kid: None }, &["ES256"], "public_key", "PEM");
    expect(jwks([json!({"kty": "oct", "k": "AAAA"})]), &["ES256"], "jwks", "shared secret");
    expect(KeySource::JwksFile { content: b"<html>".to_vec() }, &["ES256"], "jwks", "JSON");
    let url = |url: &str| KeySource::JwksUrl { url: url.to_owned() };
    expect(url("https://idp.test/keys"), &["ES256"], "jwks_url", "cannot be fetched");
}
