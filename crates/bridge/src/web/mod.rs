//! What is no RPC: sign-in, public keys, health for machines, and the console's files.

mod auth;
mod console;
mod files;
mod host;
mod problem;

use http::request::Parts;
use http::{Method, Response, StatusCode};
use hyper::body::Incoming;

use crate::app::App;
use crate::body::Body;
use crate::cors::Origin;

pub(crate) use auth::{Cookie, Jar, is_local_host};
pub(crate) use problem::{Document, unspoken};

/// Answers a request that is no RPC.
pub(crate) async fn answer(app: &App, head: &Parts, body: Incoming, origin: Origin) -> Response<Body> {
    if let Err(refused) = host::check(app, head) {
        return refused.response();
    }
    let path = head.uri.path();
    let Some(allowed) = methods(path) else { return Document::not_found(path).response() };
    let reads = head.method == Method::HEAD && allowed.contains(&Method::GET);
    if !allowed.contains(&head.method) && !reads {
        return Document::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
            .because(format!("{path} takes {}", problem::listed(allowed)))
            .allow(allowed)
            .response();
    }
    match path {
        "/healthz" => text("ok\n"),
        "/readyz" => ready(app),
        "/console.json" => console::info(app, head),
        _ if auth::methods(path).is_some() => auth::answer(app, head, body, origin).await,
        _ => files::file(head).unwrap_or_else(|| Document::not_found(path).response()),
    }
}

/// What a path takes; `None` if nothing is there.
fn methods(path: &str) -> Option<&'static [Method]> {
    let read = matches!(path, "/healthz" | "/readyz" | "/console.json") || files::exists(path);
    auth::methods(path).or(read.then_some(&[Method::GET]))
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
