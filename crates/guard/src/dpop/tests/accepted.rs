//! What must pass.

use serde_json::json;

use super::*;
use crate::keyset::Alg;
use crate::keyset::tests::make::{ED, P256, Pair, RSA, text, with};

#[test]
fn a_good_proof_names_its_key() {
    let (dpop, prover) = (dpop(), TestProver::new_es256());
    let key = dpop.prove(&prover.proof("POST", URL, Some(TOKEN), None, NOW), &CALL, NOW).unwrap();
    assert_eq!(key.thumbprint(), prover.thumbprint());
    assert_eq!(key.thumbprint().len(), 43);
}

#[test]
fn every_allowed_algorithm_passes_by_each_of_its_names() {
    let pairs: [(&Pair, &str, Alg); 5] = [
        (&P256, "ES256", Alg::ES256),
        (&ED, "EdDSA", Alg::EdDSA),
        (&ED, "Ed25519", Alg::EdDSA),
        (&RSA, "RS256", Alg::RS256),
        (&RSA, "PS256", Alg::PS256),
    ];
    for (pair, name, alg) in pairs {
        let claims = TestProver::new_es256().claims("POST", URL, Some(TOKEN), None, NOW);
        // A browser's exported key says what it is for.
        let jwk = with(with(pair.jwk(), "key_ops", json!(["verify"])), "ext", true);
        let header = json!({"typ": "dpop+jwt", "alg": name, "jwk": jwk});
        let signed =
            format!("{}.{}", text(header.to_string().as_bytes()), text(claims.to_string().as_bytes()));
        let proof = format!("{signed}.{}", pair.sign(alg, signed.as_bytes()));
        let key = dpop().prove(&proof, &CALL, NOW).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(key.thumbprint().len(), 43);
    }
}

/// The worked example of RFC 7638 §3.1, and the key and token hash of RFC 9449 (§4.1, §7.1).
#[test]
fn the_examples_of_the_standards_hold() {
    let rsa = json!({
        "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiF\
              V4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9\
              c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1\
              jF44-csFCur-kEgU8awapJzKnqDKgw"
    });
    let numbers = crate::keyset::Numbers::from_jwk(rsa.as_object().unwrap()).unwrap();
    assert_eq!(numbers.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");

    let proof = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpD\
                 a0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6\
                 IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxl\
                 Lm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1\
                 OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpL\
                 jA";
    let server = Dpop::new(DpopConfig {
        origins: vec!["https://resource.example.org".to_owned()],
        ..DpopConfig::default()
    });
    let target = ProofTarget {
        method: "GET",
        path: "/protectedresource",
        access_token: Some("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
        ..CALL
    };
    let key = server.prove(proof, &target, UnixSeconds(1_562_262_618)).unwrap();
    assert_eq!(key.thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}

#[test]
fn the_url_may_be_spelled_like_any_equivalent_one_and_be_the_local_one() {
    let (dpop, prover) = (dpop(), TestProver::new_es256());
    for url in
        ["https://API.example:443/infer.Infer/%53tream", "https://api.example/infer.Infer/Stream?x=1#y"]
    {
        dpop.prove(&prover.proof("POST", url, Some(TOKEN), None, NOW), &CALL, NOW).unwrap();
    }
    let local = "http://127.0.0.1:8080/infer.Infer/Stream";
    let proof = prover.proof("POST", local, Some(TOKEN), None, NOW);
    assert_eq!(dpop.prove(&proof, &CALL, NOW).unwrap_err().reason(), Reason::ProofUrl);
    let at_home = ProofTarget { local_origin: Some("http://127.0.0.1:8080"), ..CALL };
    dpop.prove(&proof, &at_home, NOW).unwrap();
}

#[test]
fn at_the_token_endpoint_there_is_no_token_to_hash() {
    let (dpop, prover) = (dpop(), TestProver::new_es256());
    let target = ProofTarget { path: "/auth/token", access_token: None, nonce: true, ..CALL };
    let nonce = dpop.nonce(NOW);
    let proof = prover.proof("POST", "https://api.example/auth/token", None, Some(&nonce), NOW);
    dpop.prove(&proof, &target, NOW).unwrap();
}

#[test]
fn clocks_may_differ_a_little() {
    let (dpop, prover) = (dpop(), TestProver::new_es256());
    for iat in [NOW.0 - 60, NOW.0, NOW.0 + 5] {
        dpop.prove(&changed(&prover, &[], &[("iat", json!(iat))]), &CALL, NOW).unwrap();
    }
    dpop.prove(&changed(&prover, &[], &[("iat", json!(NOW.0 as f64))]), &CALL, NOW).unwrap();
}

#[test]
fn an_origin_of_the_configuration_is_a_url_without_query() {
    for good in ["https://api.example", "http://127.0.0.1:8080", "https://api.example/v1", "https://[::1]"] {
        assert!(DpopConfig::is_origin(good), "{good}");
    }
    for bad in
        ["", "api.example", "ftp://a", "https://", "https://a?x", "https://u@a", "https://a b", "https://*.a"]
    {
        assert!(!DpopConfig::is_origin(bad), "{bad}");
    }
}
