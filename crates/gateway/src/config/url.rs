//! As much of URLs as the check of settings needs.

use std::net::IpAddr;

use http::Uri;

/// The origin of an absolute `http` or `https` URL in lower case and without its default port; `None` for anything else.
pub(super) fn origin(text: &str) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    let host = uri.host().filter(|host| !host.is_empty())?.to_ascii_lowercase();
    if text.contains(['#', '?', ' ']) || authority.as_str().ends_with(':') {
        return None;
    }
    let default = if scheme == "https" { 443 } else { 80 };
    let port = uri.port_u16().filter(|port| *port != default).map(|port| format!(":{port}"));
    Some(format!("{scheme}://{host}{}", port.unwrap_or_default()))
}

/// Whether a text is a URL as an `iss` is compared: its origin in the one form that browsers send, and perhaps a path.
pub(super) fn is_issuer(text: &str) -> bool {
    let path = origin(text).and_then(|origin| text.strip_prefix(&*origin));
    path.is_some_and(|path| path.is_empty() || (path.starts_with('/') && !path.ends_with('/')))
}

/// Whether keys may be fetched from there: `https`, or `http` of this machine.
pub(super) fn is_key_url(text: &str) -> bool {
    let known =
        text.parse::<Uri>().ok().filter(|uri| uri.authority().is_some() && !text.contains(['#', '@']));
    known.is_some_and(|uri| match uri.scheme_str() {
        Some("https") => true,
        Some("http") => is_loopback(uri.host().unwrap_or_default()),
        _ => false,
    })
}

/// Whether codes may be sent there (RFC 8252 §7, RFC 9700 §2.1).
pub(super) fn is_redirect(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let clean = text.len() <= 2048 && text.bytes().all(|b| b.is_ascii_graphic()) && !text.contains('#');
    let uri = || text.parse::<Uri>().ok().filter(|uri| uri.host().is_some_and(|host| !host.is_empty()));
    clean
        && match scheme {
            "https" => uri().is_some(),
            "http" => uri().is_some_and(|uri| is_loopback(uri.host().unwrap_or_default())),
            // A private scheme is a domain name backwards (RFC 8252 §7.1).
            private => {
                private.contains('.')
                    && rest.starts_with('/')
                    && private
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-+".contains(&b))
            }
        }
}

/// Whether a host is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_one_form() {
        assert_eq!(origin("https://API.example:443/path").as_deref(), Some("https://api.example"));
        assert_eq!(origin("http://127.0.0.1:8080").as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(origin("http://[::1]:80/").as_deref(), Some("http://[::1]"));
        for bad in [
            "",
            "api.example",
            "ftp://x",
            "https://",
            "https://u:p@x",
            "https://x/#y",
            "https://x?y",
            "https://x:",
        ] {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_issuer_is_written_in_one_way() {
        for good in
            ["https://a.example", "https://a.example:8443/x", "http://127.0.0.1:8080", "http://[::1]:8080"]
        {
            assert!(is_issuer(good), "{good}");
        }
        for bad in [
            "https://a.example/",
            "https://a.example/x/",
            "https://a.example?x",
            "https://a.example/x?y=z",
            "https://a.example#x",
            "https://A.example",
            "HTTPS://a.example",
            "https://a.example:443",
            "https://u@a.example",
            "https://",
            "a.example",
            "",
        ] {
            assert!(!is_issuer(bad), "{bad}");
        }
    }

    #[test]
    fn keys_come_by_https_or_from_this_machine() {
        for good in
            ["https://id.example/jwks", "http://127.0.0.1:1/jwks", "http://localhost/x", "http://[::1]:8/x"]
        {
            assert!(is_key_url(good), "{good}");
        }
        for bad in [
            "http://id.example/jwks",
            "file:///etc/passwd",
            "jwks",
            "https://u:p@x/y",
            "http://127.0.0.1.example/x",
        ] {
            assert!(!is_key_url(bad), "{bad}");
        }
    }

    #[test]
    fn codes_go_to_https_loopback_or_a_private_scheme() {
        for good in ["https://app.example/cb", "http://127.0.0.1/cb", "com.example.app:/cb"] {
            assert!(is_redirect(good), "{good}");
        }
        for bad in [
            "http://app.example/cb",
            "https://app.example/cb#x",
            "javascript:alert(1)",
            "myapp:/cb",
            "data:,x",
            "",
        ] {
            assert!(!is_redirect(bad), "{bad}");
        }
    }
}
