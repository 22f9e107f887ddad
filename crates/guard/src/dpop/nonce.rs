//! Nonces of ours (RFC 9449 §8): proof that a proof was made just now. Nothing is kept for them.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{UnixSeconds, random};

/// A nonce is given out for so long, and counts for as long again.
const BUCKET_S: u64 = 60;
/// What of the HMAC is used: nobody guesses 128 bits within two minutes.
const NONCE_BYTES: usize = 16;

/// Makes and knows the nonces of this process: the HMAC of the minute, by a random key.
pub(super) struct Nonces {
    key: hmac::Key,
}

impl Nonces {
    pub(super) fn new() -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, &random::bytes::<32>()) }
    }

    /// The nonce to give out now: 22 characters.
    pub(super) fn now(&self, now: UnixSeconds) -> String {
        URL_SAFE_NO_PAD.encode(self.of(now.0 / BUCKET_S))
    }

    /// Whether it was given out in this minute or the one before.
    pub(super) fn is_good(&self, nonce: &str, now: UnixSeconds) -> bool {
        let Ok(nonce) = URL_SAFE_NO_PAD.decode(nonce) else { return false };
        let bucket = now.0 / BUCKET_S;
        [Some(bucket), bucket.checked_sub(1)]
            .into_iter()
            .flatten()
            .any(|bucket| verify_slices_are_equal(&nonce, &self.of(bucket)).is_ok())
    }

    fn of(&self, bucket: u64) -> [u8; NONCE_BYTES] {
        let tag = hmac::sign(&self.key, &bucket.to_be_bytes());
        *tag.as_ref().first_chunk().expect("an HMAC-SHA256 has 32 bytes")
    }
}

/// The key is not shown.
impl fmt::Debug for Nonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nonces").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_counts_in_its_minute_and_the_next() {
        let nonces = Nonces::new();
        let nonce = nonces.now(UnixSeconds(600));
        assert_eq!(nonce.len(), 22);
        assert_eq!(nonces.now(UnixSeconds(659)), nonce);
        for good in [600, 659, 660, 719] {
            assert!(nonces.is_good(&nonce, UnixSeconds(good)), "{good}");
        }
        for expired in [0, 599, 720, 6_000] {
            assert!(!nonces.is_good(&nonce, UnixSeconds(expired)), "{expired}");
        }
    }

    #[test]
    fn an_unknown_nonce_does_not_count() {
        let (nonces, now) = (Nonces::new(), UnixSeconds(600));
        for unknown in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", &*Nonces::new().now(now)] {
            assert!(!nonces.is_good(unknown, now), "{unknown}");
        }
        assert!(!nonces.is_good(&nonces.now(now)[..20], now));
    }
}
