//! What can go wrong with an upstream.

use std::error::Error;
use std::io;
use std::sync::Arc;

use thiserror::Error;

/// Not a `host:port`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{authority}` is not a host and a port, like `127.0.0.1:50051`")]
pub struct InvalidAuthority {
    /// What was given.
    pub authority: String,
}

/// Why an upstream gave no response, or not all of it.
///
/// The text is safe to show to anybody: it holds no address and nothing the upstream said. The source, for the log,
/// does.
#[derive(Debug, Clone, Error)]
pub enum UpstreamError {
    /// The name has no address, or no address accepts connections.
    #[error("the upstream cannot be reached")]
    Connect(#[source] Arc<io::Error>),
    /// No connection within [`connect_timeout`](super::UpstreamOptions::connect_timeout).
    #[error("the upstream did not accept a connection in time")]
    Timeout,
    /// Every connection this worker may have is full.
    #[error("the upstream has no stream to spare")]
    Busy,
    /// The upstream says that it has not touched the request: it may be sent again.
    #[error("the upstream refused the request before working on it")]
    Refused(#[source] Arc<hyper::Error>),
    /// The upstream ended this stream early.
    #[error("the upstream reset the stream")]
    Reset {
        /// HTTP/2 error code.
        code: u32,
        /// Details.
        #[source]
        source: Arc<hyper::Error>,
    },
    /// The connection ended with the stream still open.
    #[error("the connection to the upstream was lost")]
    Closed(#[source] Arc<hyper::Error>),
    /// One side broke the rules of HTTP/2.
    #[error("the upstream does not speak HTTP/2 as it should")]
    Protocol(#[source] Arc<hyper::Error>),
    /// The request cannot be put into HTTP/2.
    #[error("the request cannot be sent to an upstream")]
    InvalidRequest,
}

impl UpstreamError {
    /// Whether the upstream has certainly not begun to work on the request.
    pub fn is_unprocessed(&self) -> bool {
        matches!(
            self,
            Self::Connect(_) | Self::Timeout | Self::Busy | Self::Refused(_) | Self::InvalidRequest
        )
    }
}

impl From<hyper::Error> for UpstreamError {
    fn from(error: hyper::Error) -> Self {
        let lost = error.is_canceled() || error.is_closed() || caused_by::<io::Error>(&error).is_some();
        let Some(h2) = caused_by::<h2::Error>(&error) else {
            return if lost { Self::Closed(Arc::new(error)) } else { Self::Protocol(Arc::new(error)) };
        };
        match h2.reason() {
            // With a GOAWAY only streams fail which the upstream says it never looked at.
            _ if h2.is_go_away() && h2.is_remote() => Self::Refused(Arc::new(error)),
            Some(h2::Reason::REFUSED_STREAM) if h2.is_reset() => Self::Refused(Arc::new(error)),
            Some(reason) if h2.is_reset() && h2.is_remote() => {
                Self::Reset { code: reason.into(), source: Arc::new(error) }
            }
            _ if h2.is_io() => Self::Closed(Arc::new(error)),
            _ => Self::Protocol(Arc::new(error)),
        }
    }
}

fn caused_by<T: Error + 'static>(error: &hyper::Error) -> Option<&T> {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(found) = cause.downcast_ref() {
            return Some(found);
        }
        source = cause.source();
    }
    None
}
