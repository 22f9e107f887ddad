//! One small document from somewhere else, over HTTPS: a key set, a description of an issuer.
//!
//! Where it comes from is configured, but what answers there is not trusted: neither its name server, nor the address it
//! has today, nor the length or the speed of what it sends, nor where it says that the document is now.
//!
//! - `target`: which URLs may be asked for.
//! - `address`: which addresses may be called.
//! - `dial`: name, address, TCP, TLS.
//! - `exchange`: one request and its response.
//! - `trust`: which certificates are believed.
//!
//! Invariant: the address that is connected to is one that was checked.

mod address;
mod dial;
mod error;
mod exchange;
mod target;
mod trust;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rustls::ClientConfig;
use tokio::time::{Instant, timeout_at};

pub use error::{FetchError, TrustError};
use target::Target;

/// Bounds of every fetch of a [`Fetcher`].
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// For everything together, from the look-up of the name to the last byte: 2 s by default.
    pub timeout: Duration,
    /// The longest body, in bytes: 256 KiB by default.
    pub body_bytes_max: usize,
    /// Whether addresses of private networks may be called (RFC 1918, RFC 4193, RFC 6598). `false` by default, so that
    /// nobody makes us knock on doors inside.
    pub allow_private: bool,
    /// Certificates in PEM form that are believed besides those of the system.
    pub extra_roots_pem: Option<Vec<u8>>,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(2),
            body_bytes_max: 256 * 1024,
            allow_private: false,
            extra_roots_pem: None,
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// HTTP status: 2xx, or anything that is no redirect.
    pub status: u16,
    /// The whole body.
    pub body: Bytes,
    /// For how long it says it may be kept, its age in caches taken off (RFC 9111 §4.2); 0 if it must not be.
    pub max_age: Option<Duration>,
}

/// Fetches documents, each on a connection of its own. Cheap to clone; belongs to no runtime.
#[derive(Clone)]
pub struct Fetcher {
    options: Arc<FetchOptions>,
    tls: Arc<ClientConfig>,
}

impl Fetcher {
    /// Reads the certificates that the system believes (or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name), which
    /// blocks for some milliseconds. A system that has none gets those of Mozilla.
    ///
    /// # Errors
    /// [`TrustError`] if the extra certificates are none.
    pub fn new(options: FetchOptions) -> Result<Self, TrustError> {
        let tls = trust::client_config(options.extra_roots_pem.as_deref())?;
        Ok(Self { options: Arc::new(options), tls: Arc::new(tls) })
    }

    /// GETs a document: over https, or over http from this machine (`localhost`, 127.0.0.1, `[::1]`). Follows one
    /// redirect within the same origin.
    ///
    /// Dropping the future closes the connection.
    ///
    /// # Errors
    /// [`FetchError`]; its text is for the operator and may hold addresses.
    pub async fn get(&self, url: &str) -> Result<Document, FetchError> {
        let deadline = Instant::now() + self.options.timeout;
        let both = timeout_at(deadline, self.follow(url, deadline)).await;
        both.unwrap_or(Err(FetchError::Timeout))
    }

    async fn follow(&self, url: &str, deadline: Instant) -> Result<Document, FetchError> {
        let target = Target::parse(url)?;
        let moved = match self.get_once(&target, deadline).await? {
            exchange::Answer::Document(document) => return Ok(document),
            exchange::Answer::Moved(location) => target.moved(&location)?,
        };
        match self.get_once(&moved, deadline).await? {
            exchange::Answer::Document(document) => Ok(document),
            exchange::Answer::Moved(_) => Err(FetchError::MovedTwice),
        }
    }

    async fn get_once(&self, target: &Target, deadline: Instant) -> Result<exchange::Answer, FetchError> {
        let stream = dial::dial(target, &self.options, &self.tls, deadline).await?;
        exchange::get(stream, target, self.options.body_bytes_max).await
    }
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetcher").field("options", &self.options).finish_non_exhaustive()
    }
}
