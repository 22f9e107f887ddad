//! What a [`Stream`](crate::Stream) yields.

use std::time::Duration;

use crate::{Status, Terminal};

/// Something that happened to a stream. Text comes in order, each piece once.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The generation is admitted; comes before any text.
    Opened {
        /// Its name, for [`Client::attach`](crate::Client::attach) and [`Client::cancel`](crate::Client::cancel).
        stream_id: String,
        /// The model that answers.
        model: String,
    },
    /// A piece of the answer.
    Text {
        /// Valid on its own; join the pieces.
        text: String,
        /// The first position covered.
        first_seq: u32,
        /// The last position covered.
        last_seq: u32,
    },
    /// A piece of the thoughts that a model shows before its answer.
    Reasoning {
        /// Valid on its own; join the pieces.
        text: String,
        /// The first position covered.
        first_seq: u32,
        /// The last position covered.
        last_seq: u32,
    },
    /// A piece of a tool call. Pieces of one index belong together.
    ToolCall {
        /// Which of several calls.
        index: u32,
        /// The call's id; empty after the first piece.
        id: String,
        /// The tool's name; empty after the first piece.
        name: String,
        /// A piece of the arguments' JSON; join the pieces.
        arguments_json: String,
    },
    /// The connection ended, the stream did not: it is taken up again.
    Reconnecting(Lost),
    /// It was taken up again; the next text continues where the last one ended.
    Resumed {
        /// How many attempts it took since the last sign of life.
        attempt: u32,
    },
    /// The end of the stream. It may have ended badly: see [`Terminal::is_good`].
    Finished(Terminal),
}

/// How a connection ended before its stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// The attempt that follows, counted since the last sign of life.
    pub attempt: u32,
    /// The wait before it.
    pub delay: Duration,
    /// What the connection said, unless it just ended.
    pub cause: Option<Status>,
}
