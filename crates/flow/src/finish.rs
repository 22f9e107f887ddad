//! How a generation ends, and the public errors that may be stored in its log.

use std::borrow::Cow;

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Finish {
    /// The model said that it is done.
    Stop,
    /// A cap on tokens, bytes or time was reached after text had been delivered.
    Length,
    /// The subject's quota ran out.
    Quota,
    /// Somebody asked for it, or nobody was left to read.
    Cancelled,
    /// The model or the gateway went away; the text so far stands.
    Interrupted,
    /// An error; see the terminal's [`Problem`].
    Failed,
    /// The model waits for the result of a tool.
    ToolCalls,
    /// The caller's right was withdrawn while it ran.
    Revoked,
}

impl Finish {
    /// The stable name used in logs and metrics.
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
        }
    }
}

/// Token counts as the model reports them, or as the gateway counted them.
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

/// The closed set of public error codes; names and meanings are those of gRPC's status codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The request can never work as it is.
    InvalidArgument,
    /// No such thing, or not the caller's.
    NotFound,
    /// The same key was used for another request.
    AlreadyExists,
    /// The caller may not.
    PermissionDenied,
    /// The caller is not known.
    Unauthenticated,
    /// A limit of the caller is used up.
    ResourceExhausted,
    /// The state forbids it for now.
    FailedPrecondition,
    /// The state changed under the caller.
    Aborted,
    /// A position outside of what exists.
    OutOfRange,
    /// Not offered here.
    Unimplemented,
    /// Nothing is there to serve it at the moment.
    Unavailable,
    /// Time ran out.
    DeadlineExceeded,
    /// Stopped on request.
    Cancelled,
    /// Stored text was lost.
    DataLoss,
    /// A fault of this gateway or of the model server.
    Internal,
}

/// Whose fault it is. Decides who is paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Blame {
    /// The caller.
    Caller,
    /// The model or its server.
    Runtime,
    /// This gateway.
    Gateway,
}

impl Blame {
    /// The stable name used in logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Runtime => "runtime",
            Self::Gateway => "gateway",
        }
    }
}

/// A public error: everything in it may be shown to the caller. Internal sources go to the log instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// What class of error it is.
    pub code: Code,
    /// Whose fault it is.
    pub blame: Blame,
    /// A documented, stable reason in snake_case.
    pub reason: Cow<'static, str>,
    /// One sentence for a person, saying what to do where that helps.
    pub message: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
}

impl Problem {
    /// An error that the caller can mend.
    #[must_use]
    pub fn caller(code: Code, reason: &'static str, message: impl Into<String>) -> Self {
        let reason = Cow::Borrowed(reason);
        Self { code, blame: Blame::Caller, reason, message: message.into(), retryable: false }
    }

    /// An error of the model or its server; worth a retry.
    #[must_use]
    pub fn runtime(code: Code, reason: &'static str, message: impl Into<String>) -> Self {
        let reason = Cow::Borrowed(reason);
        Self { code, blame: Blame::Runtime, reason, message: message.into(), retryable: true }
    }

    /// An error of this gateway; worth a retry.
    #[must_use]
    pub fn gateway(code: Code, reason: &'static str, message: impl Into<String>) -> Self {
        let reason = Cow::Borrowed(reason);
        Self { code, blame: Blame::Gateway, reason, message: message.into(), retryable: true }
    }
}

/// The last event of a log. Exactly one per generation; it has a position of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Why it ended.
    pub finish: Finish,
    /// Token counts.
    pub usage: Usage,
    /// Bytes of all answer text.
    pub utf8_len: u32,
    /// CRC-32C (RFC 3720, appendix B.4) of all answer text.
    pub crc32c: u32,
    /// The error, for `Failed`, `Interrupted` and `Revoked`.
    pub problem: Option<Problem>,
}
