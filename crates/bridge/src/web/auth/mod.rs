//! Sign-in, tokens, and what a client must know to get them. Issuing and checking only; guard decides.
//!
//! - `body`, `fields`, `form`: what a request says, read strictly.
//! - `cookies`, `csrf`, `local`: what a browser brings, and which pages may make it bring it.
//! - `prove`: the key that a client proves to have.
//! - `answer`: tokens, and why there are none.
//! - `login`, `guest`, `issue`, `session`: people and their sign-ins.
//! - `token`, `introspect`, `authorize`, `consent`: OAuth 2 (RFC 6749, 7009, 7636, 7662, 9207).
//! - `admin`: withdrawing what others were given.
//! - `metadata`: keys and discovery (RFC 7517, 8414, 9728).
//!
//! **Invariants.** A bad request changes nothing. No answer tells whether an account exists. No token is read from, or
//! written to, a URL.

mod admin;
mod answer;
mod authorize;
mod body;
mod consent;
mod cookies;
mod csrf;
mod fields;
mod form;
mod guest;
mod introspect;
mod issue;
mod local;
mod login;
mod metadata;
mod prove;
mod session;
mod token;

use http::header::{CACHE_CONTROL, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use hyper::body::Incoming;
use seseragi_guard::{Accounts, UnixSeconds};

use super::Document;
use crate::app::{App, RESOURCE_METADATA};
use crate::body::Body;
use crate::cors::Origin;

pub(crate) use cookies::{Cookie, Jar};
pub(super) use guest::guests_welcome;
pub(super) use local::host_name;
pub(crate) use local::is_local_host;

/// An answer, or why there is none.
type Answer = Result<Response<Body>, Document>;

/// One request to an endpoint.
struct Visit<'a> {
    app: &'a App,
    head: &'a Parts,
    origin: Origin,
    now: UnixSeconds,
}

impl<'a> Visit<'a> {
    /// The accounts.
    ///
    /// # Errors
    /// 404: another program issues the tokens.
    fn accounts(&self) -> Result<&'a Accounts, Document> {
        self.app.accounts.as_ref().ok_or_else(|| {
            let detail = "this gateway issues no tokens; get one from the configured issuer";
            Document::new(StatusCode::NOT_FOUND, "no_issuer").because(detail)
        })
    }

    fn jar(&self) -> Jar {
        Jar::of(self.app, self.head)
    }
}

/// What an endpoint takes; `None` if there is none at this path.
pub(super) fn methods(path: &str) -> Option<&'static [Method]> {
    Some(match path {
        "/auth/login" | "/auth/guest" | "/auth/issue" | "/auth/token" | "/auth/revoke" => &[Method::POST],
        "/auth/introspect" | "/auth/logout" | "/admin/revoke" => &[Method::POST],
        "/auth/me" => &[Method::GET],
        "/auth/authorize" => &[Method::GET, Method::POST],
        metadata::KEYS | metadata::OPENID_METADATA => &[Method::GET],
        _ if path.starts_with(metadata::SERVER_METADATA) => &[Method::GET],
        _ if path.starts_with(RESOURCE_METADATA) => &[Method::GET],
        _ => return None,
    })
}

/// Answers a request to one of the endpoints.
pub(super) async fn answer(app: &App, head: &Parts, body: Incoming, origin: Origin) -> Response<Body> {
    let visit = Visit { app, head, origin, now: UnixSeconds::now() };
    let answered = match head.uri.path() {
        "/auth/login" => login::login(&visit, body).await,
        "/auth/guest" => guest::guest(&visit, body).await,
        "/auth/issue" => issue::issue(&visit, body).await,
        "/auth/logout" => session::logout(&visit, body).await,
        "/auth/me" => session::me(&visit).await,
        "/auth/token" => token::token(&visit, body).await,
        "/auth/revoke" => introspect::revoke(&visit, body).await,
        "/auth/introspect" => introspect::introspect(&visit, body).await,
        "/auth/authorize" if head.method == Method::POST => authorize::decide(&visit, body).await,
        "/auth/authorize" => authorize::ask(&visit).await,
        "/admin/revoke" => admin::revoke(&visit, body).await,
        _ => return metadata::publish(&visit).unwrap_or_else(Document::response),
    };
    let mut response = answered.unwrap_or_else(Document::response);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    if gives_tokens(head.uri.path()) {
        prove::add_nonce(&visit, headers);
    }
    response
}

/// Whether proofs at this endpoint need a nonce of ours.
fn gives_tokens(path: &str) -> bool {
    matches!(path, "/auth/login" | "/auth/guest" | "/auth/issue" | "/auth/token")
}
