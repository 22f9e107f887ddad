//! Connections that end early, everywhere and in every way: the joined text is always the whole text.

use seseragi_client::{Client, Event, Finish, StreamOptions};
use seseragi_proto::infer::{self, StreamRequest};

use crate::script::{after, body, detached, frames, play, read, whole_text};
use crate::server::{Answer, Peer};

/// One stream whose first connection is cut by `first`, which gets all frames; later ones are whole.
/// Says how many `Resume`s there were.
async fn cut_once(
    peer: &mut Peer,
    client: &Client,
    name: &str,
    first: impl FnOnce(Answer, &[infer::InferReply]),
) {
    let mut stream = client.stream(StreamOptions::prompt("水"));
    let (done, mut finished) = tokio::sync::oneshot::channel();
    let serve = async {
        let call = peer.call("Stream").await;
        let key = call.message::<StreamRequest>().idempotency_key;
        first(call.accept(), &frames(0));
        // Named or not: it is opened again with the same key, or resumed.
        let call = tokio::select! {
            biased;
            _ = &mut finished => return,
            call = next(peer) => call,
        };
        match call {
            Next::Stream(call) => {
                assert_eq!(call.message::<StreamRequest>().idempotency_key, key);
                play(call, 0);
            }
            Next::Resume(call) => {
                let from = after(&call);
                play(call, from);
            }
        }
    };
    let client = async {
        let got = read(&mut stream).await;
        let _ = done.send(());
        got
    };
    let (got, ()) = tokio::join!(client, serve);
    assert_eq!(got.text, whole_text(), "{name}: {got:?}");
    assert_eq!(got.terminal.map(|terminal| terminal.finish), Some(Finish::Stop), "{name}");
}

enum Next {
    Stream(crate::server::Call),
    Resume(crate::server::Call),
}

async fn next(peer: &mut Peer) -> Next {
    let (method, call) = peer.any_call().await;
    if method == "Stream" { Next::Stream(call) } else { Next::Resume(call) }
}

#[tokio::test]
async fn at_every_frame_in_every_way() {
    type Ending = fn(Answer);
    let endings: [(&str, Ending); 7] = [
        ("reset", Answer::reset),
        ("status OK without a terminal", |answer| answer.status(0)),
        ("no status", drop),
        ("unavailable", |answer| answer.status(14)),
        ("internal", |answer| answer.status(13)),
        ("detached", |answer| {
            answer.send(&detached(infer::detached::Reason::Drain, 0));
            answer.status(14);
        }),
        ("garbage", |answer| answer.bytes(&b"<html>"[..])),
    ];
    let mut peer = Peer::new();
    let client = peer.client();
    for (name, ending) in endings {
        for cut in 0..frames(0).len() {
            let first = |answer: Answer, frames: &[infer::InferReply]| {
                frames[..cut].iter().for_each(|frame| answer.send(frame));
                ending(answer);
            };
            cut_once(&mut peer, &client, &format!("{name} after {cut} frames"), first).await;
        }
    }
}

#[tokio::test]
async fn at_every_byte() {
    let mut peer = Peer::new();
    let client = peer.client();
    for cut in 0..body(&frames(0)).len() {
        let first = |answer: Answer, frames: &[infer::InferReply]| {
            let bytes = body(frames);
            answer.bytes(bytes[..cut / 2].to_vec());
            answer.bytes(bytes[cut / 2..cut].to_vec());
            answer.reset();
        };
        cut_once(&mut peer, &client, &format!("after {cut} bytes"), first).await;
    }
}

#[tokio::test]
async fn the_tcp_connection_too() {
    let mut peer = Peer::new();
    let client = peer.client();
    let mut stream = client.stream(StreamOptions::prompt("水"));
    let serve = async {
        let mut from = 0;
        let mut call = peer.call("Stream").await;
        while from < 6 {
            let answer = call.accept();
            frames(from).iter().take(3).for_each(|frame| answer.send(frame));
            // The frames must have left before the connection goes.
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
            peer.server.kill();
            call = peer.call("Resume").await;
            from = after(&call);
        }
        play(call, from);
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert_eq!((got.text, got.error.is_none()), (whole_text(), true));
    assert!(stream.resumes() >= 3);
}

#[tokio::test]
async fn a_stream_is_left_and_taken_up_again_in_order() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(StreamOptions::prompt("水"));
    let serve = async {
        let answer = peer.call("Stream").await.accept();
        frames(0)[..2].iter().for_each(|frame| answer.send(frame));
        answer.send(&detached(infer::detached::Reason::MaxAge, 0));
        answer.status(14);
        peer.call("Resume").await.refuse(14);
        play(peer.call("Resume").await, 1);
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    let story: Vec<_> = got
        .events
        .iter()
        .map(|event| match event {
            Event::Opened { .. } => "opened".to_owned(),
            Event::Text { text, .. } => text.clone(),
            Event::Reconnecting(lost) => {
                assert!(lost.attempt > 1 || lost.delay.is_zero(), "a detached stream is resumed at once");
                format!("lost {}", lost.attempt)
            }
            Event::Resumed { attempt } => format!("resumed {attempt}"),
            _ => "end".to_owned(),
        })
        .collect();
    let expected = ["opened", "せせら", "lost 1", "lost 2", "resumed 2", "ぎは", "🌊"];
    assert_eq!(story[..7], expected);
}
