//! How bad answers end: with a documented reason, and without a word of what the upstream said.

use std::time::Duration;

use http::Response;
use seseragi_flow::{Blame, Code, Finish, Problem, Runtime};
use seseragi_proto::infer::{Detached, Heartbeat, InferReply, Terminal};
use seseragi_runtimes::infer::{Infer, InferOptions};
use seseragi_testkit::{Plan, Stage};

use crate::server::{Answer, Peer};
use crate::support::{delta, enveloped, infer_at, problem, soon, whole};

/// What nobody but the log may see.
const SECRET: &str = "SECRET at 10.0.0.7";

/// The problem of a call that is answered so.
async fn fails(peer: &mut Peer, infer: &Infer, answer: impl FnOnce(Answer)) -> (Problem, Finish) {
    let stage = Stage::default();
    let (_, mut reader) = stage.open(infer, Plan::default());
    answer(peer.accept().await);
    let (_, terminal) = whole(&mut reader).await;
    let problem = problem(&terminal).clone();
    assert!(!problem.message.contains("SECRET") && !problem.message.is_empty(), "{problem:?}");
    (problem, terminal.finish)
}

#[tokio::test]
async fn every_status_has_its_code_its_blame_and_its_reason() {
    let mut peer = Peer::new();
    let infer = peer.infer(InferOptions::default());
    let (unavailable, internal) = (Code::Unavailable, Code::Internal);
    for (status, code, blame, reason, retryable) in [
        (1, internal, Blame::Runtime, "upstream_error", true),
        (2, internal, Blame::Runtime, "upstream_error", true),
        (3, Code::InvalidArgument, Blame::Caller, "upstream_refused", false),
        (4, Code::DeadlineExceeded, Blame::Runtime, "upstream_deadline", true),
        (5, Code::NotFound, Blame::Caller, "upstream_refused", false),
        (7, internal, Blame::Gateway, "upstream_denied", false),
        (8, unavailable, Blame::Runtime, "upstream_unavailable", true),
        (9, Code::FailedPrecondition, Blame::Caller, "upstream_refused", false),
        (11, Code::OutOfRange, Blame::Caller, "upstream_refused", false),
        (12, internal, Blame::Runtime, "upstream_error", true),
        (14, unavailable, Blame::Runtime, "upstream_unavailable", true),
        (16, internal, Blame::Gateway, "upstream_denied", false),
        (99, internal, Blame::Runtime, "upstream_error", true),
    ] {
        let number = u8::to_string(&status);
        let trailers = [("grpc-status", &*number), ("grpc-message", SECRET)];
        let (problem, finish) = fails(&mut peer, &infer, |answer| answer.trailers(&trailers)).await;
        assert_eq!((problem.code, problem.blame, &*problem.reason), (code, blame, reason), "{status}");
        assert_eq!((problem.retryable, finish), (retryable, Finish::Failed), "{status}");

        // With text before it, what may be tried again is an interruption.
        let answer = |answer: Answer| {
            answer.reply(&delta("水"));
            answer.trailers(&trailers);
        };
        let (again, finish) = fails(&mut peer, &infer, answer).await;
        let expected = if retryable { Finish::Interrupted } else { Finish::Failed };
        assert_eq!((again, finish), (problem, expected), "{status}");
    }
}

#[tokio::test]
async fn a_head_may_be_all_there_is() {
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let infer = peer.infer(InferOptions::default());
    let head = || Response::builder().header("content-type", "application/grpc");
    for (status, reason) in [("14", Some("upstream_unavailable")), ("0", None)] {
        let (_, mut reader) = stage.open(&infer, Plan::default());
        drop(peer.call().await.respond(head().header("grpc-status", status).header("grpc-message", SECRET)));
        let (_, terminal) = whole(&mut reader).await;
        assert_eq!(terminal.problem.map(|problem| problem.reason), reason.map(Into::into));
    }
}

#[tokio::test]
async fn what_is_no_grpc_response_is_refused() {
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let infer = peer.infer(InferOptions::default());
    for (status, content_type, reason) in [
        (200, "text/html", "upstream_protocol"),
        (200, "application/grpc-web+proto", "upstream_protocol"),
        (404, "application/grpc", "upstream_protocol"),
        (500, "text/plain", "upstream_protocol"),
        (503, "text/plain", "upstream_unavailable"),
        (403, "text/plain", "upstream_denied"),
    ] {
        let (_, mut reader) = stage.open(&infer, Plan::default());
        let head = Response::builder().status(status).header("content-type", content_type);
        peer.call().await.respond(head).bytes(SECRET);
        let (_, terminal) = whole(&mut reader).await;
        assert_eq!(problem(&terminal).reason, reason, "{status} {content_type}");
        assert!(!problem(&terminal).message.contains("SECRET"));
    }
}

