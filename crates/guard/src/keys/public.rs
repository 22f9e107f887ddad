//! The half of a key that everybody may know.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// An uncompressed point: the byte 4, then x and y of 32 bytes each (SEC 1 §2.3.3).
const POINT_BYTES: usize = 65;

/// A public ES256 key with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    kid: Arc<str>,
    point: [u8; POINT_BYTES],
}

impl PublicKey {
    /// `None` unless the bytes are an uncompressed point.
    pub(crate) fn from_point(point: &[u8]) -> Option<Self> {
        let point: [u8; POINT_BYTES] =
            point.try_into().ok().filter(|point: &[u8; POINT_BYTES]| point[0] == 4)?;
        let (x, y) = coordinates(&point);
        // RFC 7638 §3.2: the required members in lexicographic order, without spaces.
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()));
        Some(Self { kid: kid.into(), point })
    }

    /// The name of the key: its SHA-256 thumbprint (RFC 7638), 43 characters.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The key as a JSON Web Key for signatures (RFC 7517).
    pub fn jwk(&self) -> Value {
        let (x, y) = coordinates(&self.point);
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": &*self.kid, "x": x, "y": y})
    }

    pub(crate) fn shared_kid(&self) -> Arc<str> {
        Arc::clone(&self.kid)
    }

    pub(crate) const fn point(&self) -> &[u8] {
        &self.point
    }
}

fn coordinates(point: &[u8; POINT_BYTES]) -> (String, String) {
    (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]))
}
