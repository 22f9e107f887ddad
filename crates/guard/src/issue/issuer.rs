//! Makes access tokens. It decides nothing: who may get one is settled before.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use thiserror::Error;

use crate::id::random_name;
use crate::verify::is_name;
use crate::{Caller, OwnIssuer, Scope, Scopes, SigningKey, Tier, UnixSeconds};

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

/// Signs access tokens with our key.
#[derive(Debug)]
pub struct Issuer {
    key: SigningKey,
    config: IssuerConfig,
    header: String,
}

impl Issuer {
    /// An issuer that signs with this key.
    pub fn new(key: SigningKey, mut config: IssuerConfig) -> Self {
        config.ttl_s = config.ttl_s.clamp(1, OwnIssuer::MAX_AGE_S as u32);
        let header = encode(&Header { typ: "at+jwt", alg: "ES256", kid: key.kid() });
        Self { key, config, header }
    }

    /// The key it signs with, to publish its public half.
    pub const fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The issuer as a verifier must know it.
    pub fn as_own_issuer(&self) -> OwnIssuer {
        OwnIssuer {
            issuer: self.config.issuer.clone(),
            audience: self.config.audience.clone(),
            keys: vec![self.key.public_key().clone()],
        }
    }

    /// A token for this grant, valid from `now` for the configured time.
    ///
    /// # Errors
    /// [`IssueError`] if a name of the grant could not be verified again.
    pub fn issue(&self, grant: Grant<'_>, now: UnixSeconds) -> Result<AccessToken, IssueError> {
        let names = [("sub", Some(grant.sub)), ("client_id", Some(grant.client_id)), ("sid", grant.sid)];
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
        self.sign_guest(format!("guest:{}", random_name()), now)
    }

    /// Another token for a guest of ours that comes with one that is still good, so that it keeps its streams. `None`
    /// for anybody else.
    pub fn guest_again(&self, caller: &Caller, now: UnixSeconds) -> Option<(String, AccessToken)> {
        let ours = caller.subject().issuer() == self.config.issuer && caller.tier() == Tier::Guest;
        let sub = caller.subject().sub();
        (ours && sub.starts_with("guest:")).then(|| self.sign_guest(sub.to_owned(), now))
    }

    fn sign_guest(&self, sub: String, now: UnixSeconds) -> (String, AccessToken) {
        let scopes = Scopes::from(Scope::InferRead);
        let grant = Grant { sub: &sub, scopes: &scopes, tier: Tier::Guest, client_id: "guest", sid: None };
        let access_token = self.sign(grant, now);
        (sub, access_token)
    }

    fn sign(&self, grant: Grant<'_>, now: UnixSeconds) -> AccessToken {
        let (jti, expires_at) = (random_name(), now.plus(self.config.ttl_s.into()));
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
        });
        let mut token = format!("{}.{claims}", self.header);
        let signature = self.key.sign(token.as_bytes());
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
}

fn encode(part: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).expect("strings and numbers are always JSON"))
}
