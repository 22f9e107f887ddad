//! What is no RPC: sign-in, public keys, health for machines, and the console's files.

mod auth;
mod console;
mod files;
mod problem;

use http::request::Parts;
use http::{Method, Response, StatusCode};

use crate::app::App;
use crate::body::Body;
use crate::cors::Origin;

pub(crate) use problem::{Document, unspoken};

/// Answers a request that is no RPC.
pub(crate) async fn answer(app: &App, head: &Parts, origin: Origin) -> Response<Body> {
    let path = head.uri.path();
    let allowed = match path {
        "/auth/guest" | "/auth/issue" => Method::POST,
        _ => Method::GET,
    };
    let known = is_known(path);
    if known && head.method != allowed && !(allowed == Method::GET && head.method == Method::HEAD) {
        return Document::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
            .because(format!("{path} takes {allowed}"))
            .allow(&allowed)
            .response();
    }
    match path {
        "/auth/guest" => auth::guest(app, head, origin),
        "/auth/issue" => auth::issue(app, head, origin).await,
        "/.well-known/jwks.json" => auth::jwks(app),
        "/healthz" => text("ok\n"),
        "/readyz" => ready(app),
        "/console.json" => console::info(app, head),
        _ => files::file(head).unwrap_or_else(|| Document::not_found(path).response()),
    }
}

fn is_known(path: &str) -> bool {
    let paths =
        ["/auth/guest", "/auth/issue", "/.well-known/jwks.json", "/healthz", "/readyz", "/console.json"];
    paths.contains(&path) || files::exists(path)
}

/// Whether every model takes work. Names those that do not.
fn ready(app: &App) -> Response<Body> {
    let waiting: Vec<&str> = app.routes.iter().filter(|r| !r.runtime.is_ready()).map(|r| &*r.model).collect();
    if waiting.is_empty() {
        return text("ready\n");
    }
    let mut response = text(&format!("not ready: {}\n", waiting.join(", ")));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

fn text(content: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(content.to_owned()));
    let plain = http::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(http::header::CONTENT_TYPE, plain);
    response
}
