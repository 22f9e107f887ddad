//! What a subscription yields: [`Frame`]s, taken by a [`FrameSink`] of the client's wire.

use std::time::Duration;

use seseragi_guard::StreamId;

use crate::{Kind, Seq, Terminal};

/// A run of deltas of one kind, borrowed from the log: nothing is copied but into the sink's own buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice<'a> {
    /// What the text is.
    pub kind: Kind,
    /// The first position covered.
    pub first: Seq,
    /// The last position covered.
    pub last: Seq,
    /// The text of all positions covered.
    pub text: &'a str,
}

/// Length and checksum of all answer text up to a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The position it speaks of.
    pub seq: Seq,
    /// Bytes of answer text up to it.
    pub utf8_len: u32,
    /// CRC-32C of answer text up to it.
    pub crc32c: u32,
}

/// The first frame of every subscription.
#[derive(Clone, Copy, Debug)]
pub struct Opened<'a> {
    /// The generation's public name.
    pub stream_id: StreamId,
    /// Which producer writes it; grows when another takes over.
    pub epoch: u32,
    /// The model's name.
    pub model: &'a str,
    /// After how much silence a heartbeat comes.
    pub heartbeat: Duration,
    /// Where this reader starts; 0 for a new stream.
    pub after: Seq,
}

/// Why a connection ends although its stream does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DetachReason {
    /// The gateway shuts down; another one goes on.
    Drain,
    /// The connection is too old.
    MaxAge,
    /// The reader's own deadline passed.
    Deadline,
    /// The stream lives on another gateway now.
    Moved,
    /// The access token expired and the policy asks for a new one.
    Expired,
}

/// One event of a subscription.
#[derive(Clone, Copy, Debug)]
pub enum Frame<'a> {
    /// The stream is admitted; sent before any text.
    Opened(Opened<'a>),
    /// Text, reasoning or a piece of a tool call.
    Run(Slice<'a>),
    /// Length and checksum so far.
    Checkpoint(Checkpoint),
    /// Nothing happened for a while; carries the newest position.
    Heartbeat(Seq),
    /// The end of the stream, at a position of its own.
    Terminal(Seq, &'a Terminal),
    /// The end of this connection only: resume at once, or after the given time.
    Detached(DetachReason, Option<Duration>),
}

/// Encodes frames into a wire's own buffer. Called with the log's lock held: it must not block or call back.
pub trait FrameSink {
    /// Takes one frame.
    fn frame(&mut self, frame: Frame<'_>);
}

impl<F: FnMut(Frame<'_>)> FrameSink for F {
    fn frame(&mut self, frame: Frame<'_>) {
        self(frame);
    }
}

/// A piece of a tool call; its fields follow OpenAI's streaming form (id and name only in the first piece).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToolCall<'a> {
    /// Which of several calls.
    pub index: u32,
    /// The call's id, or empty.
    pub id: &'a str,
    /// The tool's name, or empty.
    pub name: &'a str,
    /// A piece of the arguments' JSON.
    pub arguments_json: &'a str,
}

const SEPARATOR: char = '\u{1f}';

impl<'a> ToolCall<'a> {
    /// The text under which it is kept in the log. The separator is taken out of id and name.
    #[must_use]
    pub fn to_payload(&self) -> String {
        let clean = |s: &str| s.replace(SEPARATOR, "");
        let (id, name) = (clean(self.id), clean(self.name));
        format!("{}{SEPARATOR}{id}{SEPARATOR}{name}{SEPARATOR}{}", self.index, self.arguments_json)
    }

    /// Reads what [`Self::to_payload`] wrote; `None` for anything else.
    #[must_use]
    pub fn from_payload(payload: &'a str) -> Option<Self> {
        let mut parts = payload.splitn(4, SEPARATOR);
        let index = parts.next()?.parse().ok()?;
        Some(Self { index, id: parts.next()?, name: parts.next()?, arguments_json: parts.next()? })
    }
}
