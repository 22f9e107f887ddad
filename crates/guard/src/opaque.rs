//! Opaque secrets: random texts that mean nothing by themselves, and the digests by which they are known again.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{Digest, random};

/// A fresh secret: 32 random bytes in base64url, 43 characters.
///
/// # Panics
/// If the operating system has no random source.
pub fn random_text() -> String {
    URL_SAFE_NO_PAD.encode(random::bytes::<32>())
}

/// The SHA-256 of a secret's text. Enough only for secrets of that many random bits.
///
/// # Panics
/// Never: the digest has 32 bytes.
pub fn digest_of(text: &str) -> Digest {
    digest(&SHA256, text.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_known_again() {
        let (one, other) = (random_text(), random_text());
        assert_eq!(one.len(), 43);
        assert_ne!(one, other);
        assert_eq!(digest_of(&one), digest_of(&one.clone()));
        assert_ne!(digest_of(&one), digest_of(&other));
    }
}
