//! What is sent, and how good answers are read.

use std::time::Duration;

use seseragi_flow::{Finish, Job, Kind, Message, OnDisconnect, Prompt, Sampling, Start, ToolCall};
use seseragi_proto::infer::{self, InferReply, StreamRequest};
use seseragi_runtimes::infer::InferOptions;
use seseragi_testkit::{Look, Plan, Reader, Seen, Stage, caller, permit};
use tokio::time::Instant;

use crate::server::Peer;
use crate::support::{TEXT, delta, enveloped, soon, whole};

fn classic() -> InferOptions {
    InferOptions { send_model: false, ..InferOptions::default() }
}

/// Starts a job with everything set.
fn open_job(stage: &Stage, peer: &Peer, options: InferOptions, prompt: Prompt) -> Reader {
    let permit = permit(&stage.admission, &caller("ann")).expect("it may start");
    let job = Job {
        stream_id: permit.stream_id(),
        model: "large".into(),
        prompt,
        so_far: String::new(),
        sampling: Sampling {
            max_tokens: Some(9),
            seed: Some(7),
            stop: vec!["。".into()],
            ..Sampling::default()
        },
        deadline: Some(Instant::now() + Duration::from_secs(30)),
        trace: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into()),
    };
    let start =
        Start { permit, job, model: "public".into(), on_disconnect: OnDisconnect::Cancel, idempotency: None };
    let stream_id = stage.hub.start(&peer.infer(options), start).expect("it starts");
    stage.read(stream_id, Look::default())
}

#[tokio::test]
async fn a_two_field_server_gets_a_prompt_and_gives_text() {
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let plan = Plan { prompt: TEXT.into(), ..Plan::default() };
    let (_, mut reader) = stage.open(&peer.infer(classic()), plan);
    let call = peer.call().await;
    assert_eq!(call.path, "/infer.Infer/Stream");
    assert_eq!(call.request, StreamRequest { prompt: TEXT.into(), ..StreamRequest::default() });
    assert_eq!(
        (&call.headers["te"], &call.headers["content-type"]),
        (&"trailers".parse().unwrap(), &"application/grpc".parse().unwrap())
    );
    assert!(!call.headers.contains_key("grpc-timeout") && !call.headers.contains_key("traceparent"));
    let answer = call.accept();
    for text in ["水", "", "が", "🌊"] {
        answer.reply(&delta(text));
    }
    answer.status(0);
    let (got, terminal) = whole(&mut reader).await;
    assert_eq!((&*got.text, terminal.finish, terminal.usage.output_tokens), ("水が🌊", Finish::Stop, 3));
}

#[tokio::test]
async fn a_server_of_the_whole_contract_gets_everything_but_a_delivery() {
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let turn = |role: &str| Message { role: role.into(), content: format!("by {role}") };
    let prompt = Prompt::Messages(vec![turn("system"), turn("user")]);
    let _reader = open_job(&stage, &peer, InferOptions::default(), prompt);
    let call = peer.call().await;
    let request = &call.request;
    assert_eq!((&*request.model, &*request.prompt, request.messages.len()), ("large", "", 2));
    assert_eq!((&*request.messages[1].role, &*request.messages[1].content), ("user", "by user"));
    let sampling = request.sampling.clone().expect("it is sent");
    assert_eq!(
        (sampling.max_tokens, sampling.seed, sampling.stop),
        (Some(9), Some(7), vec!["。".to_owned()])
    );
    assert!(request.delivery.is_none() && request.idempotency_key.is_empty());
    let timeout = call.headers["grpc-timeout"].to_str().expect("text").trim_end_matches('m').parse::<u32>();
    assert!((29_000..=30_000).contains(&timeout.expect("milliseconds")));
    assert!(call.headers["traceparent"].to_str().expect("text").starts_with("00-0af7"));
}

