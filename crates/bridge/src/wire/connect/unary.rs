//! Connect's single calls: a bare message each way, and a real HTTP status.

use std::time::Duration;

use bytes::{Buf, Bytes};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Response};
use http_body_util::{BodyExt, Limited};
use seseragi_flow::Problem;

use super::error::{error_json, http_status};
use crate::body::Body;
use crate::live::Sink;
use crate::message::ENVELOPE_BYTES;
use crate::status::Status;
use crate::wire::adapt::{no_status, take_status};
use crate::wire::{Adapting, Canonical, Wire, media_type, timeout};

const MEDIA_TYPE: &str = "application/proto";
/// The longest reply of a single call, in bytes.
const MAX_REPLY_BYTES: usize = 4 * 1024 * 1024;

pub(crate) struct Unary;

impl Wire for Unary {
    fn name(&self) -> &'static str {
        "connect"
    }

    fn accepts(&self, head: &Parts) -> bool {
        media_type(&head.headers) == MEDIA_TYPE
    }

    fn timeout(&self, headers: &HeaderMap) -> Result<Option<Duration>, Problem> {
        timeout::connect(headers)
    }

    fn is_bare(&self) -> bool {
        true
    }

    fn streams(&self) -> bool {
        false
    }

    fn head(&self) -> http::response::Builder {
        Response::builder().header(CONTENT_TYPE, MEDIA_TYPE)
    }

    fn sink(&self, pad: bool) -> Box<dyn Sink> {
        super::Streaming.sink(pad)
    }

    fn refuse(&self, status: &Status) -> Response<Body> {
        let mut response = Response::new(Body::from(error_json(status).to_string()));
        *response.status_mut() = http_status(status);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }

    /// Waits for the trailers, because the head depends on them.
    fn adapt(&self, response: Response<Canonical>) -> Adapting {
        Box::pin(async move {
            let (mut head, body) = response.into_parts();
            let early = take_status(&mut head.headers);
            let Ok(whole) = Limited::new(body, MAX_REPLY_BYTES).collect().await else {
                return Self.refuse(&Status::new(8, "the reply is too large", "reply_too_large", None));
            };
            let trailers = whole.trailers().cloned().or(early).unwrap_or_else(no_status);
            let status = Status::from_trailers(&trailers);
            let mut message = whole.to_bytes();
            if status.code() != 0 || message.len() < ENVELOPE_BYTES {
                return Self.refuse(&status);
            }
            message.advance(ENVELOPE_BYTES);
            reply(message)
        })
    }
}

fn reply(message: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::Whole(message));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response
}
