//! Shared secrets that everybody can guess.

/// A secret with fewer different bytes than this was not drawn at random.
const DIFFERENT_BYTES_MIN: usize = 8;
/// A repetition of something up to this long is guessed like the thing itself.
const PERIOD_MAX: usize = 16;

/// Published in tutorials and tools, or used in place of thinking. Compared without case and punctuation,
/// anywhere in a secret that has little else.
const KNOWN: [&str; 20] = [
    "secret",
    "yoursecret",
    "mysecret",
    "supersecret",
    "topsecret",
    "secretkey",
    "jwtsecret",
    "sharedsecret",
    "password",
    "changeme",
    "changethis",
    "replaceme",
    "your256bitsecret",
    "your384bitsecret",
    "your512bitsecret",
    "astringsecretatleast256bitslong",
    "avalidstringsecretthatisatleast512bitslongwhichisverylong",
    "donttellanyone",
    "letmein",
    "abcdefghijklmnopqrstuvwxyz",
];

/// What is wrong with the secret, or nothing. It needs as many bytes as the hash of its algorithm.
pub(super) fn weakness(secret: &[u8], bytes_min: usize) -> Option<String> {
    if secret.len() < bytes_min {
        return Some(format!("is shorter than {bytes_min} bytes (RFC 7518 §3.2)"));
    }
    if is_repetition(secret) || different_bytes(secret) < DIFFERENT_BYTES_MIN {
        return Some("repeats a short pattern".to_owned());
    }
    is_known(secret).then(|| "is made of words that everybody tries first".to_owned())
}

fn different_bytes(secret: &[u8]) -> usize {
    let mut seen = [false; 256];
    secret.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    seen.iter().filter(|seen| **seen).count()
}

fn is_repetition(secret: &[u8]) -> bool {
    (1..=PERIOD_MAX).any(|period| secret.iter().zip(&secret[period..]).all(|(a, b)| a == b))
}

/// Whether fewer than 16 characters are left once the known words are taken out.
fn is_known(secret: &[u8]) -> bool {
    let mut rest: String =
        secret.iter().filter(|b| b.is_ascii_alphanumeric()).map(|&b| char::from(b)).collect();
    let printable = secret.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    rest.make_ascii_lowercase();
    let before = rest.len();
    let mut words = KNOWN;
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    words.iter().for_each(|word| rest = rest.replace(word, ""));
    printable && rest.len() < before && rest.len() < 16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_secrets_are_weak() {
        for weak in [
            "secret",
            "0123456789012345678901234567890",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "secretsecretsecretsecretsecretsecret",
            "0123456789abcdef0123456789abcdef",
            "a-string-secret-at-least-256-bits-long",
            "your-256-bit-secret-your-256-bit-secret",
            "change-me-change-me-CHANGE-ME-change-me!",
            "my-super-secret-key-change-me-please",
            "abcdefghijklmnopqrstuvwxyz123456",
        ] {
            assert!(weakness(weak.as_bytes(), 32).is_some(), "{weak}");
        }
        assert!(weakness(&[0; 64], 32).is_some());
    }

    proptest! {
        #[test]
        fn random_secrets_are_not_weak(secret: [u8; 32]) {
            prop_assume!(different_bytes(&secret) > 20);
            prop_assert_eq!(weakness(&secret, 32), None);
            let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
            prop_assert_eq!(weakness(hex.as_bytes(), 32), None);
        }
    }
}