#[tokio::test]
async fn a_conversation_is_not_lost_on_a_two_field_server() {
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let turn = |role: &str| Message { role: role.into(), content: "water".into() };
    let mut reader = open_job(&stage, &peer, classic(), Prompt::Messages(vec![turn("user"), turn("user")]));
    let (_, terminal) = whole(&mut reader).await;
    assert_eq!(terminal.problem.expect("it is refused").reason, "conversation_unsupported");

    let _reader = open_job(&stage, &peer, classic(), Prompt::Messages(vec![turn("user")]));
    let request = peer.call().await.request;
    assert_eq!((&*request.prompt, &*request.model, request.messages.len()), ("water", "", 0));
}

#[tokio::test]
async fn every_kind_is_kept_and_the_rest_is_passed_over() {
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let (_, mut reader) = stage.open(&peer.infer(InferOptions::default()), Plan::default());
    let answer = peer.accept().await;
    let call =
        infer::ToolCallDelta { index: 1, id: "c".into(), name: "n".into(), arguments_json: "{}".into() };
    let usage = infer::Usage { input_tokens: 5, output_tokens: 20, cached_tokens: 1, reasoning_tokens: 2 };
    let terminal = infer::Terminal { finish: 7, usage: Some(usage), ..Default::default() };
    for reply in [
        InferReply { opened: Some(infer::Opened::default()), ..Default::default() },
        InferReply { reasoning: "hm".into(), first_seq: 1, last_seq: 1, ..Default::default() },
        InferReply { heartbeat: Some(infer::Heartbeat { last_seq: 1 }), ..Default::default() },
        InferReply { first_seq: 2, last_seq: 4, pad: vec![0; 40], ..delta("水が🌊") },
        InferReply { checkpoint: Some(infer::Checkpoint::default()), ..Default::default() },
        InferReply { tool_call: Some(call), first_seq: 5, last_seq: 5, ..Default::default() },
        InferReply { terminal: Some(terminal), first_seq: 6, last_seq: 6, ..Default::default() },
    ] {
        answer.reply(&reply);
    }
    answer.status(0);
    let (got, terminal) = whole(&mut reader).await;
    let kinds: Vec<_> = reader
        .seen()
        .iter()
        .filter_map(|seen| match seen {
            Seen::Run { kind, .. } => Some(*kind),
            _ => None,
        })
        .collect();
    assert_eq!(kinds, [Kind::Reasoning, Kind::Text, Kind::ToolCall]);
    let call = ToolCall::from_payload(&got.pieces[2]).expect("it is a tool call");
    assert_eq!((call.index, call.id, call.name, call.arguments_json), (1, "c", "n", "{}"));
    assert_eq!((terminal.finish, terminal.usage.output_tokens), (Finish::ToolCalls, 20));
    assert_eq!((terminal.usage.input_tokens, terminal.usage.cached_tokens), (5, 1));
}

#[tokio::test]
async fn a_body_may_be_cut_at_every_byte() {
    let replies = ["せせらぎ", "🌊", ""].map(delta);
    let whole_body: Vec<u8> = replies.iter().flat_map(enveloped).collect();
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let infer = peer.infer(classic());
    for cut in 0..=whole_body.len() {
        let (_, mut reader) = stage.open(&infer, Plan::default());
        let answer = peer.accept().await;
        answer.bytes(whole_body[..cut].to_vec());
        answer.bytes(whole_body[cut..].to_vec());
        answer.status(0);
        let (got, terminal) = whole(&mut reader).await;
        assert_eq!((&*got.text, terminal.finish), ("せせらぎ🌊", Finish::Stop), "cut at {cut}");
    }
}

#[tokio::test]
async fn text_is_handed_on_when_it_arrives() {
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let (_, mut reader) = stage.open(&peer.infer(classic()), Plan::default());
    let answer = peer.accept().await;
    soon("opened", reader.next()).await;
    for (seq, text) in (1..).zip(["水", "が", "🌊"]) {
        answer.reply(&delta(text));
        assert_eq!(soon("the delta", reader.next()).await, [Seen::text(seq, seq, text)]);
    }
}
