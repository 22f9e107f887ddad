//! One TCP connection and the HTTP spoken on it.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::Version;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Far more than anything here takes; what waits so long has failed.
pub(super) const BOUND: Duration = Duration::from_secs(10);

/// One TCP connection. Dropping it closes the socket without a word.
#[derive(Debug)]
pub struct Connection {
    sender: Sender,
    driver: JoinHandle<()>,
}

#[derive(Debug)]
enum Sender {
    H1(http1::SendRequest<Full<Bytes>>),
    H2(http2::SendRequest<Full<Bytes>>),
}

/// A whole response.
#[derive(Debug)]
pub struct Response {
    /// Its head.
    pub head: http::response::Parts,
    /// Its body.
    pub body: Bytes,
}

impl Response {
    /// A header, or an empty string.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.head.headers.get(name).map_or("", |value| value.to_str().expect("headers are text"))
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }
}

/// A response whose body is still to come.
pub(super) struct Arriving(pub(super) http::Response<Incoming>);

impl Arriving {
    /// Waits for all of it.
    pub(super) async fn whole(self) -> Response {
        let (head, body) = self.0.into_parts();
        let body = timeout(BOUND, body.collect()).await.expect("the response ends").expect("it is whole");
        Response { head, body: body.to_bytes() }
    }
}

impl Connection {
    /// Connects.
    ///
    /// # Panics
    /// If nobody listens.
    pub async fn open(addr: SocketAddr, version: Version) -> Self {
        let socket = TcpStream::connect(addr).await.expect("the server listens");
        socket.set_nodelay(true).expect("an option of every socket");
        let io = TokioIo::new(socket);
        if version == Version::HTTP_2 {
            let connected = http2::handshake(TokioExecutor::new(), io).await;
            let (sender, connection) = connected.expect("the server speaks HTTP/2");
            let driver = tokio::spawn(async move { drop(connection.await) });
            return Self { sender: Sender::H2(sender), driver };
        }
        let (sender, connection) = http1::handshake(io).await.expect("the server speaks HTTP/1.1");
        let driver = tokio::spawn(async move { drop(connection.await) });
        Self { sender: Sender::H1(sender), driver }
    }

    /// Sends a request and waits for the whole response.
    ///
    /// # Panics
    /// If the connection breaks.
    pub async fn ask(&mut self, request: http::request::Builder, body: impl Into<Bytes>) -> Response {
        self.send(request, body.into()).await.whole().await
    }

    /// Sends a request and waits for the head of its response, whose body may never end.
    ///
    /// # Panics
    /// If the connection breaks.
    pub async fn begin(
        &mut self,
        request: http::request::Builder,
        body: impl Into<Bytes>,
    ) -> http::Response<Incoming> {
        self.send(request, body.into()).await.0
    }

    /// Sends a request and waits for the head of its response.
    pub(super) async fn send(&mut self, request: http::request::Builder, body: Bytes) -> Arriving {
        let mut request = request.body(Full::new(body)).expect("the request is valid");
        let answer = match &mut self.sender {
            Sender::H2(sender) => timeout(BOUND, sender.send_request(request)).await,
            Sender::H1(sender) => {
                let authority = request.uri().authority().map(ToString::to_string).unwrap_or_default();
                let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
                *request.uri_mut() = path.parse().expect("a path is a target");
                let host = authority.parse().expect("an authority is a header");
                request.headers_mut().entry("host").or_insert(host);
                timeout(BOUND, sender.send_request(request)).await
            }
        };
        Arriving(answer.expect("an answer comes in time").expect("the connection lives"))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
