//! HTTP/2 connections to one upstream address, without TLS (h2c with prior knowledge), pooled per worker.
//!
//! A request made on a worker uses a connection that lives on that worker, so an upstream stream and the client it
//! feeds are woken on one thread. Off the workers (a command line client) all share one more pool.
//!
//! Each connection carries a bounded number of streams, so that one connection's end breaks few of them; its window
//! is as large as HTTP/2 allows while those of its streams are small. With a small connection window a few slow
//! readers of small frames would end the connection for everybody.
//!
//! - `pool`: which connection a request goes to.
//! - `dial`: making one.
//! - `body`: bodies in both directions; a response body holds its place in the pool.

mod body;
mod dial;
mod error;
mod options;
mod pool;

use std::sync::Arc;

use bytes::Bytes;
use http::uri::{Authority, Scheme};
use http::{Request, Response, Uri};
use http_body::Body;

pub use body::UpstreamBody;
use body::{BoxError, Outgoing};
pub use error::{InvalidAuthority, UpstreamError};
pub use options::UpstreamOptions;
use pool::{Lease, Pool};

/// One upstream address and the connections to it. Clones share them.
///
/// Dropping the last clone lets streams in flight finish; each connection closes after its last one.
#[derive(Debug, Clone)]
pub struct Upstream {
    pool: Arc<Pool>,
}

impl Upstream {
    /// An upstream at `host:port`. Nothing is looked up or dialled yet.
    pub fn new(authority: &str, options: UpstreamOptions) -> Result<Self, InvalidAuthority> {
        let invalid = || InvalidAuthority { authority: authority.to_owned() };
        let parsed: Authority = authority.parse().map_err(|_| invalid())?;
        let plain = parsed.port_u16().is_some() && !parsed.host().is_empty() && !authority.contains('@');
        if !plain {
            return Err(invalid());
        }
        Ok(Self { pool: Arc::new(Pool::new(parsed, options)) })
    }

    /// Sends a request and waits for the head of its response.
    ///
    /// A URI without an authority gets the upstream's. Dropping the future or the response body resets the stream.
    /// If a pooled connection turns out to be closed before the request was sent, it is sent once more on a new
    /// connection. There is no time limit on the response: streams of tokens have none that fits all.
    pub async fn request<B>(&self, request: Request<B>) -> Result<Response<UpstreamBody>, UpstreamError>
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + Unpin + 'static,
    {
        let request = self.addressed(request)?.map(Outgoing::new);
        match send(self.pool.lease()?, request).await {
            Ok(response) => Ok(response),
            Err(Failure { unsent: Some(request), .. }) => {
                tracing::debug!(upstream = %self.pool.authority(), "the pooled connection was closed; dialling");
                send(self.pool.lease_new()?, *request).await.map_err(|failure| failure.error)
            }
            Err(failure) => Err(failure.error),
        }
    }

    /// The `host:port` this was made with.
    pub fn authority(&self) -> &str {
        self.pool.authority().as_str()
    }

    /// Connections open or being dialled now, over all workers.
    pub fn connections(&self) -> usize {
        self.pool.connections()
    }

    /// Streams in flight now, over all workers.
    pub fn streams(&self) -> usize {
        self.pool.streams()
    }

    fn addressed<B>(&self, mut request: Request<B>) -> Result<Request<B>, UpstreamError> {
        if request.uri().authority().is_none() {
            let mut parts = std::mem::take(request.uri_mut()).into_parts();
            parts.scheme = Some(Scheme::HTTP);
            parts.authority = Some(self.pool.authority().clone());
            *request.uri_mut() = Uri::from_parts(parts).map_err(|_| UpstreamError::InvalidRequest)?;
        }
        Ok(request)
    }
}

/// A request that failed, and the request itself if nothing of it was sent.
struct Failure {
    error: UpstreamError,
    unsent: Option<Box<Request<Outgoing>>>,
}

async fn send(lease: Lease, request: Request<Outgoing>) -> Result<Response<UpstreamBody>, Failure> {
    let mut sender = match lease.sender().await {
        Ok(sender) => sender,
        // A dial that failed is not repeated.
        Err(error) => return Err(Failure { error, unsent: None }),
    };
    match sender.try_send_request(request).await {
        Ok(response) => Ok(response.map(|body| UpstreamBody::new(body, lease))),
        Err(mut failure) => {
            let unsent = failure.take_message().map(Box::new);
            if unsent.is_some() {
                lease.retire();
            }
            Err(Failure { error: UpstreamError::from(failure.into_error()), unsent })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upstream_is_a_host_and_a_port() {
        for authority in ["127.0.0.1:50051", "[::1]:50051", "model.internal:443"] {
            let upstream = Upstream::new(authority, UpstreamOptions::default()).unwrap();
            assert_eq!(upstream.authority(), authority);
        }
        for authority in ["", "model", ":1", "http://model:1", "user@model:1", "model:99999", "model:1/path"]
        {
            assert!(Upstream::new(authority, UpstreamOptions::default()).is_err(), "{authority}");
        }
    }
}
