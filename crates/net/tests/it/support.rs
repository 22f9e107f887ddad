//! A listener whose responses the test writes piece by piece, and clients to talk to it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest};
use http::{Request, Response};
use http_body::{Body, Frame};
use hyper::body::Incoming;
use seseragi_net::{
    ConnInfo, ListenOptions, Server, Upstream, UpstreamOptions, Workers, current_worker, listen,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// Far more than anything here takes; a test that waits so long has failed.
pub(crate) const BOUND: Duration = Duration::from_secs(5);

/// Waits for `future`, but not for ever.
pub(crate) async fn soon<F: Future>(what: &str, future: F) -> F::Output {
    tokio::time::timeout(BOUND, future).await.unwrap_or_else(|_| panic!("waited too long: {what}"))
}

/// Waits until `condition` holds.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    let holds = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    soon(what, holds).await;
}

/// A response body that the test feeds.
#[derive(Debug)]
pub(crate) struct Fed(UnboundedReceiver<Result<Bytes, Broken>>);

/// What a body says when it fails.
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
        self.0.poll_recv(cx).map(|item| item.map(|bytes| bytes.map(Frame::data)))
    }
}

/// The server's side of one open response; dropping it ends the response.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) body: UnboundedSender<Result<Bytes, Broken>>,
    pub(crate) conn: ConnInfo,
    pub(crate) worker: Option<usize>,
}

impl Open {
    pub(crate) fn write(&self, text: &'static str) {
        self.body.send(Ok(Bytes::from_static(text.as_bytes()))).expect("the response is still open");
    }

    /// Waits until the response body was dropped.
    pub(crate) async fn dropped(&self) {
        soon("the response body to be dropped", self.body.closed()).await;
    }
}

/// A listener on two workers, unless said otherwise. `/panic` panics, `/never` gives no response.
pub(crate) struct Fixture {
    pub(crate) server: Server,
    pub(crate) workers: Workers,
    opened: UnboundedReceiver<Open>,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with(2, ListenOptions::default())
    }

    pub(crate) fn with(workers: usize, options: ListenOptions) -> Self {
        let workers = Workers::start(workers).expect("workers start");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let (sender, opened) = unbounded_channel();
        let service = move |request: Request<Incoming>| answer(request, sender.clone());
        let server = listen(listener, &workers, service, options).expect("the listener starts");
        Self { server, workers, opened }
    }

    pub(crate) fn upstream(&self, options: UpstreamOptions) -> Upstream {
        Upstream::new(&self.server.local_addr().to_string(), options).expect("an address is an authority")
    }

    /// The next request that the service got.
    pub(crate) async fn next(&mut self) -> Open {
        soon("a request to arrive", self.opened.recv()).await.expect("the service runs")
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.server.local_addr()).await.expect("the listener accepts")
    }

    pub(crate) async fn h1(&self) -> H1 {
        H1(self.connect().await)
    }

    pub(crate) async fn h2(&self) -> H2 {
        let (sender, connection) =
            h2::client::handshake(self.connect().await).await.expect("a preface is sent");
        H2 { sender, connection: tokio::spawn(connection) }
    }
}

async fn answer(request: Request<Incoming>, opened: UnboundedSender<Open>) -> Response<Fed> {
    let (body, fed) = unbounded_channel();
    let conn = *request.extensions().get::<ConnInfo>().expect("every request knows its connection");
    let never = request.uri().path() == "/never";
    assert!(request.uri().path() != "/panic", "expected by the test");
    let open = Open { body, conn, worker: current_worker() };
    let _ = opened.send(open);
    let fed = Fed(fed);
    if never {
        std::future::pending::<()>().await;
    }
    Response::new(fed)
}

/// An HTTP/1.1 client that shows everything.
pub(crate) struct H1(pub(crate) TcpStream);

impl H1 {
    pub(crate) async fn get(&mut self, path: &str) {
        let head = format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n");
        self.0.write_all(head.as_bytes()).await.expect("the connection is open");
    }

    /// Reads until `text` has arrived; returns all that was read.
    pub(crate) async fn read_until(&mut self, text: &str) -> String {
        let mut read = Vec::new();
        while !String::from_utf8_lossy(&read).contains(text) {
            let byte = soon(text, self.0.read_u8()).await.expect("the connection is open");
            read.push(byte);
        }
        String::from_utf8(read).expect("the response is text")
    }

    /// Reads to the end of the connection, which a reset is too.
    pub(crate) async fn read_to_end(&mut self) -> String {
        let mut read = Vec::new();
        let _ = soon("the connection to end", self.0.read_to_end(&mut read)).await;
        String::from_utf8(read).expect("the response is text")
    }
}

/// An HTTP/2 client.
pub(crate) struct H2 {
    pub(crate) sender: SendRequest<Bytes>,
    pub(crate) connection: JoinHandle<Result<(), h2::Error>>,
}

impl H2 {
    pub(crate) async fn get(&mut self, path: &str) -> ResponseFuture {
        let mut ready = self.sender.clone().ready().await.expect("the connection takes requests");
        ready.send_request(request(path).map(|_| ()), true).expect("the request is valid").0
    }

    /// Closes the TCP connection without a word.
    pub(crate) async fn cut(self) {
        self.connection.abort();
        let _ = self.connection.await;
    }
}

pub(crate) fn request(path: &str) -> Request<http_body_util::Empty<Bytes>> {
    let uri = format!("http://test{path}");
    Request::builder().uri(uri).body(http_body_util::Empty::new()).expect("the path is valid")
}
