//! Which requests come from this machine, as far as their own words go.

use http::Version;
use http::header::{HOST, ORIGIN};
use http::request::Parts;

use crate::cors::host;

/// Headers that say that somebody stands between the browser and us.
const FORWARDED: [&str; 5] = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/// Whether a request comes from this machine, as far as its own words go: the `Host` is a local one, so that a
/// page of another name that resolves to us (DNS rebinding) is not taken for ours.
pub(super) fn is_local(head: &Parts) -> bool {
    // HTTP/1.0 is what proxies speak by default, not browsers.
    let direct =
        head.version != Version::HTTP_10 && !FORWARDED.iter().any(|name| head.headers.contains_key(*name));
    let one_host = head.headers.get_all(HOST).iter().count() <= 1;
    direct && one_host && host(head).is_some_and(is_local_host)
}

/// Whether the page that asks, if one does, is served from this machine: an allowed origin is not enough, because
/// `*` allows every site that the person visits.
pub(super) fn is_local_page(head: &Parts) -> bool {
    let origin = head.headers.get(ORIGIN).map(|origin| origin.to_str().unwrap_or_default());
    origin.is_none_or(|origin| origin.split_once("://").is_some_and(|(_, site)| is_local_host(site)))
}

/// A host without its port and without brackets.
pub(in crate::web) fn host_name(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// Whether a host, with or without a port, is this machine.
pub(crate) fn is_local_host(host: &str) -> bool {
    let name = host_name(host);
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(request: http::request::Builder) -> Parts {
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn a_guest_sits_at_this_machine_as_far_as_its_own_words_go() {
        let local = || http::Request::post("/auth/guest").header(HOST, "localhost:8080");
        assert!(is_local(&head(local())) && is_local_page(&head(local())));
        assert!(is_local_page(&head(local().header(ORIGIN, "http://127.0.0.1:5173"))));
        for page in ["https://evil.example", "null", "http://localhost.evil.example"] {
            assert!(!is_local_page(&head(local().header(ORIGIN, page))), "{page}");
        }
        assert!(!is_local(&head(local().version(Version::HTTP_10))));
        assert!(!is_local(&head(local().header("x-forwarded-for", "203.0.113.1"))));
        assert!(!is_local(&head(http::Request::post("http://localhost:x@evil.example/auth/guest"))));
    }

    #[test]
    fn a_host_has_a_name() {
        for (host, name) in [
            ("localhost", "localhost"),
            ("localhost:8080", "localhost"),
            ("[::1]:8080", "::1"),
            ("[::1]", "::1"),
        ] {
            assert_eq!(host_name(host), name, "{host}");
        }
    }

    #[test]
    fn only_loopback_names_are_local() {
        for good in ["localhost", "LOCALHOST:8080", "127.0.0.1:80", "127.9.9.9", "[::1]:8080", "[::1]"] {
            assert!(is_local_host(good), "{good}");
        }
        for bad in [
            "localhost.evil.example",
            "evil.example",
            "10.0.0.1",
            "0.0.0.0:80",
            "",
            "[::2]",
            "127.0.0.1.evil",
        ] {
            assert!(!is_local_host(bad), "{bad}");
        }
    }
}
