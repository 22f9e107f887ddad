//! The text of an API key: `ssr_live_<id>_<43 characters><6 characters>`.
//!
//! The fixed start lets secret scanners find it, the id lets us look it up and name it in logs, 43 characters
//! of base 62 are 256 random bits, and the last 6 are the CRC-32 of all before, so that a mistyped key costs
//! no look-up. Only its SHA-256 is stored: of a random secret nothing slower is needed.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};

use crate::{Reason, Rejection, random};

const START: &str = "ssr_live_";
const RANDOM_CHARACTERS: usize = 43;
const CHECK_CHARACTERS: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_CHARACTERS: usize = 12;

/// A secret that opens the door: shown once, when it is made. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeySecret(String);

impl ApiKeySecret {
    /// A fresh secret for the key of this id.
    pub(super) fn generate(id: &str) -> Self {
        let mut text = format!("{START}{id}_{}", random_base62());
        text += &check_of(&text);
        Self(text)
    }

    /// The text, to be shown to its owner once and kept by nobody.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeySecret(..)")
    }
}

/// A fresh id: 12 characters, which are 60 random bits.
pub(super) fn new_id() -> String {
    // The last characters: the first one of a name holds only 3 bits.
    crate::id::random_name().split_off(26 - ID_CHARACTERS)
}

/// The id in the text of a secret whose form and checksum are right.
pub(super) fn id_in(secret: &str) -> Result<&str, Rejection> {
    let malformed = Reason::ApiKeyMalformed;
    let (id, rest) = secret.strip_prefix(START).and_then(|rest| rest.split_once('_')).ok_or(malformed)?;
    let fits = id.len() == ID_CHARACTERS
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && rest.len() == RANDOM_CHARACTERS + CHECK_CHARACTERS
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !fits {
        return Err(malformed.into());
    }
    let (checked, check) = secret.split_at(secret.len() - CHECK_CHARACTERS);
    if check_of(checked) == check { Ok(id) } else { Err(malformed.into()) }
}

/// What is stored of a secret.
pub(super) fn hash(secret: &str) -> [u8; 32] {
    digest(&SHA256, secret.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// Uniform: bytes that would favour some characters are thrown away.
fn random_base62() -> String {
    let mut text = String::with_capacity(RANDOM_CHARACTERS);
    while text.len() < RANDOM_CHARACTERS {
        let fair = random::bytes::<64>().into_iter().filter(|byte| *byte < 62 * 4);
        text.extend(
            fair.take(RANDOM_CHARACTERS - text.len()).map(|byte| char::from(BASE62[usize::from(byte % 62)])),
        );
    }
    text
}

fn check_of(text: &str) -> String {
    let mut rest = crc32(text.as_bytes());
    let mut check = [0; CHECK_CHARACTERS];
    for slot in check.iter_mut().rev() {
        *slot = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    check.iter().copied().map(char::from).collect()
}

/// CRC-32 of IEEE 802.3, as in zip and gzip (RFC 1952 §8).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(
            crc ^ u32::from(byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_checksum_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_fresh_secret_has_the_documented_form() {
        let id = new_id();
        let secret = ApiKeySecret::generate(&id);
        assert_eq!(id_in(secret.expose()), Ok(&*id));
        assert_eq!(secret.expose().len(), START.len() + 12 + 1 + 43 + 6);
        assert_eq!(format!("{secret:?}"), "ApiKeySecret(..)");
        assert_ne!(secret, ApiKeySecret::generate(&id));
    }

    #[test]
    fn a_changed_character_anywhere_is_noticed() {
        let secret = ApiKeySecret::generate(&new_id());
        for place in 0..secret.expose().len() {
            let mut bytes = secret.expose().as_bytes().to_vec();
            bytes[place] = if bytes[place] == b'x' { b'y' } else { b'x' };
            let text = String::from_utf8(bytes).unwrap();
            assert_eq!(id_in(&text).unwrap_err().reason(), Reason::ApiKeyMalformed, "{place}");
        }
    }

    proptest! {
        #[test]
        fn other_text_is_malformed(text in "\\PC*|ssr_live_[a-z0-9]{12}_[a-zA-Z0-9]{49}") {
            // One in 2^32 of the well-formed texts has a right checksum.
            prop_assert!(id_in(&text).is_err());
        }
    }
}
