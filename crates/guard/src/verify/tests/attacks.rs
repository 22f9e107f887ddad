//! Attacks on the form of a token and on the choice of key and algorithm.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
use proptest::prelude::*;
use serde_json::json;

use super::forge::*;
use crate::Reason;
use crate::bearer;

fn good() -> String {
    signed_by_us(own_header(), own_claims())
}

#[test]
fn g01_g02_no_algorithm_but_the_keys_own() {
    for alg in
        ["none", "None", "nOnE", "NONE", "", "es256", "ES256 ", "HS256", "RS256", "PS256", "ES384", "ES512"]
    {
        refused(&signed_by_us(with(own_header(), "alg", alg), own_claims()), Reason::AlgorithmForbidden);
    }
    for alg in ["EdDSA", "Ed25519", "ES256K", "dir", "\u{0}ES256"] {
        refused(&signed_by_us(with(own_header(), "alg", alg), own_claims()), Reason::AlgorithmForbidden);
    }
    for alg in [json!(0), json!(["ES256"]), json!(null), json!({"alg": "ES256"}), json!(true)] {
        refused(&signed_by_us(with(own_header(), "alg", alg), own_claims()), Reason::HeaderMalformed);
    }
    refused(&signed_by_us(without(own_header(), "alg"), own_claims()), Reason::HeaderMalformed);
    let unsigned = signed(with(own_header(), "alg", "none"), own_claims(), |_| Vec::new());
    refused(&unsigned, Reason::TokenMalformed);
}

#[test]
fn g03_the_public_key_is_no_hmac_secret() {
    let key = WORLD.issuer.key();
    let (jwk, point) = (key.public_key().jwk(), key.public_key().point());
    let spki_start = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";
    let pem =
        format!("-----BEGIN PUBLIC KEY-----\n{spki_start}{}\n-----END PUBLIC KEY-----\n", b64(&point[1..]));
    let secrets = [
        point,
        &point[1..],
        &point[1..33],
        jwk.to_string().as_bytes(),
        pem.as_bytes(),
        key.kid().as_bytes(),
        b"",
    ]
    .map(<[u8]>::to_vec);
    let hs256 = with(own_header(), "alg", "HS256");
    for secret in secrets {
        refused(&signed_with(&secret, &hs256, own_claims()), Reason::AlgorithmForbidden);
        refused(&signed_with(&secret, without(hs256.clone(), "kid"), own_claims()), Reason::KeyUnknown);
        // The header says ES256, the signature is an HMAC of 32 bytes.
        refused(&signed_with(&secret, own_header(), own_claims()), Reason::SignatureInvalid);
    }
}

#[test]
fn g04_g05_another_curve_is_another_algorithm() {
    let p384 = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let sign = |message: &[u8]| p384.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec();
    refused(&signed(with(own_header(), "alg", "ES384"), own_claims(), sign), Reason::AlgorithmForbidden);
    refused(&signed(own_header(), own_claims(), sign), Reason::SignatureInvalid);
}

#[test]
fn g06_degenerate_signatures_are_refused() {
    let order = *b"\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\
                   \xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51";
    let one = [[0; 31].as_slice(), &[1]].concat();
    let pairs = [
        [[0; 32]; 2].concat(),
        [order; 2].concat(),
        [&order[..], &one].concat(),
        [&one[..], &order].concat(),
    ];
    for signature in
        pairs.into_iter().chain([vec![0; 63], vec![0; 65], vec![0; 1], vec![255; 64], vec![1; 3000]])
    {
        let token = signed(own_header(), own_claims(), |_| signature);
        let long = token.len() > 4096;
        refused(&token, if long { Reason::TokenTooLarge } else { Reason::SignatureInvalid });
    }
    let der = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let sign = |message: &[u8]| der.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec();
    refused(&signed(own_header(), own_claims(), sign), Reason::SignatureInvalid);
}

