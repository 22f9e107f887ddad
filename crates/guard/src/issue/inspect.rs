//! A token made readable for its owner. Nothing is verified here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::verify::{TOKEN_BYTES_MAX, parse_object};

/// Real tokens are flatter.
const DEPTH_MAX: usize = 16;

/// What a text that should be a token contains. Anybody could have written it: the signature was not checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// The header, if it could be read.
    pub header: Option<Map<String, Value>>,
    /// The claims, if they could be read.
    pub claims: Option<Map<String, Value>>,
    /// The length of the signature in bytes, if it could be read: 64 for ES256, 32 for HS256.
    pub signature_bytes: Option<usize>,
    /// What a strict verifier cannot read, one sentence each.
    pub faults: Vec<String>,
}

/// Takes a token apart without verifying it, for `seseragi token inspect`. Never panics, whatever the text
/// is.
pub fn inspect(token: &str) -> Inspection {
    let mut found = Inspection::default();
    if token.len() > TOKEN_BYTES_MAX {
        found
            .faults
            .push(format!("it has {} bytes; the longest token accepted has {TOKEN_BYTES_MAX}", token.len()));
        return found;
    }
    let parts: Vec<_> = token.split('.').collect();
    let &[header, claims, signature] = &*parts else {
        found.faults.push(format!("it has {} parts; a signed token has 3, separated by dots", parts.len()));
        return found;
    };
    found.header = found.object("header", header);
    found.claims = found.object("claims", claims);
    found.signature_bytes = found.decode("signature", signature).map(|signature| signature.len());
    found
}

impl Inspection {
    fn object(&mut self, name: &str, part: &str) -> Option<Map<String, Value>> {
        let bytes = self.decode(name, part)?;
        let object = parse_object(&bytes, DEPTH_MAX);
        object.map_err(|error| self.faults.push(format!("the {name}: {error}"))).ok()
    }

    fn decode(&mut self, name: &str, part: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(part);
        bytes
            .map_err(|error| self.faults.push(format!("the {name} is not canonical base64url: {error}")))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Issuer, IssuerConfig, KeyRing, SigningKey, UnixSeconds};
    use proptest::prelude::*;

    #[test]
    fn a_good_token_is_readable() {
        let ring = KeyRing::of_one(SigningKey::generate().unwrap());
        let issuer = Issuer::new(ring, IssuerConfig::new("https://i", "a"));
        let (sub, access_token) = issuer.guest(UnixSeconds(1_000));
        let found = inspect(&access_token.token);
        assert_eq!(found.faults, Vec::<String>::new());
        assert_eq!(found.header.unwrap()["kid"], issuer.key().kid());
        let claims = found.claims.unwrap();
        assert_eq!(claims["sub"], sub);
        assert_eq!((&claims["exp"], &claims["scope"]), (&1_300.into(), &"infer:read".into()));
        assert_eq!(found.signature_bytes, Some(64));
    }

    #[test]
    fn faults_are_named() {
        assert!(inspect("").faults[0].contains("1 parts"));
        assert!(inspect(&"x".repeat(9_000)).faults[0].contains("9000 bytes"));
        // {"a":1,"a":2}
        assert!(inspect("eyJhIjoxLCJhIjoyfQ.e30.").faults[0].contains("occurs twice"));
        assert!(inspect("e30=.e30.AA").faults[0].contains("header is not canonical"));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC*", a in "[a-zA-Z0-9_-]*", b in "[a-zA-Z0-9_-]*") {
            inspect(&text);
            inspect(&format!("{a}.{b}.{a}"));
        }
    }
}
