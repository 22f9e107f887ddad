//! Facts that this crate tells about itself. Nothing here knows a metric's name.

use std::time::Duration;

use seseragi_guard::StreamId;

use crate::{Blame, Code, DetachReason, Finish};

/// Something that happened to a generation or to one of its readers.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// A generation began.
    Started {
        /// Its public name.
        stream_id: StreamId,
        /// The model's name.
        model: &'a str,
    },
    /// A new stream's first delta was handed to its connection.
    FirstDelta {
        /// The model's name.
        model: &'a str,
        /// The wire of the reader.
        wire: &'static str,
        /// Since the request's head was complete.
        elapsed: Duration,
    },
    /// A reader attached.
    Attached {
        /// The model's name.
        model: &'a str,
        /// How many positions it is behind; 0 for a new stream.
        behind: u32,
    },
    /// A connection ended although its stream did not.
    Detached {
        /// Why.
        reason: DetachReason,
    },
    /// A generation ended.
    Finished(Finished<'a>),
}

/// The account of one generation.
#[derive(Clone, Debug)]
pub struct Finished<'a> {
    /// Its public name.
    pub stream_id: StreamId,
    /// The model's name.
    pub model: &'a str,
    /// Why it ended.
    pub finish: Finish,
    /// The error's code, if it ended with one.
    pub code: Option<Code>,
    /// The error's reason, or an empty string.
    pub reason: &'a str,
    /// Whose fault the error was.
    pub blame: Option<Blame>,
    /// How many deltas the log holds.
    pub deltas: u32,
    /// Output tokens.
    pub output_tokens: u32,
    /// Bytes of text.
    pub bytes: u32,
    /// From its start to its end.
    pub elapsed: Duration,
    /// From its start to its first delta.
    pub first_delta: Option<Duration>,
}

/// Takes events. Called on the path of requests: it must not block.
pub trait Observer: Send + Sync + 'static {
    /// Takes one event.
    fn event(&self, event: &Event<'_>);

    /// So many deltas, of so many bytes, were handed to a connection in one go.
    fn flushed(&self, deltas: u32, bytes: usize) {
        let _ = (deltas, bytes);
    }
}

/// An observer that ignores everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ignore;

impl Observer for Ignore {
    fn event(&self, _: &Event<'_>) {}
}
