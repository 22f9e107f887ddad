//! A [`LiveBody`]: a subscription as the body of a response. The body pulls; nothing is queued between the log
//! and the connection, so a slow client costs a cursor.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body::{Body, Frame};
use seseragi_flow::{FrameSink, Progress, Subscription};

/// About as much text as one write carries, in bytes.
const SLICE_BYTES: usize = 16 * 1024;

/// A wire's encoder for one stream.
pub trait Sink: FrameSink + Send {
    /// Where frames are encoded to.
    fn buffer(&mut self) -> &mut BytesMut;

    /// Encodes the end of the response after the last frame; trailers, if the wire has them.
    fn end(&mut self) -> Option<HeaderMap>;
}

/// The body of a stream's response.
pub struct LiveBody {
    subscription: Option<Subscription>,
    sink: Box<dyn Sink>,
    trailers: Option<HeaderMap>,
}

impl LiveBody {
    /// Reads `subscription` into `sink`.
    #[must_use]
    pub fn new(subscription: Subscription, sink: Box<dyn Sink>) -> Self {
        Self { subscription: Some(subscription), sink, trailers: None }
    }
}

impl Body for LiveBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = &mut *self;
        let Some(subscription) = &mut this.subscription else {
            return Poll::Ready(this.trailers.take().map(|trailers| Ok(Frame::trailers(trailers))));
        };
        if ready!(subscription.poll(cx, SLICE_BYTES, &mut *this.sink)) == Progress::End {
            this.subscription = None;
            this.trailers = this.sink.end();
        }
        let data = this.sink.buffer().split().freeze();
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.subscription.is_none() && self.trailers.is_none()
    }
}
