//! The [`Bridge`]: what a listener calls for every request.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::header;
use http::request::Parts;
use http::{Request, Response};
use hyper::body::Incoming;
use seseragi_flow::{Code, Problem};
use seseragi_guard::{Caller, ReadPermit};
use tokio::time::Instant;

use crate::app::App;
use crate::body::Body;
use crate::cors::{Cors, Origin, is_preflight};
use crate::denied::{DPOP, Denied};
use crate::foreign::Services;
use crate::live::LiveBody;
use crate::message::put_envelope;
use crate::method::Method;
use crate::path::{Arrival, Opened, needs_streaming};
use crate::status::Status;
use crate::unary::Unary;
use crate::wire::{self, Canonical, Wire};
use crate::{receive, web};

/// Bytes of a request beside its prompt.
const REQUEST_OVERHEAD_BYTES: usize = 16 * 1024;
/// The longest request of a single call, in bytes: it holds a stream's name.
const MAX_UNARY_REQUEST_BYTES: usize = 4 * 1024;

/// What a listener calls for every request. Cheap to clone.
#[derive(Clone)]
pub struct Bridge {
    app: Arc<App>,
    services: Services,
}

impl Bridge {
    /// A bridge in front of `app`.
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        Self { app, services: Services::new() }
    }

    /// Tells load balancers, by `grpc.health.v1`, that work is taken.
    pub async fn serving(&self) {
        self.services.serving().await;
    }

    /// Tells load balancers, by `grpc.health.v1`, that no new work is taken.
    pub async fn not_serving(&self) {
        self.services.not_serving().await;
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let at = Instant::now();
        let (head, body) = request.into_parts();
        let origin = head.headers.get(header::ORIGIN).cloned();
        let judged = self.app.cors.judge(&head, self.app.identity.origin());
        if judged == Origin::Refused
            && let Some(origin) = origin.as_ref().and_then(|o| o.to_str().ok())
        {
            self.app.observer.origin_refused(origin);
        }
        if is_preflight(&head) {
            return Cors::preflight(judged, &head);
        }
        let proved = head.headers.contains_key(DPOP);
        let mut response = self.route(head, body, judged, at).await;
        if matches!(judged, Origin::Allowed | Origin::Listed) {
            Cors::allow(judged, origin.as_ref(), response.headers_mut());
        }
        if proved && self.app.gate.dpop().requires_nonce() {
            self.app.add_nonce(response.headers_mut());
        }
        response
    }

    async fn route(&self, head: Parts, body: Incoming, judged: Origin, at: Instant) -> Response<Body> {
        let Some(wire) = wire::of(&head) else { return self.without_wire(&head, body, judged).await };
        let Some(method) = Method::of(head.uri.path()) else {
            let message = format!("there is no method {}", head.uri.path());
            let unknown = Problem::caller(Code::Unimplemented, "method_unknown", message);
            return wire.refuse(&Status::from(&unknown));
        };
        let answered = self.rpc(wire, method, &head, body, at).await;
        answered.unwrap_or_else(|denied| {
            let status = Status::from(&denied.problem);
            self.app.observer.answered(wire.name(), method.name(), status.name());
            let mut response = wire.refuse(&status);
            // In the head on every wire: gRPC's clients see it as metadata, browsers as a header.
            response.headers_mut().extend(denied.headers());
            response
        })
    }

    /// No RPC: pages, sign-in, health for machines; or an RPC in a form that is not spoken here.
    async fn without_wire(&self, head: &Parts, body: Incoming, judged: Origin) -> Response<Body> {
        match Method::of(head.uri.path()) {
            Some(_) => web::unspoken(head),
            None => web::answer(&self.app, head, body, judged).await,
        }
    }

    async fn rpc(
        &self,
        wire: &'static dyn Wire,
        method: Method,
        head: &Parts,
        mut body: Incoming,
        at: Instant,
    ) -> Result<Response<Body>, Denied> {
        if head.method != http::Method::POST {
            let message = "remote calls are POST requests";
            return Err(Problem::caller(Code::Unimplemented, "method_not_post", message).into());
        }
        let caller = self.identified(method, head, &mut body).await?;
        let arrival = Arrival { at, timeout: wire.timeout(&head.headers)?, wire: wire.name() };
        match (method, caller) {
            (Method::Stream | Method::Resume, Some(caller)) => {
                // Before the request is read: what waits for slow senders is bounded per subject, too.
                let reader = self.app.reader(&caller)?;
                let max_bytes = self.app.max_prompt_bytes + REQUEST_OVERHEAD_BYTES;
                let message = receive::message(body, wire.is_bare(), max_bytes).await?;
                Ok(self.live(wire, method, (&caller, reader), message, arrival).await?)
            }
            (Method::Unary(unary), Some(caller)) => {
                let message = receive::message(body, wire.is_bare(), MAX_UNARY_REQUEST_BYTES).await?;
                Ok(self.unary(wire, method, unary, &caller, message).await?)
            }
            (method, _) => Ok(self.services.call(wire, method, head, body).await?),
        }
    }

    /// Who calls, where the method needs to know. A client that is refused over HTTP/1 may finish its small request.
    async fn identified(
        &self,
        method: Method,
        head: &Parts,
        body: &mut Incoming,
    ) -> Result<Option<Caller>, Denied> {
        let Some(scope) = method.scope(self.app.exposure) else { return Ok(None) };
        let identified = self.app.caller(head, scope).await;
        if identified.is_err() && head.version < http::Version::HTTP_2 {
            receive::let_finish(body).await;
        }
        identified.map(Some)
    }

    /// A stream: the head goes out right after admission, before any text.
    async fn live(
        &self,
        wire: &'static dyn Wire,
        method: Method,
        (caller, reader): (&Caller, ReadPermit),
        message: Bytes,
        arrival: Arrival,
    ) -> Result<Response<Body>, Problem> {
        if !wire.streams() {
            return Err(needs_streaming());
        }
        let Opened { subscription, pad } = match method {
            Method::Resume => self.app.resume(caller, reader, message, arrival)?,
            _ => self.app.open(caller, reader, message, arrival).await?,
        };
        self.app.observer.answered(wire.name(), method.name(), "streaming");
        let body = Body::Live(Box::new(LiveBody::new(subscription, wire.sink(pad))));
        Ok(finish(wire.head(), body))
    }

    async fn unary(
        &self,
        wire: &'static dyn Wire,
        method: Method,
        unary: Unary,
        caller: &Caller,
        message: Bytes,
    ) -> Result<Response<Body>, Problem> {
        let reply = unary.call(&self.app, caller, message)?;
        self.app.observer.answered(wire.name(), method.name(), Status::OK.name());
        let mut enveloped = BytesMut::new();
        put_envelope(&mut enveloped, 0, &reply);
        let trailers = Some(Box::new(Status::OK.trailers()));
        let body: Canonical = Box::pin(Body::WithTrailers(enveloped.freeze(), trailers));
        let response = finish(Response::builder().header(header::CONTENT_TYPE, "application/grpc"), body);
        Ok(wire.adapt(response).await)
    }
}

impl seseragi_net::Service for Bridge {
    type Body = Body;

    async fn call(&self, request: Request<Incoming>) -> Response<Body> {
        self.answer(request).await
    }
}

/// A head that is built from constants always builds.
fn finish<B>(head: http::response::Builder, body: B) -> Response<B> {
    let (parts, ()) = head.body(()).unwrap_or_default().into_parts();
    Response::from_parts(parts, body)
}
