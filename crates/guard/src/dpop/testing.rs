//! Makes proofs, for tests of this and other crates (cargo feature `testing`).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::{SigningKey, UnixSeconds, random};

/// A client with a key of its own, which proves to have it.
#[derive(Debug)]
pub struct TestProver {
    key: SigningKey,
}

impl TestProver {
    /// A client with a fresh ES256 key.
    ///
    /// # Panics
    /// If the cryptographic library makes no key.
    #[must_use]
    pub fn new_es256() -> Self {
        Self { key: SigningKey::generate().expect("a key can be made") }
    }

    /// The name of its key (`cnf.jkt`).
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        self.key.kid()
    }

    /// A proof for one request: the value of the `DPoP` header.
    #[must_use]
    pub fn proof(
        &self,
        method: &str,
        url: &str,
        access_token: Option<&str>,
        nonce: Option<&str>,
        now: UnixSeconds,
    ) -> String {
        self.sign(&self.header(), &self.claims(method, url, access_token, nonce, now))
    }

    /// The header of a good proof.
    pub(crate) fn header(&self) -> Value {
        let mut jwk = self.key.public_key().jwk();
        let jwk_members = jwk.as_object_mut().expect("a JWK is an object");
        jwk_members.retain(|name, _| matches!(&**name, "kty" | "crv" | "x" | "y"));
        json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk})
    }

    /// The claims of a good proof.
    pub(crate) fn claims(
        &self,
        method: &str,
        url: &str,
        access_token: Option<&str>,
        nonce: Option<&str>,
        now: UnixSeconds,
    ) -> Value {
        let jti = URL_SAFE_NO_PAD.encode(random::bytes::<16>());
        let mut claims = json!({"jti": jti, "htm": method, "htu": url, "iat": now.0});
        if let Some(token) = access_token {
            claims["ath"] = URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes())).into();
        }
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        claims
    }

    /// Whatever header and claims, signed with its key.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }
}
