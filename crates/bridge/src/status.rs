//! [`Status`]: how a call ended, in gRPC's terms. One table from [`Problem`] to it, for every wire.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use prost::Message;
use prost_types::Any;
use seseragi_flow::{Code, DetachReason, Finish, Problem, Terminal};
use seseragi_proto::rpc;

/// The `domain` of every `google.rpc.ErrorInfo` of ours.
pub const ERROR_DOMAIN: &str = "seseragi";

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    code: u8,
    message: Cow<'static, str>,
    /// An encoded `google.rpc.Status`; empty without details.
    details: Bytes,
}

impl Status {
    /// The call went well.
    pub const OK: Self = Self { code: 0, message: Cow::Borrowed(""), details: Bytes::new() };

    /// A status with an `ErrorInfo`, and a `RetryInfo` if there is a time after which to try again.
    #[must_use]
    pub fn new(
        code: u8,
        message: impl Into<Cow<'static, str>>,
        reason: &str,
        retry: Option<Duration>,
    ) -> Self {
        let message = message.into();
        let info = rpc::ErrorInfo {
            reason: reason.to_ascii_uppercase(),
            domain: ERROR_DOMAIN.to_owned(),
            ..Default::default()
        };
        let mut details = vec![any("ErrorInfo", &info)];
        if let Some(delay) = retry.and_then(|delay| prost_types::Duration::try_from(delay).ok()) {
            details.push(any("RetryInfo", &rpc::RetryInfo { retry_delay: Some(delay) }));
        }
        let encoded = rpc::Status { code: i32::from(code), message: message.to_string(), details };
        Self { code, message, details: encoded.encode_to_vec().into() }
    }

    /// The status of a stream that ended with this terminal.
    #[must_use]
    pub fn of_terminal(terminal: &Terminal) -> Self {
        let (finish, problem) = (terminal.finish, terminal.problem.as_ref());
        let told = |code: Code| match problem {
            Some(problem) => Self::of_problem(code, problem),
            None => Self::new(number(code), finish.as_str(), finish.as_str(), None),
        };
        let its_own_or = |fallback: Code| told(problem.map_or(fallback, |problem| problem.code));
        match finish {
            Finish::Stop | Finish::Length | Finish::Quota | Finish::ToolCalls => Self::OK,
            Finish::Cancelled => its_own_or(Code::Cancelled),
            // Whatever broke: the text so far stands, and the same request may succeed.
            Finish::Interrupted => told(Code::Unavailable),
            Finish::Failed => its_own_or(Code::Internal),
            Finish::Revoked => its_own_or(Code::PermissionDenied),
        }
    }

    /// A problem under a code that may be another one than its own. Libraries refuse details whose code is not
    /// that of the trailers.
    fn of_problem(code: Code, problem: &Problem) -> Self {
        let retry = problem.retryable.then_some(Duration::from_millis(500));
        Self::new(number(code), problem.message.clone(), &problem.reason, retry)
    }

    /// The status of a connection that ended although its stream did not: classic clients see an error,
    /// ours resume.
    #[must_use]
    pub fn of_detached(reason: DetachReason, retry: Option<Duration>) -> Self {
        let why = match reason {
            DetachReason::Drain => "the gateway shuts down",
            DetachReason::MaxAge => "the connection is too old",
            DetachReason::Deadline => "the deadline of this reader has passed",
            DetachReason::Moved => "the stream has moved",
            DetachReason::Expired => "the access token has expired",
        };
        Self::new(number(Code::Unavailable), format!("{why}; the stream goes on: resume it"), "RESUME", retry)
    }

    /// gRPC's number of the code; 0 is OK.
    #[must_use]
    pub fn code(&self) -> u8 {
        self.code
    }

