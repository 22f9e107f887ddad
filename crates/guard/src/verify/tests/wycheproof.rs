//! The JSON Web Signature vectors of Project Wycheproof, judged by our own form, header, key and signature checks.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use wycheproof_ng_kdf_jose::json_web::{TestName, TestSet};

use crate::keyset::{Alg, KeySet, VerifyingKey};
use crate::verify::header::Header;
use crate::verify::keys::Keys;
use crate::verify::parts::Parts;

/// Where we disagree with the vectors, because they are wrong: 346, 350 are signed with PS384 and the key says PS256;
/// 347, 351 have a key for "ES521", which does not exist; 367, 370 are to be refused and are byte for byte 357, which is
/// to be accepted; 372, 373 are to be accepted with a stray `?` in them.
const WRONG_VECTORS: [u32; 8] = [346, 347, 350, 351, 367, 370, 372, 373];

/// The key as an operator would configure it, the issuer's algorithm being the one the key names.
fn keys(jwk: &Value) -> Option<Keys> {
    let alg: Alg = jwk["alg"].as_str()?.parse().ok()?;
    let set = if jwk["kty"] == "oct" {
        let secret = URL_SAFE_NO_PAD.decode(jwk["k"].as_str()?).ok()?;
        let kid = jwk["kid"].as_str().map(Into::into);
        KeySet::of(vec![VerifyingKey::shared(alg, &secret, kid)?]).ok()?
    } else {
        KeySet::parse(json!({"keys": [jwk]}).to_string().as_bytes(), &[alg]).ok()?
    };
    Some(Keys::Fixed { set: Arc::new(set), without_kid: true })
}

fn accepts(jwk: &Value, jws: &str) -> bool {
    let Some(keys) = keys(jwk) else { return false };
    let Ok(parts) = Parts::split(jws) else { return false };
    let Ok(header) = Header::parse(&parts.header) else { return false };
    let key = keys.find(header.kid.as_ref());
    key.is_some_and(|key| key.accepts_name(&header.alg) && key.verify(parts.signed, parts.signature))
}

#[test]
fn exactly_the_vectors_that_are_wrong_disagree() {
    let set = TestSet::load(TestName::JsonWebSignature).unwrap();
    let (mut judged, mut disagree) = (0, Vec::new());
    for group in &set.test_groups {
        let jwk = group.public_key.as_ref().or(group.private_key.as_ref()).expect("a key");
        for test in &group.tests {
            let jws = test.jws.as_ref().and_then(Value::as_str).expect("a compact token");
            if accepts(jwk, jws) == test.result.must_fail() {
                disagree.push(test.tc_id as u32);
            }
            judged += 1;
        }
    }
    assert_eq!(judged, 401);
    assert_eq!(disagree, WRONG_VECTORS);
}
