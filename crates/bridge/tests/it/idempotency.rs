//! The same key and body is the same stream.

use seseragi_proto::infer::{OnDisconnect, StreamRequest};
use seseragi_testkit::client::Dialect;
use seseragi_testkit::{Gate, Scripted, Step};

use crate::support::{Fixture, ask, ask_with};

fn keyed(key: &str, request: StreamRequest) -> StreamRequest {
    StreamRequest { idempotency_key: key.to_owned(), ..request }
}

#[tokio::test]
async fn a_repeated_request_reads_the_stream_of_the_first_whether_it_runs_or_is_over() {
    let gate = Gate::default();
    let scripted = Scripted::new([Step::say("one "), Step::Wait(gate.clone()), Step::say("two")]);
    let fixture = Fixture::new(scripted.clone());
    for (round, dialect) in Dialect::ALL.into_iter().enumerate() {
        let client = fixture.client(dialect);
        let request = keyed(&format!("{dialect:?}"), ask_with(OnDisconnect::Keep));
        let mut first = client.stream(&request).await;
        let replies = first.until_text().await;
        let second = client.stream(&request).await;
        gate.open();
        let (first, second) = (first.story_after(replies).await, second.story().await);
        let third = client.stream(&request).await.story().await;
        for story in [&second, &third] {
            assert_eq!(story.opened.stream_id, first.opened.stream_id, "{dialect:?}");
            assert_eq!((story.text.as_str(), story.opened.resumed_after), ("one two", 0));
        }
        assert_eq!(scripted.runs().len(), round + 1, "it ran once");
    }
}

#[tokio::test]
async fn the_same_key_for_another_request_is_refused_and_keys_of_others_do_not_matter() {
    let fixture = Fixture::new(Scripted::new([Step::say("done")]));
    for dialect in Dialect::ALL {
        let key = format!("{dialect:?}");
        let client = fixture.client(dialect);
        let first = client.stream(&keyed(&key, ask("one"))).await.story().await;
        let refused = client.stream(&keyed(&key, ask("two"))).await.refusal().await;
        assert_eq!((refused.code, refused.reason.as_str()), (6, "IDEMPOTENCY_KEY_REUSED"), "{dialect:?}");
        let bob = fixture.client_of("bob", dialect).stream(&keyed(&key, ask("two"))).await.story().await;
        assert_ne!(bob.opened.stream_id, first.opened.stream_id);
    }
}
