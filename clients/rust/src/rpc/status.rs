//! How a call ended, from trailers or from a head that is all there is ("Trailers-Only").

use std::time::Duration;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::{HeaderMap, StatusCode, header};
use prost::Message as _;
use seseragi_proto::rpc;

use crate::{Code, Status};

/// gRPC sends its binary headers without padding, and takes both.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether a response's head is that of a gRPC response. What something else than gRPC says counts as a broken
/// connection, unless its HTTP status is an answer.
pub(super) fn check_head(http: StatusCode, headers: &HeaderMap) -> Result<(), Status> {
    let code = match http {
        StatusCode::OK if is_grpc(headers) => return Ok(()),
        StatusCode::OK => Code::Unavailable,
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::PermissionDenied,
        StatusCode::NOT_FOUND => Code::Unimplemented,
        _ => Code::Unavailable,
    };
    let message = format!("the server answered with HTTP {}, which is not gRPC", http.as_u16());
    Err(of(headers).and_then(Result::err).unwrap_or_else(|| Status::new(code, message)))
}

fn is_grpc(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    matches!(essence, "application/grpc" | "application/grpc+proto")
}

/// The status in these headers, if there is one.
pub(super) fn of(headers: &HeaderMap) -> Option<Result<(), Status>> {
    let number = headers.get("grpc-status")?.to_str().ok().and_then(|text| text.parse::<u32>().ok());
    if number == Some(0) {
        return Some(Ok(()));
    }
    let message = headers.get("grpc-message").map(|value| value.as_bytes()).unwrap_or_default();
    let message = String::from_utf8_lossy(&percent_decoded(message)).into_owned();
    let mut status = Status::new(number.map_or(Code::Unknown, Code::from_number), message);
    if let Some(details) = headers.get("grpc-status-details-bin") {
        add_details(&mut status, details.as_bytes());
    }
    Some(Err(status))
}

/// Reason and pause out of `google.rpc.Status`. Details that cannot be read are left out.
fn add_details(status: &mut Status, encoded: &[u8]) {
    let Ok(bytes) = BASE64.decode(encoded) else { return };
    let Ok(details) = rpc::Status::decode(&*bytes) else { return };
    for detail in &details.details {
        let value = &*detail.value;
        if detail.type_url.ends_with("/google.rpc.ErrorInfo") {
            let info = rpc::ErrorInfo::decode(value).unwrap_or_default();
            status.reason = Some(info.reason).filter(|reason| !reason.is_empty());
        } else if detail.type_url.ends_with("/google.rpc.RetryInfo") {
            let delay = rpc::RetryInfo::decode(value).unwrap_or_default().retry_delay;
            status.retry_after = delay.and_then(|delay| Duration::try_from(delay).ok());
        }
    }
}

fn percent_decoded(mut bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    while let [first, rest @ ..] = bytes {
        let hex =
            rest.first_chunk::<2>().filter(|hex| *first == b'%' && hex.iter().all(u8::is_ascii_hexdigit));
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        decoded.push(byte.unwrap_or(*first));
        bytes = if byte.is_some() { &rest[2..] } else { rest };
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let parsed = |(name, value): &(&'static str, &str)| {
            (http::HeaderName::from_static(name), value.parse().expect("a value"))
        };
        pairs.iter().map(parsed).collect()
    }

    #[test]
    fn a_status_has_its_reason_and_its_pause() {
        let info = rpc::ErrorInfo { reason: "TOO_MANY_STREAMS".into(), ..Default::default() };
        // RetryInfo{retry_delay{seconds: 2, nanos: 500,000,000}}
        let retry =
            rpc::RetryInfo::decode(&b"\x0a\x08\x08\x02\x10\x80\xca\xb5\xee\x01"[..]).expect("it is one");
        let mut details = rpc::Status { code: 8, ..Default::default() };
        for (name, value) in [("ErrorInfo", info.encode_to_vec()), ("RetryInfo", retry.encode_to_vec())] {
            details.details.push(Default::default());
            let any = details.details.last_mut().expect("just pushed");
            (any.type_url, any.value) = (format!("type.googleapis.com/google.rpc.{name}"), value);
        }
        let encoded = BASE64.encode(details.encode_to_vec());
        for encoded in [encoded.trim_end_matches('='), &encoded] {
            let trailers = [
                ("grpc-status", "8"),
                ("grpc-message", "%E6%B5%81 100%25"),
                ("grpc-status-details-bin", encoded),
            ];
            let status = of(&headers(&trailers)).expect("there is one").expect_err("it is none of success");
            assert_eq!((status.code, &*status.message), (Code::ResourceExhausted, "流 100%"));
            assert_eq!(status.reason.as_deref(), Some("TOO_MANY_STREAMS"));
            assert_eq!(status.retry_after, Some(Duration::from_millis(2500)));
        }
    }

    #[test]
    fn http_answers_that_are_not_grpc() {
        let code = |http, pairs: &[(&'static str, &str)]| {
            check_head(http, &headers(pairs)).map_err(|status| status.code)
        };
        assert_eq!(code(StatusCode::OK, &[("content-type", "application/grpc")]), Ok(()));
        assert_eq!(code(StatusCode::OK, &[("content-type", "text/html")]), Err(Code::Unavailable));
        assert_eq!(code(StatusCode::BAD_GATEWAY, &[]), Err(Code::Unavailable));
        assert_eq!(code(StatusCode::UNAUTHORIZED, &[]), Err(Code::Unauthenticated));
        assert_eq!(code(StatusCode::FORBIDDEN, &[("grpc-status", "5")]), Err(Code::NotFound));
    }
}
