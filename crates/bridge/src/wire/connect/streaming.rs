//! Connect streams: the end is a message with the flag 0x02 that holds JSON; the HTTP status is always 200.

use std::time::Duration;

use bytes::BytesMut;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response};
use seseragi_flow::Problem;

use super::error::error_json;
use crate::body::Body;
use crate::live::Sink;
use crate::message::put_envelope;
use crate::status::Status;
use crate::wire::adapt::{TrailersInBody, streaming_head};
use crate::wire::sink::MessageSink;
use crate::wire::{Adapting, Canonical, Wire, media_type, timeout};

const MEDIA_TYPE: &str = "application/connect+proto";
const END_FLAG: u8 = 0x02;

pub(crate) struct Streaming;

impl Wire for Streaming {
    fn name(&self) -> &'static str {
        "connect"
    }

    fn accepts(&self, head: &Parts) -> bool {
        media_type(&head.headers) == MEDIA_TYPE
    }

    fn timeout(&self, headers: &HeaderMap) -> Result<Option<Duration>, Problem> {
        timeout::connect(headers)
    }

    fn head(&self) -> http::response::Builder {
        streaming_head(MEDIA_TYPE)
    }

    fn sink(&self, pad: bool) -> Box<dyn Sink> {
        MessageSink::boxed(pad, |out, status| {
            put_end(out, status);
            None
        })
    }

    fn refuse(&self, status: &Status) -> Response<Body> {
        let mut out = BytesMut::new();
        put_end(&mut out, status);
        let mut response = Response::new(Body::Whole(out.freeze()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        response
    }

    fn adapt(&self, response: Response<Canonical>) -> Adapting {
        let adapted = TrailersInBody::adapt(response, MEDIA_TYPE, |trailers| {
            let mut out = BytesMut::new();
            put_end(&mut out, &Status::from_trailers(trailers));
            out.freeze()
        });
        Box::pin(std::future::ready(adapted))
    }
}

fn put_end(out: &mut BytesMut, status: &Status) {
    let end = match status.code() {
        0 => "{}".to_owned(),
        _ => serde_json::json!({ "error": error_json(status) }).to_string(),
    };
    put_envelope(out, END_FLAG, end.as_bytes());
}
