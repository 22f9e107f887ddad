//! Clients that were generated from the original two-field contract.

use prost::Message;
use seseragi_flow::{Code, Problem};
use seseragi_testkit::classic::{InferReply, StreamRequest};
use seseragi_testkit::client::{Client, Dialect, Status};
use seseragi_testkit::{Scripted, Step};

use crate::support::Fixture;

/// All that such a client knows: a prompt goes in, deltas come out, then a status.
async fn ask(client: &Client, prompt: &str) -> (Vec<InferReply>, Status) {
    let mut call = client.call("Stream", &StreamRequest { prompt: prompt.to_owned() }).await;
    let mut replies = Vec::new();
    while let Some(message) = call.next_message().await {
        replies.push(InferReply::decode(message).expect("unknown fields are skipped"));
    }
    (replies, call.status().clone())
}

#[tokio::test]
async fn the_deltas_of_a_two_field_client_joined_are_the_text() {
    let long = "流れ🌊 ".repeat(300);
    let fixture = Fixture::new(Scripted::by_prompt(|prompt| vec![Step::chars(prompt)]));
    let fixture_long = Fixture::new(Scripted::new([Step::chars(&long)]));
    for dialect in Dialect::ALL {
        let (replies, status) = ask(&fixture.client(dialect), "せせらぎ 🌊").await;
        assert_eq!(joined(&replies), "せせらぎ 🌊", "{dialect:?}");
        assert_eq!(status, Status::default());
        let (replies, _) = ask(&fixture_long.client(dialect), "x").await;
        assert_eq!(joined(&replies), long);
    }
}

fn joined(replies: &[InferReply]) -> String {
    replies.iter().map(|reply| reply.delta.as_str()).collect()
}

#[tokio::test]
async fn a_two_field_client_sees_a_failure_as_a_status_that_is_not_ok() {
    let failed = Problem { retryable: false, ..Problem::runtime(Code::Internal, "broke", "it broke") };
    let cases = [
        (vec![Step::Fail(failed.clone())], "", 13),
        (vec![Step::say("some"), Step::Fail(failed)], "some", 13),
        (vec![Step::say("some"), Step::Vanish], "some", 14),
    ];
    for (steps, text, code) in cases {
        let fixture = Fixture::new(Scripted::new(steps));
        for dialect in Dialect::ALL {
            let (replies, status) = ask(&fixture.client(dialect), "question").await;
            assert_eq!((joined(&replies).as_str(), status.code), (text, code), "{dialect:?}");
        }
    }
}

#[tokio::test]
async fn a_two_field_client_without_a_token_is_told_so() {
    let fixture = Fixture::new(Scripted::new([Step::Hang]));
    for dialect in Dialect::ALL {
        let (replies, status) = ask(&Client::new(fixture.addr, dialect), "question").await;
        assert_eq!((replies.len(), status.code), (0, 16), "{dialect:?}");
    }
}
