//! How a call ended, as each wire says it.

use http::HeaderMap;
use prost::Message;
use serde_json::Value;
use seseragi_proto::rpc;

use super::Response;

/// How a call ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// gRPC's number.
    pub code: u16,
    /// The message for people.
    pub message: String,
    /// The reason of the `ErrorInfo`.
    pub reason: String,
    /// Whether there is a `RetryInfo`.
    pub has_retry: bool,
}

/// Connect's names of gRPC's codes, by number.
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

impl Status {
    /// What trailers say, or the head where a call ended before it began.
    pub(super) fn of_trailers(trailers: &HeaderMap) -> Self {
        let text = |name: &str| trailers.get(name).map(|value| value.to_str().expect("trailers are text"));
        let code = text("grpc-status").expect("every call ends with a status").parse();
        let code = code.expect("a status is a number");
        let message = text("grpc-message").map(percent_decode).unwrap_or_default();
        let mut status = Self { code, message, ..Self::default() };
        if let Some(details) = text("grpc-status-details-bin") {
            let details = rpc::Status::decode(&base64(details)[..]).expect("details decode");
            // Libraries refuse details that contradict the trailers.
            assert_eq!((details.code, &details.message), (i32::from(code), &status.message));
            for detail in details.details {
                status.detail(&detail.type_url, &detail.value);
            }
        }
        status
    }

    /// The last message of a gRPC-Web body: lines of `name: value`.
    pub(super) fn of_web_trailers(block: &[u8]) -> Self {
        let text = std::str::from_utf8(block).expect("trailers are text");
        let mut trailers = HeaderMap::new();
        for line in text.split_terminator("\r\n") {
            let (name, value) = line.split_once(": ").expect("a trailer has a name and a value");
            assert_eq!(name, name.to_ascii_lowercase(), "names are lower case");
            let name: http::HeaderName = name.parse().expect("a name");
            assert!(trailers.insert(name, value.parse().expect("a value")).is_none(), "once each");
        }
        Self::of_trailers(&trailers)
    }

    /// The last message of a Connect stream.
    pub(super) fn of_connect_end(end: &[u8]) -> Self {
        let end: Value = serde_json::from_slice(end).expect("the end of a Connect stream is JSON");
        end.get("error").map(Self::of_connect_error).unwrap_or_default()
    }

    /// A single call of Connect that failed.
    pub(super) fn of_connect_unary(response: &Response) -> Self {
        assert_eq!(response.header("content-type"), "application/json");
        Self::of_connect_error(&response.json())
    }

    fn of_connect_error(error: &Value) -> Self {
        let name = error["code"].as_str().expect("an error has a code");
        let code = NAMES.iter().position(|known| *known == name).expect("a code of Connect") as u16;
        let message = error["message"].as_str().unwrap_or_default().to_owned();
        let mut status = Self { code, message, ..Self::default() };
        for detail in error["details"].as_array().into_iter().flatten() {
            let value = base64(detail["value"].as_str().expect("a detail has a value"));
            status.detail(detail["type"].as_str().expect("a detail has a type"), &value);
        }
        status
    }

    fn detail(&mut self, type_url: &str, value: &[u8]) {
        match type_url.rsplit('/').next().unwrap_or_default() {
            "google.rpc.ErrorInfo" => {
                let info = rpc::ErrorInfo::decode(value).expect("an ErrorInfo decodes");
                assert_eq!(info.domain, "seseragi");
                self.reason = info.reason;
            }
            "google.rpc.RetryInfo" => {
                let retry = rpc::RetryInfo::decode(value).expect("a RetryInfo decodes");
                self.has_retry = retry.retry_delay.is_some();
            }
            other => panic!("an undocumented detail: {other}"),
        }
    }
}

fn percent_decode(text: &str) -> String {
    let (mut out, mut bytes) = (Vec::new(), text.bytes());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let hex: Vec<u8> = bytes.by_ref().take(2).collect();
            let hex = std::str::from_utf8(&hex).expect("two digits follow a percent sign");
            out.push(u8::from_str_radix(hex, 16).expect("two hex digits follow a percent sign"));
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).expect("a message is UTF-8")
}

/// Standard alphabet, without padding, as gRPC and Connect write it.
fn base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for byte in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == byte).expect("base64, no padding") as u32;
        (bits, count) = (bits << 6 | value, count + 6);
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    out
}
