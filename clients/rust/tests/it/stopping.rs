//! The stop button.

use std::time::Duration;

use seseragi_client::{ClientError, Code, Finish, StreamOptions};
use seseragi_proto::infer::{self, CancelReply, CancelRequest};

use crate::script::{end, frames, opened, read, run};
use crate::server::{Call, Peer};

fn cancelled(call: Call) {
    assert_eq!(call.message::<CancelRequest>().stream_id, "stream-1");
    call.reply(&CancelReply { terminal: end(2, infer::Finish::Cancelled).terminal });
}

fn question() -> StreamOptions {
    StreamOptions::prompt("水")
}

#[tokio::test]
async fn the_text_ends_where_the_terminal_says() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(question());
    let serve = async {
        let answer = peer.call("Stream").await.accept();
        [opened(0), run(1, 1)].iter().for_each(|frame| answer.send(frame));
        cancelled(peer.call("Cancel").await);
        [run(2, 2), end(2, infer::Finish::Cancelled)].iter().for_each(|frame| answer.send(frame));
        answer.status(1);
    };
    let client = async {
        while stream.applied_seq() == 0 {
            stream.next().await.expect("it goes on").expect("no error");
        }
        let terminal = stream.cancel().await.expect("it is told").expect("it ran");
        assert_eq!(terminal.finish, Finish::Cancelled);
        read(&mut stream).await
    };
    let (got, ()) = tokio::join!(client, serve);
    assert_eq!((&*got.text, got.terminal.map(|end| end.finish)), ("ぎは", Some(Finish::Cancelled)));
}

#[tokio::test]
async fn a_stream_that_was_never_sent_just_ends() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(question());
    assert_eq!(stream.cancel().await.expect("nothing to tell"), None);
    assert!(stream.next().await.is_none() && peer.is_idle());
}

#[tokio::test]
async fn a_stream_that_is_being_opened_is_named_first() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(question());
    // The request is sent, and the wait for its answer given up.
    assert!(tokio::time::timeout(Duration::from_millis(100), stream.next()).await.is_err());
    let call = peer.call("Stream").await;
    let serve = async {
        let answer = call.accept();
        answer.send(&opened(0));
        cancelled(peer.call("Cancel").await);
        answer.send(&end(0, infer::Finish::Cancelled));
        answer.status(1);
    };
    let client = async {
        assert!(stream.cancel().await.expect("it is told").is_some());
        read(&mut stream).await
    };
    let (got, ()) = tokio::join!(client, serve);
    assert_eq!(got.terminal.map(|end| end.finish), Some(Finish::Cancelled));
}

#[tokio::test]
async fn what_the_server_said_stands_if_the_way_back_is_lost() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(question());
    let serve = async {
        let answer = peer.call("Stream").await.accept();
        frames(0)[..3].iter().for_each(|frame| answer.send(frame));
        cancelled(peer.call("Cancel").await);
        answer.reset();
        peer.call("Resume").await.refuse(5);
    };
    let client = async {
        while stream.applied_seq() < 2 {
            stream.next().await.expect("it goes on").expect("no error");
        }
        stream.cancel().await.expect("it is told");
        read(&mut stream).await
    };
    let (got, ()) = tokio::join!(client, serve);
    assert_eq!((got.terminal.map(|end| end.finish), got.error.is_none()), (Some(Finish::Cancelled), true));
}

#[tokio::test]
async fn a_cancel_is_repeated_until_it_is_answered() {
    let mut peer = Peer::new();
    let client = peer.client();
    let serve = async {
        peer.call("Cancel").await.refuse(14);
        peer.call("Cancel").await.accept().reset();
        cancelled(peer.call("Cancel").await);
        peer.call("Cancel").await.refuse(5);
    };
    let ask = async {
        let terminal = client.cancel("stream-1").await.expect("it is told").expect("it has an end");
        assert_eq!(terminal.finish, Finish::Cancelled);
        client.cancel("stream-1").await
    };
    let (unknown, ()) = tokio::join!(ask, serve);
    assert!(matches!(unknown, Err(ClientError::Refused(status)) if status.code == Code::NotFound));
}
