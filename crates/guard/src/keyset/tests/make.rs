//! Makes keys of every kind, as JSON and as PEM, and signs with them.

use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{self as lc, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::keyset::Alg;

/// A key pair of one kind.
pub(crate) enum Pair {
    Ec(lc::EcdsaKeyPair, &'static str),
    Rsa(lc::RsaKeyPair),
    Ed(lc::Ed25519KeyPair),
}

pub(crate) static P256: LazyLock<Pair> = LazyLock::new(|| ec(&lc::ECDSA_P256_SHA256_FIXED_SIGNING, "P-256"));
pub(crate) static P384: LazyLock<Pair> = LazyLock::new(|| ec(&lc::ECDSA_P384_SHA384_FIXED_SIGNING, "P-384"));
pub(crate) static RSA: LazyLock<Pair> =
    LazyLock::new(|| Pair::Rsa(lc::RsaKeyPair::generate(KeySize::Rsa2048).unwrap()));
pub(crate) static ED: LazyLock<Pair> = LazyLock::new(|| Pair::Ed(lc::Ed25519KeyPair::generate().unwrap()));

fn ec(alg: &'static lc::EcdsaSigningAlgorithm, crv: &'static str) -> Pair {
    Pair::Ec(lc::EcdsaKeyPair::generate(alg).unwrap(), crv)
}

pub(crate) fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Pair {
    /// The public key as a bare JWK.
    pub(crate) fn jwk(&self) -> Value {
        match self {
            Self::Ec(pair, crv) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(if *crv == "P-256" { 32 } else { 48 });
                json!({"kty": "EC", "crv": crv, "x": text(x), "y": text(y)})
            }
            Self::Rsa(pair) => {
                // SEQUENCE { INTEGER n (257 bytes with its zero), INTEGER 65537 } of a 2048 bit key.
                let der = pair.public_key().as_ref();
                json!({"kty": "RSA", "n": text(&der[9..265]), "e": "AQAB"})
            }
            Self::Ed(pair) => json!({"kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key().as_ref())}),
        }
    }

    /// The public key as PEM.
    pub(crate) fn pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = match self {
            Self::Ec(pair, _) => pair.public_key().as_der().unwrap(),
            Self::Rsa(pair) => pair.public_key().as_der().unwrap(),
            Self::Ed(pair) => pair.public_key().as_der().unwrap(),
        };
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der.as_ref()))
    }

    pub(crate) fn sign(&self, alg: Alg, message: &[u8]) -> String {
        let random = SystemRandom::new();
        let signature = match self {
            Self::Ec(pair, _) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Rsa(pair) => {
                let encoding: &'static dyn lc::RsaEncoding = match alg {
                    Alg::RS256 => &lc::RSA_PKCS1_SHA256,
                    Alg::RS384 => &lc::RSA_PKCS1_SHA384,
                    Alg::RS512 => &lc::RSA_PKCS1_SHA512,
                    Alg::PS256 => &lc::RSA_PSS_SHA256,
                    Alg::PS384 => &lc::RSA_PSS_SHA384,
                    _ => &lc::RSA_PSS_SHA512,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &random, message, &mut signature).unwrap();
                signature
            }
        };
        text(&signature)
    }
}

/// `object` with one member set.
pub(crate) fn with(mut object: Value, name: &str, value: impl Into<Value>) -> Value {
    object[name] = value.into();
    object
}

/// A key set of these keys.
pub(crate) fn set(keys: impl Into<Value>) -> Vec<u8> {
    json!({"keys": keys.into()}).to_string().into_bytes()
}
