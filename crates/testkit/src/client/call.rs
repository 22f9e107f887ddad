//! One call and what it brings, message by message.

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use prost::Message;
use seseragi_proto::infer::InferReply;
use tokio::time::timeout;

use super::connection::{Arriving, BOUND};
use super::envelope::Unpacker;
use super::{Connection, Dialect, Status, Story};

/// One call on a connection of its own. Dropping it cuts the connection.
#[derive(Debug)]
pub struct Call {
    dialect: Dialect,
    /// The head of the response.
    pub head: http::response::Parts,
    body: Incoming,
    unpacker: Unpacker,
    status: Option<Status>,
    /// Bytes of the body so far.
    pub received_bytes: usize,
    _connection: Connection,
}

impl Call {
    pub(super) fn new(dialect: Dialect, connection: Connection, response: Arriving) -> Self {
        let (head, body) = response.0.into_parts();
        assert_eq!(head.status, 200, "{dialect:?} answers calls with 200");
        assert_eq!(head.headers["content-type"], dialect.media_type());
        let (unpacker, status) = (Unpacker::default(), None);
        Self { dialect, head, body, unpacker, status, received_bytes: 0, _connection: connection }
    }

    /// The next message, or `None` once the call has ended and its status is known.
    ///
    /// # Panics
    /// If the body breaks off, or if it ends without a status.
    pub async fn next_message(&mut self) -> Option<Bytes> {
        loop {
            if let Some((flags, message)) = self.unpacker.next() {
                assert!(self.status.is_none(), "nothing follows the status");
                match (flags, self.dialect) {
                    (0, _) => return Some(message),
                    (0x80, Dialect::GrpcWebH1 | Dialect::GrpcWebH2) => {
                        self.status = Some(Status::of_web_trailers(&message));
                    }
                    (0x02, Dialect::ConnectH1 | Dialect::ConnectH2) => {
                        self.status = Some(Status::of_connect_end(&message));
                    }
                    _ => panic!("flags {flags:#x} mean nothing in {:?}", self.dialect),
                }
            } else if !self.read().await {
                return None;
            }
        }
    }

    /// Reads on; `false` at the end of the body.
    async fn read(&mut self) -> bool {
        let frame = timeout(BOUND, self.body.frame()).await.expect("something comes in time");
        let Some(frame) = frame else {
            assert!(self.unpacker.is_empty(), "the body ends between messages");
            if self.dialect == Dialect::Grpc && self.status.is_none() {
                self.status = Some(Status::of_trailers(&self.head.headers));
            }
            assert!(self.status.is_some(), "a body never ends without a status");
            return false;
        };
        let frame = frame.expect("the body does not break off");
        match frame.into_data() {
            Ok(data) => {
                assert!(!data.is_empty(), "empty DATA frames end connections");
                self.received_bytes += data.len();
                self.unpacker.add(&data);
            }
            Err(frame) => {
                assert_eq!(self.dialect, Dialect::Grpc, "only gRPC has trailers");
                let trailers = frame.into_trailers().expect("data or trailers");
                self.status = Some(Status::of_trailers(&trailers));
            }
        }
        true
    }

    /// The next message of `Stream` or `Resume`.
    pub async fn next(&mut self) -> Option<InferReply> {
        let message = self.next_message().await?;
        Some(InferReply::decode(message).expect("every message decodes"))
    }

    /// How the call ended.
    ///
    /// # Panics
    /// If it has not ended.
    #[must_use]
    pub fn status(&self) -> &Status {
        self.status.as_ref().expect("the call has ended")
    }

    /// Reads replies until one of them has text, and returns all of them.
    pub async fn until_text(&mut self) -> Vec<InferReply> {
        let mut replies = Vec::new();
        while replies.last().is_none_or(|reply: &InferReply| reply.delta.is_empty()) {
            replies.push(self.next().await.expect("text comes"));
        }
        replies
    }

    /// Reads to the end and checks the rules of every stream.
    pub async fn story(self) -> Story {
        self.story_after(Vec::new()).await
    }

    /// The same, with replies that were read before.
    pub async fn story_after(mut self, mut replies: Vec<InferReply>) -> Story {
        while let Some(reply) = self.next().await {
            replies.push(reply);
        }
        Story::new(&replies, self.status().clone())
    }

    /// For calls that are refused: that there is no message at all, and why.
    pub async fn refusal(mut self) -> Status {
        let message = self.next_message().await;
        assert_eq!(message, None, "a refused call brings no message");
        assert_ne!(self.status().code, 0, "a refused call does not end well");
        self.status().clone()
    }

    /// Cuts the TCP connection without a word.
    pub fn cut(self) {
        drop(self);
    }
}
