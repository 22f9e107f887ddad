//! Proofs that were made for something else, by somebody else, or to confuse. Each has its own reason.

use aws_lc_rs::hmac;
use serde_json::json;

use super::*;
use crate::keyset::tests::make::{P384, RSA, text};

#[test]
fn a_proof_for_another_request_is_refused() {
    let prover = TestProver::new_es256();
    for htm in ["GET", "post", "", "POST "] {
        assert_eq!(refusal(&changed(&prover, &[], &[("htm", json!(htm))])), Reason::ProofMethod, "{htm}");
    }
    for htu in [
        "http://api.example/infer.Infer/Stream",
        "https://api.example/infer.Infer/Resume",
        "https://api.example:8443/infer.Infer/Stream",
        "https://evil.example/infer.Infer/Stream",
        "/infer.Infer/Stream",
        "",
    ] {
        assert_eq!(refusal(&changed(&prover, &[], &[("htu", json!(htu))])), Reason::ProofUrl, "{htu}");
    }
}

#[test]
fn a_proof_of_another_time_is_refused() {
    let prover = TestProver::new_es256();
    for iat in [0, NOW.0 - 600, NOW.0 - 61, NOW.0 + 6, NOW.0 + 600, 1 << 53] {
        assert_eq!(refusal(&changed(&prover, &[], &[("iat", json!(iat))])), Reason::ProofTime, "{iat}");
    }
    for iat in [json!("1800000000"), json!(-1), json!(1e300), json!(1_800_000_000.5), json!(null), json!([])]
    {
        assert_eq!(refusal(&changed(&prover, &[], &[("iat", iat.clone())])), Reason::ProofMalformed, "{iat}");
    }
}

#[test]
fn a_proof_with_another_token_is_refused() {
    let prover = TestProver::new_es256();
    let other = prover.proof("POST", URL, Some("another"), None, NOW);
    assert_eq!(refusal(&other), Reason::ProofToken);
    assert_eq!(refusal(&prover.proof("POST", URL, None, None, NOW)), Reason::ProofToken, "no ath");
    for ath in [json!(""), json!(TOKEN)] {
        assert_eq!(refusal(&changed(&prover, &[], &[("ath", ath)])), Reason::ProofToken);
    }
    assert_eq!(refusal(&changed(&prover, &[], &[("ath", json!(null))])), Reason::ProofMalformed);
}

#[test]
fn every_claim_but_the_hash_and_the_nonce_is_needed_and_has_one_type() {
    let prover = TestProver::new_es256();
    let claims = || prover.claims("POST", URL, Some(TOKEN), None, NOW);
    for claim in ["jti", "htm", "htu", "iat"] {
        let proof = prover.sign(&prover.header(), &without(claims(), claim));
        assert_eq!(refusal(&proof), Reason::ProofMalformed, "{claim}");
        for value in [json!(true), json!(["x"]), json!({}), json!(null)] {
            assert_eq!(refusal(&changed(&prover, &[], &[(claim, value)])), Reason::ProofMalformed, "{claim}");
        }
    }
    for jti in [String::new(), "x".repeat(65), "a b".into(), "é".into(), "a\nb".into(), "a\0".into()] {
        assert_eq!(refusal(&changed(&prover, &[], &[("jti", json!(jti))])), Reason::ProofMalformed, "{jti}");
    }
    assert!(dpop().prove(&changed(&prover, &[], &[("jti", json!("x".repeat(64)))]), &CALL, NOW).is_ok());
}

#[test]
fn a_token_of_another_type_is_no_proof() {
    let prover = TestProver::new_es256();
    for typ in [json!("at+jwt"), json!("JWT"), json!("DPoP+jwt"), json!(""), json!(null), json!(1)] {
        assert_eq!(refusal(&changed(&prover, &[("typ", typ.clone())], &[])), Reason::ProofType, "{typ}");
    }
    let claims = prover.claims("POST", URL, Some(TOKEN), None, NOW);
    assert_eq!(refusal(&prover.sign(&without(prover.header(), "typ"), &claims)), Reason::ProofType);
}

