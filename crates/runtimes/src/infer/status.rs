//! How a call ended, from its trailers or from a head that is all there is ("Trailers-Only").

use http::{HeaderMap, StatusCode, header};

use super::fault::Fault;

/// The longest message of an upstream that is logged, in bytes.
const MAX_LOGGED_BYTES: usize = 512;

/// Whether a response's head is that of a gRPC response with a readable body.
pub(super) fn check_head(status: StatusCode, headers: &HeaderMap) -> Result<(), Fault> {
    match status {
        StatusCode::OK if is_grpc(headers) => Ok(()),
        StatusCode::OK => Err(Fault::Protocol("the content type is not application/grpc")),
        // "HTTP to gRPC Status Code Mapping" of gRPC.
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Err(Fault::Unavailable),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Fault::Status(16)),
        _ => Err(Fault::Protocol("the HTTP status is not 200")),
    }
}

/// `application/grpc`, `application/grpc+proto`, or the first with parameters; not `application/grpc-web`.
fn is_grpc(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/grpc") || essence.eq_ignore_ascii_case("application/grpc+proto")
}

/// The gRPC status in these headers, if there is one.
pub(super) fn grpc_status(headers: &HeaderMap) -> Option<Result<(), Fault>> {
    let status = headers.get("grpc-status")?.to_str().ok().and_then(|text| text.parse().ok());
    Some(match status {
        Some(0) => Ok(()),
        Some(status) => Err(Fault::Status(status)),
        None => Err(Fault::Protocol("grpc-status is not a number")),
    })
}

/// What the upstream says about its status. For the log only.
pub(super) fn grpc_message(headers: &HeaderMap) -> String {
    let bytes = headers.get("grpc-message").map(|value| value.as_bytes()).unwrap_or_default();
    let mut decoded = percent_decoded(bytes);
    decoded.truncate(MAX_LOGGED_BYTES);
    String::from_utf8_lossy(&decoded).into_owned()
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

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().expect("a name"), value.parse().expect("a value"))])
    }

    #[test]
    fn a_head_is_grpc_or_refused() {
        for good in ["application/grpc", "application/grpc+proto", "Application/gRPC; charset=utf-8"] {
            assert_eq!(check_head(StatusCode::OK, &headers("content-type", good)), Ok(()), "{good}");
        }
        for bad in ["application/grpc-web", "application/grpc+json", "text/html", ""] {
            assert!(check_head(StatusCode::OK, &headers("content-type", bad)).is_err(), "{bad}");
        }
        assert!(check_head(StatusCode::OK, &HeaderMap::new()).is_err());
        assert_eq!(check_head(StatusCode::SERVICE_UNAVAILABLE, &HeaderMap::new()), Err(Fault::Unavailable));
    }

    #[test]
    fn a_status_is_a_number() {
        let status = |value| grpc_status(&headers("grpc-status", value));
        assert_eq!(status("0"), Some(Ok(())));
        assert_eq!(status("14"), Some(Err(Fault::Status(14))));
        assert!(matches!(status("fine"), Some(Err(Fault::Protocol(_)))));
        assert_eq!(grpc_status(&HeaderMap::new()), None);
    }

    #[test]
    fn messages_are_decoded_for_the_log() {
        let message = |value| grpc_message(&headers("grpc-message", value));
        assert_eq!(message("100%25 %E6%B5%81 %zz %"), "100% 流 %zz %");
        assert_eq!(grpc_message(&HeaderMap::new()), "");
    }
}
