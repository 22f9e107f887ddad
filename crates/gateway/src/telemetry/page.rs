//! The listener of operators: `/metrics`, `/healthz`, `/readyz`. Apart from the clients' listener, so that it can
//! be kept private.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;
use seseragi_net::{ListenOptions, Server, Workers};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Serves the registry.
///
/// # Errors
/// If the listener cannot be used.
pub fn serve(
    listener: TcpListener,
    workers: &Workers,
    registry: Registry,
    ready: impl Fn() -> bool + Send + Sync + 'static,
) -> io::Result<Server> {
    let (registry, ready) = (Arc::new(registry), Arc::new(ready));
    let service = move |request: Request<Incoming>| {
        let (registry, ready) = (Arc::clone(&registry), Arc::clone(&ready));
        async move { answer(request.uri().path(), &registry, ready()) }
    };
    let options = ListenOptions { max_connections: 64, ..ListenOptions::default() };
    seseragi_net::listen(listener, workers, service, options)
}

fn answer(path: &str, registry: &Registry, ready: bool) -> Response<Full<Bytes>> {
    match path {
        "/metrics" => metrics(registry),
        "/healthz" => text(StatusCode::OK, "ok\n"),
        "/readyz" if ready => text(StatusCode::OK, "ready\n"),
        "/readyz" => text(StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
        _ => text(StatusCode::NOT_FOUND, "there is /metrics, /healthz and /readyz\n"),
    }
}

fn metrics(registry: &Registry) -> Response<Full<Bytes>> {
    let mut page = String::new();
    if encode(&mut page, registry).is_err() {
        return text(StatusCode::INTERNAL_SERVER_ERROR, "the metrics cannot be written\n");
    }
    let mut response = text(StatusCode::OK, &page);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(OPEN_METRICS));
    response
}

fn text(status: StatusCode, content: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::copy_from_slice(content.as_bytes())));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
