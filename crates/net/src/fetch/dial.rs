//! A connection to a target: its addresses, TCP, and TLS where the URL says https.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::target::Target;
use super::{FetchError, FetchOptions};

/// More addresses than this of one name are not tried.
const ADDRESSES_MAX: usize = 16;

/// A connection with or without TLS.
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Looks the name up, checks all that was found, and connects to the first address that answers.
pub(super) async fn dial(
    target: &Target,
    options: &FetchOptions,
    tls: &Arc<ClientConfig>,
    deadline: Instant,
) -> Result<Stream, FetchError> {
    let addresses = resolve(target).await?;
    target.check(&addresses, options.allow_private)?;
    let stream = connect(target, &addresses, deadline).await?;
    if !target.tls {
        return Ok(Stream::Plain(stream));
    }
    let failed = |source| FetchError::Tls { host: target.host.clone(), source };
    let name = ServerName::try_from(target.host.clone()).map_err(|error| failed(io::Error::other(error)))?;
    let stream = TlsConnector::from(Arc::clone(tls)).connect(name, stream).await.map_err(failed)?;
    Ok(Stream::Tls(Box::new(stream)))
}

async fn resolve(target: &Target) -> Result<Vec<SocketAddr>, FetchError> {
    let failed = |source| FetchError::Resolve { host: target.host.clone(), source };
    let found = lookup_host((&*target.host, target.port)).await.map_err(failed)?;
    let addresses: Vec<_> = found.take(ADDRESSES_MAX).collect();
    if addresses.is_empty() {
        return Err(failed(io::Error::new(io::ErrorKind::NotFound, "the name has no address")));
    }
    Ok(addresses)
}

async fn connect(
    target: &Target,
    addresses: &[SocketAddr],
    deadline: Instant,
) -> Result<TcpStream, FetchError> {
    let mut failure = io::Error::from(io::ErrorKind::TimedOut);
    for (index, address) in addresses.iter().enumerate() {
        // An address that does not answer must leave time for those after it.
        let left = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        let share = deadline.saturating_duration_since(Instant::now()) / left;
        match timeout_at(Instant::now() + share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = error,
            Err(_) => failure = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(FetchError::Connect { host: target.host.clone(), source: failure })
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
