//! Drop, apply, or resume: what a client does with each frame.

use std::time::Duration;

use seseragi_client::{ClientError, Event, Finish, RetryPolicy, StaticToken, StreamOptions};
use seseragi_proto::infer::{self, InferReply};

use crate::script::{after, checkpoint, end, frames, opened, play, read, run, whole_text};
use crate::server::{Peer, hasty, soon};

fn question() -> StreamOptions {
    StreamOptions::prompt("what is a stream?")
}

#[tokio::test]
async fn an_answer_is_read_from_opened_to_finished() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(question());
    let (got, ()) = tokio::join!(read(&mut stream), async { play(peer.call("Stream").await, 0) });
    assert_eq!((got.text, got.error.map(|error| error.to_string())), (whole_text(), None));
    let opened = Event::Opened { stream_id: "stream-1".into(), model: "echo".into() };
    assert_eq!(got.events[0], opened);
    let terminal = got.terminal.expect("it ended");
    assert!(terminal.is_good() && terminal.finish == Finish::Stop);
    assert_eq!((stream.stream_id(), stream.applied_seq(), stream.resumes()), (Some("stream-1"), 8, 0));
}

#[tokio::test]
async fn frames_that_come_twice_are_dropped() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(question());
    let serve = async {
        let answer = peer.call("Stream").await.accept();
        for frame in frames(0) {
            answer.send(&frame);
            if frame.terminal.is_none() && frame.opened.is_none() {
                answer.send(&frame);
            }
        }
        answer.status(0);
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert_eq!((got.resumes(), stream.duplicates_dropped(), got.text), (0, 7, whole_text()));
}

#[tokio::test]
async fn a_gap_is_not_applied_but_read_again() {
    let straddling = run(2, 4);
    for jump in [run(4, 4), checkpoint(4), end(7, infer::Finish::Stop), straddling] {
        let mut peer = Peer::new();
        let mut stream = peer.client().stream(question());
        let serve = async {
            let answer = peer.call("Stream").await.accept();
            for frame in [opened(0), run(1, 2), jump.clone()] {
                answer.send(&frame);
            }
            let call = peer.call("Resume").await;
            assert_eq!(after(&call), 2);
            answer.dropped().await;
            play(call, 2);
        };
        let (got, ()) = tokio::join!(read(&mut stream), serve);
        assert_eq!(
            (got.text, got.terminal.map(|end| end.finish)),
            (whole_text(), Some(Finish::Stop)),
            "{jump:?}"
        );
        assert_eq!(stream.resumes(), 1);
    }
}

#[tokio::test]
async fn a_resumed_stream_that_starts_too_early_is_read_all_the_same() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(question());
    let serve = async {
        let answer = peer.call("Stream").await.accept();
        [opened(0), run(1, 3)].iter().for_each(|frame| answer.send(frame));
        answer.status(0);
        let call = peer.call("Resume").await;
        assert_eq!(after(&call), 3);
        play(call, 0);
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert_eq!((got.text, stream.duplicates_dropped()), (whole_text(), 3));
}

#[tokio::test]
async fn text_that_does_not_match_its_checksum_is_not_trusted() {
    let mut wrong_length = end(7, infer::Finish::Stop);
    wrong_length.terminal.as_mut().expect("it is one").utf8_len += 1;
    let mut wrong_sum = checkpoint(2);
    wrong_sum.checkpoint.as_mut().expect("it is one").crc32c ^= 1;
    let no_position = InferReply { delta: "水".into(), ..Default::default() };
    let another = infer::Opened { stream_id: "stream-2".into(), ..Default::default() };
    let another = InferReply { opened: Some(another), ..Default::default() };
    for bad in [vec![run(3, 7), wrong_length], vec![wrong_sum], vec![no_position], vec![another]] {
        let mut peer = Peer::new();
        let mut stream = peer.client().stream(question());
        let serve = async {
            let answer = peer.call("Stream").await.accept();
            [opened(0), run(1, 2)].iter().chain(&bad).for_each(|frame| answer.send(frame));
            answer.dropped().await;
        };
        let serve_and_leave = async {
            let got = read(&mut stream).await;
            drop(stream);
            got
        };
        let (got, ()) = tokio::join!(serve_and_leave, serve);
        assert!(matches!(got.error, Some(ClientError::Integrity(_))), "{bad:?} gave {got:?}");
        assert!(peer.is_idle(), "it is not asked again");
    }
}

