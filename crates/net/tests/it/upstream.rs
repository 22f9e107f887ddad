//! One request to an upstream: how it ends, and what is said when it fails.

use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::BodyExt;
use seseragi_net::{DrainReason, Upstream, UpstreamError, UpstreamOptions};
use socket2::{Domain, Socket, Type};

use crate::support::{Broken, Fixture, request, soon, until};

#[tokio::test]
async fn a_response_is_read_as_it_is_written() {
    let mut fixture = Fixture::new();
    let upstream = fixture.upstream(UpstreamOptions::default());
    let mut response = soon("the head", upstream.request(request("/"))).await.unwrap();
    let open = fixture.next().await;
    for text in ["a", "b"] {
        open.write(text);
        let frame = soon("a frame", response.body_mut().frame()).await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), text);
    }
    drop(open);
    let rest = soon("the end", response.body_mut().collect()).await.unwrap();
    assert!(rest.to_bytes().is_empty());
    assert_eq!((upstream.streams(), upstream.connections()), (0, 1));
}

#[tokio::test]
async fn a_path_is_enough() {
    let mut fixture = Fixture::new();
    let upstream = fixture.upstream(UpstreamOptions::default());
    let mut request = request("/");
    *request.uri_mut() = "/infer.Infer/Stream?x=1".parse().unwrap();
    soon("the head", upstream.request(request)).await.unwrap();
    fixture.next().await;
}

#[tokio::test]
async fn dropping_a_response_resets_its_stream_and_keeps_the_connection() {
    let mut fixture = Fixture::new();
    let upstream = fixture.upstream(UpstreamOptions::default());
    let response = soon("the head", upstream.request(request("/"))).await.unwrap();
    let open = fixture.next().await;
    open.write("unread");
    drop(response);
    open.dropped().await;
    assert_eq!((upstream.streams(), upstream.connections()), (0, 1));
    assert_eq!(fixture.server.connections(), 1);
}

#[tokio::test]
async fn giving_up_before_the_response_resets_the_stream() {
    let mut fixture = Fixture::new();
    let upstream = fixture.upstream(UpstreamOptions::default());
    let open = tokio::select! {
        _ = upstream.request(request("/never")) => panic!("there is no response"),
        open = fixture.next() => open,
    };
    open.dropped().await;
    assert_eq!((upstream.streams(), upstream.connections()), (0, 1));
}

#[tokio::test]
async fn a_pooled_connection_that_takes_no_more_is_replaced_once() {
    let mut fixture = Fixture::new();
    let upstream = fixture.upstream(UpstreamOptions::default());
    let mut kept = soon("the head", upstream.request(request("/"))).await.unwrap();
    let old = fixture.next().await;
    fixture.server.drain(DrainReason::MaxAge);
    // Whether or not the GOAWAY has arrived, no request may be lost to it.
    for _ in 0..20 {
        let response = soon("the head", upstream.request(request("/"))).await.unwrap();
        let open = fixture.next().await;
        drop((response, open));
    }
    until("the old connection to leave the pool", || upstream.connections() == 1).await;
    assert_eq!(fixture.server.connections(), 2);
    old.write("streams on the old connection go on");
    assert!(soon("the frame", kept.body_mut().frame()).await.unwrap().is_ok());
}

#[tokio::test]
async fn a_pooled_connection_that_died_is_replaced() {
    let mut fixture = Fixture::new();
    let upstream = fixture.upstream(UpstreamOptions::default());
    for _ in 0..5 {
        let response = soon("the head", upstream.request(request("/"))).await.unwrap();
        drop((response, fixture.next().await));
        fixture.server.kill();
        soon("the connection to die", fixture.server.closed()).await;
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_upstream_that_is_not_there_says_so_without_its_address() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let upstream = Upstream::new(&address, UpstreamOptions::default()).unwrap();
    let error = soon("the refusal", upstream.request(request("/"))).await.unwrap_err();
    assert!(matches!(error, UpstreamError::Connect(_)) && error.is_unprocessed(), "{error:?}");
    assert!(!error.to_string().contains("127.0.0.1"));
    assert_eq!((upstream.streams(), upstream.connections()), (0, 0));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn connecting_is_bounded_in_time() {
    // One connection fills the queue of a listener that never accepts; the next is not answered.
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let _first = tokio::net::TcpStream::connect(address).await.unwrap();

    let options =
        UpstreamOptions { connect_timeout: Duration::from_millis(50), ..UpstreamOptions::default() };
    let upstream = Upstream::new(&address.to_string(), options).unwrap();
    let error = soon("the timeout", upstream.request(request("/"))).await.unwrap_err();
    assert!(matches!(error, UpstreamError::Timeout) && error.is_unprocessed(), "{error:?}");
    assert_eq!((upstream.streams(), upstream.connections()), (0, 0));
}

#[tokio::test]
async fn a_failed_body_is_a_reset_and_a_dead_connection_is_closed() {
    let mut fixture = Fixture::new();
    let upstream = fixture.upstream(UpstreamOptions::default());
    let mut response = soon("the head", upstream.request(request("/"))).await.unwrap();
    fixture.next().await.body.send(Err(Broken)).unwrap();
    let error = soon("the reset", response.body_mut().frame()).await.unwrap().unwrap_err();
    assert!(matches!(error, UpstreamError::Reset { code: 2, .. }) && !error.is_unprocessed(), "{error:?}");

    let mut response = soon("the head", upstream.request(request("/"))).await.unwrap();
    let _open = fixture.next().await;
    fixture.server.kill();
    let error = soon("the end", response.body_mut().frame()).await.unwrap().unwrap_err();
    assert!(matches!(error, UpstreamError::Closed(_)), "{error:?}");
}

#[tokio::test]
async fn a_peer_that_is_not_http2_is_a_protocol_error() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream =
        Upstream::new(&listener.local_addr().unwrap().to_string(), UpstreamOptions::default()).unwrap();
    let peer = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        stream
    };
    let (error, _stream) =
        soon("the error", async { tokio::join!(upstream.request(request("/")), peer) }).await;
    let error = error.unwrap_err();
    assert!(matches!(error, UpstreamError::Protocol(_)), "{error:?}");
}
