//! Every open connection of one server.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::watch;

use super::signal::{DrainReason, Order, Signal};
use crate::workers::Load;

/// Which connection a request came in on; in the extensions of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnInfo {
    /// The other end of the socket: the client, or the proxy before us.
    pub peer: SocketAddr,
    /// Our end of the socket.
    pub local: SocketAddr,
    /// Number of the connection, unique in its server.
    pub id: u64,
}

/// One accepted socket. It is in the registry until the last `Arc` is gone, and driver, socket and streams each
/// hold one.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) info: ConnInfo,
    pub(super) signal: Signal,
    /// Whether the client has shown that it speaks HTTP.
    pub(super) greeted: AtomicBool,
    pub(super) load: Arc<Load>,
    pub(super) registry: Arc<Registry>,
}

impl Connection {
    /// Takes no new requests; those in flight go on, then the connection closes.
    pub(super) fn drain(&self, reason: DrainReason) {
        if self.signal.raise(Order::Drain) {
            tracing::debug!(connection = self.info.id, %reason, "draining");
        }
    }

    /// Drops the connection with all its streams.
    pub(super) fn kill(&self) {
        if self.signal.raise(Order::End) {
            tracing::debug!(connection = self.info.id, "killed");
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.load.connections.fetch_sub(1, Ordering::Relaxed);
        self.registry.remove(self.info.id);
    }
}

/// Why a socket was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Full,
    Closed,
}

/// The connections of one server, and how many streams they carry.
#[derive(Debug)]
pub(super) struct Registry {
    open: Mutex<Open>,
    max_connections: usize,
    pub(super) streams: AtomicUsize,
    /// Published length of `open`, for those who wait.
    count: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Open {
    connections: HashMap<u64, Weak<Connection>>,
    last_id: u64,
    closed: bool,
}

impl Registry {
    pub(super) fn new(max_connections: usize) -> Self {
        let count = watch::Sender::new(0);
        Self { open: Mutex::default(), max_connections, streams: AtomicUsize::new(0), count }
    }

    /// Enters a connection, unless the server is full or takes no more.
    pub(super) fn enter(
        self: &Arc<Self>,
        peer: SocketAddr,
        local: SocketAddr,
        load: Arc<Load>,
    ) -> Result<Arc<Connection>, Refused> {
        let mut open = self.lock();
        if open.closed {
            return Err(Refused::Closed);
        }
        if open.connections.len() >= self.max_connections {
            return Err(Refused::Full);
        }
        open.last_id += 1;
        let info = ConnInfo { peer, local, id: open.last_id };
        load.connections.fetch_add(1, Ordering::Relaxed);
        let (signal, greeted) = (Signal::default(), AtomicBool::new(false));
        let connection = Arc::new(Connection { info, signal, greeted, load, registry: self.clone() });
        open.connections.insert(info.id, Arc::downgrade(&connection));
        self.count.send_replace(open.connections.len());
        Ok(connection)
    }

    fn remove(&self, id: u64) {
        let mut open = self.lock();
        open.connections.remove(&id);
        self.count.send_replace(open.connections.len());
    }

    /// Lets nobody in any more. Whoever is in already will be seen by a later [`Registry::all`].
    pub(super) fn close(&self) {
        self.lock().closed = true;
    }

    /// The connections open now. Collected first, because dropping the last `Arc` of one takes the lock again.
    pub(super) fn all(&self) -> Vec<Arc<Connection>> {
        self.lock().connections.values().filter_map(Weak::upgrade).collect()
    }

    pub(super) fn len(&self) -> usize {
        *self.count.borrow()
    }

    /// Waits until no connection is open.
    pub(super) async fn empty(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.count.subscribe().wait_for(|count| *count == 0).await;
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(registry: &Arc<Registry>) -> Result<Arc<Connection>, Refused> {
        let address = SocketAddr::from(([127, 0, 0, 1], 1));
        registry.enter(address, address, Arc::default())
    }

    #[tokio::test]
    async fn connections_are_bounded_numbered_and_leave_when_dropped() {
        let registry = Arc::new(Registry::new(2));
        let (first, second) = (enter(&registry).unwrap(), enter(&registry).unwrap());
        assert_ne!(first.info.id, second.info.id);
        assert_eq!(enter(&registry).unwrap_err(), Refused::Full);
        drop(first);
        assert_eq!(registry.len(), 1);
        let third = enter(&registry).unwrap();
        registry.close();
        drop((second, third));
        registry.empty().await;
        assert_eq!(enter(&registry).unwrap_err(), Refused::Closed);
    }
}
