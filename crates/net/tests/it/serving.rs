//! Who serves a connection, what is counted, and what is refused.

use std::time::Duration;

use http::StatusCode;
use seseragi_net::ListenOptions;

use crate::support::{Fixture, soon, until};

#[tokio::test]
async fn http1_and_http2_share_one_port() {
    let mut fixture = Fixture::new();
    let mut h1 = fixture.h1().await;
    h1.get("/").await;
    fixture.next().await.write("over one");
    assert!(h1.read_until("over one").await.starts_with("HTTP/1.1 200 OK\r\n"));

    let mut h2 = fixture.h2().await;
    let response = h2.get("/").await;
    fixture.next().await.write("over two");
    let mut response = soon("the head", response).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let data = soon("the body", response.body_mut().data()).await.unwrap().unwrap();
    assert_eq!(&data[..], b"over two");
}

#[tokio::test]
async fn a_request_knows_its_connection() {
    let mut fixture = Fixture::new();
    let mut first = fixture.h1().await;
    first.get("/").await;
    let one = fixture.next().await.conn;
    assert_eq!(one.peer, first.0.local_addr().unwrap());
    assert_eq!(one.local, fixture.server.local_addr());
    let mut second = fixture.h1().await;
    second.get("/").await;
    assert_ne!(fixture.next().await.conn.id, one.id);
}

#[tokio::test]
async fn a_connection_goes_to_the_worker_with_the_fewest_streams_then_connections() {
    let mut fixture = Fixture::new();
    let (mut clients, mut responses, mut open) = (Vec::new(), Vec::new(), Vec::new());
    let mut first = fixture.h2().await;
    for _ in 0..3 {
        responses.push(first.get("/").await);
        open.push(fixture.next().await);
    }
    let crowded = open[0].worker.unwrap();
    assert!(open.iter().all(|open| open.worker == Some(crowded)), "one connection stays on one worker");

    // Three streams there, none, one and two here; then it is three to three, but one connection to three.
    for expected in [1 - crowded, 1 - crowded, 1 - crowded, crowded] {
        let mut client = fixture.h2().await;
        responses.push(client.get("/").await);
        clients.push(client);
        open.push(fixture.next().await);
        assert_eq!(open.last().unwrap().worker, Some(expected));
    }
}

#[tokio::test]
async fn a_stream_is_counted_until_its_body_has_ended() {
    let mut fixture = Fixture::new();
    let mut client = fixture.h2().await;
    let response = client.get("/").await;
    let open = fixture.next().await;
    let _head = soon("the head", response).await.unwrap();
    assert_eq!((fixture.server.streams(), fixture.server.connections()), (1, 1));
    drop(open);
    until("the stream to end", || fixture.server.streams() == 0).await;
    assert_eq!(fixture.server.connections(), 1);
}

#[tokio::test]
async fn a_panic_ends_its_own_stream_only() {
    let mut fixture = Fixture::with(1, ListenOptions::default());
    let mut h2 = fixture.h2().await;
    let mut h1 = fixture.h1().await;
    let kept = h2.get("/").await;
    let open = fixture.next().await;

    assert!(soon("the reset", h2.get("/panic").await).await.unwrap_err().is_reset());
    h1.get("/panic").await;
    assert_eq!(h1.read_to_end().await, "");

    open.write("still here");
    let mut kept = soon("the head", kept).await.unwrap();
    assert_eq!(&soon("the body", kept.body_mut().data()).await.unwrap().unwrap()[..], b"still here");
    until("the panicked streams to be uncounted", || fixture.server.streams() == 1).await;
    until("the panicked connection to be gone", || fixture.server.connections() == 1).await;
}

#[tokio::test]
async fn one_connection_too_many_is_closed_at_once() {
    let options = ListenOptions { max_connections: 2, ..ListenOptions::default() };
    let mut fixture = Fixture::with(2, options);
    let (mut one, mut two) = (fixture.h1().await, fixture.h1().await);
    for client in [&mut one, &mut two] {
        client.get("/").await;
        fixture.next().await.write("in");
        client.read_until("in").await;
    }
    assert_eq!(fixture.h1().await.read_to_end().await, "");

    drop(one);
    until("the first to be gone", || fixture.server.connections() == 1).await;
    let mut three = fixture.h1().await;
    three.get("/").await;
    fixture.next().await.write("in");
    three.read_until("in").await;
}

#[tokio::test]
async fn a_client_that_says_nothing_is_closed_and_one_that_speaks_is_not() {
    let options =
        ListenOptions { first_request_timeout: Duration::from_millis(50), ..ListenOptions::default() };
    let mut fixture = Fixture::with(1, options);
    let mut h2 = fixture.h2().await;
    let mut slow = fixture.h1().await;
    tokio::io::AsyncWriteExt::write_all(&mut slow.0, b"GET / HTTP/1.1\r\nhost: a-very-slow-client\r\n")
        .await
        .unwrap();
    assert_eq!(fixture.h1().await.read_to_end().await, "");
    assert_eq!(slow.read_to_end().await, "");

    let response = h2.get("/").await;
    fixture.next().await.write("patience");
    soon("the head", response).await.unwrap();
}

#[tokio::test]
async fn a_request_head_has_a_bound() {
    let fixture = Fixture::new();
    let mut h1 = fixture.h1().await;
    h1.get(&format!("/{}", "x".repeat(20 * 1024))).await;
    assert!(h1.read_to_end().await.starts_with("HTTP/1.1 431 "));

    let mut h2 = fixture.h2().await;
    let mut head = crate::support::request("/").map(|_| ());
    head.headers_mut().insert("x", "x".repeat(20 * 1024).parse().unwrap());
    let (response, _) = h2.sender.send_request(head, true).unwrap();
    match soon("the refusal", response).await {
        Ok(response) => assert_eq!(response.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
        Err(error) => assert!(error.is_reset() || error.is_go_away(), "{error}"),
    }
    until("nothing to be open", || fixture.server.streams() == 0).await;
    drop(h2);
}
