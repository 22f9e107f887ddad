//! What a key set may hold, and what makes it refused.

use serde_json::{Value, json};

use super::make::{ED, P256, P384, Pair, RSA, set, with};
use crate::keyset::{Alg, KEY_SET_BYTES_MAX, KeySet, KeySetFault, VerifyingKey};

const ALL: [Alg; 4] = [Alg::ES256, Alg::ES384, Alg::RS256, Alg::EdDSA];

fn parse(json: &[u8]) -> Result<KeySet, KeySetFault> {
    KeySet::parse(json, &ALL)
}

fn fault(json: &[u8]) -> KeySetFault {
    parse(json).expect_err(&String::from_utf8_lossy(json))
}

fn kinds() -> [(&'static Pair, Alg); 4] {
    [(&*P256, Alg::ES256), (&*P384, Alg::ES384), (&*RSA, Alg::RS256), (&*ED, Alg::EdDSA)]
}

#[test]
fn every_kind_of_key_verifies_what_it_signed_and_nothing_else() {
    for (pair, alg) in kinds() {
        let keys = parse(&set(vec![with(pair.jwk(), "kid", "k")])).unwrap();
        let key = keys.find(Some("k")).unwrap();
        assert_eq!((key.alg(), key.kid()), (alg, Some("k")));
        let signature = pair.sign(alg, b"message");
        assert!(key.verify(b"message", &signature), "{alg:?}");
        assert!(!key.verify(b"messagf", &signature));
        assert!(!key.verify(b"message", &format!("{signature}=")), "padding is another spelling");
        assert!(!key.verify(b"message", ""));
    }
}

#[test]
fn every_rsa_algorithm_verifies_its_own_signatures_only() {
    let algs = [Alg::RS256, Alg::RS384, Alg::RS512, Alg::PS256, Alg::PS384, Alg::PS512];
    for alg in algs {
        let keys = KeySet::parse(&set(vec![with(RSA.jwk(), "alg", alg.name())]), &algs).unwrap();
        for other in algs {
            let verified = keys.only().unwrap().verify(b"message", &RSA.sign(other, b"message"));
            assert_eq!(verified, alg == other, "a signature by {other:?}, a key for {alg:?}");
        }
    }
}

#[test]
fn a_key_gets_exactly_one_algorithm_or_is_left_out() {
    let both = [Alg::RS256, Alg::PS256];
    let skipped = |jwk: Value, algs: &[Alg]| {
        let result = KeySet::parse(&set(vec![jwk]), algs);
        matches!(result, Err(KeySetFault::NoUsableKey(_)))
    };
    assert!(skipped(RSA.jwk(), &both), "two would fit");
    assert!(!skipped(with(RSA.jwk(), "alg", "PS256"), &both));
    assert!(skipped(with(RSA.jwk(), "alg", "PS512"), &both), "the issuer does not use it");
    assert!(skipped(with(P256.jwk(), "alg", "ES384"), &ALL), "not of this curve");
    assert!(skipped(with(P256.jwk(), "alg", "RS256"), &ALL));
    assert!(
        skipped(with(P256.jwk(), "alg", "HS256"), &[Alg::ES256, Alg::HS256]),
        "a public key is no secret"
    );
    assert!(skipped(with(P256.jwk(), "alg", 5), &ALL));
    assert!(skipped(P256.jwk(), &[]));
    let ed = KeySet::parse(&set(vec![with(ED.jwk(), "alg", "Ed25519")]), &ALL).unwrap();
    assert!(ed.only().unwrap().accepts_name("EdDSA") && ed.only().unwrap().accepts_name("Ed25519"));
}

#[test]
fn keys_that_cannot_be_used_are_left_out_and_named() {
    let good = with(P256.jwk(), "kid", "good");
    let bad = [
        with(good.clone(), "use", "enc"),
        with(good.clone(), "use", 1),
        with(good.clone(), "key_ops", json!(["sign"])),
        with(good.clone(), "key_ops", "verify"),
        with(good.clone(), "crv", "P-384"),
        with(good.clone(), "crv", "secp256k1"),
        with(good.clone(), "kty", "RSA"),
        with(good.clone(), "kty", "AKP"),
        with(good.clone(), "kty", Value::Null),
        with(good.clone(), "x", "AA"),
        with(good.clone(), "x", good["y"].clone()),
        with(good.clone(), "y", format!("{}=", good["y"].as_str().unwrap())),
        with(good.clone(), "y", format!("{}%", &good["y"].as_str().unwrap()[1..])),
        with(RSA.jwk(), "e", "AQ"),
        with(RSA.jwk(), "e", "Ag"),
        with(RSA.jwk(), "e", ""),
        with(RSA.jwk(), "n", format!("AAAA{}", RSA.jwk()["n"].as_str().unwrap())),
        with(ED.jwk(), "crv", "X25519"),
        with(ED.jwk(), "crv", "Ed448"),
        with(ED.jwk(), "x", "AAAA"),
    ];
    for bad in bad {
        let bad = with(bad, "kid", "bad");
        let text = fault(&set(vec![bad.clone()])).to_string();
        assert!(text.contains("key `bad` "), "{bad}: {text}");
        let keys = parse(&set(vec![bad, good.clone()])).unwrap();
        assert!(keys.find(Some("good")).is_some() && keys.find(Some("bad")).is_none());
    }
    for fine in [with(good.clone(), "use", "sig"), with(good, "key_ops", json!(["sign", "verify"]))] {
        assert!(parse(&set(vec![fine])).is_ok());
    }
    for kid in [json!(1), json!(null), json!([]), json!("")] {
        assert!(matches!(fault(&set(vec![with(P256.jwk(), "kid", kid)])), KeySetFault::NoUsableKey(_)));
    }
}

#[test]
fn what_could_confuse_refuses_the_whole_set() {
    let good = with(P256.jwk(), "kid", "good");
    let oct = json!({"kty": "oct", "k": "AAAA", "kid": "s"});
    assert_eq!(fault(&set(vec![good.clone(), oct])), KeySetFault::SharedSecret);
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        let leaked = with(with(RSA.jwk(), "kid", "leaked"), member, "AQAB");
        assert_eq!(fault(&set(vec![good.clone(), leaked])), KeySetFault::PrivateKey, "{member}");
    }
    let twin = with(with(ED.jwk(), "kid", "good"), "use", "enc");
    assert_eq!(fault(&set(vec![good.clone(), twin])), KeySetFault::RepeatedKid("good".into()));
    let many: Vec<_> = (0..65).map(|n| with(P256.jwk(), "kid", n.to_string())).collect();
    assert_eq!(parse(&set(many[..64].to_vec())).unwrap().keys().len(), 64);
    assert_eq!(fault(&set(many)), KeySetFault::TooManyKeys);
}

