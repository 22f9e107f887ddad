//! What the server tells about generations and models.

use std::fmt;

use seseragi_proto::infer;

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Finish {
    /// The model said that it is done.
    Stop,
    /// A cap on tokens, bytes or time was reached.
    Length,
    /// The caller's quota ran out.
    Quota,
    /// Somebody stopped it, or nobody was left to read.
    Cancelled,
    /// The model or the gateway went away; the text so far stands.
    Interrupted,
    /// An error; see [`Terminal::code`].
    Failed,
    /// The model waits for the result of a tool.
    ToolCalls,
    /// The caller's right was withdrawn while it ran.
    Revoked,
    /// A reason that this client does not know. Never a success.
    Unknown,
}

impl Finish {
    /// The name in snake_case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::Quota => "quota",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
            Self::ToolCalls => "tool_calls",
            Self::Revoked => "revoked",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Finish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<infer::Finish> for Finish {
    fn from(finish: infer::Finish) -> Self {
        match finish {
            infer::Finish::Unspecified => Self::Unknown,
            infer::Finish::Stop => Self::Stop,
            infer::Finish::Length => Self::Length,
            infer::Finish::Quota => Self::Quota,
            infer::Finish::Cancelled => Self::Cancelled,
            infer::Finish::Interrupted => Self::Interrupted,
            infer::Finish::Failed => Self::Failed,
            infer::Finish::ToolCalls => Self::ToolCalls,
            infer::Finish::Revoked => Self::Revoked,
        }
    }
}

/// Token counts; 0 where they are not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt.
    pub input_tokens: u32,
    /// Tokens of the output.
    pub output_tokens: u32,
    /// Prompt tokens served from a cache.
    pub cached_tokens: u32,
    /// Output tokens that were reasoning.
    pub reasoning_tokens: u32,
}

/// The end of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Why it ended.
    pub finish: Finish,
    /// Token counts.
    pub usage: Usage,
    /// Bytes of all answer text.
    pub utf8_len: u32,
    /// CRC-32C of all answer text.
    pub crc32c: u32,
    /// The documented reason if it failed or was interrupted, else empty.
    pub code: String,
    /// One sentence for a person, or empty.
    pub message: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
}

impl Terminal {
    /// Whether the text is a whole answer as far as anybody wanted it: stopped, cancelled, or at a cap.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        use Finish::{Cancelled, Length, Quota, Stop, ToolCalls};
        matches!(self.finish, Stop | Length | Quota | ToolCalls | Cancelled)
    }
}

impl From<infer::Terminal> for Terminal {
    fn from(terminal: infer::Terminal) -> Self {
        let usage = terminal.usage.unwrap_or_default();
        Self {
            finish: terminal.finish().into(),
            usage: Usage {
                input_tokens: usage.input_tokens,
                output_tokens: usage.output_tokens,
                cached_tokens: usage.cached_tokens,
                reasoning_tokens: usage.reasoning_tokens,
            },
            utf8_len: terminal.utf8_len,
            crc32c: terminal.crc32c,
            code: terminal.code,
            message: terminal.message,
            retryable: terminal.retryable,
        }
    }
}

/// A generation of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamInfo {
    /// Its name.
    pub stream_id: String,
    /// The model that answers.
    pub model: String,
    /// The newest position.
    pub last_seq: u32,
    /// Whether it still runs.
    pub live: bool,
    /// Its end, if it is over.
    pub terminal: Option<Terminal>,
    /// When it began, in milliseconds since 1970.
    pub created_unix_ms: i64,
    /// Until when it can be read, in milliseconds since 1970; 0 while that is not known.
    pub expires_unix_ms: i64,
}

impl From<infer::StreamInfo> for StreamInfo {
    fn from(info: infer::StreamInfo) -> Self {
        Self {
            stream_id: info.stream_id,
            model: info.model,
            last_seq: info.last_seq,
            live: info.live,
            terminal: info.terminal.map(Into::into),
            created_unix_ms: info.created_unix_ms,
            expires_unix_ms: info.expires_unix_ms,
        }
    }
}

/// A model that the server offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Its name, for [`StreamOptions::model`](crate::StreamOptions::model).
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// Tokens of prompt and answer together; 0 if unknown.
    pub context_tokens: u32,
    /// Whether it takes requests now.
    pub ready: bool,
}

impl From<infer::list_models_reply::Model> for Model {
    fn from(model: infer::list_models_reply::Model) -> Self {
        let infer::list_models_reply::Model { name, description, context_tokens, ready } = model;
        Self { name, description, context_tokens, ready }
    }
}
