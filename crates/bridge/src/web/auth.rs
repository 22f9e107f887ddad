//! Sign-in: the cheap part of guard that has a page. Issuing and checking only, never heavy work.

use std::sync::Arc;

use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response, StatusCode, Version};
use serde_json::json;
use seseragi_guard::{
    AccessToken, ApiKey, ApiKeyStore, Caller, Grant, Issuer, Reason, Rejection, Scope, Scopes, UnixSeconds,
};
use tokio::sync::Semaphore;

use super::Document;
use crate::app::{App, Exposure, Guests};
use crate::body::Body;
use crate::cors::{Origin, host};
use crate::path::unauthenticated;
use crate::wire::media_type;

/// How many requests ask the store of API keys at once; more are told to try again.
static ASKING: Semaphore = Semaphore::const_new(32);

/// Headers that say that somebody stands between the browser and us.
const FORWARDED: [&str; 5] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/// `POST /auth/guest`: a fresh subject that nobody knows, for whoever may be a guest.
pub(super) fn guest(app: &App, head: &Parts, origin: Origin) -> Response<Body> {
    let Some(issuer) = &app.issuer else { return no_issuer() };
    if let Some(refusal) = not_from_here(head, origin).or_else(|| no_guest(app, head)) {
        return refusal;
    }
    let now = UnixSeconds::now();
    let (subject, access_token) = returning(app, head, now)
        .and_then(|caller| issuer.guest_again(&caller, now))
        .unwrap_or_else(|| issuer.guest(now));
    granted(&access_token, &subject, Scopes::from(Scope::InferRead))
}

/// Who comes with a token that is still good: a guest that renews it stays the same, and so keeps its streams.
fn returning(app: &App, head: &Parts, now: UnixSeconds) -> Option<Caller> {
    let given = head.headers.get_all(AUTHORIZATION).iter().map(HeaderValue::as_bytes);
    seseragi_guard::bearer(given).and_then(|token| app.verifier.verify(token, now)).ok()
}

/// `POST /auth/issue`: an access token for an API key in the `Authorization` header.
pub(super) async fn issue(app: &App, head: &Parts, origin: Origin) -> Response<Body> {
    let (Some(issuer), Some(keys)) = (&app.issuer, &app.api_keys) else { return no_issuer() };
    if let Some(refusal) = not_from_here(head, origin) {
        return refusal;
    }
    match authenticate(keys, &head.headers).await {
        Ok(key) => for_key(issuer, &key),
        Err(rejection) => {
            app.observer.rejected(rejection.reason().as_str());
            Document::from(&unauthenticated(rejection)).response()
        }
    }
}

/// `GET /.well-known/jwks.json`: the public half of our key (RFC 7517).
pub(super) fn jwks(app: &App) -> Response<Body> {
    let Some(issuer) = &app.issuer else { return no_issuer() };
    let mut response = json_response(&issuer.key().jwks());
    let cache = HeaderValue::from_static("public, max-age=900, stale-while-revalidate=3600");
    response.headers_mut().insert(CACHE_CONTROL, cache);
    response
}

/// Whether a guest would be welcome; the console asks before it offers the button.
pub(super) fn guests_welcome(app: &App, head: &Parts) -> bool {
    app.issuer.is_some()
        && match app.guests {
            Guests::Off => false,
            Guests::Everybody => true,
            Guests::Local => app.exposure == Exposure::Loopback && is_local(head) && is_local_page(head),
        }
}

/// The store blocks, so it is asked off the worker.
async fn authenticate(keys: &Arc<dyn ApiKeyStore>, headers: &HeaderMap) -> Result<ApiKey, Rejection> {
    let given = headers.get_all(AUTHORIZATION).iter().map(HeaderValue::as_bytes);
    let secret = seseragi_guard::bearer(given)?.to_owned();
    // The place goes with the work: it is not free before the store has answered, even if the client leaves.
    let Ok(place) = ASKING.try_acquire() else { return Err(Reason::StoreUnavailable.into()) };
    let keys = Arc::clone(keys);
    let asked = tokio::task::spawn_blocking(move || {
        let _place = place;
        keys.authenticate(&secret, UnixSeconds::now())
    });
    asked.await.unwrap_or_else(|_| Err(Reason::StoreUnavailable.into()))
}