#[test]
fn a_key_set_is_one_strict_json_object() {
    let good = String::from_utf8(set(vec![with(P256.jwk(), "kid", "k")])).unwrap();
    for bad in ["", "<html>", "null", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[1]}"#, r#"{"keys":[[]]}"#] {
        let fault = fault(bad.as_bytes());
        assert!(matches!(fault, KeySetFault::NotJson(_) | KeySetFault::NoList), "{bad}: {fault}");
    }
    assert!(matches!(fault(br#"{"keys":[]}"#), KeySetFault::NoUsableKey(_)));
    let twice = good.replacen(r#""kty":"EC""#, r#""kty":"EC","kty":"EC""#, 1);
    assert!(matches!(fault(twice.as_bytes()), KeySetFault::NotJson(_)));
    let two_lists = good.replacen('{', r#"{"keys":[],"#, 1);
    assert!(matches!(fault(two_lists.as_bytes()), KeySetFault::NotJson(_)));
    assert!(matches!(fault(format!("{good} x").as_bytes()), KeySetFault::NotJson(_)));
    let padded = format!("{good}{}", " ".repeat(KEY_SET_BYTES_MAX - good.len()));
    assert!(parse(padded.as_bytes()).is_ok());
    assert_eq!(fault(format!("{padded} ").as_bytes()), KeySetFault::TooLarge);
    assert!(parse(good.replacen('{', r#"{"more":[1],"#, 1).as_bytes()).is_ok(), "RFC 7517 §5 allows members");
}

#[test]
fn keys_are_found_by_exactly_their_name() {
    let named = |kid: &str| with(P256.jwk(), "kid", kid);
    let keys = parse(&set(vec![named("a"), named("b"), P256.jwk()])).unwrap();
    assert_eq!(keys.find(Some("a")).unwrap().kid(), Some("a"));
    assert_eq!(keys.find(None).unwrap().kid(), None);
    for no in ["A", "a ", "", "c"] {
        assert!(keys.find(Some(no)).is_none(), "{no}");
    }
    assert!(keys.only().is_none());
    let unnamed = parse(&set(vec![P256.jwk(), P384.jwk()])).unwrap();
    assert!(unnamed.find(None).is_none(), "there are two");
    assert_eq!(parse(&set(vec![named("a")])).unwrap().only().unwrap().kid(), Some("a"));
}

#[test]
fn secrets_are_as_long_as_their_hash_and_are_not_shown() {
    for (alg, bytes) in [(Alg::HS256, 32), (Alg::HS384, 48), (Alg::HS512, 64)] {
        assert!(VerifyingKey::shared(alg, &vec![7; bytes - 1], None).is_none());
        let key = VerifyingKey::shared(alg, &vec![7; bytes], Some("k".into())).unwrap();
        assert_eq!((key.alg(), key.kid()), (alg, Some("k")));
    }
    assert!(VerifyingKey::shared(Alg::ES256, &[7; 64], None).is_none());
    let key = VerifyingKey::shared(Alg::HS256, b"k3Jw8-Zq1vT0pXn5RbYc7LdQ2mFhGs9e", None).unwrap();
    assert_eq!(format!("{key:?}"), "VerifyingKey { kid: None, alg: HS256, .. }");
    assert!(matches!(KeySet::of(vec![key.clone(), key]), Ok(set) if set.find(None).is_none()));
}
