//! What can go wrong with a fetch. The texts are for the operator: they say what to look at.

use std::io;
use std::net::IpAddr;

use thiserror::Error;

/// Why there is no document.
#[derive(Debug, Error)]
pub enum FetchError {
    /// Not a URL that may be fetched.
    #[error("the URL cannot be fetched: {0}")]
    Url(&'static str),
    /// The name has no address.
    #[error("{host} has no address: {source}")]
    Resolve {
        /// The name.
        host: String,
        /// Details.
        source: io::Error,
    },
    /// The name has an address that must not be called.
    #[error(
        "{host} is at {address}, which is not on the public internet: allow private addresses if that is meant"
    )]
    Private {
        /// The name.
        host: String,
        /// The first such address.
        address: IpAddr,
    },
    /// The name has an address that is never called: of this machine under another name, link-local, multicast,
    /// reserved.
    #[error("{host} is at {address}, which is never called")]
    Forbidden {
        /// The name.
        host: String,
        /// The first such address.
        address: IpAddr,
    },
    /// No address accepts connections.
    #[error("{host} cannot be reached: {source}")]
    Connect {
        /// The name.
        host: String,
        /// Of the last address.
        source: io::Error,
    },
    /// The other side could not prove to be who it should be, or speaks no TLS.
    #[error("no TLS connection to {host}: {source}")]
    Tls {
        /// The name.
        host: String,
        /// Details.
        source: io::Error,
    },
    /// Not done in time.
    #[error("no whole answer in time")]
    Timeout,
    /// What was answered is no HTTP, or ended early.
    #[error("no proper HTTP answer: {0}")]
    Http(#[from] hyper::Error),
    /// The body is longer than allowed.
    #[error("the answer is longer than {0} bytes")]
    TooLarge(usize),
    /// A redirect to another origin, or to nowhere.
    #[error("the answer is a redirect that is not followed: {0}")]
    Moved(&'static str),
    /// A second redirect.
    #[error("the answer is a redirect after a redirect")]
    MovedTwice,
}

/// The extra certificates cannot be used.
#[derive(Debug, Error)]
pub enum TrustError {
    /// Not PEM, or not certificates.
    #[error("the certificates are not PEM: {0}")]
    Pem(String),
    /// There is none.
    #[error("there is no certificate (BEGIN CERTIFICATE)")]
    Empty,
    /// The TLS library takes none of the settings.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}
