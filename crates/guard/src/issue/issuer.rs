//! Makes access tokens. It decides nothing: who may get one is settled before.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use thiserror::Error;

use crate::id::{StreamId, random_name};
use crate::verify::is_name;
use crate::{Caller, Digest, KeyRing, OwnIssuer, OwnKeys, Scope, Scopes, SigningKey, Tier, UnixSeconds};

/// How the subject of every guest begins.
const GUEST: &str = "guest:";

/// What all tokens of one issuer have in common.
#[derive(Clone, Debug)]
pub struct IssuerConfig {
    /// The `iss` of the tokens: our public URL.
    pub issuer: String,
    /// The `aud` of the tokens: the service they are for.
    pub audience: String,
    /// How long a token lives, in seconds. Brought into 1 to 3600, because the verifier accepts no other.
    pub ttl_s: u32,
}

impl IssuerConfig {
    /// With the usual life of 300 s.
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self { issuer: issuer.into(), audience: audience.into(), ttl_s: 300 }
    }
}

/// What one token is to say.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// Who: 1 to 255 bytes, no control characters.
    pub sub: &'a str,
    /// What it may do.
    pub scopes: &'a Scopes,
    /// How much it may do.
    pub tier: Tier,
    /// The program that asked (RFC 9068 §2.2): same form as `sub`.
    pub client_id: &'a str,
    /// The sign-in the token belongs to, if any: same form as `sub`.
    pub sid: Option<&'a str>,
    /// What the token is bound to, if anything.
    pub cnf: Option<Confirmation<'a>>,
}

/// What a token is bound to: worth nothing to whoever holds only the token (`cnf`, RFC 7800).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation<'a> {
    /// A key, by its thumbprint (`cnf.jkt`, RFC 9449 §6).
    Jkt(&'a str),
    /// A cookie of the browser, by the SHA-256 of its value (`cnf.cbh`, base64url).
    Cookie(&'a Digest),
}

/// The grant cannot be written into a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} must have 1 to 255 bytes and no control characters")]
pub struct IssueError(&'static str);

/// A signed access token.
#[derive(Clone)]
pub struct AccessToken {
    /// The token itself: a secret. It is not shown by `Debug`.
    pub token: String,
    /// Its name (`jti`), which may be logged.
    pub jti: String,
    /// Its life from now, in seconds: `expires_in` of RFC 6749 §5.1.
    pub expires_in_s: u32,
    /// When it ends (`exp`).
    pub expires_at: UnixSeconds,
}

/// Signs access tokens with whatever key of the ring signs at that moment.
#[derive(Debug)]
pub struct Issuer {
    ring: KeyRing,
    config: IssuerConfig,
}

impl Issuer {
    /// An issuer that signs with the keys of this ring.
    pub fn new(ring: KeyRing, mut config: IssuerConfig) -> Self {
        config.ttl_s = config.ttl_s.clamp(1, OwnIssuer::MAX_AGE_S as u32);
        Self { ring, config }
    }

    /// The key that it signs with now, to publish its public half.
    pub fn key(&self) -> Arc<SigningKey> {
        self.ring.active()
    }

    /// The `iss` of its tokens.
    pub fn name(&self) -> &str {
        &self.config.issuer
    }

    /// The issuer as a verifier must know it, with the keys of the ring.
    pub fn as_own_issuer(&self) -> OwnIssuer {
        OwnIssuer {
            issuer: self.config.issuer.clone(),
            audience: self.config.audience.clone(),
            keys: OwnKeys::Ring(self.ring.clone()),
        }
    }

    /// A token for this grant, valid from `now` for the configured time.
    ///
    /// # Errors
    /// [`IssueError`] if a name of the grant could not be verified again.
    pub fn issue(&self, grant: Grant<'_>, now: UnixSeconds) -> Result<AccessToken, IssueError> {
        let jkt = match grant.cnf {
            Some(Confirmation::Jkt(thumbprint)) => Some(thumbprint),
            _ => None,
        };
        let names = [
            ("sub", Some(grant.sub)),
            ("client_id", Some(grant.client_id)),
            ("sid", grant.sid),
            ("jkt", jkt),
        ];
        for (what, name) in names {
            if !name.is_none_or(is_name) {
                return Err(IssueError(what));
            }
        }
        Ok(self.sign(grant, now))
    }

    /// A token for somebody unknown: a fresh subject `guest:<26 characters>`, scope `infer:read`, tier guest.
    /// Returns the subject and the token. Whether guests are welcome is for the caller to decide.
    pub fn guest(&self, now: UnixSeconds) -> (String, AccessToken) {
        let sub = guest_sub(now);
        let access_token = self.sign_guest(&sub, now);
        (sub, access_token)
    }

    /// Another token for a guest of ours that comes with one that is still good, so that it keeps its streams. `None`
    /// for anybody else.
    pub fn guest_again(&self, caller: &Caller, now: UnixSeconds) -> Option<(String, AccessToken)> {
        let sub = self.own_guest(caller)?;
        Some((sub.to_owned(), self.sign_guest(sub, now)))
    }

    /// The subject of a caller that is a guest of ours.
    pub(crate) fn own_guest<'a>(&self, caller: &'a Caller) -> Option<&'a str> {
        let ours = caller.subject().issuer() == self.config.issuer && caller.tier() == Tier::Guest;
        Some(caller.subject().sub()).filter(|sub| ours && sub.starts_with(GUEST))
    }

    /// A token for a guest of this subject.
    fn sign_guest(&self, sub: &str, now: UnixSeconds) -> AccessToken {
        let scopes = Scopes::from(Scope::InferRead);
        let grant =
            Grant { sub, scopes: &scopes, tier: Tier::Guest, client_id: "guest", sid: None, cnf: None };
        self.sign(grant, now)
    }

    fn sign(&self, grant: Grant<'_>, now: UnixSeconds) -> AccessToken {
        let (jti, expires_at) = (random_name(), now.plus(self.config.ttl_s.into()));
        let key = self.ring.active();
        let claims = encode(&Claims {
            iss: &self.config.issuer,
            sub: grant.sub,
            aud: &self.config.audience,
            exp: expires_at.0,
            iat: now.0,
            nbf: now.0,
            jti: &jti,
            client_id: grant.client_id,
            scope: grant.scopes.to_string(),
            lim: grant.tier.as_str(),
            sid: grant.sid,
            cnf: grant.cnf.map(Cnf::from),
        });
        let header = encode(&Header { typ: "at+jwt", alg: "ES256", kid: key.kid() });
        let mut token = format!("{header}.{claims}");
        let signature = key.sign(token.as_bytes());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        AccessToken { token, jti, expires_in_s: self.config.ttl_s, expires_at }
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("jti", &self.jti).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Header<'a> {
    typ: &'a str,
    alg: &'a str,
    kid: &'a str,
}

/// RFC 9068 §2.2; `lim` is ours: the tier.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: u64,
    iat: u64,
    nbf: u64,
    jti: &'a str,
    client_id: &'a str,
    scope: String,
    lim: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnf: Option<Cnf<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Cnf<'a> {
    Jkt(&'a str),
    Cbh(String),
}

impl<'a> From<Confirmation<'a>> for Cnf<'a> {
    fn from(confirmation: Confirmation<'a>) -> Self {
        match confirmation {
            Confirmation::Jkt(thumbprint) => Self::Jkt(thumbprint),
            Confirmation::Cookie(digest) => Self::Cbh(URL_SAFE_NO_PAD.encode(digest)),
        }
    }
}

