//! The encodings that clients speak. A new one is a folder here and a line in [`WIRES`].
//!
//! gRPC, gRPC-Web and Connect carry the same enveloped messages; they differ in how a response begins, how it
//! ends, and how a call is refused. That difference is a [`Wire`].

mod adapt;
mod connect;
mod grpc;
mod grpc_web;
mod sink;
mod timeout;

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Response};
use http_body::Body as HttpBody;
use seseragi_flow::Problem;

use crate::body::Body;
use crate::live::Sink;
use crate::status::Status;

/// All wires, in the order in which they are asked.
pub(crate) static WIRES: &[&dyn Wire] =
    &[&grpc::Grpc, &grpc_web::GrpcWeb, &connect::Streaming, &connect::Unary];

/// A body in the canonical gRPC form: enveloped messages, then trailers.
pub(crate) type Canonical = std::pin::Pin<Box<dyn HttpBody<Data = Bytes, Error = Infallible> + Send>>;

/// A response that is being put into a wire's form.
pub(crate) type Adapting = std::pin::Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// An encoding that clients speak.
pub(crate) trait Wire: Sync {
    /// The stable name used in logs and metrics.
    fn name(&self) -> &'static str;

    /// Whether a request speaks it.
    fn accepts(&self, head: &Parts) -> bool;

    /// How long the client is ready to wait.
    ///
    /// # Errors
    /// `InvalidArgument` if the header is there and cannot be read.
    fn timeout(&self, headers: &HeaderMap) -> Result<Option<Duration>, Problem>;

    /// Whether requests carry bare messages, without envelopes.
    fn is_bare(&self) -> bool {
        false
    }

    /// Whether it can carry a stream of replies.
    fn streams(&self) -> bool {
        true
    }

    /// The head of a response that will carry messages.
    fn head(&self) -> http::response::Builder;

    /// The encoder of one stream.
    fn sink(&self, pad: bool) -> Box<dyn Sink>;

    /// A whole response that only says how the call ended.
    fn refuse(&self, status: &Status) -> Response<Body>;

    /// A response in the canonical form, in this wire's form.
    fn adapt(&self, response: Response<Canonical>) -> Adapting;
}

/// The wire of a request.
pub(crate) fn of(head: &Parts) -> Option<&'static dyn Wire> {
    WIRES.iter().copied().find(|wire| wire.accepts(head))
}

/// The media type of a request: lower case, without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
