//! A gRPC server over real sockets whose responses the test writes, frame by frame.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Request, Response};
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use prost::Message;
use seseragi_client::{Client, ClientOptions, RetryPolicy, StaticToken, TokenSource};
use seseragi_net::{ListenOptions, Server, Workers, listen};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

/// Far more than anything here takes; a test that waits so long has failed.
const BOUND: Duration = Duration::from_secs(10);

/// Waits for `future`, but not for ever.
pub(crate) async fn soon<F: Future>(what: &str, future: F) -> F::Output {
    tokio::time::timeout(BOUND, future).await.unwrap_or_else(|_| panic!("waited too long: {what}"))
}

/// A server on a worker of its own.
pub(crate) struct Peer {
    pub(crate) server: Server,
    _workers: Workers,
    arrived: UnboundedReceiver<Call>,
}

impl Peer {
    pub(crate) fn new() -> Self {
        let workers = Workers::start(1).expect("a worker starts");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let (sender, arrived) = unbounded_channel();
        let service = move |request: Request<Incoming>| answer(request, sender.clone());
        let server = listen(listener, &workers, service, ListenOptions::default()).expect("it starts");
        Self { server, _workers: workers, arrived }
    }

    /// A client of it that does not wait long.
    pub(crate) fn client(&self) -> Client {
        self.client_with(StaticToken::new("first"), hasty())
    }

    pub(crate) fn client_with(&self, token: impl TokenSource, retry: RetryPolicy) -> Client {
        let url = format!("http://{}", self.server.local_addr());
        let options = ClientOptions { retry, ..ClientOptions::default() };
        Client::with_options(&url, token, options).expect("an address")
    }

    /// The next call, which must be of this method.
    pub(crate) async fn call(&mut self, method: &str) -> Call {
        let (arrived, call) = self.any_call().await;
        assert_eq!(arrived, method);
        call
    }

    /// The next call and its method.
    pub(crate) async fn any_call(&mut self) -> (String, Call) {
        let call = soon("a call to arrive", self.arrived.recv()).await.expect("the server runs");
        let method = call.path.strip_prefix("/infer.Infer/").expect("it is of our service");
        (method.to_owned(), call)
    }

    /// Whether no call waits now.
    pub(crate) fn is_idle(&mut self) -> bool {
        self.arrived.try_recv().is_err()
    }
}

/// Waits of a millisecond where others wait a quarter second.
pub(crate) fn hasty() -> RetryPolicy {
    let ms = Duration::from_millis;
    RetryPolicy { base: ms(1), max: ms(4), open_for: ms(500), resume_for: ms(500), connect_timeout: ms(2000) }
}

/// A call that waits for the head of its response.
pub(crate) struct Call {
    path: String,
    pub(crate) headers: HeaderMap,
    message: Bytes,
    respond: oneshot::Sender<Response<Fed>>,
}

impl Call {
    pub(crate) fn message<M: Message + Default>(&self) -> M {
        M::decode(&self.message[5..]).expect("it is such a message")
    }

    pub(crate) fn authorization(&self) -> &str {
        self.headers["authorization"].to_str().expect("it is text")
    }

    pub(crate) fn accept(self) -> Answer {
        self.respond(Response::builder().header("content-type", "application/grpc"))
    }

    pub(crate) fn respond(self, head: http::response::Builder) -> Answer {
        let (body, fed) = unbounded_channel();
        let _ = self.respond.send(head.body(Fed(fed)).expect("the head is valid"));
        Answer(body)
    }

    /// Ends with this status and nothing else.
    pub(crate) fn refuse(self, code: u8) {
        self.accept().status(code);
    }

    /// Answers with one message.
    pub(crate) fn reply(self, message: &impl Message) {
        let answer = self.accept();
        answer.send(message);
        answer.status(0);
    }
}

/// A response body; dropping it ends the body without a status.
#[derive(Clone)]
pub(crate) struct Answer(UnboundedSender<Result<Frame<Bytes>, Broken>>);

impl Answer {
    /// Sends bytes as they are.
    pub(crate) fn bytes(&self, bytes: impl Into<Bytes>) {
        let _ = self.0.send(Ok(Frame::data(bytes.into())));
    }

    pub(crate) fn send(&self, message: &impl Message) {
        self.bytes(enveloped(message));
    }

    /// Ends with this status.
    pub(crate) fn status(self, code: u8) {
        self.trailers(&[("grpc-status", &code.to_string())]);
    }

    pub(crate) fn trailers(self, trailers: &[(&'static str, &str)]) {
        let header = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), value.parse().expect("a value"))
        };
        let _ = self.0.send(Ok(Frame::trailers(trailers.iter().map(header).collect())));
    }

    /// Breaks the stream off: RST_STREAM. What was sent right before it may be lost.
    pub(crate) fn reset(self) {
        let _ = self.0.send(Err(Broken));
    }

    /// Waits until the client has left.
    pub(crate) async fn dropped(&self) {
        soon("the response to be dropped", self.0.closed()).await;
    }
}

/// A message in its envelope.
pub(crate) fn enveloped(message: &impl Message) -> Vec<u8> {
    let message = message.encode_to_vec();
    [&[0][..], &(message.len() as u32).to_be_bytes(), &message].concat()
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
    let message = body.collect().await.expect("the request arrives").to_bytes();
    let (respond, response) = oneshot::channel();
    let path = head.uri.path().to_owned();
    let _ = arrived.send(Call { path, headers: head.headers, message, respond });
    match response.await {
        Ok(response) => response,
        // The test let go of the call without an answer: never answer.
        Err(_) => std::future::pending().await,
    }
}
