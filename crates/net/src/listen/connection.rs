//! The driver of one connection: hyper, and the orders and the time limit around it.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::Service;
use super::io::Socket;
use super::registry::Connection;
use super::signal::{Listener, Order};
use super::stream::{Counted, Stream};

/// What all connections of a listener share.
#[derive(Debug)]
pub(super) struct Host<S> {
    pub(super) service: S,
    pub(super) http: auto::Builder<TokioExecutor>,
    pub(super) first_request_timeout: Duration,
}

/// Serves a connection to its end. Dropping the future drops the connection with its streams.
pub(super) async fn serve<S: Service>(host: Arc<Host<S>>, stream: TcpStream, connection: Arc<Connection>) {
    let socket = TokioIo::new(Socket::new(stream, connection.clone()));
    // Boxed: a request's future is large, hyper keeps its place until the response has ended, and streams are long.
    let service = service_fn(|request| Box::pin(answer(host.service.clone(), connection.clone(), request)));
    let mut http = pin!(host.http.serve_connection_with_upgrades(socket, service));
    let mut control = Control::new(&connection, host.first_request_timeout);
    let ended = poll_fn(|cx| {
        match control.poll(cx) {
            Some(Order::End) => return Poll::Ready(Ok(())),
            Some(Order::Drain) => http.as_mut().graceful_shutdown(),
            _ => {}
        }
        match http.as_mut().poll(cx) {
            Poll::Pending if control.poll_silent(cx) => Poll::Ready(Ok(())),
            polled => polled,
        }
    });
    if let Err(error) = ended.await {
        tracing::debug!(connection = connection.info.id, error = &*error, "connection failed");
    }
}

/// Answers one request, counting it as a stream until its response body is gone.
async fn answer<S: Service>(
    service: S,
    connection: Arc<Connection>,
    mut request: Request<Incoming>,
) -> Result<Response<Counted<S::Body>>, Infallible> {
    connection.greeted.store(true, Ordering::Relaxed);
    request.extensions_mut().insert(connection.info);
    let stream = Stream::open(connection);
    let response = service.call(request).await;
    Ok(response.map(|body| Counted::new(body, stream)))
}

/// What may interrupt hyper.
struct Control<'a> {
    connection: &'a Connection,
    orders: Listener,
    obeyed: Order,
    /// Until the client has spoken.
    silence: Option<Pin<Box<Sleep>>>,
}

impl<'a> Control<'a> {
    fn new(connection: &'a Connection, first_request_timeout: Duration) -> Self {
        let silence = Some(Box::pin(sleep(first_request_timeout)));
        Self { connection, orders: Listener::default(), obeyed: Order::Serve, silence }
    }

    /// An order not seen before.
    fn poll(&mut self, cx: &Context<'_>) -> Option<Order> {
        let order = self.orders.poll(&self.connection.signal, cx);
        (order > std::mem::replace(&mut self.obeyed, order)).then_some(order)
    }

    /// Whether the client has said nothing sensible in its time.
    fn poll_silent(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(silence) = &mut self.silence else { return false };
        if self.connection.greeted.load(Ordering::Relaxed) {
            self.silence = None;
            return false;
        }
        silence.as_mut().poll(cx).is_ready()
    }
}
