//! Public keys in PEM files.

use super::make::{ED, P256, P384, RSA, set, with};
use crate::keyset::{Alg, KeySet, KeySetFault};

#[test]
fn pem_and_json_are_the_same_key() {
    for (pair, alg) in [(&*P256, Alg::ES256), (&*P384, Alg::ES384), (&*RSA, Alg::PS256), (&*ED, Alg::EdDSA)] {
        let keys = KeySet::from_pem(&format!("a comment\n{}", pair.pem()), Some("k".into()), &[alg]).unwrap();
        let key = keys.find(Some("k")).unwrap();
        assert!(key.verify(b"message", &pair.sign(alg, b"message")), "{alg:?}");
        assert!(!key.verify(b"massage", &pair.sign(alg, b"message")));
        let json = KeySet::parse(&set(vec![with(pair.jwk(), "kid", "k")]), &[alg]).unwrap();
        assert_eq!(json.only().unwrap().alg(), key.alg());
    }
}

#[test]
fn a_pem_file_that_is_not_one_public_key_says_why() {
    let good = P256.pem();
    let why = |text: &str| KeySet::from_pem(text, None, &[Alg::ES256]).unwrap_err().to_string();
    assert!(why("").contains("none"));
    assert!(why(&good.replace("PUBLIC KEY", "PRIVATE KEY")).contains("private"));
    assert!(why(&good.replace("PUBLIC KEY", "CERTIFICATE")).contains("none"));
    assert!(why(&format!("{good}{good}")).contains("several"));
    assert!(why(good.split("-----END").next().unwrap()).contains("end"));
    assert!(why(&good.replacen('M', "!", 1)).contains("base64"));
    assert!(why(&RSA.pem()).contains("none of the issuer's algorithms"));
    let both = KeySet::from_pem(&RSA.pem(), None, &[Alg::RS256, Alg::PS256]).unwrap_err();
    assert!(matches!(both, KeySetFault::Unusable(why) if why.contains("several")));
}

#[test]
fn broken_der_is_refused_and_never_panics() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    for (pair, alg) in [(&*P256, Alg::ES256), (&*RSA, Alg::RS256), (&*ED, Alg::EdDSA)] {
        let pem = pair.pem();
        let body = pem.lines().nth(1).unwrap();
        let der = STANDARD.decode(body).unwrap();
        let parse = |der: &[u8]| KeySet::from_pem(&pem.replace(body, &STANDARD.encode(der)), None, &[alg]);
        assert!(parse(&der).is_ok());
        assert!((0..der.len()).all(|end| parse(&der[..end]).is_err()), "cut anywhere");
        assert!(parse(&[&der[..], &[0]].concat()).is_err(), "something after it");
        // Of the frame every bit counts; in the numbers a flip may make another good key.
        for position in 0..if alg == Alg::RS256 { 32 } else { 12 } {
            for bit in 0..8 {
                let mut flipped = der.clone();
                flipped[position] ^= 1 << bit;
                assert!(parse(&flipped).is_err(), "{alg:?} bit {bit} of byte {position}");
            }
        }
    }
}
