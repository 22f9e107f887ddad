//! What can go wrong, for the caller.

use std::fmt;
use std::time::Duration;

use crate::token::TokenError;

/// gRPC's status codes but OK.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "gRPC defines what they mean")]
#[repr(u8)]
pub enum Code {
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}

impl Code {
    const ALL: [Self; 16] = [
        Self::Cancelled,
        Self::Unknown,
        Self::InvalidArgument,
        Self::DeadlineExceeded,
        Self::NotFound,
        Self::AlreadyExists,
        Self::PermissionDenied,
        Self::ResourceExhausted,
        Self::FailedPrecondition,
        Self::Aborted,
        Self::OutOfRange,
        Self::Unimplemented,
        Self::Internal,
        Self::Unavailable,
        Self::DataLoss,
        Self::Unauthenticated,
    ];

    /// The code of gRPC's number; unknown numbers are [`Code::Unknown`].
    #[must_use]
    pub fn from_number(number: u32) -> Self {
        Self::ALL.into_iter().find(|code| *code as u32 == number).unwrap_or(Self::Unknown)
    }

    /// The name in snake_case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
            Self::InvalidArgument => "invalid_argument",
            Self::DeadlineExceeded => "deadline_exceeded",
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::PermissionDenied => "permission_denied",
            Self::ResourceExhausted => "resource_exhausted",
            Self::FailedPrecondition => "failed_precondition",
            Self::Aborted => "aborted",
            Self::OutOfRange => "out_of_range",
            Self::Unimplemented => "unimplemented",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
            Self::DataLoss => "data_loss",
            Self::Unauthenticated => "unauthenticated",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a call failed: the server's own status, or [`Code::Unavailable`] where a connection did not give one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({code})")]
pub struct Status {
    /// The class of the error.
    pub code: Code,
    /// One sentence for a person.
    pub message: String,
    /// The documented reason, where the server gave one (`ErrorInfo.reason`, upper case).
    pub reason: Option<String>,
    /// When the server says that it may be tried again.
    pub retry_after: Option<Duration>,
}

impl Status {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), reason: None, retry_after: None }
    }

    /// The connection failed, whatever it carried.
    pub(crate) fn lost(message: impl Into<String>) -> Self {
        Self::new(Code::Unavailable, message)
    }
}

/// Why a call or a stream was given up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The server refused, and would refuse again.
    #[error(transparent)]
    Refused(#[from] Status),
    /// The server could not be reached for as long as the [`RetryPolicy`](crate::RetryPolicy) allows. The generation may
    /// still be running.
    #[error("the connection was lost: {0}")]
    ConnectionLost(Status),
    /// What was read does not match the server's length or checksum, or breaks the contract: it cannot be trusted.
    #[error("{0}")]
    Integrity(String),
    /// There is no access token to send.
    #[error("no access token could be obtained")]
    NoToken(#[source] TokenError),
}
