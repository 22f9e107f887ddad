//! `application/x-www-form-urlencoded`, in bodies and queries, read strictly (RFC 6749 Appendix B).

use http::StatusCode;

use crate::web::Document;

/// The most parameters of one request.
const MAX_PARAMETERS: usize = 64;

/// The parameters, each once.
///
/// # Errors
/// 400 for what cannot be decoded and for a parameter that occurs twice (RFC 6749 §3.1, §3.2).
pub(super) fn parse(text: &str) -> Result<Vec<(String, String)>, Document> {
    let mut parameters: Vec<(String, String)> = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = decode(name).zip(decode(value)).ok_or_else(malformed)?;
        if parameters.iter().any(|(known, _)| *known == name) {
            let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
            return Err(Document::new(StatusCode::BAD_REQUEST, "repeated_parameter")
                .because(format!("{name} occurs twice")));
        }
        if parameters.len() == MAX_PARAMETERS {
            return Err(malformed());
        }
        parameters.push((name, value));
    }
    Ok(parameters)
}

pub(super) fn malformed() -> Document {
    let detail = "the parameters are not name=value pairs of percent-encoded UTF-8";
    Document::new(StatusCode::BAD_REQUEST, "invalid_form").because(detail)
}

/// A percent-encoded text, `+` being a space; `None` if it is none or not UTF-8.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => hex(bytes.next()?)? << 4 | hex(bytes.next()?)?,
            _ => byte,
        });
    }
    String::from_utf8(out).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// A text percent-encoded, so that it may stand in any part of a URL (RFC 3986 §2.3).
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parameters_are_decoded_once_and_occur_once() {
        let parsed = parse("a=1&b=x%20y+z&c&&%64=%E3%81%9B").expect("sound");
        let expected = [("a", "1"), ("b", "x y z"), ("c", ""), ("d", "せ")];
        assert_eq!(parsed, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        for bad in ["a=1&a=1", "a=1&%61=2", "a=%", "a=%4", "a=%zz", "a=%ff", "a=%c0%af", "%=1"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn parameters_are_bounded() {
        let many: Vec<String> = (0..=MAX_PARAMETERS).map(|n| format!("p{n}=x")).collect();
        assert!(parse(&many.join("&")).is_err());
        assert!(parse(&many[1..].join("&")).is_ok());
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_read_back(name: String, value: String) {
            prop_assume!(!name.is_empty());
            let text = format!("{}={}", encode(&name), encode(&value));
            prop_assert!(text.is_ascii());
            prop_assert_eq!(parse(&text).expect("sound"), vec![(name, value)]);
        }

        #[test]
        fn arbitrary_text_never_panics(text: String) {
            let _ = parse(&text);
        }
    }
}
