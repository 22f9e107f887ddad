//! A public key as `openssl` writes it: SubjectPublicKeyInfo (RFC 5280 §4.1) in PEM (RFC 7468 §13).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::KeySetFault;
use super::numbers::{Curve, Numbers, Unusable};

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

// Object identifiers, encoded (RFC 5480 §2.1.1, RFC 8017 §A.1, RFC 8410 §3), and what follows them.
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
const NULL: &[u8] = &[0x05, 0x00];
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// The numbers of the one public key in this text. Text around it is a comment.
pub(super) fn read(text: &str) -> Result<Numbers, KeySetFault> {
    let der = unwrap(text).map_err(KeySetFault::NotPem)?;
    numbers(&der).map_err(KeySetFault::Unusable)
}

fn unwrap(text: &str) -> Result<Vec<u8>, &'static str> {
    if text.contains("PRIVATE KEY-----") {
        return Err("there is a private key in it; it belongs to the issuer alone");
    }
    let (_, rest) = text.split_once(BEGIN).ok_or("there is none in it")?;
    let (body, after) = rest.split_once(END).ok_or("its end is missing")?;
    if after.contains(BEGIN) {
        return Err("there are several in it");
    }
    let body: String = body.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    STANDARD.decode(body).map_err(|_| "it is not base64")
}

fn numbers(der: &[u8]) -> Result<Numbers, Unusable> {
    const BROKEN: Unusable = "is not a SubjectPublicKeyInfo";
    let mut whole = Der(der);
    let mut info = whole.take(SEQUENCE).filter(|_| whole.0.is_empty()).map(Der).ok_or(BROKEN)?;
    let mut kind = info.take(SEQUENCE).map(Der).ok_or(BROKEN)?;
    // The first byte counts unused bits: there are none.
    let key = info.take(BIT_STRING).and_then(|bits| bits.strip_prefix(&[0])).ok_or(BROKEN)?;
    let oid = kind.take(OBJECT_IDENTIFIER).ok_or(BROKEN)?;
    if !info.0.is_empty() {
        return Err(BROKEN);
    }
    match (oid, kind.0) {
        (EC, P256) => Numbers::ec(Curve::P256, key),
        (EC, P384) => Numbers::ec(Curve::P384, key),
        (RSA, NULL) => rsa(key),
        (ED25519, []) => Numbers::ed25519(key.to_vec()),
        _ => Err("is of a kind that is not used here"),
    }
}

/// RSAPublicKey (RFC 8017 §A.1.1).
fn rsa(key: &[u8]) -> Result<Numbers, Unusable> {
    const BROKEN: Unusable = "is not an RSAPublicKey";
    let mut pair = Der(key).take(SEQUENCE).map(Der).ok_or(BROKEN)?;
    let modulus = pair.take(INTEGER).ok_or(BROKEN)?;
    let exponent = pair.take(INTEGER).ok_or(BROKEN)?;
    Numbers::rsa(positive(modulus), positive(exponent))
}

/// A positive INTEGER has a zero byte in front if its first bit is set; without, it is negative, and nothing for us.
fn positive(integer: &[u8]) -> Vec<u8> {
    match integer {
        [0, rest @ ..] if rest.first().is_some_and(|first| *first >= 0x80) => rest.to_vec(),
        [first, ..] if *first >= 0x80 => Vec::new(),
        other => other.to_vec(),
    }
}

/// DER values, one after the other (X.690 §8.1).
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The content of the next value, if it has this tag.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let [found, length, rest @ ..] = self.0 else { return None };
        let (length, rest) = match *length {
            short @ 0..=0x7f => (usize::from(short), rest),
            0x81 => (usize::from(*rest.first()?), &rest[1..]),
            0x82 => (usize::from(u16::from_be_bytes(*rest.first_chunk()?)), &rest[2..]),
            _ => return None,
        };
        let content = rest.get(..length).filter(|_| *found == tag)?;
        self.0 = &rest[length..];
        Some(content)
    }
}
