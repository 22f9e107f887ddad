//! Raw clients for every wire, over real connections: they show what is on the wire and forgive nothing.
//!
//! - `dialect`: the wires, each with the HTTP version it is spoken over.
//! - `connection`: one TCP connection.
//! - `envelope`: five-byte envelopes and what ends a stream.
//! - `status`: how a call ended, as each wire says it.
//! - `call`: one call and what it brings, message by message.
//! - `story`: all that a call brought, and the rules that hold for it.

mod call;
mod connection;
mod dialect;
mod envelope;
mod status;
mod story;

use std::net::SocketAddr;

use bytes::Bytes;
use prost::Message;
use seseragi_proto::infer;

pub use call::Call;
pub use connection::{Connection, Response};
pub use dialect::Dialect;
pub use envelope::envelope;
pub use status::Status;
pub use story::Story;

/// A client of one wire. Every call has a connection of its own.
#[derive(Clone, Debug)]
pub struct Client {
    addr: SocketAddr,
    dialect: Dialect,
    headers: Vec<(String, String)>,
}

impl Client {
    /// A client that sends no credential.
    #[must_use]
    pub const fn new(addr: SocketAddr, dialect: Dialect) -> Self {
        Self { addr, dialect, headers: Vec::new() }
    }

    /// The same client with an access token.
    #[must_use]
    pub fn with_token(self, token: impl AsRef<str>) -> Self {
        self.with_header("authorization", format!("Bearer {}", token.as_ref()))
    }

    /// The same client that sends a header more with every call.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The wire it speaks.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// A request for a streaming method, to be changed as a test likes: no body yet.
    pub fn request(&self, method: &str) -> http::request::Builder {
        self.builder(method, self.dialect.media_type())
    }

    /// Sends a request as it is, on a connection of its own.
    pub async fn send(&self, request: http::request::Builder, body: impl Into<Bytes>) -> Call {
        let mut connection = Connection::open(self.addr, self.dialect.version()).await;
        let response = connection.send(request, body.into()).await;
        Call::new(self.dialect, connection, response)
    }

    /// Calls a streaming method of `infer.Infer` with one message.
    pub async fn call(&self, method: &str, message: &impl Message) -> Call {
        self.send(self.request(method), envelope(0, &message.encode_to_vec())).await
    }

    /// `Infer/Stream`.
    pub async fn stream(&self, request: &infer::StreamRequest) -> Call {
        self.call("Stream", request).await
    }

    /// `Infer/Resume` after a position, as the clients of ours ask for it.
    pub async fn resume(&self, stream_id: &str, after_seq: u32) -> Call {
        let stream_id = stream_id.to_owned();
        self.call("Resume", &infer::ResumeRequest { stream_id, after_seq, ..Default::default() }).await
    }

    /// A single call of `infer.Infer`.
    ///
    /// # Errors
    /// How the call ended, if not well.
    pub async fn unary<Reply: Message + Default>(
        &self,
        method: &str,
        message: &impl Message,
    ) -> Result<Reply, Status> {
        let message = message.encode_to_vec();
        if !self.dialect.is_connect() {
            let mut call = self.send(self.request(method), envelope(0, &message)).await;
            let reply = call.next_message().await;
            assert!(reply.is_none() || call.next_message().await.is_none(), "one reply at most");
            let status = call.status().clone();
            return if status.code == 0 { Ok(decode(&reply.expect("a reply"))) } else { Err(status) };
        }
        let mut connection = Connection::open(self.addr, self.dialect.version()).await;
        let request = self.builder(method, "application/proto");
        let response = connection.send(request, message.into()).await.whole().await;
        match response.head.status.as_u16() {
            200 => Ok(decode(&response.body)),
            _ => Err(Status::of_connect_unary(&response)),
        }
    }

    fn builder(&self, method: &str, media_type: &str) -> http::request::Builder {
        let path = if method.starts_with('/') { method.to_owned() } else { format!("/infer.Infer/{method}") };
        let mut request =
            http::Request::post(format!("http://{}{path}", self.addr)).header("content-type", media_type);
        for (name, value) in self.dialect.headers() {
            request = request.header(*name, *value);
        }
        self.headers.iter().fold(request, |request, (name, value)| request.header(name, value))
    }
}

fn decode<M: Message + Default>(bytes: &[u8]) -> M {
    M::decode(bytes).expect("every message decodes")
}
