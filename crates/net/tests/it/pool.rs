//! How many connections a pool makes, where, and what they endure.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use seseragi_net::{ListenOptions, Server, Upstream, UpstreamError, UpstreamOptions, Workers, listen};
use tokio::task::JoinSet;

use crate::support::{Broken, Fixture, request, soon, until};

#[tokio::test]
async fn the_101st_stream_opens_a_second_connection() {
    let mut fixture = Fixture::new();
    let upstream = fixture.upstream(UpstreamOptions::default());
    let (mut responses, mut open) = (Vec::new(), Vec::new());
    for stream in 1..=101 {
        responses.push(soon("the head", upstream.request(request("/"))).await.unwrap());
        open.push(fixture.next().await);
        assert_eq!(upstream.connections(), if stream <= 100 { 1 } else { 2 });
    }
    assert_eq!((upstream.streams(), fixture.server.connections()), (101, 2));
    assert!(open[..100].iter().all(|other| other.conn == open[0].conn) && open[100].conn != open[0].conn);

    // A place that is given back is taken again.
    drop(responses.swap_remove(0));
    responses.push(soon("the head", upstream.request(request("/"))).await.unwrap());
    assert_eq!(fixture.next().await.conn, open[0].conn);
    drop(responses);
    assert_eq!(upstream.streams(), 0);
    until("the streams to be reset", || fixture.server.streams() == 0).await;
}

#[tokio::test]
async fn a_burst_waits_for_one_dial() {
    let fixture = Fixture::new();
    let upstream = fixture.upstream(UpstreamOptions::default());
    let mut burst = JoinSet::new();
    for _ in 0..50 {
        let upstream = upstream.clone();
        burst.spawn(async move { upstream.request(request("/")).await });
    }
    let responses = soon("all heads", burst.join_all()).await;
    assert!(responses.iter().all(Result::is_ok));
    assert_eq!((upstream.connections(), fixture.server.connections()), (1, 1));
}

#[tokio::test]
async fn a_full_pool_refuses() {
    let fixture = Fixture::new();
    let options = UpstreamOptions {
        connections_per_worker: 1,
        streams_per_connection: 1,
        ..UpstreamOptions::default()
    };
    let upstream = fixture.upstream(options);
    let response = soon("the head", upstream.request(request("/"))).await.unwrap();
    let error = soon("the refusal", upstream.request(request("/"))).await.unwrap_err();
    assert!(matches!(error, UpstreamError::Busy), "{error:?}");
    drop(response);
    soon("the head", upstream.request(request("/"))).await.unwrap();
}

#[tokio::test]
async fn each_worker_has_connections_of_its_own() {
    let fixture = Fixture::new();
    let upstream = fixture.upstream(UpstreamOptions::default());
    let mut responses = Vec::new();
    for worker in [0, 1, 0, 1] {
        let upstream = upstream.clone();
        let call = fixture.workers.handle(worker).spawn(async move { upstream.request(request("/")).await });
        responses.push(soon("the head", call).await.unwrap().unwrap());
    }
    assert_eq!(upstream.connections(), 2);
    responses.push(soon("the head", upstream.request(request("/"))).await.unwrap());
    assert_eq!((upstream.connections(), upstream.streams()), (3, 5));
}

#[tokio::test]
async fn dropping_the_pool_lets_streams_finish() {
    let mut fixture = Fixture::new();
    let upstream = fixture.upstream(UpstreamOptions::default());
    let mut response = soon("the head", upstream.request(request("/"))).await.unwrap();
    drop(upstream);
    let open = fixture.next().await;
    open.write("one more");
    assert!(soon("the frame", response.body_mut().frame()).await.unwrap().is_ok());
    drop((open, response));
    until("the connection to close", || fixture.server.connections() == 0).await;
}

/// A response body of endless small frames, as fast as they are taken.
struct Flood {
    frames: Arc<AtomicUsize>,
}

const SMALL: &[u8] = &[b'x'; 53];

impl Body for Flood {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        // Lets the other streams have their turn now and then.
        if self.frames.fetch_add(1, Ordering::Relaxed) % 64 == 63 {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(SMALL)))))
    }
}

fn flooding() -> (Workers, Server, Upstream, Arc<AtomicUsize>) {
    let workers = Workers::start(1).expect("a worker starts");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let frames = Arc::new(AtomicUsize::new(0));
    let count = frames.clone();
    let service =
        move |_: Request<Incoming>| std::future::ready(Response::new(Flood { frames: count.clone() }));
    let server = listen(listener, &workers, service, ListenOptions::default()).expect("the listener starts");
    let upstream = Upstream::new(&server.local_addr().to_string(), UpstreamOptions::default())
        .expect("an address is an authority");
    (workers, server, upstream, frames)
}

#[tokio::test]
async fn unread_streams_of_small_frames_do_not_end_the_connection() {
    const STREAMS: usize = 16;
    let (_workers, server, upstream, frames) = flooding();
    let mut responses = Vec::new();
    for _ in 0..STREAMS {
        responses.push(soon("the head", upstream.request(request("/"))).await.unwrap());
    }
    // All that the stream windows allow, and what waits behind them at the server.
    let per_stream = 65_535 / SMALL.len();
    until("the windows to fill", || frames.load(Ordering::Relaxed) > STREAMS * per_stream).await;

    for response in &mut responses {
        let mut bytes = 0;
        while bytes < 3 * 65_535 {
            let frame = soon("a frame", response.body_mut().frame()).await.unwrap();
            bytes += frame.expect("the connection has survived").into_data().unwrap().len();
        }
    }
    assert_eq!((upstream.connections(), server.connections()), (1, 1));
}

#[tokio::test]
async fn many_clients_leaving_at_once_do_not_end_the_connection() {
    let (_workers, server, upstream, _) = flooding();
    let mut kept = soon("the head", upstream.request(request("/"))).await.unwrap();
    // Each leaves with its first frames still under way.
    for _ in 0..30 {
        let mut leaving = JoinSet::new();
        for _ in 0..99 {
            let upstream = upstream.clone();
            leaving.spawn(async move { upstream.request(request("/")).await.map(drop) });
        }
        let left = soon("all heads", leaving.join_all()).await;
        assert!(left.iter().all(Result::is_ok), "{left:?}");
    }
    for _ in 0..10_000 {
        soon("a frame", kept.body_mut().frame()).await.unwrap().expect("the connection has survived");
    }
    assert_eq!((upstream.connections(), server.connections()), (1, 1));
}
