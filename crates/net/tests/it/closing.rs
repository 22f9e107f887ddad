//! How connections end: by the client, by draining, by force.

use http::{Request, Response, StatusCode, header};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use seseragi_net::{DrainReason, ListenOptions, Workers, listen};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::unbounded_channel;

use crate::support::{BOUND, Fixture, H1, soon, until};

#[tokio::test]
async fn a_client_that_closes_drops_its_idle_response_http1() {
    let mut fixture = Fixture::new();
    let mut client = fixture.h1().await;
    client.get("/").await;
    let open = fixture.next().await;
    open.write("one frame");
    client.read_until("one frame").await;
    drop(client);
    open.dropped().await;
    soon("the connection to be gone", fixture.server.closed()).await;
    assert_eq!(fixture.server.streams(), 0);
}

#[tokio::test]
async fn a_client_that_closes_its_half_only_is_gone_too() {
    let mut fixture = Fixture::new();
    let mut client = fixture.h1().await;
    client.get("/").await;
    let open = fixture.next().await;
    client.0.shutdown().await.unwrap();
    open.dropped().await;
}

#[tokio::test]
async fn a_client_that_closes_drops_its_idle_responses_http2() {
    let mut fixture = Fixture::new();
    let mut client = fixture.h2().await;
    let (first, second) = (client.get("/").await, client.get("/").await);
    let (one, two) = (fixture.next().await, fixture.next().await);
    one.write("one frame");
    let mut response = soon("the head", first).await.unwrap();
    soon("the frame", response.body_mut().data()).await.unwrap().unwrap();
    client.cut().await;
    one.dropped().await;
    two.dropped().await;
    soon("the connection to be gone", fixture.server.closed()).await;
    drop((response, second));
}

#[tokio::test]
async fn a_client_that_resets_one_stream_keeps_the_others() {
    let mut fixture = Fixture::new();
    let mut client = fixture.h2().await;
    let (gone, kept) = (client.get("/").await, client.get("/").await);
    let (one, two) = (fixture.next().await, fixture.next().await);
    drop(gone);
    one.dropped().await;
    two.write("kept");
    let mut response = soon("the head", kept).await.unwrap();
    assert_eq!(&soon("the body", response.body_mut().data()).await.unwrap().unwrap()[..], b"kept");
    assert_eq!(fixture.server.streams(), 1);
}

#[tokio::test]
async fn a_client_that_leaves_before_the_response_drops_the_call() {
    let mut fixture = Fixture::new();
    let mut h1 = fixture.h1().await;
    h1.get("/never").await;
    let one = fixture.next().await;
    drop(h1);
    one.dropped().await;
    let mut h2 = fixture.h2().await;
    let waiting = h2.get("/never").await;
    let two = fixture.next().await;
    drop(waiting);
    two.dropped().await;
}

#[tokio::test]
async fn draining_lets_an_http2_stream_finish_and_takes_no_other() {
    let mut fixture = Fixture::new();
    let mut client = fixture.h2().await;
    let response = client.get("/").await;
    let open = fixture.next().await;
    let mut response = soon("the head", response).await.unwrap();

    fixture.server.stop_accepting();
    fixture.server.drain(DrainReason::Shutdown);
    // The second GOAWAY follows our answer to the PING behind the first; from then on requests fail.
    while client.sender.clone().ready().await.is_ok() {
        tokio::task::yield_now().await;
    }
    open.write("the last frame");
    drop(open);
    let data = soon("the last frame", response.body_mut().data()).await.unwrap().unwrap();
    assert_eq!(&data[..], b"the last frame");
    let end = soon("the end", response.body_mut().data()).await;
    assert!(end.is_none_or(|data| data.unwrap().is_empty()));
    soon("every connection to close", fixture.server.closed()).await;
    assert_eq!((fixture.server.connections(), fixture.server.streams()), (0, 0));
    assert!(soon("the client to see it", client.connection).await.unwrap().is_ok());
}

