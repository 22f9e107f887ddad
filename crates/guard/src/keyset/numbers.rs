//! What a public key is made of, whether it came as JSON (RFC 7518 §6) or as DER (RFC 5280 §4.1).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ParsedPublicKey, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::Alg;
use super::roca::is_roca;

/// RSA keys below are factored by those who care, above they cost too much per token.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The numbers of one public key. Their form is checked, a point may still be off its curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// A point, uncompressed (SEC 1 §2.3.3): the byte 4, then x and y.
    Ec {
        curve: Curve,
        point: Vec<u8>,
    },
    /// Big endian, without leading zeros.
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    Ed25519(Vec<u8>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
}

impl Curve {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    /// The length of one coordinate in bytes.
    const fn coordinate(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }
}

/// Why the numbers make no key for us; completes "the key …".
pub(crate) type Unusable = &'static str;

impl Numbers {
    /// From the members of a JSON Web Key.
    pub(crate) fn from_jwk(jwk: &Map<String, Value>) -> Result<Self, Unusable> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        match (text("kty"), text("crv")) {
            (Some("EC"), Some("P-256")) => Self::ec_from_jwk(Curve::P256, jwk),
            (Some("EC"), Some("P-384")) => Self::ec_from_jwk(Curve::P384, jwk),
            (Some("RSA"), _) => Self::rsa(bytes(jwk, "n")?, bytes(jwk, "e")?),
            (Some("OKP"), Some("Ed25519")) => Self::ed25519(bytes(jwk, "x")?),
            _ => Err("is of a kind that is not used here"),
        }
    }

    /// Each coordinate has its full length, leading zeros included (RFC 7518 §6.2.1.2).
    fn ec_from_jwk(curve: Curve, jwk: &Map<String, Value>) -> Result<Self, Unusable> {
        let (x, y) = (bytes(jwk, "x")?, bytes(jwk, "y")?);
        if x.len() != curve.coordinate() || y.len() != curve.coordinate() {
            return Err("has a coordinate of the wrong length");
        }
        Ok(Self::Ec { curve, point: [&[4][..], &x, &y].concat() })
    }

    pub(super) fn ec(curve: Curve, point: &[u8]) -> Result<Self, Unusable> {
        let good = point.len() == 1 + 2 * curve.coordinate() && point[0] == 4;
        if good { Ok(Self::Ec { curve, point: point.to_vec() }) } else { Err("is not an uncompressed point") }
    }

    pub(super) fn ed25519(key: Vec<u8>) -> Result<Self, Unusable> {
        if key.len() == 32 { Ok(Self::Ed25519(key)) } else { Err("is not 32 bytes long") }
    }

    pub(super) fn rsa(modulus: Vec<u8>, exponent: Vec<u8>) -> Result<Self, Unusable> {
        if [&modulus, &exponent].into_iter().any(|number| number.first().is_none_or(|first| *first == 0)) {
            return Err("has an empty number or one with a leading zero");
        }
        if !RSA_BITS.contains(&bits(&modulus)) {
            return Err("is not of 2048 to 8192 bits");
        }
        let odd = exponent.last().is_some_and(|last| last % 2 == 1);
        if !odd || exponent == [1] {
            return Err("has an exponent that is even or 1");
        }
        if is_roca(&modulus) {
            return Err("was made by a broken generator (CVE-2017-15361)");
        }
        Ok(Self::Rsa { modulus, exponent })
    }

    /// The algorithms that such a key can have.
    pub(super) const fn algorithms(&self) -> &'static [Alg] {
        match self {
            Self::Ec { curve: Curve::P256, .. } => &[Alg::ES256],
            Self::Ec { curve: Curve::P384, .. } => &[Alg::ES384],
            Self::Rsa { .. } => Alg::RSA,
            Self::Ed25519(_) => &[Alg::EdDSA],
        }
    }

    /// The key, ready to verify with this algorithm. Points that are not on their curve end here.
    pub(super) fn parse(&self, alg: Alg) -> Result<ParsedPublicKey, Unusable> {
        const WRONG: Unusable = "is not a key by the rules of its algorithm";
        if !self.algorithms().contains(&alg) {
            return Err(WRONG);
        }
        let parsed = match self {
            Self::Rsa { modulus, exponent } => {
                let components = RsaPublicKeyComponents { n: modulus, e: exponent };
                components.to_parsed_public_key(alg.rsa().ok_or(WRONG)?)
            }
            Self::Ec { point: bytes, .. } | Self::Ed25519(bytes) => {
                ParsedPublicKey::new(alg.verification().ok_or(WRONG)?, bytes)
            }
        };
        parsed.map_err(|_| WRONG)
    }

    /// The SHA-256 thumbprint (RFC 7638 §3): the required members in lexicographic order, without spaces.
    pub(crate) fn thumbprint(&self) -> String {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let canonical = match self {
            Self::Ec { curve, point } => {
                let (x, y) = point[1..].split_at(curve.coordinate());
                format!(r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#, curve.name(), text(x), text(y))
            }
            Self::Rsa { modulus, exponent } => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, text(exponent), text(modulus))
            }
            Self::Ed25519(key) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text(key)),
        };
        text(digest(&SHA256, canonical.as_bytes()).as_ref())
    }
}

/// A member in canonical base64url: one spelling for each content.
fn bytes(jwk: &Map<String, Value>, name: &str) -> Result<Vec<u8>, Unusable> {
    let text = jwk.get(name).and_then(Value::as_str).ok_or("lacks a number")?;
    URL_SAFE_NO_PAD.decode(text).map_err(|_| "has a number that is not canonical base64url")
}

fn bits(number: &[u8]) -> usize {
    let first = number.first().map_or(0, |byte| byte.leading_zeros() as usize);
    number.len() * 8 - first
}