fn for_key(issuer: &Issuer, key: &ApiKey) -> Response<Body> {
    let sub = key.sub();
    let grant = Grant { sub: &sub, scopes: &key.scopes, tier: key.tier, client_id: &sub, sid: None };
    match issuer.issue(grant, UnixSeconds::now()) {
        Ok(access_token) => granted(&access_token, &sub, key.scopes),
        Err(_) => Document::new(StatusCode::INTERNAL_SERVER_ERROR, "issue_failed").response(),
    }
}

/// RFC 6749 §5.1: tokens are never cached.
fn granted(access_token: &AccessToken, subject: &str, scopes: Scopes) -> Response<Body> {
    let mut response = json_response(&json!({
        "access_token": access_token.token,
        "token_type": "Bearer",
        "expires_in": access_token.expires_in_s,
        "scope": scopes.to_string(),
        "subject": subject,
    }));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn no_guest(app: &App, head: &Parts) -> Option<Response<Body>> {
    if guests_welcome(app, head) {
        return None;
    }
    let why = match app.guests {
        Guests::Off => "guests are turned off; sign in, or set auth.guests = \"everybody\"",
        _ => {
            "guests are welcome on this machine only: a loopback address, a local Host, and no proxy in between"
        }
    };
    Some(Document::new(StatusCode::FORBIDDEN, "guests_off").because(why).response())
}

/// Another site's page may not sign its reader in: browsers send `application/json` across sites only after a
/// preflight, and say where a page came from.
fn not_from_here(head: &Parts, origin: Origin) -> Option<Response<Body>> {
    if origin == Origin::Refused {
        let detail = "pages of this origin may not call; see cors.origins";
        return Some(Document::new(StatusCode::FORBIDDEN, "origin_refused").because(detail).response());
    }
    if media_type(&head.headers) != "application/json" {
        let detail = "send content-type: application/json";
        return Some(
            Document::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json").because(detail).response(),
        );
    }
    None
}

/// Whether a request comes from this machine, as far as its own words go: the `Host` is a local one, so that a
/// page of another name that resolves to us (DNS rebinding) is not taken for ours.
fn is_local(head: &Parts) -> bool {
    // HTTP/1.0 is what proxies speak by default, not browsers.
    let direct =
        head.version != Version::HTTP_10 && !FORWARDED.iter().any(|name| head.headers.contains_key(*name));
    let one_host = head.headers.get_all(HOST).iter().count() <= 1;
    direct && one_host && host(head).is_some_and(is_local_host)
}

/// Whether the page that asks, if one does, is served from this machine: an allowed origin is not enough, because
/// `*` allows every site that the person visits.
fn is_local_page(head: &Parts) -> bool {
    let origin = head.headers.get(ORIGIN).map(|origin| origin.to_str().unwrap_or_default());
    origin.is_none_or(|origin| origin.split_once("://").is_some_and(|(_, site)| is_local_host(site)))
}

fn is_local_host(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

fn json_response(value: &serde_json::Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn no_issuer() -> Response<Body> {
    let detail = "this gateway issues no tokens; get one from the configured issuer";
    Document::new(StatusCode::NOT_FOUND, "no_issuer").because(detail).response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(request: http::request::Builder) -> Parts {
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn a_guest_sits_at_this_machine_as_far_as_its_own_words_go() {
        let local = || http::Request::post("/auth/guest").header(HOST, "localhost:8080");
        assert!(is_local(&head(local())) && is_local_page(&head(local())));
        assert!(is_local_page(&head(local().header(ORIGIN, "http://127.0.0.1:5173"))));
        for page in ["https://evil.example", "null", "http://localhost.evil.example"] {
            assert!(!is_local_page(&head(local().header(ORIGIN, page))), "{page}");
        }
        assert!(!is_local(&head(local().version(Version::HTTP_10))));
        assert!(!is_local(&head(local().header("x-forwarded-for", "203.0.113.1"))));
        assert!(!is_local(&head(http::Request::post("http://localhost:x@evil.example/auth/guest"))));
    }

    #[test]
    fn only_loopback_names_are_local() {
        for good in ["localhost", "LOCALHOST:8080", "127.0.0.1:80", "127.9.9.9", "[::1]:8080", "[::1]"] {
            assert!(is_local_host(good), "{good}");
        }
        for bad in [
            "localhost.evil.example",
            "evil.example",
            "10.0.0.1",
            "0.0.0.0:80",
            "",
            "[::2]",
            "127.0.0.1.evil",
        ] {
            assert!(!is_local_host(bad), "{bad}");
        }
    }
}