    /// gRPC's name of the code in snake_case, as Connect spells it (`canceled` with one l).
    #[must_use]
    pub fn name(&self) -> &'static str {
        NAMES.get(usize::from(self.code)).copied().unwrap_or("unknown")
    }

    /// The public message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The encoded `google.rpc.Status`, or nothing.
    #[must_use]
    pub fn details(&self) -> &[u8] {
        &self.details
    }

    /// The trailers that say it (gRPC over HTTP/2, "Responses").
    #[must_use]
    pub fn trailers(&self) -> HeaderMap {
        let mut trailers = HeaderMap::with_capacity(3);
        trailers.insert("grpc-status", HeaderValue::from(u16::from(self.code)));
        if let Ok(message) = HeaderValue::from_str(&percent_encode(&self.message))
            && !self.message.is_empty()
        {
            trailers.insert("grpc-message", message);
        }
        if let Ok(details) = HeaderValue::from_str(&crate::base64_unpadded(&self.details))
            && !self.details.is_empty()
        {
            trailers.insert("grpc-status-details-bin", details);
        }
        trailers
    }

    /// What trailers say, for calls that we relay.
    #[must_use]
    pub fn from_trailers(trailers: &HeaderMap) -> Self {
        let text = |name| trailers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
        let code = text("grpc-status").and_then(|v| v.parse().ok()).unwrap_or(2);
        let message = text("grpc-message").map(percent_decode).unwrap_or_default().into();
        let details = text("grpc-status-details-bin").and_then(crate::base64_any).unwrap_or_default().into();
        Self { code, message, details }
    }
}

impl From<&Problem> for Status {
    fn from(problem: &Problem) -> Self {
        Self::of_problem(problem.code, problem)
    }
}

/// gRPC's number of a code (gRPC "Status codes and their use in gRPC").
#[must_use]
pub(crate) const fn number(code: Code) -> u8 {
    match code {
        Code::Cancelled => 1,
        Code::InvalidArgument => 3,
        Code::DeadlineExceeded => 4,
        Code::NotFound => 5,
        Code::AlreadyExists => 6,
        Code::PermissionDenied => 7,
        Code::ResourceExhausted => 8,
        Code::FailedPrecondition => 9,
        Code::Aborted => 10,
        Code::OutOfRange => 11,
        Code::Unimplemented => 12,
        Code::Internal => 13,
        Code::Unavailable => 14,
        Code::DataLoss => 15,
        Code::Unauthenticated => 16,
    }
}

const NAMES: [&str; 17] = [
    "ok",
    "canceled",
    "unknown",
    "invalid_argument",
    "deadline_exceeded",
    "not_found",
    "already_exists",
    "permission_denied",
    "resource_exhausted",
    "failed_precondition",
    "aborted",
    "out_of_range",
    "unimplemented",
    "internal",
    "unavailable",
    "data_loss",
    "unauthenticated",
];

fn any(name: &str, message: &impl Message) -> Any {
    Any { type_url: format!("type.googleapis.com/google.rpc.{name}"), value: message.encode_to_vec() }
}

/// `grpc-message` in percent-encoding: everything outside of printable ASCII, and `%`.
fn percent_encode(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    for byte in message.bytes() {
        match byte {
            b'%' => out.push_str("%25"),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn percent_decode(message: &str) -> String {
    let (mut out, mut rest) = (Vec::with_capacity(message.len()), message.as_bytes());
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|h| std::str::from_utf8(h).ok());
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()).filter(|_| first == b'%') {
            Some(byte) => {
                out.push(byte);
                rest = &tail[2..];
            }
            None => {
                out.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_its_trailer() {
        let status = Status::new(5, "100 % なし 🌊\n", "stream_unknown", Some(Duration::from_millis(300)));
        let back = Status::from_trailers(&status.trailers());
        assert_eq!(back, status);
        let details = rpc::Status::decode(back.details()).expect("details decode");
        assert_eq!(details.details.len(), 2);
        let info = rpc::ErrorInfo::decode(&details.details[0].value[..]).expect("info decodes");
        assert_eq!((info.reason.as_str(), info.domain.as_str()), ("STREAM_UNKNOWN", "seseragi"));
    }

    #[test]
    fn ok_says_only_that() {
        assert_eq!(Status::OK.trailers().len(), 1);
    }
}
