//! Health checks: open to everybody, so what one may ask and for how long is bounded.

use http::Version;
use seseragi_testkit::client::{Connection, Response, envelope};
use seseragi_testkit::{Scripted, Step};

use crate::support::Fixture;

/// `HealthCheckResponse{status: SERVING}`.
const SERVING: &[u8] = &[0x08, 0x01];
/// Longer than the name of any service.
const TOO_LONG: usize = 5_000;

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