#[tokio::test]
async fn garbage_is_refused_and_what_came_before_it_stands() {
    let mut peer = Peer::new();
    let infer = peer.infer(InferOptions::default());
    let detached = InferReply { detached: Some(Detached::default()), ..InferReply::default() };
    let failed = Terminal { finish: 6, message: SECRET.into(), ..Terminal::default() };
    let failed = InferReply { terminal: Some(failed), ..InferReply::default() };
    let late = [
        enveloped(&InferReply { terminal: Some(Terminal::default()), ..InferReply::default() }),
        enveloped(&delta("x")),
    ];
    for (name, bytes, reason) in [
        ("compressed", b"\x01\0\0\0\x01a".to_vec(), "upstream_protocol"),
        ("unknown flags", b"\x80\0\0\0\0".to_vec(), "upstream_protocol"),
        ("over 4 MiB, announced", b"\0\0\x40\0\x01".to_vec(), "upstream_protocol"),
        ("invalid UTF-8", b"\0\0\0\0\x03\x0a\x01\xff".to_vec(), "upstream_protocol"),
        ("no message", b"\0\0\0\0\x02\x0a\x09".to_vec(), "upstream_protocol"),
        ("HTML", b"<html>SECRET</html>".to_vec(), "upstream_protocol"),
        ("text after the terminal", late.concat(), "upstream_protocol"),
        ("a failure with status OK", enveloped(&failed), "upstream_protocol"),
        ("cut in the head", b"\0\0".to_vec(), "upstream_truncated"),
        ("cut in the message", b"\0\0\0\0\x03\x0a".to_vec(), "upstream_truncated"),
        ("detached", enveloped(&detached), "runtime_gone"),
    ] {
        let answer = |answer: Answer| {
            answer.reply(&delta("水"));
            answer.bytes(bytes);
            answer.status(0);
        };
        let (problem, finish) = fails(&mut peer, &infer, answer).await;
        assert_eq!((&*problem.reason, finish), (reason, Finish::Interrupted), "{name}");
    }
}

#[tokio::test]
async fn an_end_without_a_status_is_never_a_success() {
    let mut peer = Peer::new();
    let infer = peer.infer(InferOptions::default());
    let (problem, _) = fails(&mut peer, &infer, |answer| answer.reply(&delta("水"))).await;
    assert_eq!((problem.code, &*problem.reason), (Code::Unavailable, "upstream_truncated"));
    let (problem, _) = fails(&mut peer, &infer, |answer| answer.trailers(&[("grpc-message", SECRET)])).await;
    assert_eq!(problem.reason, "upstream_truncated");
    let (problem, _) = fails(&mut peer, &infer, |answer| answer.trailers(&[("grpc-status", "fine")])).await;
    assert_eq!(problem.reason, "upstream_protocol");
}

#[tokio::test]
async fn a_stream_or_a_connection_that_breaks_is_lost() {
    let mut peer = Peer::new();
    let infer = peer.infer(InferOptions::default());
    let (problem, finish) = fails(&mut peer, &infer, Answer::reset).await;
    assert_eq!((&*problem.reason, finish), ("upstream_lost", Finish::Failed));

    let stage = Stage::default();
    let (_, mut reader) = stage.open(&infer, Plan::default());
    let answer = peer.accept().await;
    answer.reply(&delta("水"));
    while reader.seen().len() < 2 {
        soon("the text", reader.next()).await;
    }
    peer.server.kill();
    let (got, terminal) = whole(&mut reader).await;
    assert_eq!((&*got.text, terminal.finish), ("水", Finish::Interrupted));
    assert_eq!(terminal.problem.expect("there is one").reason, "upstream_lost");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable_until_it_is() {
    let stage = Stage::default();
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let authority = free.local_addr().expect("it is bound").to_string();
    drop(free);
    let infer = infer_at(&authority, InferOptions::default());
    assert!(infer.is_ready(), "nothing is known yet");
    let (_, mut reader) = stage.open(&infer, Plan::default());
    let (_, terminal) = whole(&mut reader).await;
    let problem = problem(&terminal);
    assert_eq!((problem.code, &*problem.reason), (Code::Unavailable, "upstream_unreachable"));
    assert!(problem.retryable && !problem.message.contains("127.0.0.1") && !infer.is_ready());

    let mut peer = Peer::at(&authority);
    let (_, mut reader) = stage.open(&infer, Plan::default());
    peer.accept().await.status(0);
    whole(&mut reader).await;
    assert!(infer.is_ready());
}

#[tokio::test]
async fn silence_has_a_limit_and_heartbeats_do_not_break_it() {
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let brief = Duration::from_millis(60);
    let options =
        |first_delta, between_deltas| InferOptions { first_delta, between_deltas, ..InferOptions::default() };
    let long = Duration::from_secs(60);

    // No head, then a head but no text.
    let infer = peer.infer(options(brief, long));
    let (_, mut reader) = stage.open(&infer, Plan::default());
    peer.call().await.abandoned().await;
    assert_eq!(problem(&whole(&mut reader).await.1).reason, "upstream_silent");
    let (_, mut reader) = stage.open(&infer, Plan::default());
    let answer = peer.accept().await;
    assert_eq!(problem(&whole(&mut reader).await.1).code, Code::DeadlineExceeded);
    answer.dropped().await;

    let infer = peer.infer(options(long, brief));
    let (_, mut reader) = stage.open(&infer, Plan::default());
    let answer = peer.accept().await;
    answer.reply(&delta("水"));
    let beat = InferReply { heartbeat: Some(Heartbeat { last_seq: 1 }), ..InferReply::default() };
    let beats = async {
        loop {
            answer.reply(&beat);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let (got, terminal) = tokio::select! {
        () = beats => unreachable!(),
        whole = whole(&mut reader) => whole,
    };
    assert_eq!((&*got.text, &*problem(&terminal).reason), ("水", "upstream_silent"));
}
