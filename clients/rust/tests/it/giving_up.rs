//! When a client asks again, with which token, and when it stops asking.

use std::sync::atomic::{AtomicUsize, Ordering};

use seseragi_client::{
    Anonymous, ClientError, Code, Event, RetryPolicy, StreamOptions, TokenRequest, TokenSource,
};
use seseragi_proto::infer::{self, StreamRequest};
use std::time::Duration;

use crate::script::{after, detached, frames, play, read, whole_text};
use crate::server::{Peer, hasty};

fn question() -> StreamOptions {
    StreamOptions::prompt("水")
}

/// Tokens `t1`, `t2` and so on: a new one for each refresh.
fn renewed() -> impl TokenSource {
    let refreshes = AtomicUsize::new(1);
    move |request: TokenRequest| {
        let number = refreshes.fetch_add(usize::from(request.refresh), Ordering::Relaxed);
        let token = format!("t{}", number + usize::from(request.refresh));
        async move { Ok::<_, std::io::Error>(token) }
    }
}

#[tokio::test]
async fn an_expired_token_is_renewed_once() {
    let mut peer = Peer::new();
    let client = peer.client_with(renewed(), hasty());
    let mut stream = client.stream(question());
    let serve = async {
        let call = peer.call("Stream").await;
        assert_eq!(call.authorization(), "Bearer t1");
        call.refuse(16);
        let call = peer.call("Stream").await;
        assert_eq!(call.authorization(), "Bearer t2");
        let answer = call.accept();
        frames(0)[..3].iter().for_each(|frame| answer.send(frame));
        answer.send(&detached(infer::detached::Reason::Expired, 0));
        answer.status(14);
        let call = peer.call("Resume").await;
        assert_eq!((call.authorization(), after(&call)), ("Bearer t3", 2));
        call.refuse(16);
        let call = peer.call("Resume").await;
        assert_eq!(call.authorization(), "Bearer t4");
        play(call, 2);
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert_eq!(got.text, whole_text());

    let mut stream = client.stream(question());
    let serve = async {
        peer.call("Stream").await.refuse(16);
        peer.call("Stream").await.refuse(16);
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert!(matches!(got.error, Some(ClientError::Refused(status)) if status.code == Code::Unauthenticated));
    assert!(peer.is_idle());
}

#[tokio::test]
async fn some_refusals_are_final_and_others_are_not() {
    let mut peer = Peer::new();
    let client = peer.client();
    for (code, on_open, on_resume) in [
        (3, true, false),
        (5, true, true),
        (7, true, true),
        (8, true, false),
        (11, true, true),
        (12, true, false),
        (15, true, true),
        (13, false, false),
        (14, false, false),
    ] {
        let mut stream = client.stream(question());
        let serve = async {
            peer.call("Stream").await.refuse(code);
            if !on_open {
                play(peer.call("Stream").await, 0);
            }
        };
        let (got, ()) = tokio::join!(read(&mut stream), serve);
        assert_eq!((got.error.is_some(), got.terminal.is_some()), (on_open, !on_open), "opening, {code}");

        let mut stream = client.stream(question());
        let serve = async {
            let answer = peer.call("Stream").await.accept();
            frames(0)[..2].iter().for_each(|frame| answer.send(frame));
            answer.status(14);
            peer.call("Resume").await.refuse(code);
            if !on_resume {
                play(peer.call("Resume").await, 1);
            }
        };
        let (got, ()) = tokio::join!(read(&mut stream), serve);
        assert_eq!(
            (got.error.is_some(), got.terminal.is_some()),
            (on_resume, !on_resume),
            "resuming, {code}"
        );
        assert!(peer.is_idle());
    }
}

#[tokio::test]
async fn a_server_that_stays_away_is_given_up() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}", free.local_addr().expect("it is bound"));
    drop(free);
    let retry = RetryPolicy { open_for: Duration::from_millis(60), ..hasty() };
    let options = seseragi_client::ClientOptions { retry, ..Default::default() };
    let client = seseragi_client::Client::with_options(&url, Anonymous, options).expect("an address");
    let got = read(&mut client.stream(question())).await;
    let Some(ClientError::ConnectionLost(status)) = &got.error else { panic!("{got:?}") };
    assert_eq!(status.code, Code::Unavailable);
    assert!(got.events.len() > 2 && got.events.iter().all(|event| matches!(event, Event::Reconnecting(_))));
    assert!(client.list_models().await.is_err());
}

#[tokio::test]
async fn a_pause_that_the_server_asks_for_is_kept() {
    let mut peer = Peer::new();
    let mut stream = peer.client().stream(question());
    let serve = async {
        let answer = peer.call("Stream").await.accept();
        frames(0)[..2].iter().for_each(|frame| answer.send(frame));
        answer.send(&detached(infer::detached::Reason::Drain, 80));
        answer.status(14);
        let left = std::time::Instant::now();
        play(peer.call("Resume").await, 1);
        assert!(left.elapsed() >= Duration::from_millis(70), "{:?}", left.elapsed());
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert_eq!(got.text, whole_text());
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_and_an_outage_later_is_waited_out() {
    let mut peer = Peer::new();
    let none = |_: TokenRequest| async { Err::<String, _>(std::io::Error::other("signed out")) };
    let got = read(&mut peer.client_with(none, hasty()).stream(question())).await;
    assert!(matches!(got.error, Some(ClientError::NoToken(_))) && peer.is_idle());

    let asked = AtomicUsize::new(0);
    let flaky = move |_: TokenRequest| {
        let failed = asked.fetch_add(1, Ordering::Relaxed) == 1;
        async move { if failed { Err(std::io::Error::other("outage")) } else { Ok("t".to_owned()) } }
    };
    let mut stream = peer.client_with(flaky, hasty()).stream(question());
    let serve = async {
        let call = peer.call("Stream").await;
        assert!(!call.message::<StreamRequest>().idempotency_key.is_empty());
        let answer = call.accept();
        frames(0)[..2].iter().for_each(|frame| answer.send(frame));
        answer.status(14);
        play(peer.call("Resume").await, 1);
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert_eq!(got.text, whole_text());
}
