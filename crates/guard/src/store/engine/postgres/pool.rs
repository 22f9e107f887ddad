//! A few connections, opened when they are needed, lent to one caller at a time.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ::postgres::NoTls;
use ::postgres::config::{Config, SslMode};

use super::connection::Connection;
use super::explain::explain;
use crate::store::StoreError;
use crate::store::engine::tls::Tls;
use crate::store::engine::url::Target;

/// Connections of one process. More do not make a server faster, and ten gateways share its hundred.
const CONNECTIONS_MAX: usize = 8;
/// How long a caller waits for one.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// At most [`CONNECTIONS_MAX`] connections. A broken one is closed and its place is free.
pub(super) struct Pool {
    config: Config,
    tls: Option<Tls>,
    place: Arc<str>,
    books: Mutex<Books>,
    freed: Condvar,
}

#[derive(Default)]
struct Books {
    idle: Vec<Connection>,
    /// Idle ones, lent ones, and those that are being opened.
    open: usize,
}

impl Pool {
    /// An empty pool. Certificates are read now.
    pub(super) fn new(Target { config, roots, place }: Target) -> Result<Self, StoreError> {
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => None,
            _ => Some(
                Tls::new(roots.as_deref()).map_err(|why| StoreError::Tls { place: place.clone(), why })?,
            ),
        };
        Ok(Self { config, tls, place: place.into(), books: Mutex::default(), freed: Condvar::new() })
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// A connection: an idle one, a new one, or the next that is given back.
    pub(super) fn take(&self) -> Result<Lease<'_>, StoreError> {
        let until = Instant::now() + WAIT_MAX;
        let mut books = self.books();
        loop {
            if let Some(connection) = books.idle.pop() {
                let lease = Lease { pool: self, connection: Some(connection) };
                if !lease.is_lost() {
                    return Ok(lease);
                }
                drop(books);
                drop(lease);
                books = self.books();
            } else if books.open < CONNECTIONS_MAX {
                books.open += 1;
                drop(books);
                let mut place = Lease { pool: self, connection: None };
                place.connection = Some(self.connect()?);
                return Ok(place);
            } else {
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(StoreError::Busy { place: self.place.as_ref().to_owned() });
                }
                books = self.freed.wait_timeout(books, left).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    /// Closes what is not lent.
    pub(super) fn close_idle(&self) {
        let mut books = self.books();
        let idle = std::mem::take(&mut books.idle);
        books.open -= idle.len();
        drop(books);
        self.freed.notify_all();
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let client = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        client
            .and_then(|client| Connection::new(client, Arc::clone(&self.place)))
            .map_err(|error| explain(&self.place, error.into()))
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closing a connection blocks for a moment, which is not allowed on an async worker; whoever drops the last handle
/// of a store may be one.
impl Drop for Pool {
    fn drop(&mut self) {
        let idle = std::mem::take(&mut self.books().idle);
        if !idle.is_empty()
            && let Ok(closing) = std::thread::Builder::new().spawn(move || drop(idle))
        {
            let _ = closing.join();
        }
    }
}

/// The right to one connection, given back by drop.
pub(super) struct Lease<'a> {
    pool: &'a Pool,
    connection: Option<Connection>,
}

impl Lease<'_> {
    pub(super) fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a lease that was given out holds its connection until it is dropped")
    }

    fn is_lost(&self) -> bool {
        self.connection.as_ref().is_none_or(Connection::is_lost)
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let kept = self.connection.take().filter(|connection| !connection.is_lost());
        let mut books = self.pool.books();
        match kept {
            Some(connection) => books.idle.push(connection),
            None => books.open -= 1,
        }
        drop(books);
        self.pool.freed.notify_one();
    }
}