#[tokio::test]
async fn draining_lets_an_http1_response_finish_and_closes_idle_connections() {
    let mut fixture = Fixture::new();
    let (mut busy, mut idle) = (fixture.h1().await, fixture.h1().await);
    idle.get("/").await;
    drop(fixture.next().await);
    idle.read_until("\r\n0\r\n\r\n").await;
    busy.get("/").await;
    let open = fixture.next().await;
    busy.read_until("\r\n\r\n").await;

    fixture.server.drain(DrainReason::Shutdown);
    assert_eq!(idle.read_to_end().await, "");
    open.write("the last frame");
    drop(open);
    assert!(busy.read_to_end().await.ends_with("the last frame\r\n0\r\n\r\n"));
}

#[tokio::test]
async fn a_response_that_starts_while_draining_says_close() {
    let mut fixture = Fixture::new();
    let mut client = fixture.h1().await;
    client.get("/").await;
    let open = fixture.next().await;
    fixture.server.drain(DrainReason::MaxAge);
    drop(open);
    assert!(client.read_to_end().await.ends_with("0\r\n\r\n"));
}

#[tokio::test]
async fn a_stopped_listener_refuses_connections() {
    let fixture = Fixture::new();
    let address = fixture.server.local_addr();
    fixture.server.stop_accepting();
    soon("the listener to close", fixture.server.closed()).await;
    assert_eq!(TcpStream::connect(address).await.unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
    assert!(tokio::task::spawn_blocking(|| fixture.workers.shutdown(BOUND)).await.unwrap());
}

#[tokio::test]
async fn killing_drops_what_is_left() {
    let mut fixture = Fixture::new();
    let (mut h1, mut h2) = (fixture.h1().await, fixture.h2().await);
    h1.get("/").await;
    let one = fixture.next().await;
    let waiting = h2.get("/").await;
    let two = fixture.next().await;

    fixture.server.stop_accepting();
    fixture.server.drain(DrainReason::Shutdown);
    assert_eq!(fixture.server.connections(), 2);
    fixture.server.kill();
    one.dropped().await;
    two.dropped().await;
    soon("every connection to close", fixture.server.closed()).await;
    h1.read_to_end().await;
    // However far the response came, the client can tell that it is not whole.
    if let Ok(mut response) = soon("the head or the end", waiting).await {
        assert!(soon("the end", response.body_mut().data()).await.unwrap().is_err());
    }
}

#[tokio::test]
async fn a_connection_taken_over_is_still_counted_and_can_be_killed() {
    let (reader, mut read) = unbounded_channel();
    let service = move |mut request: Request<Incoming>| {
        let (upgrade, reader) = (hyper::upgrade::on(&mut request), reader.clone());
        tokio::spawn(async move {
            let mut socket = TokioIo::new(upgrade.await.expect("the client switches"));
            reader.send(socket.read_u8().await).expect("the test listens");
            reader.send(socket.read_u8().await).expect("the test listens");
        });
        let head = Response::builder().status(StatusCode::SWITCHING_PROTOCOLS);
        let head = head.header(header::CONNECTION, "upgrade").header(header::UPGRADE, "test");
        std::future::ready(head.body(Empty::<bytes::Bytes>::new()).expect("the head is valid"))
    };
    let workers = Workers::start(1).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let server = listen(listener, &workers, service, ListenOptions::default()).unwrap();
    let mut client = H1(TcpStream::connect(server.local_addr()).await.unwrap());
    client
        .0
        .write_all(b"GET / HTTP/1.1\r\nhost: test\r\nconnection: upgrade\r\nupgrade: test\r\n\r\n")
        .await
        .unwrap();
    client.read_until("\r\n\r\n").await;
    client.0.write_all(b"x").await.unwrap();
    assert_eq!(soon("the byte", read.recv()).await.unwrap().unwrap(), b'x');

    until("only the socket to be left", || server.streams() == 0).await;
    assert_eq!(server.connections(), 1);
    server.kill();
    let error = soon("the reader to fail", read.recv()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionAborted);
    soon("the connection to close", server.closed()).await;
}
