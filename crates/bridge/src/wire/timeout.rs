//! How long a client is ready to wait, as its headers say.

use std::time::Duration;

use http::HeaderMap;
use seseragi_flow::{Code, Problem};

/// `grpc-timeout` (gRPC over HTTP/2, "Timeout"): at most 8 digits and a unit of H, M, S, m, u or n.
pub(crate) fn grpc(headers: &HeaderMap) -> Result<Option<Duration>, Problem> {
    parse(headers, "grpc-timeout", |text| {
        let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let amount = number(digits, 8)?;
        Some(match unit {
            "H" => Duration::from_secs(amount * 3600),
            "M" => Duration::from_secs(amount * 60),
            "S" => Duration::from_secs(amount),
            "m" => Duration::from_millis(amount),
            "u" => Duration::from_micros(amount),
            "n" => Duration::from_nanos(amount),
            _ => return None,
        })
    })
}

/// `connect-timeout-ms` (Connect protocol, "Timeouts"): at most 10 digits of milliseconds.
pub(crate) fn connect(headers: &HeaderMap) -> Result<Option<Duration>, Problem> {
    parse(headers, "connect-timeout-ms", |text| number(text, 10).map(Duration::from_millis))
}

fn number(digits: &str, most: usize) -> Option<u64> {
    let plain = !digits.is_empty() && digits.len() <= most && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

fn parse(
    headers: &HeaderMap,
    name: &'static str,
    read: impl Fn(&str) -> Option<Duration>,
) -> Result<Option<Duration>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    value.to_str().ok().and_then(read).map(Some).ok_or_else(|| {
        Problem::caller(Code::InvalidArgument, "bad_timeout", format!("the header {name} cannot be read"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_bounds() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-timeout", text.parse().expect("header"));
            grpc(&headers)
        };
        assert_eq!(read("1H").expect("ok"), Some(Duration::from_secs(3600)));
        assert_eq!(read("99999999S").expect("ok"), Some(Duration::from_secs(99_999_999)));
        assert_eq!(read("250m").expect("ok"), Some(Duration::from_millis(250)));
        for bad in ["", "S", "5", "123456789S", "-1S", "+1S", "1s", "1.5S", " 1S"] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
        assert_eq!(grpc(&HeaderMap::new()).expect("ok"), None);
    }
}
