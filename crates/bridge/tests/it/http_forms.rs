//! Requests that no wire takes, and single calls of Connect: answers with a real HTTP status.

use http::Version;
use prost::Message;
use seseragi_proto::infer::{GetStreamRequest, ListModelsRequest};
use seseragi_testkit::client::{Connection, Response, envelope};
use seseragi_testkit::{Scripted, Step};

use crate::support::{Fixture, ask};

const BOTH: [Version; 2] = [Version::HTTP_11, Version::HTTP_2];

struct Form {
    method: &'static str,
    path: &'static str,
    media_type: Option<&'static str>,
}

async fn send(fixture: &Fixture, version: Version, form: &Form) -> Response {
    let uri = format!("http://{}{}", fixture.addr, form.path);
    let mut request = http::Request::builder().method(form.method).uri(uri);
    if let Some(media_type) = form.media_type {
        request = request.header("content-type", media_type);
    }
    let body = envelope(0, &ask("question").encode_to_vec());
    let body = if form.method == "GET" { bytes::Bytes::new() } else { body };
    Connection::open(fixture.addr, version).await.ask(request, body).await
}

fn post(path: &'static str, media_type: &'static str) -> Form {
    Form { method: "POST", path, media_type: Some(media_type) }
}

fn fixture() -> Fixture {
    Fixture::new(Scripted::new([Step::Hang]))
}

#[tokio::test]
async fn a_content_type_that_is_not_spoken_gets_415_and_hears_which_are() {
    let fixture = fixture();
    let types = ["application/json", "text/plain", "application/grpc-web-text", "application/connect+json"];
    for version in BOTH {
        for media_type in types {
            let response = send(&fixture, version, &post("/infer.Infer/Stream", media_type)).await;
            assert_eq!(response.head.status, 415, "{media_type}");
            assert!(response.header("accept-post").contains("application/connect+proto"));
            assert_eq!(response.json()["reason"], "unsupported_media_type");
        }
        let none = Form { method: "POST", path: "/infer.Infer/Cancel", media_type: None };
        assert_eq!(send(&fixture, version, &none).await.head.status, 415);
    }
}

#[tokio::test]
async fn grpc_over_http_1_gets_505_and_a_hint() {
    let fixture = fixture();
    for media_type in ["application/grpc", "application/grpc+proto"] {
        let response = send(&fixture, Version::HTTP_11, &post("/infer.Infer/Stream", media_type)).await;
        assert_eq!(response.head.status, 505);
        assert_eq!(response.json()["reason"], "grpc_needs_http2");
    }
}

#[tokio::test]
async fn a_get_of_a_method_gets_405() {
    let fixture = fixture();
    for version in BOTH {
        let form = Form { method: "GET", path: "/infer.Infer/Stream", media_type: None };
        let response = send(&fixture, version, &form).await;
        assert_eq!((response.head.status.as_u16(), response.header("allow")), (405, "POST"));
    }
}

#[tokio::test]
async fn a_path_that_is_not_there_gets_404_and_pages_are_there() {
    let fixture = fixture();
    for version in BOTH {
        for (path, status) in [("/nothing", 404), ("/healthz", 200), ("/readyz", 200), ("/", 200)] {
            let response = send(&fixture, version, &Form { method: "GET", path, media_type: None }).await;
            assert_eq!(response.head.status, status, "{path}");
        }
    }
}

#[tokio::test]
async fn a_single_call_of_connect_that_is_refused_has_the_http_status_and_a_challenge() {
    let fixture = fixture();
    for version in BOTH {
        let form = post("/infer.Infer/ListModels", "application/proto");
        let response = send(&fixture, version, &form).await;
        assert_eq!(response.head.status, 401);
        assert!(response.header("www-authenticate").starts_with("Bearer realm=\"seseragi\""));
        assert_eq!(response.json()["code"], "unauthenticated");
        let unknown = send(&fixture, version, &post("/infer.Infer/Nothing", "application/proto")).await;
        assert_eq!((unknown.head.status.as_u16(), &unknown.json()["code"]), (501, &"unimplemented".into()));
    }
}

#[tokio::test]
async fn a_single_call_of_connect_carries_bare_messages() {
    let fixture = fixture();
    let token =
        fixture.token("ann", seseragi_guard::Scope::InferRead.into(), seseragi_guard::UnixSeconds::now());
    let call = async |method: &str, body: Vec<u8>| {
        let request = http::Request::post(format!("http://{}/infer.Infer/{method}", fixture.addr))
            .header("content-type", "application/proto")
            .header("authorization", format!("Bearer {token}"));
        Connection::open(fixture.addr, Version::HTTP_11).await.ask(request, body).await
    };
    let models = call("ListModels", ListModelsRequest {}.encode_to_vec()).await;
    assert_eq!((models.head.status.as_u16(), models.header("content-type")), (200, "application/proto"));
    let unknown = GetStreamRequest { stream_id: "00000000000000000000000000".into() };
    let response = call("GetStream", unknown.encode_to_vec()).await;
    assert_eq!((response.head.status.as_u16(), &response.json()["code"]), (404, &"not_found".into()));
    let broken = call("GetStream", vec![0xff; 10]).await;
    assert_eq!((broken.head.status.as_u16(), &broken.json()["code"]), (400, &"invalid_argument".into()));
    let stream = call("Stream", ask("question").encode_to_vec()).await;
    assert_eq!((stream.head.status.as_u16(), &stream.json()["code"]), (501, &"unimplemented".into()));
}

#[tokio::test]
async fn a_page_of_another_origin_may_read_the_answer_only_if_it_is_allowed() {
    let fixture = fixture();
    let preflight = async |origin: &str| {
        let request = http::Request::options(format!("http://{}/infer.Infer/Stream", fixture.addr))
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        Connection::open(fixture.addr, Version::HTTP_11).await.ask(request, "").await
    };
    let allowed = preflight("http://localhost:5173").await;
    assert_eq!(allowed.head.status, 204);
    assert_eq!(allowed.header("access-control-allow-origin"), "http://localhost:5173");
    assert!(allowed.header("access-control-allow-headers").contains("authorization"));
    let refused = preflight("https://evil.example").await;
    assert_eq!((refused.head.status.as_u16(), refused.header("access-control-allow-origin")), (403, ""));
    assert!(fixture.facts.told().contains(&"origin_refused https://evil.example".to_owned()));
}
