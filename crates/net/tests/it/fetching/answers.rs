//! What servers answer.

use std::time::Duration;

use seseragi_net::{FetchError, FetchOptions};

use super::server::{Say, Server, ok, say};
use super::{QUICK, fetcher, with};
use crate::support::soon;

#[tokio::test]
async fn a_document_comes_with_status_body_and_the_time_to_keep_it() {
    let mut server = Server::start(|_| say("200 OK", &[("cache-control", "max-age=600")], "{}")).await;
    let document = fetcher().get(&server.url("/jwks?v=1")).await.unwrap();
    assert_eq!((document.status, &*document.body), (200, &b"{}"[..]));
    assert_eq!(document.max_age, Some(Duration::from_secs(600)));
    let head = server.heads.recv().await.unwrap();
    assert!(head.starts_with("GET /jwks?v=1 HTTP/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("host: 127.0.0.1:{}\r\n", server.port)), "{head}");
}

#[tokio::test]
async fn other_statuses_are_told_and_bodies_may_come_in_any_form() {
    let server = Server::start(|path| match path {
        "/500" => say("500 Internal Server Error", &[], "sorry"),
        "/chunked" => Say::All(
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n".to_vec(),
        ),
        "/to-the-end" => Say::All(b"HTTP/1.0 200 OK\r\n\r\n{}".to_vec()),
        _ => say("404 Not Found", &[], ""),
    })
    .await;
    assert_eq!(fetcher().get(&server.url("/500")).await.unwrap().status, 500);
    assert_eq!(fetcher().get(&server.url("/none")).await.unwrap().status, 404);
    for path in ["/chunked", "/to-the-end"] {
        assert_eq!(&*fetcher().get(&server.url(path)).await.unwrap().body, b"{}", "{path}");
    }
}

#[tokio::test]
async fn a_body_has_a_bound_whatever_it_says_about_itself() {
    let server = Server::start(|path| match path {
        "/fits" => ok(&"x".repeat(1000)),
        "/says-so" => Say::AndHang(b"HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n".to_vec()),
        "/chunked" => {
            let chunk = format!("1f4\r\n{}\r\n", "x".repeat(500));
            let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            Say::AndHang(format!("{head}{}", chunk.repeat(3)).into_bytes())
        }
        _ => Say::AndHang(format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(1001)).into_bytes()),
    })
    .await;
    let fetcher = with(FetchOptions { body_bytes_max: 1000, ..FetchOptions::default() });
    assert_eq!(fetcher.get(&server.url("/fits")).await.unwrap().body.len(), 1000);
    for path in ["/says-so", "/chunked", "/to-the-end"] {
        let error = soon(path, fetcher.get(&server.url(path))).await.unwrap_err();
        assert!(matches!(error, FetchError::TooLarge(1000)), "{path}: {error}");
    }
}

#[tokio::test]
async fn slow_servers_are_left_in_time() {
    let server = Server::start(|path| match path {
        "/silent" => Say::AndHang(Vec::new()),
        "/half" => Say::AndHang(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{".to_vec()),
        "/again" => say("302 Found", &[("location", "/silent")], ""),
        _ => Say::Drip(b'x'),
    })
    .await;
    let fetcher = with(FetchOptions { timeout: QUICK, ..FetchOptions::default() });
    for path in ["/silent", "/half", "/again", "/drip"] {
        let error = soon(path, fetcher.get(&server.url(path))).await.unwrap_err();
        assert!(matches!(error, FetchError::Timeout | FetchError::Http(_)), "{path}: {error}");
    }
}

#[tokio::test]
async fn what_is_no_http_is_an_error() {
    let server = Server::start(|path| match path {
        "/ssh" => Say::All(b"SSH-2.0-x\r\n".to_vec()),
        "/nothing" => Say::All(Vec::new()),
        "/cut" => Say::All(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{".to_vec()),
        "/long-head" => {
            Say::All(format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(100_000)).into_bytes())
        }
        _ => Say::All(format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(150)).into_bytes()),
    })
    .await;
    for path in ["/ssh", "/nothing", "/cut", "/long-head", "/many-headers"] {
        let error = soon(path, fetcher().get(&server.url(path))).await.unwrap_err();
        assert!(matches!(error, FetchError::Http(_)), "{path}: {error}");
    }
}

#[tokio::test]
async fn a_fetch_that_is_dropped_closes_its_connection() {
    let mut server =
        Server::start(|_| Say::AndHang(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".to_vec())).await;
    let (fetcher, url) =
        (with(FetchOptions { timeout: Duration::from_secs(60), ..FetchOptions::default() }), server.url("/"));
    let fetch = tokio::spawn(async move { fetcher.get(&url).await });
    soon("the request to arrive", server.heads.recv()).await.unwrap();
    fetch.abort();
    soon("the connection to close", server.left.recv()).await.unwrap();
}
