//! Health checks: open to everybody, so what one may ask and for how long is bounded.

use http::Version;
use seseragi_testkit::client::{Connection, Response, envelope};
use seseragi_testkit::{Scripted, Step};

use crate::support::Fixture;

/// `HealthCheckResponse{status: SERVING}`.
const SERVING: &[u8] = &[0x08, 0x01];
/// Longer than the name of any service.
const TOO_LONG: usize = 5_000;

/// What the process allows at once, over connections of 250 calls each.
const WATCHERS: usize = 1_000;
const PER_CONNECTION: usize = 250;

async fn check(method: &str, media_type: &str, body: impl Into<bytes::Bytes>) -> Response {
    let fixture = Fixture::new(Scripted::new([Step::Hang]));
    let uri = format!("http://{}/grpc.health.v1.Health/{method}", fixture.addr);
    let request = http::Request::post(uri).header("content-type", media_type);
    Connection::open(fixture.addr, Version::HTTP_2).await.ask(request, body).await
}

#[tokio::test]
async fn anybody_may_ask_whether_it_serves() {
    let bare = check("Check", "application/proto", "").await;
    assert_eq!((bare.head.status.as_u16(), &bare.body[..]), (200, SERVING));
    let enveloped = check("Check", "application/grpc", envelope(0, &[])).await;
    assert_eq!(&enveloped.body[..], &envelope(0, SERVING)[..]);
}

#[tokio::test]
async fn a_long_question_is_refused_on_every_form() {
    let bare = check("Check", "application/proto", vec![0; TOO_LONG]).await;
    assert_eq!((bare.head.status.as_u16(), bare.json()["code"].as_str()), (429, Some("resource_exhausted")));
    let enveloped = check("Check", "application/grpc", envelope(0, &[0; TOO_LONG])).await;
    assert_eq!(enveloped.header("grpc-status"), "8");
}

#[tokio::test]
async fn a_form_of_single_messages_cannot_wait_for_changes() {
    let watch = check("Watch", "application/proto", "").await;
    assert_eq!((watch.head.status.as_u16(), watch.json()["code"].as_str()), (501, Some("unimplemented")));
}

#[tokio::test]
async fn so_many_may_watch_at_once() {
    let fixture = Fixture::new(Scripted::new([Step::Hang]));
    let watch = || {
        let uri = format!("http://{}/grpc.health.v1.Health/Watch", fixture.addr);
        http::Request::post(uri).header("content-type", "application/grpc")
    };
    let (mut connections, mut watching) = (Vec::new(), Vec::new());
    for _ in 0..WATCHERS / PER_CONNECTION {
        let mut connection = Connection::open(fixture.addr, Version::HTTP_2).await;
        for _ in 0..PER_CONNECTION {
            let response = connection.begin(watch(), envelope(0, &[])).await;
            assert!(!response.headers().contains_key("grpc-status"), "{:?}", response.headers());
            watching.push(response);
        }
        connections.push(connection);
    }
    let mut one_more = Connection::open(fixture.addr, Version::HTTP_2).await;
    let refused = one_more.ask(watch(), envelope(0, &[])).await;
    assert_eq!(
        (refused.header("grpc-status"), refused.header("grpc-message")),
        ("8", "1000 calls watch already; ask with Check")
    );
    let uri = format!("http://{}/grpc.health.v1.Health/Check", fixture.addr);
    let check = http::Request::post(uri).header("content-type", "application/grpc");
    let checked = one_more.ask(check, envelope(0, &[])).await;
    assert_eq!(&checked.body[..], &envelope(0, SERVING)[..], "who asks once is answered");

    drop((watching, connections));
    for _ in 0..2500 {
        let response = one_more.begin(watch(), envelope(0, &[])).await;
        if !response.headers().contains_key("grpc-status") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    panic!("whoever goes makes room");
}
