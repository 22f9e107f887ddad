//! What is asked of the accounts, and what they give: plain data.

use std::net::IpAddr;

use super::Secret;
use crate::{AccessToken, Digest, ProvenKey, Scopes, Session, UnixSeconds};

/// A name and a password from somewhere.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// The name as typed.
    pub username: &'a str,
    /// The password as typed.
    pub password: &'a str,
    /// The program (`client_id`); `console` for our own page.
    pub client_id: &'a str,
    /// Where from, as far as it is known.
    pub address: Option<IpAddr>,
    /// The cookie of a device that has signed in to this account before: it has attempts of its own.
    pub device: Option<&'a str>,
    /// The key that was proved, to bind the sign-in to.
    pub key: Option<&'a ProvenKey>,
    /// What is wanted; `None`: all that the user may.
    pub scopes: Option<Scopes>,
}

/// A sign-in that began.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The sign-in.
    pub session: Session,
    /// Its cookie, for a browser.
    pub cookie: Secret,
    /// The cookie that names this device for later attempts.
    pub device: Secret,
    /// The first tokens.
    pub issued: Issued,
}

/// Tokens that were issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The access token.
    pub access_token: AccessToken,
    /// The refresh token, where the grant has one.
    pub refresh_token: Option<Secret>,
    /// Whose they are.
    pub sub: String,
    /// What they may do.
    pub scopes: Scopes,
    /// Whether they are bound to a key: the type is then `DPoP`, not `Bearer`.
    pub dpop: bool,
}

/// What a token should be bound to and be able to do.
#[derive(Clone, Copy, Default)]
pub struct Wish<'a> {
    /// A part of what could be given; `None`: all of it.
    pub scopes: Option<Scopes>,
    /// The key that was proved.
    pub key: Option<&'a ProvenKey>,
    /// The digest of the binding cookie.
    pub cookie: Option<Digest>,
}

/// A request for an authorization code.
#[derive(Clone, Copy)]
pub struct CodeRequest<'a> {
    /// The program.
    pub client_id: &'a str,
    /// Where the code is to be sent.
    pub redirect_uri: &'a str,
    /// The S256 challenge (RFC 7636 §4.2): 43 characters.
    pub code_challenge: &'a str,
    /// `dpop_jkt`.
    pub jkt: Option<&'a str>,
    /// What is wanted.
    pub scopes: Option<Scopes>,
}

/// An authorization code that is presented.
#[derive(Clone, Copy)]
pub struct CodeExchange<'a> {
    /// The code.
    pub code: &'a str,
    /// The program.
    pub client_id: &'a str,
    /// Where the code was sent.
    pub redirect_uri: &'a str,
    /// The verifier (RFC 7636 §4.1): 43 to 128 characters.
    pub code_verifier: &'a str,
    /// The key that was proved.
    pub key: Option<&'a ProvenKey>,
}

/// What an introspection tells (RFC 7662 §2.2); `None` for what is not active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// `access_token` or `refresh_token`.
    pub kind: &'static str,
    /// Whose.
    pub sub: String,
    /// The issuer.
    pub issuer: String,
    /// The program.
    pub client_id: Option<String>,
    /// What it may do.
    pub scopes: Scopes,
    /// Its sign-in.
    pub sid: Option<String>,
    /// Its name.
    pub jti: Option<String>,
    /// Its key.
    pub jkt: Option<String>,
    /// When it ends.
    pub expires_at: UnixSeconds,
    /// When it was made.
    pub issued_at: UnixSeconds,
}
