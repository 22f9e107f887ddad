//! URLs in their one normal form, so that `htu` may be spelled like any client spells it (RFC 9449 §4.3).
//!
//! Only what RFC 3986 §6.2.2 and §6.2.3 call equivalent is equal: case of scheme and host, the default port, the
//! spelling of percent-encodings, dot segments. What is unusual (user information, other schemes, characters that have
//! no place in a URL) is refused.

/// An http or https URL without query and fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NormalUrl {
    /// `https://api.example`, without default port.
    origin: String,
    /// Begins with a slash.
    path: String,
}

impl NormalUrl {
    /// The normal form; `None` if this is no URL that a client could have called.
    pub(super) fn parse(url: &str) -> Option<Self> {
        let url = url.split(['?', '#']).next()?;
        let (scheme, rest) = url.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let default_port = match &*scheme {
            "https" => 443,
            "http" => 80,
            _ => return None,
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = host_and_port(authority)?;
        let port = port.filter(|port| *port != default_port).map(|port| format!(":{port}"));
        let origin = format!("{scheme}://{}{}", host.to_ascii_lowercase(), port.unwrap_or_default());
        Some(Self { origin, path: normal_path(path)? })
    }

    /// Whether this is `path` under `base`. A base has a path only if something in front of us strips it.
    pub(super) fn is(&self, base: &Self, path: &str) -> bool {
        let Some(path) = normal_path(path) else { return false };
        let prefix = base.path.trim_end_matches('/');
        self.origin == base.origin && self.path.strip_prefix(prefix) == Some(&*path)
    }
}

/// The host as it is written, and the port if there is one.
fn host_and_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(inner) => {
            let end = inner.find(']')? + 2;
            let (host, rest) = authority.split_at(end);
            let digits = host[1..end - 1].bytes();
            let good = digits.len() > 1 && host[1..end - 1].bytes().all(is_address_byte);
            (good.then_some(host)?, rest)
        }
        None => {
            let (host, rest) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            let good = !host.is_empty() && host.bytes().all(is_name_byte);
            (good.then_some(host)?, rest)
        }
    };
    match port.strip_prefix(':') {
        None => port.is_empty().then_some((host, None)),
        // RFC 3986 §3.2.3: an empty port is the default port.
        Some("") => Some((host, None)),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some((host, Some(digits.parse().ok()?)))
        }
        Some(_) => None,
    }
}

const fn is_address_byte(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')
}

/// Names in other scripts are in their ASCII form on the wire.
const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')
}

/// RFC 3986 §2.3.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// What else a path may have (RFC 3986 §3.3).
const fn is_path_byte(byte: u8) -> bool {
    is_unreserved(byte)
        || matches!(
            byte,
            b'/' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@'
        )
}

/// Percent-encodings in one spelling, then no dot segments. No path is the root (RFC 3986 §6.2.3).
fn normal_path(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("/".to_owned());
    }
    let decoded = decode_unreserved(path)?;
    let mut segments = Vec::new();
    let mut ends_open = false;
    for segment in decoded.strip_prefix('/')?.split('/') {
        ends_open = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    if ends_open {
        segments.push("");
    }
    Some(format!("/{}", segments.join("/")))
}

/// Decodes what needs no encoding, and writes the rest with capital letters (RFC 3986 §6.2.2.1, §6.2.2.2).
fn decode_unreserved(path: &str) -> Option<String> {
    let mut out = String::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(is_path_byte(byte).then_some(char::from(byte))?);
            continue;
        }
        let (high, low) = (char::from(bytes.next()?).to_digit(16)?, char::from(bytes.next()?).to_digit(16)?);
        let code = u8::try_from(high * 16 + low).ok()?;
        if is_unreserved(code) {
            out.push(char::from(code));
        } else {
            out.push_str(&format!("%{code:02X}"));
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same(url: &str, base: &str, path: &str) -> bool {
        let Some(url) = NormalUrl::parse(url) else { return false };
        url.is(&NormalUrl::parse(base).unwrap(), path)
    }

    #[test]
    fn equivalent_spellings_are_the_same_url() {
        for url in [
            "https://api.example/infer.Infer/Stream",
            "HTTPS://API.Example/infer.Infer/Stream",
            "https://api.example:443/infer.Infer/Stream",
            "https://api.example:/infer.Infer/Stream",
            "https://api.example:0443/infer.Infer/Stream",
            "https://api.example/infer.Infer/Stream?q=1#f",
            "https://api.example/infer.Infer/%53tream",
            "https://api.example/infer%2eInfer/Stream",
            "https://api.example/./a/../infer.Infer/Stream",
            "https://api.example/a/%2E%2e/infer.Infer/Stream",
            "https://api.example/../infer.Infer/Stream",
        ] {
            assert!(same(url, "https://api.example", "/infer.Infer/Stream"), "{url}");
            assert!(same(url, "https://API.EXAMPLE:443/", "/infer.Infer/Stream"), "{url}");
        }
        assert!(same("https://a", "https://a", "/") && same("https://a/", "https://a", ""));
        assert!(same("http://[::1]:80/x", "http://[::1]", "/x"));
        assert!(same("https://a/%e3%81%9b", "https://a", "/%E3%81%9B"));
        assert!(same("https://a/x/.", "https://a", "/x/") && same("https://a/x/y/..", "https://a", "/x/"));
        assert!(same("https://a/v1/auth/token", "https://a/v1/", "/auth/token"), "a stripped prefix");
    }

    #[test]
    fn everything_else_is_another_url() {
        for url in [
            "http://api.example/infer.Infer/Stream",
            "https://api.example:8443/infer.Infer/Stream",
            "https://api.example./infer.Infer/Stream",
            "https://evil.api.example/infer.Infer/Stream",
            "https://api.example.evil/infer.Infer/Stream",
            "https://api.example@evil/infer.Infer/Stream",
            "https://user@api.example/infer.Infer/Stream",
            "https://api.example/infer.infer/Stream",
            "https://api.example/infer.Infer/Stream/",
            "https://api.example//infer.Infer/Stream",
            "https://api.example/infer.Infer%2FStream",
            "https://api.example/infer.Infer/Stream%",
            "https://api.example/infer.Infer/Stream%4",
            "https://api.example/infer.Infer/Stream%zz",
            "https://api.example/infer.Infer/Stream ",
            " https://api.example/infer.Infer/Stream",
            "https:/api.example/infer.Infer/Stream",
            "https:\\\\api.example\\infer.Infer\\Stream",
            "https://api.example\\infer.Infer/Stream",
            "https://api.example:99999/infer.Infer/Stream",
            "https://api.example:+443/infer.Infer/Stream",
            "https://[api.example]/infer.Infer/Stream",
            "https://аpi.example/infer.Infer/Stream",
            "wss://api.example/infer.Infer/Stream",
            "/infer.Infer/Stream",
            "https://",
            "",
        ] {
            assert!(!same(url, "https://api.example", "/infer.Infer/Stream"), "{url}");
        }
        assert!(!same("https://a/v1/x", "https://a/v1", "/v1/x"), "the prefix does not count twice");
        assert!(!same("https://a/v12", "https://a/v1", "2"), "a path begins with a slash");
    }

    proptest! {
        #[test]
        fn any_text_never_panics_and_a_normal_form_is_its_own(text in "(https?://)?[a-z.:/%0-9A-F\\[\\]?#@-]{0,40}") {
            if let Some(url) = NormalUrl::parse(&text) {
                let again = NormalUrl::parse(&format!("{}{}", url.origin, url.path));
                prop_assert_eq!(again, Some(url));
            }
        }
    }
}
