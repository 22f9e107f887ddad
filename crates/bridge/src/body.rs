//! The bodies of responses.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::live::LiveBody;

/// The body of any response of ours.
pub enum Body {
    /// Nothing but bytes.
    Whole(Bytes),
    /// Bytes, then trailers.
    WithTrailers(Bytes, Option<Box<HeaderMap>>),
    /// A subscription.
    Live(Box<LiveBody>),
    /// A call in the canonical gRPC form, adapted to a wire.
    Adapted(Pin<Box<dyn HttpBody<Data = Bytes, Error = Infallible> + Send>>),
}

impl Body {
    /// A body without bytes.
    #[must_use]
    pub const fn empty() -> Self {
        Self::Whole(Bytes::new())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::Whole(text.into())
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = match self.get_mut() {
            Self::Live(live) => return Pin::new(live).poll_frame(cx),
            Self::Adapted(body) => return body.as_mut().poll_frame(cx),
            Self::Whole(bytes) if bytes.is_empty() => None,
            Self::Whole(bytes) => Some(Frame::data(std::mem::take(bytes))),
            Self::WithTrailers(bytes, trailers) if bytes.is_empty() => {
                trailers.take().map(|t| Frame::trailers(*t))
            }
            Self::WithTrailers(bytes, _) => Some(Frame::data(std::mem::take(bytes))),
        };
        Poll::Ready(frame.map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_empty(),
            Self::WithTrailers(bytes, trailers) => bytes.is_empty() && trailers.is_none(),
            Self::Live(live) => live.is_end_stream(),
            Self::Adapted(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            // Unknown on purpose: an adapted body is longer than what it adapts.
            _ => SizeHint::default(),
        }
    }
}
