//! Services of tonic behind our wires: health and reflection. The same adapters will carry relayed calls.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::request::Parts;
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame};
use http_body_util::{Full, Limited};
use hyper::body::Incoming;
use seseragi_flow::{Code, Problem};
use seseragi_proto::infer;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::body::Body as TonicBody;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;
use tower_service::Service;

use crate::body::Body;
use crate::message::put_envelope;
use crate::method::Method;
use crate::path::needs_streaming;
use crate::receive;
use crate::wire::{Canonical, Wire};

/// All that one call of reflection may send, in bytes.
const MAX_REQUEST_BYTES: usize = 64 * 1024;
/// The longest request of a health check, in bytes: it holds the name of a service.
const MAX_HEALTH_REQUEST_BYTES: usize = 4 * 1024;
/// Calls of `Watch` that run at once in this process: nobody has to sign in for them, and they end when their client likes.
const WATCHERS_MAX: usize = 1_000;
const INFER: &str = "infer.Infer";

type Calling = Pin<Box<dyn Future<Output = Response<TonicBody>> + Send>>;
type Callee = Arc<dyn Fn(Request<TonicBody>) -> Calling + Send + Sync>;

/// The services. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Services {
    health: Callee,
    reflection: Callee,
    reflection_alpha: Callee,
    reporter: HealthReporter,
    watchers: Arc<Semaphore>,
}

impl Services {
    pub(crate) fn new() -> Self {
        let (reporter, health) = tonic_health::server::health_reporter();
        let reflection = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(infer::FILE_DESCRIPTOR_SET)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        // Both descriptor sets are compiled in; without them the service would only list itself.
        let v1 = reflection().build_v1().map_or_else(|_| unavailable(), callee);
        let v1alpha = reflection().build_v1alpha().map_or_else(|_| unavailable(), callee);
        let watchers = Arc::new(Semaphore::new(WATCHERS_MAX));
        Self { health: callee(health), reflection: v1, reflection_alpha: v1alpha, reporter, watchers }
    }

    pub(crate) async fn serving(&self) {
        self.reporter.set_service_status(INFER, ServingStatus::Serving).await;
    }

    pub(crate) async fn not_serving(&self) {
        self.reporter.set_service_status("", ServingStatus::NotServing).await;
        self.reporter.set_service_status(INFER, ServingStatus::NotServing).await;
    }

    pub(crate) async fn call(
        &self,
        wire: &'static dyn Wire,
        method: Method,
        head: &Parts,
        body: Incoming,
    ) -> Result<Response<Body>, Problem> {
        let watches = head.uri.path().ends_with("/Watch");
        if !wire.streams() && watches {
            return Err(needs_streaming());
        }
        let watcher = watches.then(|| self.watcher()).transpose()?;
        let callee = match method {
            Method::Health => &self.health,
            Method::Reflection if head.uri.path().contains("v1alpha") => &self.reflection_alpha,
            Method::Reflection => &self.reflection,
            _ => {
                return Err(Problem::gateway(
                    Code::Internal,
                    "no_service",
                    "no service is there for this method",
                ));
            }
        };
        let body = match method {
            // Nobody has to sign in for it, so it gets one small message, in time.
            Method::Health => enveloped(body, wire, MAX_HEALTH_REQUEST_BYTES).await?,
            _ if wire.is_bare() => enveloped(body, wire, MAX_REQUEST_BYTES).await?,
            _ => TonicBody::new(Limited::new(body, MAX_REQUEST_BYTES)),
        };
        let mut request = Request::new(body);
        *request.method_mut() = http::Method::POST;
        *request.version_mut() = http::Version::HTTP_2;
        *request.uri_mut() = head.uri.clone();
        let response = callee(request).await;
        Ok(wire.adapt(response.map(|body| canonical(body, watcher))).await)
    }

    /// Room for one who watches.
    fn watcher(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.watchers).try_acquire_owned().map_err(|_| {
            let message = format!("{WATCHERS_MAX} calls watch already; ask with Check");
            Problem::caller(Code::ResourceExhausted, "too_many_watchers", message)
        })
    }
}

fn callee<S>(service: S) -> Callee
where
    S: Service<Request<TonicBody>, Response = Response<TonicBody>, Error = Infallible>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send,
{
    Arc::new(move |request| {
        let mut service = service.clone();
        Box::pin(async move {
            let Ok(response) = service.call(request).await;
            response
        })
    })
}

fn unavailable() -> Callee {
    Arc::new(|_| Box::pin(async { tonic::Status::unavailable("not offered").into_http() }))
}

async fn enveloped(body: Incoming, wire: &dyn Wire, max_bytes: usize) -> Result<TonicBody, Problem> {
    let message = receive::message(body, wire.is_bare(), max_bytes).await?;
    let mut out = BytesMut::new();
    put_envelope(&mut out, 0, &message);
    Ok(TonicBody::new(Full::new(out.freeze())))
}

fn canonical(body: TonicBody, watcher: Option<OwnedSemaphorePermit>) -> Canonical {
    Box::pin(StatusAsTrailers { body: Some(body), _watcher: watcher })
}

/// A body that ends with trailers where tonic's would end with an error.
struct StatusAsTrailers {
    body: Option<TonicBody>,
    /// Its room, until it is dropped.
    _watcher: Option<OwnedSemaphorePermit>,
}

impl HttpBody for StatusAsTrailers {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = match ready!(Pin::new(body).poll_frame(cx)) {
            Some(Ok(frame)) => Some(Ok(frame)),
            Some(Err(status)) => {
                self.body = None;
                let mut trailers = http::HeaderMap::new();
                let said = status.add_header(&mut trailers);
                said.ok().map(|()| Ok(Frame::trailers(trailers)))
            }
            None => None,
        };
        Poll::Ready(frame)
    }

    /// A status in the head must end the stream there ("Trailers-Only"): gRPC's C core ignores it otherwise.
    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }
}
