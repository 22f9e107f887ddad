//! `Infer/Resume`: the exact rest, and nobody else's.

use std::time::Duration;

use prost::Message;
use seseragi_proto::infer::{self, Delivery, OnDisconnect, ResumeRequest};
use seseragi_testkit::client::{Client, Dialect, Story, envelope};
use seseragi_testkit::{Gate, Scripted, Step};

use crate::support::{Fixture, ask, ask_with};

const ANSWER: &str = "流れは止まらない🌊 on and on";

fn rest(after: usize) -> String {
    ANSWER.chars().skip(after).collect()
}

#[tokio::test]
async fn after_any_position_exactly_the_rest_comes() {
    let fixture = Fixture::new(Scripted::new([Step::chars(ANSWER)]));
    let first = fixture.client(Dialect::Grpc).stream(&ask("question")).await.story().await;
    let count = ANSWER.chars().count();
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        for after in 0..=count + 1 {
            let story = client.resume(&first.opened.stream_id, after as u32).await.story().await;
            assert_eq!((story.text.as_str(), story.last), (&*rest(after), first.last), "{dialect:?} {after}");
            assert_eq!(story.terminal, first.terminal);
            assert_eq!(story.opened.resumed_after, after as u32);
        }
        let beyond = client.resume(&first.opened.stream_id, first.last + 1).await.refusal().await;
        assert_eq!((beyond.code, beyond.reason.as_str()), (11, "CURSOR_BEYOND_TAIL"));
    }
}

#[tokio::test]
async fn a_connection_that_was_cut_in_mid_answer_goes_on_at_the_next_character_on_any_wire() {
    let gate = Gate::default();
    let (head, tail) = ANSWER.split_at("流れは止まらない🌊".len());
    let scripted = Scripted::new([Step::chars(head), Step::Wait(gate.clone()), Step::chars(tail)]);
    let fixture = Fixture::new(scripted.clone());
    for (dialect, next) in Dialect::ALL.into_iter().zip(Dialect::ALL.into_iter().cycle().skip(1)) {
        let mut call = fixture.client(dialect).stream(&ask_with(OnDisconnect::Keep)).await;
        let replies = call.until_text().await;
        let stream_id = replies[0].opened.clone().expect("opened comes first").stream_id;
        let applied = replies.last().expect("there is text").last_seq;
        let before: String = replies.iter().map(|reply| reply.delta.as_str()).collect();
        call.cut();
        gate.open();
        let story = fixture.client(next).resume(&stream_id, applied).await.story().await;
        assert_eq!(format!("{before}{}", story.text), ANSWER, "{dialect:?} then {next:?}");
    }
    assert_eq!(scripted.runs().len(), Dialect::ALL.len(), "the model never ran twice");
}

#[tokio::test]
async fn the_deadline_of_a_reader_detaches_it_and_the_stream_goes_on() {
    let gate = Gate::default();
    let fixture = Fixture::new(Scripted::new([Step::say("one"), Step::Wait(gate.clone()), Step::say("two")]));
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let mut call = client.stream(&ask_with(OnDisconnect::Keep)).await;
        let replies = call.until_text().await;
        let stream_id = replies[0].opened.clone().expect("opened comes first").stream_id;
        let story = resume_for(&client, &stream_id, Duration::from_millis(200)).await;
        let reason = story.detached.expect("it is detached").reason();
        assert_eq!((reason, story.text.as_str()), (infer::detached::Reason::Deadline, "one"), "{dialect:?}");
        gate.open();
        assert_eq!(call.story_after(replies).await.text, "onetwo");
    }
}

async fn resume_for(client: &Client, stream_id: &str, timeout: Duration) -> Story {
    let (name, value) = client.dialect().timeout(timeout);
    let request = ResumeRequest { stream_id: stream_id.to_owned(), ..Default::default() };
    let body = envelope(0, &request.encode_to_vec());
    client.send(client.request("Resume").header(name, value), body).await.story().await
}

#[tokio::test]
async fn a_stream_of_somebody_else_is_as_unknown_as_none() {
    let fixture = Fixture::new(Scripted::new([Step::say("secret")]));
    let story = fixture.client(Dialect::Grpc).stream(&ask("question")).await.story().await;
    let names = [story.opened.stream_id.as_str(), "00000000000000000000000000", "no name", ""];
    for dialect in Dialect::ALL {
        let bob = fixture.client_of("bob", dialect);
        let mut answers = Vec::new();
        for name in names {
            answers.push(bob.resume(name, 0).await.refusal().await);
            let stream_id = name.to_owned();
            let cancel = infer::CancelRequest { stream_id: stream_id.clone() };
            answers.push(bob.unary::<infer::CancelReply>("Cancel", &cancel).await.expect_err("not bob's"));
            let get = infer::GetStreamRequest { stream_id };
            answers.push(bob.unary::<infer::StreamInfo>("GetStream", &get).await.expect_err("not bob's"));
        }
        assert_eq!((answers[0].code, answers[0].reason.as_str()), (5, "STREAM_UNKNOWN"), "{dialect:?}");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
}

#[tokio::test]
async fn another_epoch_and_a_bad_wish_are_refused() {
    let fixture = Fixture::new(Scripted::new([Step::say("text")]));
    let story = fixture.client(Dialect::Grpc).stream(&ask("question")).await.story().await;
    let wish = |epoch, window_ms| ResumeRequest {
        stream_id: story.opened.stream_id.clone(),
        epoch,
        delivery: Some(Delivery { window_ms, ..Default::default() }),
        ..Default::default()
    };
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let status = client.call("Resume", &wish(2, 0)).await.refusal().await;
        assert_eq!((status.code, status.reason.as_str()), (10, "EPOCH_CHANGED"), "{dialect:?}");
        let status = client.call("Resume", &wish(1, 5000)).await.refusal().await;
        assert_eq!((status.code, status.reason.as_str()), (3, "INVALID_FIELD"), "{dialect:?}");
        assert_eq!(client.call("Resume", &wish(1, 1000)).await.story().await.text, "text");
    }
}

#[tokio::test]
async fn checkpoints_come_to_clients_of_ours_and_hold() {
    let long = "川の流れは絶えずして".repeat(60);
    let answer = long.clone();
    let fixture = Fixture::new(Scripted::new([Step::chars(&long)]));
    let story = fixture.client(Dialect::Grpc).stream(&ask("question")).await.story().await;
    assert_eq!(story.checkpoints, [], "a classic client gets none");
    for dialect in Dialect::ALL {
        let resumed = fixture.client(dialect).resume(&story.opened.stream_id, 0).await.story().await;
        let checkpoint = resumed.checkpoints.last().expect("there are 600 deltas");
        let prefix: String = answer.chars().take(512).collect();
        assert_eq!((checkpoint.seq, checkpoint.utf8_len as usize), (512, prefix.len()), "{dialect:?}");
    }
}
