//! gRPC-Web, binary: gRPC for clients that cannot read trailers. They come as a last message of the body, with
//! the flag 0x80 (gRPC-Web, "Protocol differences vs gRPC over HTTP2").

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response};
use seseragi_flow::Problem;

use crate::body::Body;
use crate::live::Sink;
use crate::message::put_envelope;
use crate::status::Status;
use crate::wire::adapt::TrailersInBody;
use crate::wire::sink::MessageSink;
use crate::wire::{Adapting, Canonical, Wire, media_type, timeout};

const MEDIA_TYPE: &str = "application/grpc-web+proto";
const TRAILERS_FLAG: u8 = 0x80;

pub(crate) struct GrpcWeb;

impl Wire for GrpcWeb {
    fn name(&self) -> &'static str {
        "grpc_web"
    }

    fn accepts(&self, head: &Parts) -> bool {
        matches!(media_type(&head.headers).as_str(), MEDIA_TYPE | "application/grpc-web")
    }

    fn timeout(&self, headers: &HeaderMap) -> Result<Option<Duration>, Problem> {
        timeout::grpc(headers)
    }

    fn head(&self) -> http::response::Builder {
        crate::wire::adapt::streaming_head(MEDIA_TYPE)
    }

    fn sink(&self, pad: bool) -> Box<dyn Sink> {
        MessageSink::boxed(pad, |out, status| {
            put_trailers(out, &status.trailers());
            None
        })
    }

    /// The status always goes into the body, where no CORS rule can hide it.
    fn refuse(&self, status: &Status) -> Response<Body> {
        let mut out = BytesMut::new();
        put_trailers(&mut out, &status.trailers());
        let mut response = Response::new(Body::Whole(out.freeze()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        response
    }

    fn adapt(&self, response: Response<Canonical>) -> Adapting {
        let adapted = TrailersInBody::adapt(response, MEDIA_TYPE, |trailers| {
            let mut out = BytesMut::new();
            put_trailers(&mut out, trailers);
            out.freeze()
        });
        Box::pin(std::future::ready(adapted))
    }
}

/// One message of `name: value` lines. Names are lower case already: `http` keeps them so.
fn put_trailers(out: &mut BytesMut, trailers: &HeaderMap) {
    let mut block = Vec::with_capacity(64);
    for (name, value) in trailers {
        block.extend_from_slice(name.as_str().as_bytes());
        block.extend_from_slice(b": ");
        block.extend_from_slice(value.as_bytes());
        block.extend_from_slice(b"\r\n");
    }
    put_envelope(out, TRAILERS_FLAG, &Bytes::from(block));
}
