//! Starting a listener, and the handle to what it started.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::accept::Acceptor;
use super::connection::Host;
use super::registry::{Connection, Registry};
use super::{DrainReason, ListenOptions, Service};
use crate::workers::Workers;

/// Serves `service` on the sockets that arrive at `listener`, spread over `workers`.
///
/// The acceptor runs on the first worker. Fails if the system refuses to watch the socket.
pub fn listen<S: Service>(
    listener: std::net::TcpListener,
    workers: &Workers,
    service: S,
    options: ListenOptions,
) -> io::Result<Server> {
    let local = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let home = workers.handle(0);
    let listener = {
        let _home = home.enter();
        TcpListener::from_std(listener)?
    };
    let registry = Arc::new(Registry::new(options.max_connections));
    let first_request_timeout = options.first_request_timeout;
    let host = Arc::new(Host { service, http: options.http(), first_request_timeout });
    let seats = workers.seats();
    let acceptor = Acceptor { listener, local, seats, registry: registry.clone(), host, options };
    let stopped = watch::Sender::new(false);
    home.spawn(acceptor.run(stopped.subscribe()));
    Ok(Server { local, registry, stopped })
}

/// A running listener and its connections. Dropping it stops accepting; connections go on.
///
/// To shut down: [`Server::stop_accepting`], [`Server::drain`], wait for [`Server::closed`] as long as you like, then
/// [`Server::kill`] what is left.
#[derive(Debug)]
pub struct Server {
    local: SocketAddr,
    registry: Arc<Registry>,
    /// The acceptor holds the only receiver.
    stopped: watch::Sender<bool>,
}

impl Server {
    /// The address of the listening socket.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Connections open now, those taken over by an upgrade included.
    pub fn connections(&self) -> usize {
        self.registry.len()
    }

    /// Requests in flight now, each until its response body has ended or was dropped.
    pub fn streams(&self) -> usize {
        self.registry.streams.load(Ordering::Relaxed)
    }

    /// Lets no further connection in and closes the listening socket as soon as the acceptor is scheduled.
    pub fn stop_accepting(&self) {
        self.registry.close();
        self.stopped.send_replace(true);
    }

    /// Asks every open connection to finish: HTTP/2 clients get a GOAWAY, HTTP/1.1 responses say
    /// `connection: close`. Streams in flight go on; a connection closes after its last one.
    ///
    /// Connections that come later are not drained: stop accepting first.
    pub fn drain(&self, reason: DrainReason) {
        self.registry.all().iter().for_each(|connection| connection.drain(reason));
    }

    /// Waits until no connection is open and, if told to stop accepting, the listening socket is closed too.
    ///
    /// Waits without bound: a client that never answers the GOAWAY keeps its connection.
    pub async fn closed(&self) {
        if *self.stopped.borrow() {
            self.stopped.closed().await;
        }
        self.registry.empty().await;
    }

    /// Drops every open connection with its streams. [`Server::closed`] follows soon after.
    pub fn kill(&self) {
        self.registry.all().iter().map(AsRef::as_ref).for_each(Connection::kill);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop_accepting();
    }
}
