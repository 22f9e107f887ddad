use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

use super::SigningKey;
use super::public::PublicKey;

#[test]
fn the_thumbprint_is_that_of_another_implementation() {
    // Key of RFC 7517 appendix A.1; its thumbprint was computed with Python's hashlib.
    let jwk = ("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM");
    use base64::Engine as _;
    let decode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap();
    let point = [vec![4], decode(jwk.0), decode(jwk.1)].concat();
    let key = PublicKey::from_point(&point).unwrap();
    assert_eq!(key.kid(), "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
    assert_eq!((&key.jwk()["x"], &key.jwk()["y"]), (&jwk.0.into(), &jwk.1.into()));
    assert_eq!(PublicKey::from_point(&point[1..]), None);
}

#[test]
fn the_published_key_verifies_and_holds_no_secret() {
    let key = SigningKey::generate().unwrap();
    let jwks = key.jwks();
    let jwk = &jwks["keys"][0];
    let mut members: Vec<_> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    assert_eq!((&jwk["alg"], &jwk["use"], &jwk["kid"]), (&"ES256".into(), &"sig".into(), &key.kid().into()));
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key().point());
    public.verify(b"message", key.sign(b"message").as_ref()).unwrap();
    public.verify(b"other", key.sign(b"message").as_ref()).unwrap_err();
}
