//! One proof, read strictly (RFC 9449 §4.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::keyset::{Alg, Numbers, VerifyingKey, check_proof_jwk};
use crate::verify::parse_object;
use crate::{Reason, Rejection, UnixSeconds};

/// The longest proof, in bytes. One with an RSA key of 4096 bits takes 1.8 KiB.
pub(super) const PROOF_BYTES_MAX: usize = 4096;
/// The key in the header may hold lists; a claim that we do not know may hold something small.
const DEPTH_MAX: usize = 4;
/// The longest `jti`, in characters.
const JTI_MAX: usize = 64;
/// Numbers of seconds up to here are exact as floating point: 2^53.
const SECONDS_MAX: f64 = 9_007_199_254_740_992.0;

/// A proof taken apart. Nothing in it is believed before [`verify`](Self::verify).
pub(super) struct Proof<'a> {
    signed: &'a str,
    signature: &'a str,
    key: VerifyingKey,
    /// The thumbprint of the key (RFC 7638).
    pub(super) thumbprint: String,
    pub(super) jti: String,
    pub(super) htm: String,
    pub(super) htu: String,
    pub(super) iat: UnixSeconds,
    pub(super) ath: Option<String>,
    pub(super) nonce: Option<String>,
}

impl<'a> Proof<'a> {
    pub(super) fn parse(proof: &'a str) -> Result<Self, Rejection> {
        if proof.len() > PROOF_BYTES_MAX {
            return Err(Reason::ProofMalformed.into());
        }
        let (signed, signature) = proof.rsplit_once('.').ok_or(Reason::ProofMalformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Reason::ProofMalformed)?;
        let (header, claims) = (object(header)?, object(claims)?);
        let (key, thumbprint) = key(&header)?;
        Ok(Self {
            signed,
            signature,
            key,
            thumbprint,
            jti: text(&claims, "jti")?.filter(|jti| is_jti(jti)).ok_or(Reason::ProofMalformed)?,
            htm: text(&claims, "htm")?.ok_or(Reason::ProofMalformed)?,
            htu: text(&claims, "htu")?.ok_or(Reason::ProofMalformed)?,
            iat: claims.get("iat").and_then(moment).ok_or(Reason::ProofMalformed)?,
            ath: text(&claims, "ath")?,
            nonce: text(&claims, "nonce")?,
        })
    }

    /// Whether the owner of the key made it.
    pub(super) fn verify(&self) -> Result<(), Rejection> {
        let good = self.key.verify(self.signed.as_bytes(), self.signature);
        if good { Ok(()) } else { Err(Reason::ProofSignature.into()) }
    }
}

/// A part of the proof. The engine refuses padding and stray bits, so every content has one spelling; a third dot is in
/// the second part, where it is no base64url.
fn object(part: &str) -> Result<Map<String, Value>, Rejection> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Reason::ProofMalformed)?;
    parse_object(&bytes, DEPTH_MAX).map_err(|_| Reason::ProofMalformed.into())
}

/// The key that the header carries, for the one algorithm that the header names; and its thumbprint.
fn key(header: &Map<String, Value>) -> Result<(VerifyingKey, String), Rejection> {
    if header.keys().any(|name| !matches!(&**name, "typ" | "alg" | "jwk")) {
        return Err(Reason::ProofMalformed.into());
    }
    if header.get("typ").is_none_or(|typ| typ != "dpop+jwt") {
        return Err(Reason::ProofType.into());
    }
    let name = header.get("alg").and_then(Value::as_str).ok_or(Reason::ProofAlgorithm)?;
    let alg: Alg = name.parse().map_err(|_| Reason::ProofAlgorithm)?;
    if !matches!(alg, Alg::ES256 | Alg::EdDSA | Alg::RS256 | Alg::PS256) {
        return Err(Reason::ProofAlgorithm.into());
    }
    let jwk = header.get("jwk").and_then(Value::as_object).ok_or(Reason::ProofKey)?;
    check_proof_jwk(jwk, alg).map_err(|_| Reason::ProofKey)?;
    let numbers = Numbers::from_jwk(jwk).map_err(|_| Reason::ProofKey)?;
    let key = VerifyingKey::public(&numbers, alg, None).map_err(|_| Reason::ProofKey)?;
    Ok((key, numbers.thumbprint()))
}

/// A claim that is a string if it is there.
fn text(claims: &Map<String, Value>, name: &str) -> Result<Option<String>, Rejection> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Reason::ProofMalformed.into()),
    }
}

fn is_jti(jti: &str) -> bool {
    (1..=JTI_MAX).contains(&jti.len()) && jti.bytes().all(|byte| byte.is_ascii_graphic())
}

/// An integer, or a float without a fraction, from 0 to 2^53.
fn moment(value: &Value) -> Option<UnixSeconds> {
    let seconds = value.as_u64().filter(|&seconds| seconds as f64 <= SECONDS_MAX).or_else(|| {
        let seconds = value.as_f64()?;
        (seconds.fract() == 0.0 && (0.0..=SECONDS_MAX).contains(&seconds)).then_some(seconds as u64)
    });
    seconds.map(UnixSeconds)
}
