//! By which names we answer: to those of this machine and of our public URL, where a browser's cookies are at stake.

use http::Version;
use http::request::Builder;
use seseragi_bridge::Exposure;
use seseragi_guard::{Scope, TestProver, UnixSeconds};
use seseragi_testkit::client::{Client, Connection, Dialect, Response};
use seseragi_testkit::{Scripted, Step};

use crate::browser::send;
use crate::support::{Fixture, LOCAL_ISSUER, Setup, ask};

fn fixture(issuer_url: &'static str, exposure: Exposure) -> Fixture {
    let setup = Setup { issuer_url, exposure, ..Setup::default() };
    Fixture::with(Scripted::new([Step::say("answer")]), setup)
}

fn reason(response: &Response) -> (u16, String) {
    let reason = response.json()["reason"].as_str().unwrap_or_default().to_owned();
    (response.head.status.as_u16(), reason)
}

fn guest(fixture: &Fixture, host: &str) -> Builder {
    let request = http::Request::post(fixture.url("/auth/guest")).header("host", host);
    request.header("content-type", "application/json")
}

/// What a bare reverse proxy on this machine sends: a local host, and not a word about its client.
#[tokio::test]
async fn behind_a_silent_proxy_nobody_is_a_guest() {
    for (issuer_url, status) in [
        ("https://gateway.test", 403),
        ("http://192.0.2.1:8080", 403),
        ("http://localhost.gateway.test", 403),
        (LOCAL_ISSUER, 200),
        ("http://localhost:8080", 200),
        ("http://[::1]:8080", 200),
    ] {
        let fixture = fixture(issuer_url, Exposure::Loopback);
        let answered = send(guest(&fixture, "localhost:8080"), "{}").await;
        assert_eq!(answered.head.status, status, "{issuer_url}");
        let info = send(http::Request::get(fixture.url("/console.json")), "").await;
        assert_eq!(info.json()["guest"], status == 200, "the console offers it or not: {issuer_url}");
    }
}

#[tokio::test]
async fn a_request_for_two_hosts_is_refused() {
    let fixture = fixture(LOCAL_ISSUER, Exposure::Loopback);
    for path in ["/auth/guest", "/healthz"] {
        let url = format!("http://gateway.test{path}");
        let request = http::Request::post(url).header("host", "localhost");
        let request = request.header("content-type", "application/json");
        let response = Connection::open(fixture.addr, Version::HTTP_2).await.ask(request, "{}").await;
        assert_eq!(reason(&response), (400, "host_differs".to_owned()), "{path}");
    }
    let twice = guest(&fixture, "localhost").header("host", "localhost");
    let response = send(twice, "{}").await;
    assert_eq!(response.head.status, 400);
}

#[tokio::test]
async fn a_page_of_a_rebound_name_reaches_no_cookie_route() {
    let here = fixture("https://gateway.test", Exposure::Loopback);
    let refused = (421, "host_unknown".to_owned());
    for host in [
        "evil.test",
        "evil.test:8080",
        "localhost.evil.test",
        "127.0.0.1.evil.test",
        "gateway.test.evil.test",
    ] {
        for path in ["/auth/me", "/auth/authorize"] {
            let response = send(http::Request::get(here.url(path)).header("host", host), "").await;
            assert_eq!(reason(&response), refused, "{host} {path}");
        }
        let request = http::Request::post(here.url("/admin/revoke")).header("host", host);
        assert_eq!(
            reason(&send(request.header("content-type", "application/json"), "{}").await),
            refused,
            "{host}"
        );
        for path in ["/healthz", "/console.json", "/.well-known/jwks.json"] {
            let response = send(http::Request::get(here.url(path)).header("host", host), "").await;
            assert_eq!(response.head.status, 200, "{host} {path}");
        }
    }
    for host in [
        "localhost",
        "LOCALHOST:1",
        "127.0.0.1",
        "127.0.0.1:8080",
        "[::1]:8080",
        "gateway.test",
        "Gateway.test:443",
    ] {
        let response = send(http::Request::get(here.url("/auth/me")).header("host", host), "").await;
        assert_eq!(response.head.status, 401, "{host}");
    }
    let everywhere = fixture("https://gateway.test", Exposure::Network);
    let response =
        send(http::Request::get(everywhere.url("/auth/me")).header("host", "10.0.0.7:8080"), "").await;
    assert_eq!(response.head.status, 401, "a network's names are not known to us");
}

#[tokio::test]
async fn calls_are_taken_by_any_name() {
    let fixture = fixture(LOCAL_ISSUER, Exposure::Loopback);
    let token = fixture.token("ann", Scope::InferRead.into(), UnixSeconds::now());
    let client =
        Client::new(fixture.addr, Dialect::ConnectH1).with_token(token).with_header("host", "inner.test");
    assert_eq!(client.stream(&ask("q")).await.story().await.text, "answer");
}

/// A tunnel or a development server gives us a port of its own; the proof has to be for the very host that was asked.
#[tokio::test]
async fn a_proof_is_for_the_local_host_that_was_asked() {
    let fixture = fixture("https://gateway.test", Exposure::Loopback);
    let prover = TestProver::new_es256();
    let token = fixture.bound_token(prover.thumbprint());
    for (asked, proved, status) in [
        ("127.0.0.1:9", "http://127.0.0.1:9", 200),
        ("localhost", "http://localhost", 200),
        ("localhost:5173", "http://localhost:5173", 200),
        ("127.0.0.1:9", "https://gateway.test", 200),
        ("127.0.0.1:9", "http://127.0.0.1:10", 401),
        ("127.0.0.1:9", "http://localhost:9", 401),
        ("gateway.test", "http://gateway.test", 401),
    ] {
        let proof = prover.proof("GET", &format!("{proved}/auth/me"), Some(&token), None, UnixSeconds::now());
        let request = http::Request::get(fixture.url("/auth/me")).header("host", asked).header("dpop", proof);
        let response = send(request.header("authorization", format!("DPoP {token}")), "").await;
        assert_eq!(response.head.status, status, "{asked} {proved}");
    }
}
