//! `Infer/Stream` from its first frame to its status.

use std::time::Duration;

use seseragi_flow::{
    Batch, Code, Delta, Finish, Job, Kind, Problem, Producer, Run, Runtime, ToolCall, Usage,
};
use seseragi_proto::infer::{self, Delivery, StreamRequest};
use seseragi_testkit::client::{Dialect, envelope};
use seseragi_testkit::{Scripted, Step, limits};

use crate::support::{Fixture, ask};

const ANSWER: &str = "せせらぎは🌊 never stops.";

/// Says the prompt, character by character.
fn parrot() -> Scripted {
    Scripted::by_prompt(|prompt| {
        let mut steps: Vec<Step> = Vec::new();
        for c in prompt.chars() {
            steps.extend([Step::say(&c.to_string()), Step::Sleep(Duration::from_millis(1))]);
        }
        steps
    })
}

#[tokio::test]
async fn a_stream_is_told_from_opened_to_its_terminal_alike_on_every_wire() {
    let fixture = Fixture::new(parrot());
    for dialect in Dialect::ALL {
        let story = fixture.client(dialect).stream(&ask(ANSWER)).await.story().await;
        let terminal = story.terminal.clone().expect("it ended");
        assert_eq!((story.text.as_str(), story.finish()), (ANSWER, infer::Finish::Stop), "{dialect:?}");
        assert_eq!(story.last, ANSWER.chars().count() as u32 + 1);
        assert_eq!(terminal.utf8_len as usize, ANSWER.len());
        assert_eq!(terminal.usage.map(|usage| usage.output_tokens), Some(ANSWER.chars().count() as u32));
        let opened = &story.opened;
        assert_eq!((opened.model.as_str(), opened.epoch, opened.resumed_after), ("test", 1, 0));
        assert!((9_000..=11_000).contains(&opened.heartbeat_ms), "{}", opened.heartbeat_ms);
        assert_eq!(opened.stream_id.len(), 26);
    }
}

#[tokio::test]
async fn text_arrives_while_it_is_made_and_not_at_the_end() {
    let gate = seseragi_testkit::Gate::default();
    let scripted = Scripted::new([Step::say("first"), Step::Wait(gate.clone()), Step::say("second")]);
    let fixture = Fixture::new(scripted);
    for dialect in Dialect::ALL {
        let mut call = fixture.client(dialect).stream(&ask("question")).await;
        let before = call.until_text().await;
        assert_eq!(before.last().map(|reply| reply.delta.as_str()), Some("first"), "{dialect:?}");
        gate.open();
        assert_eq!(call.story_after(before).await.text, "firstsecond");
    }
}

#[tokio::test]
async fn heads_are_those_of_a_stream_that_nobody_may_keep_or_buffer() {
    let fixture = Fixture::new(parrot());
    for dialect in Dialect::ALL {
        let call = fixture.client(dialect).stream(&ask("x")).await;
        let header = |name: &str| call.head.headers.get(name).map(|v| v.to_str().expect("text").to_owned());
        if dialect == Dialect::Grpc {
            assert_eq!(header("grpc-accept-encoding").as_deref(), Some("identity"));
        } else {
            assert_eq!(header("cache-control").as_deref(), Some("no-store, no-transform"));
            assert_eq!(header("x-accel-buffering").as_deref(), Some("no"));
        }
        assert_eq!(header("content-length"), None, "{dialect:?}");
    }
}

#[tokio::test]
async fn the_status_follows_the_terminal() {
    let broke = || Problem::runtime(Code::Internal, "broke", "it broke: 壊れた 100 %\n");
    let lasting = |code| Problem { retryable: false, ..Problem::runtime(code, "broke", "it broke") };
    let some = || Step::say("some");
    let cases = [
        (vec![some(), Step::Finish(Finish::Stop)], infer::Finish::Stop, 0, ""),
        (vec![some(), Step::Finish(Finish::Length)], infer::Finish::Length, 0, ""),
        (vec![some(), Step::Finish(Finish::Quota)], infer::Finish::Quota, 0, ""),
        (vec![some(), Step::Finish(Finish::ToolCalls)], infer::Finish::ToolCalls, 0, ""),
        (vec![some(), Step::Finish(Finish::Revoked)], infer::Finish::Revoked, 7, "REVOKED"),
        (vec![some(), Step::Vanish], infer::Finish::Interrupted, 14, "RUNTIME_GONE"),
        (vec![Step::Vanish], infer::Finish::Interrupted, 14, "RUNTIME_GONE"),
        (vec![some(), Step::Fail(broke())], infer::Finish::Interrupted, 14, "BROKE"),
        (vec![Step::Fail(broke())], infer::Finish::Failed, 13, "BROKE"),
        (vec![Step::Fail(lasting(Code::DataLoss))], infer::Finish::Failed, 15, "BROKE"),
        (vec![some(), Step::Fail(lasting(Code::Unavailable))], infer::Finish::Failed, 14, "BROKE"),
    ];
    for (steps, finish, code, reason) in cases {
        let fixture = Fixture::new(Scripted::new(steps));
        for dialect in Dialect::ALL {
            let story = fixture.client(dialect).stream(&ask("question")).await.story().await;
            assert_eq!(story.finish(), finish, "{dialect:?}");
            assert_eq!((story.status.code, story.status.reason.as_str()), (code, reason), "{dialect:?}");
            if !reason.is_empty() && finish != infer::Finish::Revoked {
                assert_eq!(story.code().to_ascii_uppercase(), reason);
                assert_eq!(story.terminal.expect("it ended").message, story.status.message);
            }
        }
    }
}

