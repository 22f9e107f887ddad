//! What a listener calls for each request.

use std::error::Error;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;

/// Answers requests. It cannot fail: what goes wrong is a response too.
///
/// The returned future, and after it the response body, is dropped as soon as the client resets its stream or its
/// connection ends. A panic ends that one stream (HTTP/2) or connection (HTTP/1.1), not the worker.
/// Closures `Fn(Request<Incoming>) -> impl Future<Output = Response<B>>` are services.
pub trait Service: Clone + Send + Sync + 'static {
    /// The response body. Box and pin what is not [`Unpin`].
    type Body: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + Unpin + 'static;

    /// Answers one request, whose extensions hold the [`ConnInfo`](super::ConnInfo) of its connection.
    fn call(&self, request: Request<Incoming>) -> impl Future<Output = Response<Self::Body>> + Send;
}

impl<F, R, B> Service for F
where
    F: Fn(Request<Incoming>) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Response<B>> + Send,
    B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + Unpin + 'static,
{
    type Body = B;

    fn call(&self, request: Request<Incoming>) -> impl Future<Output = Response<B>> + Send {
        self(request)
    }
}
