//! The texts that clients hold: cookies, refresh tokens, codes.
//!
//! Each is a fixed start, so that secret scanners find it, and 256 bits as 43 characters of base64url. Only its SHA-256 is
//! kept.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{Digest, random};

/// A secret to be given to a client once. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// What a secret is for. One kind is never taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The cookie of a sign-in.
    Session,
    /// A refresh token.
    Refresh,
    /// An authorization code.
    Code,
}

impl Kind {
    const fn start(self) -> &'static str {
        match self {
            Self::Session => "ssr_session_",
            Self::Refresh => "ssr_refresh_",
            Self::Code => "ssr_code_",
        }
    }

    /// What is kept of a secret of this kind; `None` for a text of another form, which needs no look-up.
    pub(super) fn digest_of(self, text: &str) -> Option<Digest> {
        let rest = text.strip_prefix(self.start())?;
        let mut bytes = [0; 33];
        let good = rest.len() == 43 && URL_SAFE_NO_PAD.decode_slice(rest, &mut bytes) == Ok(32);
        good.then(|| sha256(text.as_bytes()))
    }
}

impl Secret {
    /// A fresh one.
    pub(super) fn random(kind: Kind) -> Self {
        Self::of(kind, &random::bytes())
    }

    pub(super) fn of(kind: Kind, bytes: &[u8; 32]) -> Self {
        Self(format!("{}{}", kind.start(), URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub(super) const fn from_text(text: String) -> Self {
        Self(text)
    }

    /// What is kept of it.
    pub(super) fn digest(&self) -> Digest {
        sha256(self.0.as_bytes())
    }

    /// The text, to be given to its owner and kept by nobody.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

pub(super) fn sha256(bytes: &[u8]) -> Digest {
    digest(&SHA256, bytes).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_secret_is_found_by_its_kind_only() {
        let secret = Secret::random(Kind::Refresh);
        assert_eq!(Kind::Refresh.digest_of(secret.expose()), Some(secret.digest()));
        assert_eq!(Kind::Session.digest_of(secret.expose()), None);
        assert_eq!(Kind::Code.digest_of(secret.expose()), None);
        assert_eq!(secret.expose().len(), "ssr_refresh_".len() + 43);
        assert_ne!(secret, Secret::random(Kind::Refresh));
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }

    #[test]
    fn every_secret_has_one_spelling() {
        let secret = Secret::of(Kind::Code, &[0; 32]);
        let text = secret.expose();
        for other in
            [format!("{text}="), format!("{text}A"), text[..text.len() - 1].to_owned(), format!(" {text}")]
        {
            assert_eq!(Kind::Code.digest_of(&other), None, "{other}");
        }
        // Stray bits in the last character.
        assert_eq!(Kind::Code.digest_of(&format!("{}B", &text[..text.len() - 1])), None);
    }

    proptest! {
        #[test]
        fn any_text_is_fine(text in "\\PC*|ssr_code_[a-zA-Z0-9_-]{43}|ssr_code_\\PC{43}") {
            Kind::Code.digest_of(&text);
        }
    }
}
