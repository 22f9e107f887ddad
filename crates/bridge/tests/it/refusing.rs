//! Every refusal has a form that the client of its wire understands, and starts nothing.

use bytes::Bytes;
use prost::Message;
use seseragi_guard::{Scope, Scopes, UnixSeconds};
use seseragi_proto::infer::{self, Message as Turn, Sampling, StreamRequest};
use seseragi_testkit::client::{Client, Dialect, Status, envelope};
use seseragi_testkit::{Scripted, Step};

use crate::support::{Fixture, MAX_PROMPT_BYTES, ask, issuer, sign};

fn fixture() -> Fixture {
    Fixture::new(Scripted::new([Step::say("never said")]))
}

/// On every wire: this body is refused with this status, and nothing was started.
async fn check_body(body: impl Into<Bytes>, code: u16, reason: &str) {
    let (fixture, body) = (fixture(), body.into());
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let status = client.send(client.request("Stream"), body.clone()).await.refusal().await;
        assert_eq!((status.code, status.reason.as_str()), (code, reason), "{dialect:?}: {status:?}");
        assert!(!status.message.is_empty());
    }
    assert_eq!(fixture.events.events(), [], "nothing was started");
}

async fn check(request: StreamRequest, code: u16, reason: &str) -> Status {
    check_body(envelope(0, &request.encode_to_vec()), code, reason).await;
    let fixture = fixture();
    fixture.client(Dialect::Grpc).stream(&request).await.refusal().await
}

#[tokio::test]
async fn a_bad_field_is_refused_and_named() {
    let sampling = |sampling| StreamRequest { sampling: Some(sampling), ..ask("x") };
    let turn = |role: &str| Turn { role: role.to_owned(), content: "x".to_owned(), ..Default::default() };
    let long = |bytes| ask(&"x".repeat(bytes));
    let cases = [
        (StreamRequest { model: "gpt".into(), ..ask("x") }, 5, "MODEL_UNKNOWN", "test"),
        (ask(""), 3, "INVALID_FIELD", "prompt"),
        (StreamRequest { messages: vec![turn("user")], ..ask("x") }, 3, "INVALID_FIELD", "messages"),
        (StreamRequest { messages: vec![turn("root")], ..ask("") }, 3, "INVALID_FIELD", "role"),
        (long(MAX_PROMPT_BYTES + 1), 3, "PROMPT_TOO_LONG", "1001"),
        (sampling(Sampling { max_tokens: Some(0), ..Default::default() }), 3, "INVALID_FIELD", "max_tokens"),
        (
            sampling(Sampling { max_tokens: Some(u32::MAX), ..Default::default() }),
            3,
            "INVALID_FIELD",
            "max_tokens",
        ),
        (
            sampling(Sampling { temperature: Some(-1.0), ..Default::default() }),
            3,
            "INVALID_FIELD",
            "temperature",
        ),
        (sampling(Sampling { top_p: Some(f32::NAN), ..Default::default() }), 3, "INVALID_FIELD", "top_p"),
        (
            StreamRequest { idempotency_key: "k".repeat(129), ..ask("x") },
            3,
            "INVALID_FIELD",
            "idempotency_key",
        ),
        (StreamRequest { extra_json: "{}".into(), ..ask("x") }, 3, "INVALID_FIELD", "extra_json"),
    ];
    for (request, code, reason, named) in cases {
        let status = check(request, code, reason).await;
        assert!(status.message.contains(named), "{status:?}");
    }
}

#[tokio::test]
async fn what_is_no_message_is_refused() {
    let not_utf8 = [0x0a, 4, b'a', 0xff, 0xfe, b'b'];
    check_body(envelope(0, &not_utf8), 3, "NOT_THE_MESSAGE").await;
    check_body(envelope(0, &[0xff; 20]), 3, "NOT_THE_MESSAGE").await;
    check_body(Bytes::new(), 3, "NO_MESSAGE").await;
    check_body(&b"\0\0\0"[..], 3, "NO_MESSAGE").await;
    check_body(&b"\0\0\0\0\x09cut off"[..], 3, "NO_MESSAGE").await;
    check_body(envelope(0x40, &ask("x").encode_to_vec()), 3, "NO_MESSAGE").await;
    check_body(envelope(1, &ask("x").encode_to_vec()), 12, "COMPRESSED_REQUEST").await;
}

