//! Where documents may come from, and where they may not.

use seseragi_net::{FetchError, FetchOptions};

use super::server::{Server, ok, say};
use super::{fetcher, with};
use crate::support::soon;

#[tokio::test]
async fn one_redirect_within_the_origin_is_followed() {
    let server = Server::start(|path| match path {
        "/old" => say("301 Moved Permanently", &[("location", "/new")], "old"),
        "/twice" => say("307 Temporary Redirect", &[("location", "/old")], ""),
        "/loop" => say("302 Found", &[("location", "/loop")], ""),
        "/nowhere" => say("302 Found", &[], ""),
        _ => ok("new"),
    })
    .await;
    assert_eq!(&*fetcher().get(&server.url("/old")).await.unwrap().body, b"new");
    assert_eq!(server.hits(), 2);
    for path in ["/twice", "/loop"] {
        let error = fetcher().get(&server.url(path)).await.unwrap_err();
        assert!(matches!(error, FetchError::MovedTwice), "{path}: {error}");
    }
    assert_eq!(server.hits(), 6, "two connections each");
    assert!(matches!(fetcher().get(&server.url("/nowhere")).await, Err(FetchError::Moved(_))));
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let other = Server::start(|_| ok("stolen")).await;
    let port = other.port;
    let server = Server::start(move |path| {
        let location = match path {
            "/port" => format!("http://127.0.0.1:{port}/"),
            "/name" => format!("http://localhost:{port}/"),
            "/metadata" => "http://169.254.169.254/latest/meta-data".to_owned(),
            _ => format!("//127.0.0.1:{port}/"),
        };
        say("302 Found", &[("location", &location)], "")
    })
    .await;
    for path in ["/port", "/name", "/metadata", "/slashes"] {
        let error = soon(path, fetcher().get(&server.url(path))).await.unwrap_err();
        assert!(matches!(error, FetchError::Moved(_)), "{path}: {error}");
    }
    assert_eq!(other.hits(), 0);
}

/// Spellings of 127.0.0.1 that resolvers understand and that do not look like it.
#[tokio::test]
async fn this_machine_is_called_only_by_its_name() {
    let server = Server::start(|_| ok("inside")).await;
    let options = FetchOptions { allow_private: true, ..FetchOptions::default() };
    for host in ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "[::ffff:7f00:1]x", "0.0.0.0", "[::]"] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{}/", server.port);
            let error = soon(&url, with(options.clone()).get(&url)).await.unwrap_err();
            let refused = matches!(
                error,
                FetchError::Url(_) | FetchError::Forbidden { .. } | FetchError::Resolve { .. }
            );
            assert!(refused, "{url}: {error}");
        }
    }
    assert_eq!(server.hits(), 0);
    let by_name = format!("http://localhost:{}/", server.port);
    assert_eq!(&*fetcher().get(&by_name).await.unwrap().body, b"inside");
}

#[tokio::test]
async fn private_addresses_are_called_only_if_that_is_allowed() {
    for url in
        ["https://10.255.255.1/", "https://192.168.255.254/", "https://[fd00::1]/", "https://100.64.0.1/"]
    {
        let error = soon(url, fetcher().get(url)).await.unwrap_err();
        assert!(matches!(error, FetchError::Private { .. }), "{url}: {error}");
    }
    for url in ["https://169.254.169.254/", "https://[fe80::1]/", "https://[::ffff:169.254.169.254]/"] {
        let options = FetchOptions { allow_private: true, ..FetchOptions::default() };
        let error = soon(url, with(options).get(url)).await.unwrap_err();
        assert!(matches!(error, FetchError::Forbidden { .. }), "{url}: {error}");
    }
}

#[tokio::test]
async fn what_cannot_be_reached_says_why() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let error = fetcher().get(&format!("http://127.0.0.1:{closed}/")).await.unwrap_err();
    assert!(matches!(error, FetchError::Connect { .. }), "{error}");
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
    let error = soon("a name", fetcher().get("https://seseragi.invalid/jwks")).await.unwrap_err();
    assert!(matches!(error, FetchError::Resolve { .. } | FetchError::Timeout), "{error}");
}
