//! gRPC over HTTP/2: the canonical form itself.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response, Version};
use seseragi_flow::Problem;

use crate::body::Body;
use crate::live::Sink;
use crate::status::Status;
use crate::wire::sink::MessageSink;
use crate::wire::{Adapting, Canonical, Wire, media_type, timeout};

const MEDIA_TYPE: &str = "application/grpc";

pub(crate) struct Grpc;

impl Wire for Grpc {
    fn name(&self) -> &'static str {
        "grpc"
    }

    fn accepts(&self, head: &Parts) -> bool {
        let media = media_type(&head.headers);
        head.version == Version::HTTP_2 && matches!(media.as_str(), MEDIA_TYPE | "application/grpc+proto")
    }

    fn timeout(&self, headers: &HeaderMap) -> Result<Option<Duration>, Problem> {
        timeout::grpc(headers)
    }

    fn head(&self) -> http::response::Builder {
        Response::builder().header(CONTENT_TYPE, MEDIA_TYPE).header("grpc-accept-encoding", "identity")
    }

    fn sink(&self, pad: bool) -> Box<dyn Sink> {
        MessageSink::boxed(pad, |_: &mut BytesMut, status| Some(status.trailers()))
    }

    /// Trailers-only (gRPC over HTTP/2, "Responses"): the status in the head, and no body.
    fn refuse(&self, status: &Status) -> Response<Body> {
        let mut response = Response::new(Body::Whole(Bytes::new()));
        *response.headers_mut() = status.trailers();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        response
    }

    fn adapt(&self, response: Response<Canonical>) -> Adapting {
        Box::pin(std::future::ready(response.map(Body::Adapted)))
    }
}