#[tokio::test]
async fn every_kind_has_its_event_and_unknown_kinds_their_position() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(question());
    let call =
        infer::ToolCallDelta { index: 0, id: "c".into(), name: "n".into(), arguments_json: "{}".into() };
    let at = |seq| InferReply { first_seq: seq, last_seq: seq, ..Default::default() };
    let beat = InferReply { heartbeat: Some(infer::Heartbeat { last_seq: 2 }), ..Default::default() };
    let ended = infer::Terminal { finish: 6, code: "why".into(), message: "so".into(), ..Default::default() };
    let serve = async {
        let answer = peer.call("Stream").await.accept();
        for frame in [
            opened(0),
            InferReply { reasoning: "hm".into(), ..at(1) },
            InferReply { tool_call: Some(call), ..at(2) },
            beat,
            InferReply::default(),
            at(3),
            InferReply { terminal: Some(ended), ..at(4) },
        ] {
            answer.send(&frame);
        }
        answer.status(13);
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert_eq!(got.events[1], Event::Reasoning { text: "hm".into(), first_seq: 1, last_seq: 1 });
    assert!(matches!(&got.events[2], Event::ToolCall { index: 0, id, .. } if id == "c"));
    let terminal = got.terminal.expect("it ended");
    assert_eq!((terminal.finish, &*terminal.code, &*terminal.message), (Finish::Failed, "why", "so"));
    assert!(!terminal.is_good() && got.events.len() == 4);
}

#[tokio::test]
async fn a_server_that_misses_its_heartbeats_is_left() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(question());
    let serve = async {
        let mut brief = opened(0);
        brief.opened.as_mut().expect("it is one").heartbeat_ms = 20;
        let answer = peer.call("Stream").await.accept();
        [brief, run(1, 1)].iter().for_each(|frame| answer.send(frame));
        let call = peer.call("Resume").await;
        answer.dropped().await;
        play(call, 1);
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert_eq!((got.text, stream.resumes()), (whole_text(), 1));

    // Nothing at all after the head.
    let patience = RetryPolicy { connect_timeout: Duration::from_millis(50), ..hasty() };
    let mut stream = peer.client_with(StaticToken::new("t"), patience).stream(question());
    let serve = async {
        let silent = peer.call("Stream").await.accept();
        play(peer.call("Stream").await, 0);
        silent.dropped().await;
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert_eq!(got.text, whole_text());
}

#[tokio::test]
async fn waiting_for_an_event_may_be_given_up_at_any_time() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(question());
    let serve = async {
        for (index, cut) in [3, 5, 2, 100].into_iter().enumerate() {
            let call = peer.call(if index == 0 { "Stream" } else { "Resume" }).await;
            let from = if index == 0 { 0 } else { after(&call) };
            let answer = call.accept();
            for frame in frames(from).iter().take(cut) {
                tokio::time::sleep(Duration::from_millis(3)).await;
                answer.send(frame);
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
            answer.status(0);
        }
    };
    let impatient = async {
        let mut got = crate::script::Read::default();
        while got.terminal.is_none() {
            match tokio::time::timeout(Duration::from_millis(1), stream.next()).await {
                Ok(Some(event)) => got.add(event.expect("no error")),
                Ok(None) => break,
                Err(_) => {}
            }
        }
        got
    };
    let (got, ()) = soon("the end", async { tokio::join!(impatient, serve) }).await;
    assert_eq!(got.text, whole_text());
}