#[test]
fn only_signatures_by_public_keys_count() {
    let prover = TestProver::new_es256();
    for alg in ["none", "None", "", "HS256", "HS512", "ES384", "RS512", "PS384", "es256", "ES256K"] {
        assert_eq!(refusal(&changed(&prover, &[("alg", json!(alg))], &[])), Reason::ProofAlgorithm, "{alg}");
    }
    for alg in [json!(null), json!(7), json!(["ES256"])] {
        assert_eq!(refusal(&changed(&prover, &[("alg", alg)], &[])), Reason::ProofAlgorithm);
    }
    // HMAC by the public key, as the classic confusion has it.
    let claims = text(prover.claims("POST", URL, Some(TOKEN), None, NOW).to_string().as_bytes());
    for jwk in [prover.header()["jwk"].clone(), json!({"kty": "oct", "k": "AAAA"})] {
        let header = json!({"typ": "dpop+jwt", "alg": "HS256", "jwk": jwk}).to_string();
        let signed = format!("{}.{claims}", text(header.as_bytes()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, jwk.to_string().as_bytes());
        let proof = format!("{signed}.{}", text(hmac::sign(&key, signed.as_bytes()).as_ref()));
        assert_eq!(refusal(&proof), Reason::ProofAlgorithm);
    }
}

#[test]
fn the_key_is_one_public_key_of_the_algorithm() {
    let prover = TestProver::new_es256();
    let jwk = prover.header()["jwk"].clone();
    let no_point = {
        let mut jwk = jwk.clone();
        jwk["x"] = jwk["y"].clone();
        jwk
    };
    let mut bad = vec![
        json!(null),
        json!("jwk"),
        json!([jwk]),
        json!({}),
        json!({"kty": "oct", "k": "AAAA"}),
        P384.jwk(),
        RSA.jwk(),
        no_point,
        without(jwk.clone(), "y"),
    ];
    bad.extend(["d", "p", "q", "k", "priv", "oth"].map(|member| leaked(&jwk, member)));
    for (member, value) in
        [("use", json!("enc")), ("key_ops", json!(["sign"])), ("alg", json!("RS256")), ("alg", json!(1))]
    {
        let mut jwk = jwk.clone();
        jwk[member] = value;
        bad.push(jwk);
    }
    for jwk in bad {
        assert_eq!(refusal(&changed(&prover, &[("jwk", jwk.clone())], &[])), Reason::ProofKey, "{jwk}");
    }
    let claims = prover.claims("POST", URL, Some(TOKEN), None, NOW);
    assert_eq!(refusal(&prover.sign(&without(prover.header(), "jwk"), &claims)), Reason::ProofKey);
}

#[test]
fn a_header_that_could_say_more_is_refused() {
    let prover = TestProver::new_es256();
    let more = [
        ("kid", json!("x")),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/cert")),
        ("x5c", json!(["MII"])),
        ("crit", json!(["b64"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
    ];
    for (name, value) in more {
        assert_eq!(refusal(&changed(&prover, &[(name, value)], &[])), Reason::ProofMalformed, "{name}");
    }
}

#[test]
fn somebody_elses_signature_is_refused() {
    let (prover, thief) = (TestProver::new_es256(), TestProver::new_es256());
    let stolen = thief.sign(&prover.header(), &prover.claims("POST", URL, Some(TOKEN), None, NOW));
    assert_eq!(refusal(&stolen), Reason::ProofSignature);
    let proof = prover.proof("POST", URL, Some(TOKEN), None, NOW);
    let (signed, _) = proof.rsplit_once('.').unwrap();
    for signature in [vec![], vec![0; 64], vec![0xff; 64], vec![0; 63]] {
        assert_eq!(refusal(&format!("{signed}.{}", text(&signature))), Reason::ProofSignature);
    }
}

#[test]
fn what_is_not_three_small_parts_is_refused() {
    let prover = TestProver::new_es256();
    let proof = prover.proof("POST", URL, Some(TOKEN), None, NOW);
    let parts: Vec<_> = proof.split('.').collect();
    for bad in [
        String::new(),
        ".".into(),
        "..".into(),
        "a.b.c".into(),
        format!("{proof}."),
        format!(".{proof}"),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{proof}", parts[0]),
        format!(" {proof}"),
        format!("{proof},{proof}"),
        format!("{}=.{}.{}", parts[0], parts[1], parts[2]),
    ] {
        assert_eq!(refusal(&bad), Reason::ProofMalformed, "{bad}");
    }
    for bad in [format!("{proof}="), format!("{proof} "), format!("{proof}\n"), format!("{proof}é")] {
        assert_eq!(refusal(&bad), Reason::ProofSignature, "{bad}");
    }
    let raw = |header: &str, claims: &str| {
        format!("{}.{}.{}", text(header.as_bytes()), text(claims.as_bytes()), parts[2])
    };
    let header = prover.header().to_string();
    let claims = prover.claims("POST", URL, Some(TOKEN), None, NOW).to_string();
    let twice = claims.replacen('{', r#"{"jti":"a","#, 1);
    let deep = claims.replacen('{', r#"{"x":[[[[[]]]]],"#, 1);
    for (header, claims) in [
        (&*header, &*twice),
        (&header, &deep),
        (&header, "[]"),
        (&header, ""),
        ("null", &claims),
        (&header.replacen('{', r#"{"alg":"none","#, 1), &claims),
    ] {
        assert_eq!(refusal(&raw(header, claims)), Reason::ProofMalformed, "{header} {claims}");
    }
}

#[test]
fn a_long_proof_is_refused_before_it_is_read() {
    let prover = TestProver::new_es256();
    let with = |padding: usize| changed(&prover, &[], &[("x", json!("x".repeat(padding)))]);
    let room = (4096 - with(0).len()) * 3 / 4;
    assert!(dpop().prove(&with(room - 4), &CALL, NOW).is_ok());
    assert_eq!(refusal(&with(room + 4)), Reason::ProofMalformed);
    assert_eq!(refusal(&"a".repeat(1 << 20)), Reason::ProofMalformed);
}

#[test]
fn an_unknown_nonce_and_an_expired_one_are_asked_for_again() {
    let (dpop, prover) = (dpop(), TestProver::new_es256());
    let target = ProofTarget { nonce: true, ..CALL };
    let try_nonce = |nonce: Option<&str>| {
        dpop.prove(&prover.proof("POST", URL, Some(TOKEN), nonce, NOW), &target, NOW)
            .map_err(|error| error.reason())
    };
    assert_eq!(try_nonce(None), Err(Reason::ProofNonce), "missing");
    for unknown in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", &*super::dpop().nonce(NOW)] {
        assert_eq!(try_nonce(Some(unknown)), Err(Reason::ProofNonce), "unknown: {unknown}");
    }
    for (then, good) in [(NOW.0, true), (NOW.0 - 60, true), (NOW.0 - 120, false), (NOW.0 + 60, false)] {
        let nonce = dpop.nonce(UnixSeconds(then));
        let result = try_nonce(Some(&nonce));
        assert_eq!(result.is_ok(), good, "the nonce of {then}: {result:?}");
        assert!(good || result == Err(Reason::ProofNonce), "expired");
    }
    let number = prover.sign(&prover.header(), &{
        let mut claims = prover.claims("POST", URL, Some(TOKEN), None, NOW);
        claims["nonce"] = json!(1);
        claims
    });
    assert_eq!(dpop.prove(&number, &target, NOW).unwrap_err().reason(), Reason::ProofMalformed);
}
