//! One request in flight. It is counted until its response body has ended or was dropped, not until the response
//! head is sent: a stream of tokens lives long after its head.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use http_body::{Body, Frame, SizeHint};

use super::registry::Connection;

/// Counts one stream at its worker and its server, and keeps its connection in the registry.
#[derive(Debug)]
pub(super) struct Stream(Arc<Connection>);

impl Stream {
    pub(super) fn open(connection: Arc<Connection>) -> Self {
        connection.load.streams.fetch_add(1, Ordering::Relaxed);
        connection.registry.streams.fetch_add(1, Ordering::Relaxed);
        Self(connection)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.0.load.streams.fetch_sub(1, Ordering::Relaxed);
        self.0.registry.streams.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A response body that holds its [`Stream`].
#[derive(Debug)]
pub(super) struct Counted<B> {
    body: B,
    stream: Option<Stream>,
}

impl<B> Counted<B> {
    pub(super) fn new(body: B, stream: Stream) -> Self {
        Self { body, stream: Some(stream) }
    }
}

impl<B: Body + Unpin> Body for Counted<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if !matches!(frame, Some(Ok(_))) {
            self.stream = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
