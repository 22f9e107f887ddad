//! A gRPC server over real sockets whose responses the test writes, frame by frame.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Request, Response};
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use seseragi_net::{ListenOptions, Server, Workers, listen};
use seseragi_proto::infer::{InferReply, StreamRequest};
use seseragi_runtimes::infer::{Infer, InferOptions};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use crate::support::{enveloped, infer_at, soon};

/// A server on a worker of its own.
pub(crate) struct Peer {
    pub(crate) server: Server,
    _workers: Workers,
    arrived: UnboundedReceiver<Call>,
}

impl Peer {
    pub(crate) fn new() -> Self {
        Self::at("127.0.0.1:0")
    }

    pub(crate) fn at(address: &str) -> Self {
        let workers = Workers::start(1).expect("a worker starts");
        let listener = std::net::TcpListener::bind(address).expect("the port is free");
        let (sender, arrived) = unbounded_channel();
        let service = move |request: Request<Incoming>| answer(request, sender.clone());
        let server = listen(listener, &workers, service, ListenOptions::default()).expect("it starts");
        Self { server, _workers: workers, arrived }
    }

    pub(crate) fn authority(&self) -> String {
        self.server.local_addr().to_string()
    }

    pub(crate) fn infer(&self, options: InferOptions) -> Infer {
        infer_at(&self.authority(), options)
    }

    /// The next call.
    pub(crate) async fn call(&mut self) -> Call {
        soon("a call to arrive", self.arrived.recv()).await.expect("the server runs")
    }

    /// The next call, taken with the head of a gRPC response.
    pub(crate) async fn accept(&mut self) -> Answer {
        self.call().await.accept()
    }

    /// Answers every call by a script, for as long as the server lives.
    pub(crate) fn serve<F>(self, script: impl Fn(StreamRequest, Answer) -> F + Send + 'static) -> String
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let authority = self.authority();
        let mut peer = self;
        tokio::spawn(async move {
            let Self { arrived, server: _server, _workers } = &mut peer;
            while let Some(call) = arrived.recv().await {
                let request = call.request.clone();
                tokio::spawn(script(request, call.accept()));
            }
        });
        authority
    }
}

/// A call that waits for the head of its response.
pub(crate) struct Call {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) request: StreamRequest,
    respond: oneshot::Sender<Response<Fed>>,
}

impl Call {
    pub(crate) fn accept(self) -> Answer {
        self.respond(Response::builder().header("content-type", "application/grpc"))
    }

    pub(crate) fn respond(self, head: http::response::Builder) -> Answer {
        let (body, fed) = unbounded_channel();
        let _ = self.respond.send(head.body(Fed(fed)).expect("the head is valid"));
        Answer(body)
    }

    /// Waits until the caller has gone away.
    pub(crate) async fn abandoned(mut self) {
        soon("the call to be abandoned", self.respond.closed()).await;
    }
}

/// A response body; dropping it ends the body.
#[derive(Clone)]
pub(crate) struct Answer(UnboundedSender<Result<Frame<Bytes>, Broken>>);

impl Answer {
    /// Sends bytes as they are.
    pub(crate) fn bytes(&self, bytes: impl Into<Bytes>) {
        let _ = self.0.send(Ok(Frame::data(bytes.into())));
    }

    pub(crate) fn reply(&self, reply: &InferReply) {
        self.bytes(enveloped(reply));
    }

    pub(crate) fn trailers(self, trailers: &[(&'static str, &str)]) {
        let header = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), value.parse().expect("a value"))
        };
        let _ = self.0.send(Ok(Frame::trailers(trailers.iter().map(header).collect())));
    }

    /// Ends with this status.
    pub(crate) fn status(self, code: u8) {
        self.trailers(&[("grpc-status", &code.to_string())]);
    }

    /// Breaks the stream off: RST_STREAM.
    pub(crate) fn reset(self) {
        let _ = self.0.send(Err(Broken));
    }

    /// Waits until the client has reset the stream; says how long that took.
    pub(crate) async fn dropped(&self) -> Duration {
        let since = std::time::Instant::now();
        soon("the response to be dropped", self.0.closed()).await;
        since.elapsed()
    }
}

/// A response body that the test feeds.
pub(crate) struct Fed(UnboundedReceiver<Result<Frame<Bytes>, Broken>>);

/// What a body says when it is broken off.
#[derive(Debug)]
pub(crate) struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken by the test")
    }
}

impl std::error::Error for Broken {}

impl Body for Fed {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        self.0.poll_recv(cx)
    }
}

async fn answer(request: Request<Incoming>, arrived: UnboundedSender<Call>) -> Response<Fed> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("the request arrives").to_bytes();
    let request = prost::Message::decode(&body[5..]).expect("it is a StreamRequest");
    let (respond, response) = oneshot::channel();
    let _ = arrived.send(Call { path: head.uri.path().to_owned(), headers: head.headers, request, respond });
    match response.await {
        Ok(response) => response,
        // The test let go of the call without an answer: never answer.
        Err(_) => std::future::pending().await,
    }
}
