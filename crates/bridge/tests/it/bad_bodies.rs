//! Each endpoint and each kind of bad body: a clear 4xx problem document, and nothing stored.

use http::Version;
use seseragi_guard::Scope;
use seseragi_testkit::client::{Connection, Response};
use seseragi_testkit::{Scripted, Step};

use crate::support::{Fixture, ISSUER};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Endpoints that take a body, whether a form is one of theirs, and a body that is good as far as its form goes.
const ENDPOINTS: [(&str, bool, &str); 8] = [
    ("/auth/login", false, r#"{"username":"ann","password":"wrong password"}"#),
    ("/auth/guest", false, "{}"),
    ("/auth/issue", false, "{}"),
    ("/auth/logout", false, "{}"),
    ("/auth/token", true, r#"{"grant_type":"refresh_token","refresh_token":"x"}"#),
    ("/auth/revoke", true, r#"{"token":"x"}"#),
    ("/auth/introspect", true, r#"{"token":"x"}"#),
    ("/admin/revoke", false, r#"{"iss":"https://gateway.test","sub":"ann"}"#),
];

fn fixture() -> Fixture {
    Fixture::new(Scripted::new([Step::Hang]))
}

async fn send(fixture: &Fixture, path: &str, media_type: &str, body: impl Into<bytes::Bytes>) -> Response {
    let key = fixture.api_key(Scope::AdminRevoke.into());
    let mut request = http::Request::post(fixture.url(path))
        .header("x-seseragi-csrf", "1")
        .header("origin", ISSUER)
        .header("authorization", format!("Bearer {key}"));
    if !media_type.is_empty() {
        request = request.header("content-type", media_type);
    }
    Connection::open(fixture.addr, Version::HTTP_11).await.ask(request, body).await
}

/// The answer is a problem document with this status and reason.
fn check(response: &Response, status: u16, reason: &str, what: &str) {
    let document = response.json();
    assert_eq!(
        (response.head.status.as_u16(), &document["reason"]),
        (status, &reason.into()),
        "{what}: {document}"
    );
    assert_eq!(document["status"], status);
    assert!(!document["title"].as_str().expect("a title").is_empty());
    assert!(!document["detail"].as_str().expect("a detail").is_empty(), "{what}");
    assert!(["application/problem+json", "application/json"].contains(&response.header("content-type")));
    assert_eq!(response.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_body_that_is_not_one_json_object_in_utf_8_is_refused() {
    let fixture = fixture();
    let bodies: [&[u8]; 9] = [
        b"{",
        b"null",
        b"[]",
        b"\"text\"",
        b"{} {}",
        b"{\"a\":1,\"a\":1}",
        b"{\"a\":\"\xff\xfe\"}",
        b"{\"a\":\"\\ud800\"}",
        b"{\"a\":{\"b\":{\"c\":{\"d\":{}}}}}",
    ];
    for (path, _, _) in ENDPOINTS {
        for body in bodies {
            let response = send(&fixture, path, JSON, body).await;
            check(&response, 400, "invalid_json", &format!("{path} {:?}", String::from_utf8_lossy(body)));
        }
    }
}

#[tokio::test]
async fn an_unknown_field_is_refused_and_named() {
    let fixture = fixture();
    for (path, _, good) in ENDPOINTS {
        let body = good.replacen('{', r#"{"surprise":true,"#, 1).replace(",}", "}");
        let response = send(&fixture, path, JSON, body).await;
        check(&response, 400, "unknown_field", path);
        assert!(response.json()["detail"].as_str().expect("text").contains("surprise"), "{path}");
    }
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_refused_and_named() {
    let fixture = fixture();
    let cases = [
        ("/auth/login", r#"{"username":1,"password":"x"}"#, "username"),
        ("/auth/login", r#"{"username":"ann","password":["x"]}"#, "password"),
        ("/auth/login", r#"{"username":"ann","password":"x","remember":"yes"}"#, "remember"),
        ("/auth/login", r#"{"username":"ann","password":"x","mode":"other"}"#, "mode"),
        ("/auth/issue", r#"{"scope":["infer:read"]}"#, "scope"),
        ("/auth/issue", r#"{"binding":"key"}"#, "binding"),
        ("/auth/token", r#"{"grant_type":null}"#, "grant_type"),
        ("/auth/revoke", r#"{"token":{}}"#, "token"),
        ("/auth/introspect", r#"{"token":1}"#, "token"),
        ("/admin/revoke", r#"{"iss":1,"sub":"ann"}"#, "iss"),
        ("/admin/revoke", r#"{"iss":"x","sub":"ann","before":"now"}"#, "before"),
        ("/admin/revoke", r#"{"iss":"x","sub":"ann","before":-1}"#, "before"),
        ("/admin/revoke", r#"{"iss":"x","sub":"ann","before":99999999999}"#, "before"),
        ("/admin/revoke", r#"{"iss":"x","sid":"ann","before":1}"#, "before"),
        ("/admin/revoke", r#"{"iss":"x","sub":"ann","jti":"y"}"#, "sub"),
        ("/admin/revoke", r#"{"iss":"x"}"#, "sub"),
        ("/admin/revoke", r#"{"iss":"x","sub":""}"#, "sub"),
        ("/admin/revoke", r#"{"iss":"x","sub":"a\u0000b"}"#, "sub"),
    ];
    for (path, body, field) in cases {
        let response = send(&fixture, path, JSON, body).await;
        check(&response, 400, "invalid_field", body);
        assert!(response.json()["detail"].as_str().expect("text").starts_with(field), "{body}");
    }
    for (path, body, field) in [
        ("/auth/login", r#"{"username":"ann"}"#, "password"),
        ("/auth/token", "{}", "grant_type"),
        ("/auth/token", r#"{"grant_type":"authorization_code","code":"x","client_id":"y"}"#, "redirect_uri"),
        ("/auth/revoke", "{}", "token"),
        ("/admin/revoke", r#"{"sub":"ann"}"#, "iss"),
    ] {
        let response = send(&fixture, path, JSON, body).await;
        check(&response, 400, "missing_field", body);
        assert!(response.json()["detail"].as_str().expect("text").starts_with(field), "{body}");
    }
}

#[tokio::test]
async fn a_body_over_16_kib_is_refused() {
    let fixture = fixture();
    for (path, _, _) in ENDPOINTS {
        for size in [16 * 1024 + 1, 200_000] {
            let response = send(&fixture, path, JSON, vec![b' '; size]).await;
            check(&response, 413, "request_too_long", path);
        }
    }
}

#[tokio::test]
async fn another_content_type_is_refused_and_the_right_one_named() {
    let fixture = fixture();
    for (path, forms, good) in ENDPOINTS {
        let others = ["", "text/plain", "text/json", "application/jsonp", "multipart/form-data; boundary=x"];
        for media_type in others.into_iter().chain((!forms).then_some(FORM)) {
            let response = send(&fixture, path, media_type, good).await;
            let reason = if forms { "unsupported_media_type" } else { "not_json" };
            check(&response, 415, reason, &format!("{path} as {media_type:?}"));
            assert!(response.header("accept-post").contains(JSON));
        }
    }
}

#[tokio::test]
async fn a_form_that_is_malformed_or_repeats_a_parameter_is_refused() {
    let fixture = fixture();
    for (path, _, _) in ENDPOINTS.into_iter().filter(|(_, forms, _)| *forms) {
        let response = send(&fixture, path, FORM, "token=a&token=b&grant_type=x").await;
        check(&response, 400, "repeated_parameter", path);
        assert_eq!(
            (response.header("content-type"), &response.json()["error"]),
            (JSON, &"invalid_request".into())
        );
        for body in [&b"token=%"[..], b"token=%zz", b"token=%ff", b"token=\xff"] {
            let response = send(&fixture, path, FORM, body).await;
            check(&response, 400, "invalid_form", path);
        }
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    // Ten seconds: this is what stands between us and clients that hold connections for ever.
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let fixture = fixture();
    let mut socket = tokio::net::TcpStream::connect(fixture.addr).await.expect("it listens");
    let head = "POST /auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{";
    socket.write_all(head.as_bytes()).await.expect("it is sent");
    let mut answer = [0; 12];
    let read = tokio::time::timeout(std::time::Duration::from_secs(14), socket.read_exact(&mut answer));
    read.await.expect("it is answered in time").expect("it is answered");
    assert_eq!(&answer, b"HTTP/1.1 408");
}

#[tokio::test]
async fn a_method_that_is_not_taken_is_named() {
    let fixture = fixture();
    for path in ENDPOINTS.map(|(path, _, _)| path) {
        let request = http::Request::get(fixture.url(path));
        let response = Connection::open(fixture.addr, Version::HTTP_11).await.ask(request, "").await;
        assert_eq!((response.head.status.as_u16(), response.header("allow")), (405, "POST"), "{path}");
    }
    for (path, allowed) in
        [("/auth/me", "GET"), ("/.well-known/jwks.json", "GET"), ("/auth/authorize", "GET, POST")]
    {
        let request = http::Request::delete(fixture.url(path));
        let response = Connection::open(fixture.addr, Version::HTTP_11).await.ask(request, "").await;
        assert_eq!((response.head.status.as_u16(), response.header("allow")), (405, allowed), "{path}");
    }
}

#[tokio::test]
async fn nothing_of_a_bad_request_is_told_back() {
    let fixture = fixture();
    let canary = "canary-7f3a91";
    for body in [
        format!(r#"{{"username":"ann","password":"{canary}""#),
        format!(r#"{{"username":"ann","password":["{canary}"]}}"#),
        format!(r#"{{"username":"ann","password":"{canary}","mode":"x"}}"#),
    ] {
        let response = send(&fixture, "/auth/login", JSON, body).await;
        assert_eq!(response.head.status, 400);
        assert!(!String::from_utf8_lossy(&response.body).contains(canary));
    }
}
