//! The socket below hyper. It watches for two things hyper does not: a client that connects and then says nothing,
//! and the end of a connection that was taken over by an upgrade, where no driver listens any more.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::registry::Connection;
use super::signal::{Listener, Order};

/// How HTTP/2 begins. No HTTP/1 method starts with these three bytes and goes on like this.
const H2_PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// An accepted socket. While it lives its connection is in the registry.
#[derive(Debug)]
pub(super) struct Socket {
    stream: TcpStream,
    connection: Arc<Connection>,
    preface: Preface,
    orders: Listener,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, connection: Arc<Connection>) -> Self {
        Self { stream, connection, preface: Preface::default(), orders: Listener::default() }
    }

    /// Fails once the connection is to end. The driver of a served connection is told by itself; after an upgrade
    /// the reader of the socket is all there is to wake.
    fn check(&mut self, cx: &Context<'_>) -> io::Result<()> {
        let order = self.orders.poll(&self.connection.signal, cx);
        if order == Order::End { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(cx)?;
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if self.preface.open() && self.preface.advance(&buf.filled()[before..]) {
            self.connection.greeted.store(true, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// How much of the HTTP/2 preface has arrived; `None` once it is whole or certain not to come.
#[derive(Debug)]
struct Preface(Option<usize>);

impl Default for Preface {
    fn default() -> Self {
        Self(Some(0))
    }
}

impl Preface {
    fn open(&self) -> bool {
        self.0.is_some()
    }

    /// Takes the next bytes; true when they complete the preface.
    fn advance(&mut self, bytes: &[u8]) -> bool {
        let Some(seen) = self.0 else { return false };
        let expected = &H2_PREFACE[seen..];
        let take = bytes.len().min(expected.len());
        if bytes[..take] != expected[..take] {
            self.0 = None;
            return false;
        }
        self.0 = (take < expected.len()).then_some(seen + take);
        self.0.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preface_may_come_in_pieces_and_with_more_behind_it() {
        let mut preface = Preface::default();
        assert!(!preface.advance(b"P"));
        assert!(!preface.advance(&H2_PREFACE[1..23]));
        assert!(preface.advance(b"\nmore"));
        assert!(!preface.open());
    }

    #[test]
    fn http1_is_no_preface() {
        let mut preface = Preface::default();
        assert!(!preface.advance(b"P"));
        assert!(!preface.advance(b"OST / HTTP/1.1\r\n"));
        assert!(!preface.open());
    }
}