#[tokio::test]
async fn a_message_over_the_bound_is_refused_before_it_is_read() {
    check_body(&b"\0\xff\xff\xff\xff"[..], 8, "REQUEST_TOO_LONG").await;
    check_body(envelope(0, &vec![0; 40_000]), 8, "REQUEST_TOO_LONG").await;
}

#[tokio::test]
async fn a_message_far_over_the_bound_is_still_answered() {
    for _ in 0..5 {
        check_body(envelope(0, &vec![0; 4_000_000]), 8, "REQUEST_TOO_LONG").await;
    }
}

#[tokio::test]
async fn a_timeout_that_cannot_be_read_is_refused() {
    let fixture = fixture();
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let (name, _) = dialect.timeout(std::time::Duration::ZERO);
        let request = client.request("Stream").header(name, "soon");
        let status = client.send(request, envelope(0, &ask("x").encode_to_vec())).await.refusal().await;
        assert_eq!((status.code, status.reason.as_str()), (3, "BAD_TIMEOUT"), "{dialect:?}");
    }
}

#[tokio::test]
async fn a_method_that_is_not_there_is_refused() {
    let fixture = fixture();
    for dialect in Dialect::ALL {
        for method in ["Nothing", "/helloworld.Greeter/SayHello", "/infer.Infer/stream", "/"] {
            let status = fixture.client(dialect).call(method, &ask("x")).await.refusal().await;
            assert_eq!((status.code, status.reason.as_str()), (12, "METHOD_UNKNOWN"), "{dialect:?}");
        }
    }
}

#[tokio::test]
async fn only_a_good_token_with_the_right_scope_is_let_in() {
    let fixture = fixture();
    let (now, read) = (UnixSeconds::now(), Scopes::from(Scope::InferRead));
    let good = fixture.token("ann", read, now);
    let mut broken = good.clone();
    broken.truncate(good.len() - 3);
    let cases = [
        (None, 16, "MISSING"),
        (Some("garbage".to_owned()), 16, "INVALID"),
        (Some(broken), 16, "INVALID"),
        (Some(sign(&issuer(), "ann", read, now)), 16, "INVALID"),
        (Some(fixture.token("ann", read, UnixSeconds(now.0 - 10_000))), 16, "EXPIRED"),
        (Some(fixture.token("ann", Scope::ReflectionRead.into(), now)), 7, "INSUFFICIENT_SCOPE"),
        (Some(fixture.token("ann", Scopes::NONE, now)), 7, "INSUFFICIENT_SCOPE"),
    ];
    for (token, code, reason) in cases {
        for dialect in Dialect::ALL {
            let client = Client::new(fixture.addr, dialect);
            let client = match &token {
                Some(token) => client.with_token(token),
                None => client,
            };
            let streamed = client.stream(&ask("x")).await.refusal().await;
            let resumed = client.resume("00000000000000000000000000", 0).await.refusal().await;
            let listed = client.unary::<infer::ListModelsReply>("ListModels", &infer::ListModelsRequest {});
            for status in [streamed, resumed, listed.await.expect_err("refused")] {
                assert_eq!((status.code, status.reason.as_str()), (code, reason), "{dialect:?}");
            }
        }
    }
    assert_eq!(fixture.events.events(), []);
    assert!(fixture.facts.told().contains(&"rejected expired".to_owned()));
    assert!(fixture.facts.told().contains(&"rejected insufficient_scope".to_owned()));
}

#[tokio::test]
async fn strangers_learn_nothing_about_messages() {
    let fixture = fixture();
    for dialect in Dialect::ALL {
        let client = Client::new(fixture.addr, dialect);
        let status = client.send(client.request("Stream"), &b"garbage"[..]).await.refusal().await;
        assert_eq!(status.code, 16, "{dialect:?}");
    }
}
