//! What is sent, and the calls with one answer.

use std::time::Duration;

use http::Response;
use seseragi_client::{
    Anonymous, ClientError, Code, Delivery, Finish, Message, OnDisconnect, Sampling, StreamOptions,
};
use seseragi_proto::infer::{self, ResumeRequest, StreamRequest};

use crate::script::{end, play, read, whole_text};
use crate::server::{Peer, hasty};

#[tokio::test]
async fn a_request_holds_what_was_asked_for() {
    let mut peer = Peer::new();
    let options = StreamOptions {
        model: "large".into(),
        sampling: Sampling { max_tokens: Some(9), stop: vec!["。".into()], ..Sampling::default() },
        delivery: Delivery {
            window: Duration::from_millis(40),
            on_disconnect: OnDisconnect::Keep(Duration::from_secs(30)),
            pad: true,
        },
        idempotency_key: "key".into(),
        ..StreamOptions::messages(vec![Message::new("user", "水")])
    };
    let mut stream = peer.client().stream(options);
    let serve = async {
        let call = peer.call("Stream").await;
        assert_eq!(call.headers["te"], "trailers");
        assert_eq!(call.headers["content-type"], "application/grpc");
        assert_eq!(call.authorization(), "Bearer first");
        let request: StreamRequest = call.message();
        let delivery = infer::Delivery { window_ms: 40, on_disconnect: 1, grace_ms: 30_000, pad: true };
        assert_eq!((&*request.model, &*request.prompt, request.delivery), ("large", "", Some(delivery)));
        assert_eq!((&*request.messages[0].role, &*request.messages[0].content), ("user", "水"));
        assert_eq!(request.sampling.expect("it is sent").max_tokens, Some(9));
        assert_eq!(request.idempotency_key, "key");
        call.accept().reset();
        let call = peer.call("Stream").await;
        assert_eq!(call.message::<StreamRequest>().idempotency_key, "key");
        play(call, 0);
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert_eq!(got.text, whole_text());
}

#[tokio::test]
async fn by_default_a_stream_survives_its_connection_and_can_be_repeated() {
    let mut peer = Peer::new();
    let client = peer.client_with(Anonymous, hasty());
    let mut keys = Vec::new();
    for _ in 0..2 {
        let mut stream = client.stream(StreamOptions::prompt("水"));
        let serve = async {
            let call = peer.call("Stream").await;
            assert!(!call.headers.contains_key("authorization"));
            let request: StreamRequest = call.message();
            play(call, 0);
            request
        };
        let (_, request) = tokio::join!(read(&mut stream), serve);
        assert_eq!(request.delivery, Some(infer::Delivery { on_disconnect: 1, ..Default::default() }));
        assert!(request.sampling.is_none());
        keys.push(request.idempotency_key);
    }
    assert!(keys[0].len() == 32 && keys[0] != keys[1]);
}

#[tokio::test]
async fn a_stream_can_be_read_again_by_its_name() {
    let mut peer = Peer::new();
    let mut stream = peer.client().attach("stream-1");
    let serve = async {
        let call = peer.call("Resume").await;
        let request: ResumeRequest = call.message();
        assert_eq!(request, ResumeRequest { stream_id: "stream-1".into(), ..Default::default() });
        play(call, 0);
    };
    let (got, ()) = tokio::join!(read(&mut stream), serve);
    assert_eq!((got.resumes(), got.text), (0, whole_text()));
}

#[tokio::test]
async fn models_and_streams_are_listed() {
    let mut peer = Peer::new();
    let client = peer.client();
    let model = infer::list_models_reply::Model {
        name: "echo".into(),
        description: "says it back".into(),
        context_tokens: 9,
        ready: true,
    };
    let info = infer::StreamInfo {
        stream_id: "stream-1".into(),
        last_seq: 8,
        terminal: end(7, infer::Finish::Length).terminal,
        ..Default::default()
    };
    let serve = async {
        peer.call("ListModels").await.reply(&infer::ListModelsReply { models: vec![model] });
        peer.call("GetStream").await.reply(&info);
        let call = peer.call("ListStreams").await;
        assert_eq!(
            call.message::<infer::ListStreamsRequest>(),
            infer::ListStreamsRequest { live_only: true, limit: 3 }
        );
        call.reply(&infer::ListStreamsReply { streams: vec![info.clone()] });
    };
    let ask = async {
        let models = client.list_models().await.expect("they are listed");
        assert_eq!((&*models[0].name, models[0].context_tokens, models[0].ready), ("echo", 9, true));
        let info = client.get_stream("stream-1").await.expect("it is known");
        assert_eq!(info.terminal.clone().expect("it is over").finish, Finish::Length);
        assert_eq!(client.list_streams(true, 3).await.expect("they are listed"), [info]);
    };
    tokio::join!(ask, serve);
}

#[tokio::test]
async fn a_call_is_refused_with_the_servers_reason() {
    let mut peer = Peer::new();
    let client = peer.client();
    let head = || Response::builder().header("content-type", "application/grpc");
    let serve = async {
        peer.call("ListModels").await.refuse(16);
        let refused = head().header("grpc-status", "7").header("grpc-message", "the scope %C3%A9 is needed");
        drop(peer.call("ListModels").await.respond(refused));
        drop(peer.call("ListModels").await.respond(Response::builder().status(404)));
        peer.call("ListModels").await.accept().status(0);
    };
    let ask = async {
        let mut refused = Vec::new();
        for _ in 0..3 {
            match client.list_models().await {
                Err(ClientError::Refused(status)) => refused.push((status.code, status.message)),
                other => panic!("{other:?}"),
            }
        }
        refused
    };
    let (refused, ()) = tokio::join!(ask, serve);
    assert_eq!(refused[0], (Code::PermissionDenied, "the scope é is needed".to_owned()));
    assert_eq!((refused[1].0, refused[2].0), (Code::Unimplemented, Code::Internal));
}
