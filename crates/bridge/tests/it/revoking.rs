//! Withdrawing rights while they are used: who may, and how fast what runs ends.

use std::time::Duration;

use serde_json::{Value, json};
use seseragi_bridge::OnExpiry;
use seseragi_guard::{Scope, Scopes, UnixSeconds};
use seseragi_proto::infer::detached::Reason as DetachReason;
use seseragi_proto::infer::{Finish, OnDisconnect};
use seseragi_testkit::client::{Client, Dialect, Response};
use seseragi_testkit::{Scripted, Step};
use tokio::time::Instant;

use crate::browser::{Browser, send};
use crate::support::{Fixture, ISSUER, OTHER, Setup, ask, ask_with, sign, until};

fn fixture() -> Fixture {
    Fixture::new(Scripted::new([Step::say("some"), Step::Hang]))
}

async fn revoke(fixture: &Fixture, token: &str, body: &Value) -> Response {
    let request = http::Request::post(fixture.url("/admin/revoke"))
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"));
    send(request, body.to_string()).await
}

#[tokio::test]
async fn an_administrator_cuts_live_streams_on_every_wire_within_a_second() {
    let fixture = fixture();
    let admin = fixture.api_key(Scope::AdminRevoke.into());
    for dialect in Dialect::ALL {
        let subject = format!("ann-{dialect:?}");
        let token = fixture.token(&subject, Scope::InferRead.into(), UnixSeconds::now());
        let client = Client::new(fixture.addr, dialect).with_token(&token);
        let mut call = client.stream(&ask_with(OnDisconnect::Keep)).await;
        let replies = call.until_text().await;
        let (mut bystander, asked) =
            (fixture.client_of("bob", dialect).stream(&ask("q")).await, Instant::now());
        let heard = bystander.until_text().await;
        let response = revoke(&fixture, &admin, &json!({ "iss": ISSUER, "sub": subject })).await;
        assert_eq!(response.head.status, 200, "{}", response.json());
        assert_eq!(response.json(), json!({ "revoked": true, "streams_ended": 1 }), "{dialect:?}");
        let story = call.story_after(replies).await;
        assert!(asked.elapsed() < Duration::from_secs(1), "{dialect:?}");
        assert_eq!((story.finish(), story.status.code), (Finish::Revoked, 7), "{dialect:?}");
        assert_eq!((story.code(), story.status.reason.as_str()), ("revoked", "REVOKED"));
        assert_eq!((story.text.as_str(), heard.is_empty()), ("some", false));
        let refused = client.stream(&ask("q")).await.refusal().await;
        assert_eq!((refused.code, refused.reason.as_str()), (16, "INVALID"));
        assert_eq!(fixture.live(), 1, "bob's goes on");
        bystander.cut();
        until("bob's stream ends", || fixture.live() == 0).await;
    }
    let kept = fixture.store.revocations(UnixSeconds(0), UnixSeconds::now()).expect("they are read");
    assert_eq!(kept.len(), Dialect::ALL.len(), "written down");
}

#[tokio::test]
async fn an_api_key_that_was_revoked_by_its_subject_is_exchanged_no_more() {
    let fixture = fixture();
    let (admin, key) = (fixture.api_key(Scope::AdminRevoke.into()), fixture.api_key(Scope::InferRead.into()));
    let exchange = async || {
        let request = http::Request::post(fixture.url("/auth/token"))
            .header("content-type", "application/x-www-form-urlencoded");
        send(request, format!("grant_type=client_credentials&client_secret={key}")).await.head.status.as_u16()
    };
    assert_eq!(exchange().await, 200);
    let is_it = |stored: &seseragi_guard::ApiKey| stored.scopes == Scope::InferRead.into();
    let stored =
        || fixture.store.api_keys().expect("they are read").into_iter().find(is_it).expect("it is there");
    let response = revoke(&fixture, &admin, &json!({ "iss": ISSUER, "sub": stored().sub() })).await;
    assert_eq!(response.head.status, 200);
    assert_eq!(exchange().await, 401);
    assert!(stored().revoked_at.is_some(), "for good: no restart and no time brings it back");
}

#[tokio::test]
async fn by_sign_in_and_by_token_and_up_to_a_moment() {
    let fixture = fixture();
    let admin = fixture.token("root", Scope::AdminRevoke.into(), UnixSeconds::now());
    let now = UnixSeconds::now();
    let run = async || {
        let mut call = fixture.client(Dialect::Grpc).stream(&ask("q")).await;
        call.until_text().await;
        call
    };
    let _first = run().await;
    let before = json!({ "iss": ISSUER, "sub": "ann", "before": now.0 - 100 });
    assert_eq!(revoke(&fixture, &admin, &before).await.json()["streams_ended"], 0, "made later than that");
    let jti = json!({ "iss": ISSUER, "jti": "unknown" });
    assert_eq!(revoke(&fixture, &admin, &jti).await.json()["streams_ended"], 0);
    let foreign = json!({ "iss": OTHER, "sid": "sid-1" });
    assert_eq!(revoke(&fixture, &admin, &foreign).await.json()["streams_ended"], 0, "of another issuer");
    let sid = json!({ "iss": ISSUER, "sid": "sid-1" });
    assert_eq!(revoke(&fixture, &admin, &sid).await.json()["streams_ended"], 1);
    until("it ends", || fixture.live() == 0).await;
}

