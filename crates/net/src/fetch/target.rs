//! Which URLs may be fetched.

use std::net::{IpAddr, SocketAddr};

use http::Uri;
use http::uri::Scheme;

use super::FetchError;
use super::address::{Reach, reach};

/// The longest URL.
const URL_BYTES_MAX: usize = 2048;

/// A URL that may be fetched, as far as its text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) tls: bool,
    /// A name, or an address without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// Path and query.
    pub(super) path: String,
    /// The value of `Host`.
    pub(super) authority: String,
}

impl Target {
    pub(super) fn parse(url: &str) -> Result<Self, FetchError> {
        if url.len() > URL_BYTES_MAX {
            return Err(FetchError::Url("it is longer than 2048 bytes"));
        }
        if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(FetchError::Url("it has a character that a URL must encode"));
        }
        let uri: Uri = url.parse().map_err(|_| FetchError::Url("it is not a URL"))?;
        let tls = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(FetchError::Url("it does not begin with https://")),
        };
        let authority = uri.authority().ok_or(FetchError::Url("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(FetchError::Url("it has a user or a password in it"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        if host.is_empty() {
            return Err(FetchError::Url("it has no host"));
        }
        // `port_u16` gives none for a port that is none.
        let written = authority.as_str().get(authority.host().len()..).unwrap_or_default();
        let port = match written.trim_start_matches(':') {
            "" => Ok(if tls { 443 } else { 80 }),
            digits => digits.parse().map_err(|_| FetchError::Url("its port is not a number up to 65535")),
        }?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let target = Self { tls, host, port, path, authority: authority.as_str().to_owned() };
        if !tls && !target.is_this_machine() {
            return Err(FetchError::Url("without https only this machine is asked (localhost, 127.0.0.1)"));
        }
        Ok(target)
    }

    /// Where a redirect leads, if that is the same origin.
    pub(super) fn moved(&self, location: &str) -> Result<Self, FetchError> {
        let url = match location {
            "" => return Err(FetchError::Moved("it does not say where to")),
            // `//host/path` is another host.
            path if path.starts_with('/') && !path.starts_with("//") => {
                format!("{}://{}{path}", if self.tls { "https" } else { "http" }, self.authority)
            }
            url => url.to_owned(),
        };
        let moved = Self::parse(&url).map_err(|_| FetchError::Moved("where to is no URL for us"))?;
        let same = (moved.tls, &moved.host, moved.port) == (self.tls, &self.host, self.port);
        if same { Ok(moved) } else { Err(FetchError::Moved("it leads to another host")) }
    }

    /// Whether the URL itself says that this machine is meant. A name that turns out to be at 127.0.0.1 does not.
    fn is_this_machine(&self) -> bool {
        let address: Option<IpAddr> = self.host.parse().ok();
        self.host == "localhost" || address.is_some_and(|address| reach(address) == Reach::Loopback)
    }

    /// Whether all these addresses of the host may be called.
    pub(super) fn check(&self, addresses: &[SocketAddr], allow_private: bool) -> Result<(), FetchError> {
        for address in addresses.iter().map(SocketAddr::ip) {
            let host = || self.host.clone();
            match (self.is_this_machine(), reach(address)) {
                (true, Reach::Loopback) | (false, Reach::Public) => {}
                (false, Reach::Private) if allow_private => {}
                (false, Reach::Private) => return Err(FetchError::Private { host: host(), address }),
                _ => return Err(FetchError::Forbidden { host: host(), address }),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Target, FetchError> {
        Target::parse(url)
    }

    #[test]
    fn a_url_says_where_and_how() {
        let target = parse("https://Keys.Example/jwks.json?v=1").unwrap();
        assert!(target.tls);
        assert_eq!((&*target.host, target.port, &*target.path), ("keys.example", 443, "/jwks.json?v=1"));
        assert_eq!(parse("https://keys.example:8443").unwrap().port, 8443);
        assert_eq!(parse("https://keys.example").unwrap().path, "/");
        assert_eq!(parse("https://[2606:4700::1111]/x").unwrap().host, "2606:4700::1111");
        for local in ["http://localhost:8000/x", "http://LOCALHOST/x", "http://127.0.0.1/x", "http://[::1]/x"]
        {
            assert!(!parse(local).unwrap().tls, "{local}");
        }
    }

    #[test]
    fn other_urls_are_refused() {
        for bad in [
            "",
            "keys.example/jwks",
            "/jwks",
            "http://keys.example/jwks",
            "http://127.0.0.1.example/jwks",
            "http://localhost.example/jwks",
            "http://10.0.0.1/jwks",
            "http://2130706433/jwks",
            "ftp://keys.example/jwks",
            "file:///etc/passwd",
            "https://user@keys.example/jwks",
            "https://user:password@keys.example/jwks",
            "https://",
            "https:///jwks",
            "https://keys.example:99999/jwks",
            "https://keys.example/ä",
            "https://keys example/",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse(&format!("https://keys.example/{}", "x".repeat(2048))).is_err());
    }

    #[test]
    fn a_redirect_stays_in_its_origin() {
        let target = parse("https://keys.example/jwks").unwrap();
        for (location, path) in [("/new", "/new"), ("https://KEYS.example:443/new?a", "/new?a")] {
            assert_eq!(target.moved(location).unwrap().path, path);
        }
        for bad in [
            "",
            "//evil.example/jwks",
            "https://evil.example/jwks",
            "http://keys.example/jwks",
            "https://keys.example:8443/jwks",
            "http://169.254.169.254/latest",
            "http://127.0.0.1/",
            "relative",
            "/\\evil.example",
        ] {
            // A path with a backslash stays on the host, if it is a path at all.
            assert!(target.moved(bad).is_err() || bad.starts_with("/\\"), "{bad}");
        }
    }

    #[test]
    fn all_addresses_of_a_host_are_looked_at() {
        let check = |url: &str, addresses: &[&str], allow: bool| {
            let addresses: Vec<_> =
                addresses.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 443)).collect();
            parse(url).unwrap().check(&addresses, allow)
        };
        assert!(check("https://keys.example", &["1.1.1.1", "2606:4700::1111"], false).is_ok());
        let private = check("https://keys.example", &["1.1.1.1", "10.0.0.1"], false);
        assert!(
            matches!(private, Err(FetchError::Private { address, .. }) if address.to_string() == "10.0.0.1")
        );
        assert!(check("https://keys.example", &["1.1.1.1", "10.0.0.1"], true).is_ok());
        for never in
            ["127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1", "0.0.0.0", "fe80::1", "224.0.0.1"]
        {
            let refused = check("https://keys.example", &["1.1.1.1", never], true);
            assert!(matches!(refused, Err(FetchError::Forbidden { .. })), "{never}");
        }
        assert!(check("https://localhost", &["127.0.0.1", "::1"], false).is_ok());
        assert!(check("https://localhost", &["1.1.1.1"], true).is_err(), "a strange machine");
        assert!(check("https://127.0.0.1", &["127.0.0.1"], false).is_ok());
    }
}