#[tokio::test]
async fn a_deadline_ends_the_stream_in_time() {
    let fixture = Fixture::new(Scripted::new([Step::say("some"), Step::Hang]));
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let (name, value) = dialect.timeout(Duration::from_millis(300));
        let message = envelope(0, &prost::Message::encode_to_vec(&ask("question")));
        let began = std::time::Instant::now();
        let story = client.send(client.request("Stream").header(name, value), message).await.story().await;
        assert_eq!((story.text.as_str(), story.finish()), ("some", infer::Finish::Failed), "{dialect:?}");
        assert_eq!((story.status.code, story.code()), (4, "client_deadline"));
        assert!(began.elapsed() >= Duration::from_millis(300));
    }
    assert_eq!(fixture.live(), 0);
}

#[tokio::test]
async fn caps_of_the_caller_are_handed_to_the_runtime_and_kept() {
    let scripted = Scripted::new([Step::chars("abcdefghij"), Step::Hang]);
    let fixture = Fixture::limited(scripted.clone(), limits(4, 6, Duration::from_secs(60)));
    for (wish, given) in [(None, 6), (Some(4), 4), (Some(1000), 6)] {
        let sampling = Some(infer::Sampling { max_tokens: wish, ..Default::default() });
        let request = StreamRequest { sampling, ..ask("question") };
        let story = fixture.client(Dialect::Grpc).stream(&request).await.story().await;
        assert_eq!((story.finish(), story.text.len()), (infer::Finish::Length, given));
        let runs = scripted.runs();
        let job = &runs.last().expect("it ran").job;
        assert_eq!(job.sampling.max_tokens, Some(given as u32));
        assert_eq!(&*job.model, "upstream");
    }
}

#[tokio::test]
async fn padded_frames_tell_nothing_by_their_length() {
    let fixture = Fixture::new(parrot());
    for dialect in Dialect::ALL {
        let delivery = Some(Delivery { pad: true, ..Default::default() });
        let mut call = fixture.client(dialect).stream(&StreamRequest { delivery, ..ask("abc") }).await;
        while let Some(message) = call.next_message().await {
            assert_eq!(message.len() % 64, 0, "{dialect:?}");
        }
        assert_eq!(call.status().code, 0);
    }
}

/// Thinks, calls a tool in two pieces, and answers.
struct Thinker;

impl Runtime for Thinker {
    fn start(&self, _: Job, mut producer: Producer) -> Run {
        let call = ToolCall { index: 0, id: "call-1", name: "look_up", arguments_json: "{\"river\":" };
        let (first, rest) =
            (call.to_payload(), ToolCall { arguments_json: "\"せせらぎ\"}", ..ToolCall::default() });
        let mut batch = Batch::new();
        let rest = rest.to_payload();
        let deltas =
            [(Kind::Reasoning, "hm"), (Kind::ToolCall, &first), (Kind::ToolCall, &rest), (Kind::Text, "!")];
        for (kind, text) in deltas {
            batch.push(Delta { kind, text, tokens: 1, mark: b"kept" });
        }
        producer.publish(&batch);
        producer.finish(Finish::ToolCalls, Usage::default());
        Run::new(())
    }
}

#[tokio::test]
async fn reasoning_and_tool_calls_have_fields_of_their_own() {
    let fixture = Fixture::new(Thinker);
    for dialect in Dialect::ALL {
        let mut call = fixture.client(dialect).stream(&ask("question")).await;
        let mut replies = Vec::new();
        while let Some(reply) = call.next().await {
            replies.push(reply);
        }
        assert_eq!(replies[1].reasoning, "hm");
        let calls: Vec<_> = replies.iter().filter_map(|reply| reply.tool_call.clone()).collect();
        assert_eq!((calls[0].id.as_str(), calls[0].name.as_str()), ("call-1", "look_up"));
        let arguments: String = calls.iter().map(|call| call.arguments_json.as_str()).collect();
        assert_eq!(arguments, "{\"river\":\"せせらぎ\"}");
        let deltas: String = replies.iter().map(|reply| reply.delta.as_str()).collect();
        assert_eq!(deltas, "!", "{dialect:?}");
    }
}

#[tokio::test]
async fn each_call_is_told_with_its_wire_and_its_status() {
    let fixture = Fixture::new(parrot());
    for (dialect, wire) in
        Dialect::ALL.into_iter().zip(["grpc", "grpc_web", "grpc_web", "connect", "connect"])
    {
        fixture.client(dialect).stream(&ask("x")).await.story().await;
        let told = fixture.facts.told();
        assert_eq!(told.last(), Some(&format!("answered {wire} infer.Infer/Stream streaming")));
    }
    let finished = |told: &seseragi_testkit::Told| matches!(told, seseragi_testkit::Told::Finished { .. });
    assert_eq!(fixture.events.events().iter().filter(|told| finished(told)).count(), 5);
}