fn encode(part: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).expect("strings and numbers are always JSON"))
}

/// A fresh subject for a guest. Like a ULID it begins with the time, so that its age is known without a store; the 80
/// bits after it are random.
pub(crate) fn guest_sub(now: UnixSeconds) -> String {
    let mut bytes: [u8; 16] = crate::random::bytes();
    bytes[..6].copy_from_slice(&now.0.saturating_mul(1000).to_be_bytes()[2..]);
    format!("{GUEST}{}", StreamId::from_bytes(bytes))
}

/// When a guest's subject was made; `None` if it does not say.
pub(crate) fn guest_since(sub: &str) -> Option<UnixSeconds> {
    let id: StreamId = sub.strip_prefix(GUEST)?.parse().ok()?;
    let mut milliseconds = [0; 8];
    milliseconds[2..].copy_from_slice(&id.as_bytes()[..6]);
    Some(UnixSeconds(u64::from_be_bytes(milliseconds) / 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer() -> Issuer {
        let ring = KeyRing::of_one(SigningKey::generate().unwrap());
        Issuer::new(ring, IssuerConfig::new("https://i", "a"))
    }

    fn issued(cnf: Option<Confirmation<'_>>) -> Result<crate::Inspection, IssueError> {
        let scopes = Scopes::NONE;
        let grant = Grant { sub: "s", scopes: &scopes, tier: Tier::User, client_id: "c", sid: None, cnf };
        issuer().issue(grant, UnixSeconds(1_000)).map(|access_token| crate::inspect(&access_token.token))
    }

    #[test]
    fn a_token_says_what_it_is_bound_to() {
        let claims = |cnf| issued(cnf).unwrap().claims.unwrap();
        assert_eq!(claims(None).get("cnf"), None);
        assert_eq!(claims(Some(Confirmation::Jkt("t")))["cnf"], serde_json::json!({"jkt": "t"}));
        let cookie = claims(Some(Confirmation::Cookie(&[0; 32])));
        assert_eq!(cookie["cnf"], serde_json::json!({"cbh": "A".repeat(43)}));
        assert_eq!(issued(Some(Confirmation::Jkt(""))).unwrap_err(), IssueError("jkt"));
    }

    #[test]
    fn a_guest_knows_since_when() {
        let sub = guest_sub(UnixSeconds(1_700_000_000));
        assert_eq!(guest_since(&sub), Some(UnixSeconds(1_700_000_000)));
        assert_ne!(sub, guest_sub(UnixSeconds(1_700_000_000)));
        assert_eq!(guest_since("user:00000000000000000000000000"), None);
        assert_eq!(guest_since("guest:x"), None);
    }
}
