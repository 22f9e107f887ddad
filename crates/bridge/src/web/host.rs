//! Which host a request says that it is for. A page of a name that somebody has pointed at this machine (DNS rebinding)
//! counts as one of ours to its browser: only the name in its requests gives it away.

use http::StatusCode;
use http::header::HOST;
use http::request::Parts;

use super::Document;
use super::auth::{host_name, is_local_host};
use crate::app::{App, Exposure};
use crate::cors::host;

/// Refuses requests that say two hosts, and on a loopback listener those that a browser sends with cookies of ours, or
/// gets some by, under a name that is neither this machine's nor that of our public URL.
///
/// # Errors
/// 400 `host_differs`; 421 `host_unknown`.
pub(super) fn check(app: &App, head: &Parts) -> Result<(), Document> {
    if differs(head) {
        let detail =
            "there is more than one host in this request: :authority, the target and Host must be the same";
        return Err(Document::new(StatusCode::BAD_REQUEST, "host_differs").because(detail));
    }
    let known = || host(head).is_some_and(|host| is_known(app, host));
    if app.exposure == Exposure::Loopback && takes_cookies(head.uri.path()) && !known() {
        let detail =
            "sign-in on a loopback address answers to localhost and to the host of auth.issuer_url only";
        return Err(Document::new(StatusCode::MISDIRECTED_REQUEST, "host_unknown").because(detail));
    }
    Ok(())
}

fn takes_cookies(path: &str) -> bool {
    path.starts_with("/auth/") || path.starts_with("/admin/")
}

/// Whether two hosts are named, or one that is no text (RFC 9112 §3.2, RFC 9113 §8.3.1).
fn differs(head: &Parts) -> bool {
    let mut said = head.headers.get_all(HOST).iter();
    let Some(first) = said.next() else { return false };
    let same = |host: &str| first.as_bytes().eq_ignore_ascii_case(host.as_bytes());
    said.next().is_some() || !host(head).is_some_and(same)
}

fn is_known(app: &App, host: &str) -> bool {
    is_local_host(host) || host_name(host).eq_ignore_ascii_case(host_name(app.identity.host()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(target: &str, hosts: &[&str]) -> bool {
        let request = hosts.iter().fold(http::Request::get(target), |all, host| all.header(HOST, *host));
        differs(&request.body(()).expect("a request").into_parts().0)
    }

    #[test]
    fn a_request_is_for_one_host() {
        assert!(!said("/x", &["a.example"]) && !said("/x", &[]) && !said("http://a.example/x", &[]));
        assert!(!said("http://a.example:80/x", &["A.example:80"]));
        assert!(said("http://a.example/x", &["localhost"]) && said("/x", &["localhost", "localhost"]));
        assert!(said("/x", &["h\u{e9}te"]));
    }
}
