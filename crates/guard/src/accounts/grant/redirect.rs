//! Where codes may be sent.

use crate::accounts::Client;

/// The hosts whose port a program chooses when it starts (RFC 8252 §7.3). `localhost` is not one of them (§8.3): it may be
/// somebody else's.
const LOOPBACK: [&str; 2] = ["127.0.0.1", "[::1]"];

impl Client {
    /// Whether this place is one of the program's: equal byte by byte, but for the port of a loopback address.
    pub(super) fn redirects_to(&self, redirect_uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| {
            registered == redirect_uri
                || matches!((split(registered), split(redirect_uri)), (Some(ours), Some(theirs)) if ours == theirs)
        })
    }
}

/// Host and rest of `http://<loopback>[:port]<rest>`, without the port.
fn split(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let host = LOOPBACK.into_iter().find(|host| rest.starts_with(host))?;
    let rest = &rest[host.len()..];
    let (port, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let is_port = |port: &str| !port.is_empty() && port.parse::<u16>().is_ok() && !port.starts_with('+');
    (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)).then_some((host, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scopes;

    #[test]
    fn only_the_port_of_a_loopback_address_is_free() {
        let registered =
            ["https://app.example/cb", "http://127.0.0.1/cb", "http://[::1]:9/cb?x=1", "com.example:/cb"];
        let client = Client {
            id: "app".to_owned(),
            name: "App".to_owned(),
            redirect_uris: registered.map(str::to_owned).into(),
            scopes: Scopes::NONE,
        };
        for good in registered.into_iter().chain([
            "http://127.0.0.1:49152/cb",
            "http://127.0.0.1:1/cb",
            "http://[::1]/cb?x=1",
            "http://[::1]:65535/cb?x=1",
        ]) {
            assert!(client.redirects_to(good), "{good}");
        }
        for bad in [
            "",
            "https://app.example:443/cb",
            "https://app.example/cb/",
            "https://app.example/CB",
            "https://app.example/cb?x",
            "https://app.example/cb#x",
            "https://app.example.evil.test/cb",
            "https://127.0.0.1/cb",
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:+80/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1:80@evil.test/cb",
            "http://127.0.0.1@evil.test/cb",
            "http://127.0.0.1.evil.test/cb",
            "http://127.0.0.1:80.evil.test/cb",
            "http://127.0.0.1:80\\@evil.test/cb",
            "http://127.0.0.1:80#/cb",
            "http://127.0.0.1/cb2",
            "http://127.0.0.2/cb",
            "http://localhost/cb",
            "http://[::1]:9/cb",
            "HTTP://127.0.0.1/cb",
        ] {
            assert!(!client.redirects_to(bad), "{bad}");
        }
    }
}