#[tokio::test]
async fn an_issuer_revokes_its_own_and_nobody_elses() {
    let fixture = fixture();
    let (now, admin) = (UnixSeconds::now(), Scopes::from(Scope::AdminRevoke));
    let theirs = sign(&fixture.other, "django", admin, now);
    let token = sign(&fixture.other, "ann", Scope::InferRead.into(), now);
    let client = Client::new(fixture.addr, Dialect::ConnectH1).with_token(token);
    let mut call = client.stream(&ask("q")).await;
    let replies = call.until_text().await;
    for iss in [ISSUER, "https://third.test", "https://other.test/"] {
        let response = revoke(&fixture, &theirs, &json!({ "iss": iss, "sub": "ann" })).await;
        assert_eq!(
            (response.head.status.as_u16(), &response.json()["reason"]),
            (403, &"foreign_issuer".into()),
            "{iss}"
        );
    }
    let response = revoke(&fixture, &theirs, &json!({ "iss": OTHER, "sub": "ann" })).await;
    assert_eq!((response.head.status.as_u16(), &response.json()["streams_ended"]), (200, &1.into()));
    assert_eq!(call.story_after(replies).await.finish(), Finish::Revoked);
}

#[tokio::test]
async fn whoever_is_no_administrator_revokes_nothing() {
    let fixture = fixture();
    let body = json!({ "iss": ISSUER, "sub": "ann" });
    let user = fixture.token("ann", Scope::InferRead.into(), UnixSeconds::now());
    let denied = revoke(&fixture, &user, &body).await;
    assert_eq!((denied.head.status.as_u16(), &denied.json()["reason"]), (403, &"insufficient_scope".into()));
    assert_eq!(revoke(&fixture, "garbage", &body).await.head.status, 401);
    assert!(fixture.app.gate.revocations().is_empty());
    assert_eq!(fixture.store.revocations(UnixSeconds(0), UnixSeconds::now()).expect("they are read"), []);
}

#[tokio::test]
async fn signing_out_ends_the_streams_of_that_sign_in_only() {
    let fixture = fixture();
    fixture.user("ann").await;
    let mut here = Browser::signed_in(&fixture, "ann").await;
    let mut there = Browser::signed_in(&fixture, "ann").await;
    let mut calls = Vec::new();
    for browser in [&mut here, &mut there] {
        let issued = browser.post("/auth/issue", &json!({})).await.json();
        let token = issued["access_token"].as_str().expect("a token").to_owned();
        let mut call =
            Client::new(fixture.addr, Dialect::GrpcWebH1).with_token(token).stream(&ask("q")).await;
        let replies = call.until_text().await;
        calls.push((call, replies));
    }
    assert_eq!(here.post("/auth/logout", &json!({})).await.head.status, 204);
    let (call, replies) = calls.remove(0);
    assert_eq!(call.story_after(replies).await.finish(), Finish::Revoked);
    assert_eq!(fixture.live(), 1, "the other browser's goes on");
    assert_eq!(there.get("/auth/me").await.head.status, 200);
}

#[tokio::test]
async fn the_end_of_a_token_cuts_its_readers_only_where_that_is_the_rule() {
    for (on_expiry, detached) in [(OnExpiry::Cut, true), (OnExpiry::Continue, false)] {
        let script = [Step::say("some"), Step::Sleep(Duration::from_millis(3200)), Step::say(" more")];
        let fixture = Fixture::with(Scripted::new(script), Setup { on_expiry, ..Setup::default() });
        // 300 s of life, 298 of them gone.
        let at = UnixSeconds(UnixSeconds::now().0 - 298);
        let token = fixture.token("ann", Scope::InferRead.into(), at);
        let mut calls = Vec::new();
        for dialect in Dialect::ALL {
            let client = Client::new(fixture.addr, dialect).with_token(&token);
            calls.push((dialect, client.stream(&ask_with(OnDisconnect::Keep)).await));
        }
        for (dialect, call) in calls {
            let story = call.story().await;
            let reason = story.detached.as_ref().map(|detached| detached.reason());
            assert_eq!(reason, detached.then_some(DetachReason::Expired), "{dialect:?} {on_expiry:?}");
            if !detached {
                assert_eq!((story.finish(), story.text.as_str()), (Finish::Stop, "some more"), "{dialect:?}");
            }
        }
    }
}
