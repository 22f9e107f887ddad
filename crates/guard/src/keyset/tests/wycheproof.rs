//! The JSON Web Key vectors of Project Wycheproof: all 26 are judged right.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use wycheproof_ng_kdf_jose::json_web::{TestName, TestSet};

use crate::keyset::{Alg, KeySet, VerifyingKey};
use crate::verify::parse_object;

/// The keys as an operator could hand them to us: a set of secrets is no key set that we would fetch, but each secret
/// can be configured by itself.
fn keys(set: &Value, alg: Alg) -> Option<KeySet> {
    let list = set["keys"].as_array()?;
    if !list.iter().all(|key| key["kty"] == "oct") {
        return KeySet::parse(set.to_string().as_bytes(), &[alg]).ok();
    }
    assert!(KeySet::parse(set.to_string().as_bytes(), &[alg]).is_err(), "never from a key set");
    let secrets = list.iter().map(|key| {
        let secret = URL_SAFE_NO_PAD.decode(key["k"].as_str()?).ok()?;
        VerifyingKey::shared(key["alg"].as_str()?.parse().ok()?, &secret, Some(key["kid"].as_str()?.into()))
    });
    KeySet::of(secrets.collect::<Option<_>>()?).ok()
}

/// Whether the token verifies with the key its header names.
fn verifies(set: &Value, jws: &str) -> Option<()> {
    let (signed, signature) = jws.rsplit_once('.')?;
    let header = URL_SAFE_NO_PAD.decode(signed.split_once('.')?.0).ok()?;
    let header = parse_object(&header, 2).ok()?;
    let alg = header.get("alg")?.as_str()?;
    let keys = keys(set, alg.parse().ok()?)?;
    let key = keys.find(header.get("kid").and_then(Value::as_str))?;
    (key.accepts_name(alg) && key.verify(signed.as_bytes(), signature)).then_some(())
}

#[test]
fn all_key_vectors_are_judged_right() {
    let set = TestSet::load(TestName::JsonWebKey).unwrap();
    let mut judged = 0;
    for group in &set.test_groups {
        let keys = group.public_key.as_ref().or(group.private_key.as_ref()).expect("a key");
        for test in &group.tests {
            let jws = test.jws.as_ref().and_then(Value::as_str).expect("a compact token");
            let accepted = verifies(keys, jws).is_some();
            assert_eq!(accepted, !test.result.must_fail(), "vector {}: {}", test.tc_id, test.comment);
            judged += 1;
        }
    }
    assert_eq!(judged, 26);
}
