//! The outer form of a token: JWS compact serialisation (RFC 7515 §7.1), read strictly.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{Reason, Rejection};

/// No token is longer, whoever issued it.
pub(crate) const TOKEN_BYTES_MAX: usize = 8192;

/// A token taken apart; nothing in it is believed yet.
pub(super) struct Parts<'a> {
    /// What the signature covers: header, dot, claims, as they came.
    pub(super) signed: &'a [u8],
    /// The signature as it came: canonical base64url.
    pub(super) signature: &'a str,
    /// The decoded header.
    pub(super) header: Vec<u8>,
    /// The decoded claims.
    pub(super) claims: Vec<u8>,
}

impl<'a> Parts<'a> {
    /// Size, alphabet, exactly two dots, canonical base64url without padding. Only the claims may be empty: that is a
    /// good signature over nothing, and no claims.
    pub(super) fn split(token: &'a str) -> Result<Self, Rejection> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Reason::TokenTooLarge.into());
        }
        if !token.bytes().all(is_token_character) {
            return Err(Reason::TokenMalformed.into());
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Reason::TokenMalformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Reason::TokenMalformed)?;
        if header.is_empty() || signature.is_empty() {
            return Err(Reason::TokenMalformed.into());
        }
        // A third dot stays in the claims, where it is no base64url. The signature is decoded only to see its
        // form.
        decode(signature)?;
        Ok(Self { signed: signed.as_bytes(), signature, header: decode(header)?, claims: decode(claims)? })
    }
}

/// Whether a bearer token may have this byte; `token68` of RFC 9110 without `~`, `+`, `/` and `=`.
pub(super) const fn is_token_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// The engine refuses padding and stray bits in the last character, so every content has one spelling.
fn decode(part: &str) -> Result<Vec<u8>, Rejection> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Reason::TokenMalformed.into())
}
