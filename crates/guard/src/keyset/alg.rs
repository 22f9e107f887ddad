//! Names of signature algorithms (RFC 7518 §3.1, RFC 8037 §3.1).

use std::str::FromStr;

use aws_lc_rs::hmac;
use aws_lc_rs::signature as lc;
use thiserror::Error;

/// An algorithm that tokens of other issuers may be signed with. There is no `none` to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Alg {
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// RSA PKCS#1 v1.5 with SHA-256.
    RS256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RS384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RS512,
    /// RSA-PSS with SHA-256.
    PS256,
    /// RSA-PSS with SHA-384.
    PS384,
    /// RSA-PSS with SHA-512.
    PS512,
    /// Ed25519, which RFC 9864 calls `Ed25519` and everybody else `EdDSA`.
    EdDSA,
    /// HMAC with SHA-256: only with a secret from the configuration.
    HS256,
    /// HMAC with SHA-384: only with a secret from the configuration.
    HS384,
    /// HMAC with SHA-512: only with a secret from the configuration.
    HS512,
}

/// Not the name of an algorithm that can be used. Names are case-sensitive.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{0}` is not one of ES256, ES384, RS256, RS384, RS512, PS256, PS384, PS512, EdDSA, HS256, HS384, HS512"
)]
pub(crate) struct UnknownAlg(pub(crate) String);

impl Alg {
    const ALL: [Self; 12] = [
        Self::ES256,
        Self::ES384,
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::EdDSA,
        Self::HS256,
        Self::HS384,
        Self::HS512,
    ];

    /// The algorithms of RSA keys.
    pub(super) const RSA: &[Self] =
        &[Self::RS256, Self::RS384, Self::RS512, Self::PS256, Self::PS384, Self::PS512];

    /// The name in headers and keys; the older one for Ed25519.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::EdDSA => "EdDSA",
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
        }
    }

    /// Whether this name in a header means this algorithm.
    pub(crate) fn accepts_name(self, name: &str) -> bool {
        name.parse() == Ok(self)
    }

    /// How a public key verifies; `None` for shared secrets.
    pub(super) fn verification(self) -> Option<&'static dyn lc::VerificationAlgorithm> {
        Some(match self {
            Self::ES256 => &lc::ECDSA_P256_SHA256_FIXED,
            Self::ES384 => &lc::ECDSA_P384_SHA384_FIXED,
            Self::EdDSA => &lc::ED25519,
            rsa => rsa.rsa()?,
        })
    }

    /// How an RSA key verifies; `None` for everything else.
    pub(super) const fn rsa(self) -> Option<&'static lc::RsaParameters> {
        Some(match self {
            Self::RS256 => &lc::RSA_PKCS1_2048_8192_SHA256,
            Self::RS384 => &lc::RSA_PKCS1_2048_8192_SHA384,
            Self::RS512 => &lc::RSA_PKCS1_2048_8192_SHA512,
            Self::PS256 => &lc::RSA_PSS_2048_8192_SHA256,
            Self::PS384 => &lc::RSA_PSS_2048_8192_SHA384,
            Self::PS512 => &lc::RSA_PSS_2048_8192_SHA512,
            _ => return None,
        })
    }

    /// The hash of a shared secret's algorithm; `None` for public keys.
    pub(super) const fn hmac(self) -> Option<hmac::Algorithm> {
        Some(match self {
            Self::HS256 => hmac::HMAC_SHA256,
            Self::HS384 => hmac::HMAC_SHA384,
            Self::HS512 => hmac::HMAC_SHA512,
            _ => return None,
        })
    }
}

impl FromStr for Alg {
    type Err = UnknownAlg;

    fn from_str(name: &str) -> Result<Self, UnknownAlg> {
        let wanted = if name == "Ed25519" { "EdDSA" } else { name };
        let found = Self::ALL.into_iter().find(|alg| alg.name() == wanted);
        found.ok_or_else(|| UnknownAlg(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_exact_and_ed25519_has_two() {
        for alg in Alg::ALL {
            assert_eq!(alg.name().parse(), Ok(alg));
            assert!(alg.accepts_name(alg.name()));
            assert!(!alg.accepts_name(&alg.name().to_lowercase()));
            assert!(alg.verification().is_some() != alg.hmac().is_some(), "{alg:?}");
        }
        assert!(Alg::EdDSA.accepts_name("Ed25519"));
        for no in ["none", "", "ES512", "ES256K", "Ed448", "ed25519", " ES256"] {
            assert!(no.parse::<Alg>().is_err(), "{no}");
        }
    }
}