#[test]
fn g07_a_key_is_found_by_its_exact_name_within_its_issuer() {
    let key = WORLD.issuer.key();
    let kid = key.kid();
    let near = [&kid[1..], &kid[..42], &format!("{kid} "), &format!("{kid}\0"), &kid.to_lowercase()]
        .map(str::to_owned);
    for kid in near.iter().map(|kid| &**kid).chain(["", "../../etc/passwd", "' OR 1=1 --", "\0", "d1", "*"]) {
        refused(&signed_by_us(with(own_header(), "kid", kid), own_claims()), Reason::KeyUnknown);
    }
    refused(&signed_by_us(without(own_header(), "kid"), own_claims()), Reason::KeyUnknown);
    for kid in [json!([kid]), json!(1), json!(null), json!("x".repeat(10_000))] {
        let token = signed_by_us(with(own_header(), "kid", kid), own_claims());
        let long = token.len() > 8192;
        refused(&token, if long { Reason::TokenTooLarge } else { Reason::HeaderMalformed });
    }
    refused(
        &signed_by_us(with(own_header(), "kid", "x".repeat(1024)), own_claims()),
        Reason::HeaderMalformed,
    );
}

#[test]
fn g08_g09_a_token_brings_no_key_and_no_rules() {
    let jwk = WORLD.issuer.key().public_key().jwk();
    let fields = [
        ("jku", json!("https://evil.test")),
        ("x5u", json!("https://evil.test")),
        ("jwk", jwk),
        ("x5c", json!(["AA"])),
    ];
    let more = [
        ("crit", json!(["b64"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
        ("x5t", json!("AA")),
    ];
    for (field, value) in
        fields.into_iter().chain(more).chain([("ALG", json!("none")), ("__proto__", json!("x"))])
    {
        refused(&signed_by_us(with(own_header(), field, value), own_claims()), Reason::HeaderFieldForbidden);
    }
}

#[test]
fn g10_only_one_signed_object_is_a_token() {
    let good = good();
    let parts: Vec<_> = good.split('.').collect();
    let json = json!({"protected": parts[0], "payload": parts[1], "signature": parts[2]}).to_string();
    for bad in [
        format!("{good}.AA"),
        format!("{good}.AA.AA"),
        format!(".{good}"),
        format!("{good}."),
        json,
        parts[0..2].join("."),
    ] {
        refused(&bad, Reason::TokenMalformed);
    }
    for bad in ["", ".", "..", "a.b", "....", "ssr_live_x"] {
        refused(bad, Reason::TokenMalformed);
    }
    for nested in
        [good.clone(), format!("{good:?}"), "[]".to_owned(), "null".to_owned(), format!("{}x", own_claims())]
    {
        refused(&signed_by_us(own_header(), nested), Reason::ClaimsMalformed);
    }
    refused(&signed_by_us("[]", own_claims()), Reason::HeaderMalformed);
    refused(&signed_by_us(own_header(), ""), Reason::ClaimsMalformed);
}

#[test]
fn g11_every_cut_and_every_flipped_bit_is_noticed() {
    for token in
        [good(), signed_with(CLASSIC_SECRET, json!({"alg": "HS256"}), json!({"sub": "7", "exp": NOW.0 + 9}))]
    {
        accepted(&token);
        for cut in 0..token.len() {
            assert!(verify(&token[..cut]).is_err(), "cut at {cut}");
            assert!(verify(&token[cut + 1..]).is_err(), "cut before {cut}");
        }
        for (place, bit) in (0..token.len()).flat_map(|place| (0..7).map(move |bit| (place, bit))) {
            let mut bytes = token.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            assert!(verify(std::str::from_utf8(&bytes).unwrap()).is_err(), "bit {bit} of byte {place}");
        }
    }
}

#[test]
fn g11_there_is_one_way_to_write_a_token() {
    let token = good();
    // 64 bytes leave 4 unused bits in the last of 86 characters.
    let (start, last) = token.split_at(token.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let index = alphabet.find(last).unwrap();
    assert_eq!(index % 16, 0);
    for sibling in &alphabet[index + 1..index + 16].chars().collect::<Vec<_>>() {
        refused(&format!("{start}{sibling}"), Reason::TokenMalformed);
    }
    for bad in [
        format!("{token}=="),
        format!("{token}="),
        format!("{token} "),
        format!(" {token}"),
        format!("{token}\n"),
    ] {
        refused(&bad, Reason::TokenMalformed);
    }
    refused(&token.replacen('.', "=.", 1), Reason::TokenMalformed);
    refused(&format!("{}+/{}", &token[..40], &token[42..]), Reason::TokenMalformed);
}

#[test]
fn g12_size_and_depth_are_bounded() {
    let padded = |bytes: usize| signed_by_us(own_header(), with(own_claims(), "pad", "x".repeat(bytes)));
    assert!(padded(2500).len() < 4096);
    accepted(&padded(2500));
    let length = padded(2900).len();
    assert!((4096..8192).contains(&length), "{length}");
    refused(&padded(2900), Reason::TokenTooLarge);
    refused(&padded(1_000_000), Reason::TokenTooLarge);
    refused(&"a".repeat(8193), Reason::TokenTooLarge);
    refused(&"a".repeat(8192), Reason::TokenMalformed);
    let deep = format!("{}1{}", "{\"a\":".repeat(500), "}".repeat(500));
    refused(
        &signed_by_us(own_header(), own_claims().to_string().replace("\"alice\"", &deep)),
        Reason::ClaimsMalformed,
    );
    refused(
        &signed_by_us(with(own_header(), "typ", "x".repeat(1000)), own_claims()),
        Reason::HeaderMalformed,
    );
}

#[test]
fn g13_each_key_occurs_once() {
    for (name, value) in own_claims().as_object().unwrap() {
        let twice = own_claims().to_string().replacen('{', &format!("{{\"{name}\":{value},"), 1);
        refused(&signed_by_us(own_header(), twice), Reason::ClaimsMalformed);
    }
    for (name, value) in own_header().as_object().unwrap() {
        let twice = own_header().to_string().replacen('{', &format!("{{\"{name}\":{value},"), 1);
        refused(&signed_by_us(twice, own_claims()), Reason::HeaderMalformed);
    }
    let nested = own_claims().to_string().replacen('{', r#"{"x":[{"a":1,"a":1}],"#, 1);
    refused(&signed_by_us(own_header(), nested), Reason::ClaimsMalformed);
    own_claim("__proto__", json!({"sub": "root"}), Ok(()));
}

proptest! {
    #[test]
    fn nothing_made_of_noise_is_accepted_or_panics(text in "\\PC{0,300}|([A-Za-z0-9_-]{0,99}\\.){2}[A-Za-z0-9_-]{0,99}", bytes: Vec<u8>) {
        prop_assert!(verify(&text).is_err());
        prop_assert!(bearer([&*bytes].into_iter()).is_err() || bytes.to_ascii_lowercase().starts_with(b"bearer "));
    }

    #[test]
    fn no_header_but_the_right_one_is_accepted(alg in "[A-Za-z0-9]{0,8}", typ in "[a-z+]{0,8}", kid in "[A-Za-z0-9_-]{0,43}") {
        let header = json!({"alg": alg, "typ": typ, "kid": kid});
        prop_assume!(header != own_header());
        prop_assert!(verify(&signed_by_us(header, own_claims())).is_err());
    }

    #[test]
    fn a_changed_character_is_noticed(place in 0_usize..400, character in "[A-Za-z0-9_-]") {
        let mut token = good();
        let place = place % token.len();
        prop_assume!(token[place..=place] != character);
        token.replace_range(place..=place, &character);
        prop_assert!(verify(&token).is_err());
    }
}
