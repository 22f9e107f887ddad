//! A call in the canonical gRPC form, carried by a wire whose trailers live in the body.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use http_body::{Body as HttpBody, Frame};

use crate::body::Body;
use crate::status::Status;
use crate::wire::Canonical;

/// The headers that say how a call ended.
const STATUS_HEADERS: [HeaderName; 3] = [
    HeaderName::from_static("grpc-status"),
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-status-details-bin"),
];

/// The head of a stream that passes browsers and proxies: nothing on the way may keep or change it.
pub(crate) fn streaming_head(media_type: &'static str) -> http::response::Builder {
    Response::builder()
        .header(CONTENT_TYPE, media_type)
        .header(CACHE_CONTROL, "no-store, no-transform")
        .header("x-accel-buffering", "no")
        .header("x-content-type-options", "nosniff")
}

/// Takes the status out of a head: there it is when a call ended before it began ("Trailers-Only").
pub(crate) fn take_status(headers: &mut HeaderMap) -> Option<HeaderMap> {
    headers.contains_key(&STATUS_HEADERS[0]).then(|| {
        let taken = STATUS_HEADERS.into_iter().filter_map(|name| headers.remove(&name).map(|v| (name, v)));
        taken.collect()
    })
}

/// How a wire writes trailers as the last bytes of a body.
type Encode = fn(&HeaderMap) -> Bytes;

/// A body whose trailers become its last bytes.
pub(crate) struct TrailersInBody {
    inner: Option<Canonical>,
    /// A status that was in the head.
    early: Option<HeaderMap>,
    encode: Encode,
}

impl TrailersInBody {
    pub(crate) fn adapt(
        response: Response<Canonical>,
        media_type: &'static str,
        encode: Encode,
    ) -> Response<Body> {
        let (mut head, inner) = response.into_parts();
        let early = take_status(&mut head.headers);
        head.headers.remove(CONTENT_LENGTH);
        head.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Response::from_parts(head, Body::Adapted(Box::pin(Self { inner: Some(inner), early, encode })))
    }

    fn last(&mut self, trailers: &HeaderMap) -> Frame<Bytes> {
        self.inner = None;
        Frame::data((self.encode)(trailers))
    }
}

impl HttpBody for TrailersInBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        let frame = match ready!(inner.as_mut().poll_frame(cx)) {
            Some(Ok(frame)) => match frame.into_trailers() {
                Ok(trailers) => self.last(&trailers),
                Err(data) => data,
            },
            None => {
                let ended = self.early.take().unwrap_or_else(no_status);
                self.last(&ended)
            }
        };
        Poll::Ready(Some(Ok(frame)))
    }

    /// Known at once after the trailers, so that no empty frame is sent only to say so.
    fn is_end_stream(&self) -> bool {
        self.inner.is_none()
    }
}

/// A call that ended without saying how did not end well (gRPC over HTTP/2, "Errors").
pub(crate) fn no_status() -> HeaderMap {
    Status::new(2, "the call ended without a status", "no_status", None).trailers()
}
