//! Which connection a request goes to: the first of this worker's with room, so that a pool stays as small as its
//! load allows; else a new one.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::uri::Authority;
use hyper::client::conn::http2::SendRequest;
use tokio::sync::OnceCell;

use super::body::Outgoing;
use super::dial::dial;
use super::{UpstreamError, UpstreamOptions};
use crate::workers::current_worker;

pub(super) type Sender = SendRequest<Outgoing>;

/// Shelves for workers, and one more, the first, for all other threads. More workers than this share shelves, which
/// costs wake-ups across threads and nothing else.
const WORKER_SHELVES: usize = 64;

/// The connections to one upstream.
#[derive(Debug)]
pub(super) struct Pool {
    target: Arc<Target>,
    shelves: Box<[Mutex<Vec<Arc<Link>>>]>,
}

/// Where connections go, and how.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) authority: Authority,
    pub(super) options: UpstreamOptions,
}

impl Pool {
    pub(super) fn new(authority: Authority, options: UpstreamOptions) -> Self {
        let shelves = (0..=WORKER_SHELVES).map(|_| Mutex::default()).collect();
        Self { target: Arc::new(Target { authority, options }), shelves }
    }

    pub(super) fn authority(&self) -> &Authority {
        &self.target.authority
    }

    /// A place for one stream on a connection of this worker, which may still have to be dialled.
    pub(super) fn lease(&self) -> Result<Lease, UpstreamError> {
        let mut links = self.shelf();
        let limit = self.target.options.streams_per_connection.max(1);
        match links.iter().find(|link| link.streams.load(Ordering::Relaxed) < limit) {
            Some(link) => Ok(Lease::new(link.clone())),
            None => self.add(&mut links),
        }
    }

    /// A place on a connection that nobody has used yet.
    pub(super) fn lease_new(&self) -> Result<Lease, UpstreamError> {
        self.add(&mut self.shelf())
    }

    fn add(&self, links: &mut Vec<Arc<Link>>) -> Result<Lease, UpstreamError> {
        if links.len() >= self.target.options.connections_per_worker {
            return Err(UpstreamError::Busy);
        }
        let link = Arc::new(Link::new(self.target.clone()));
        links.push(link.clone());
        Ok(Lease::new(link))
    }

    /// The usable connections of this worker.
    fn shelf(&self) -> MutexGuard<'_, Vec<Arc<Link>>> {
        let index = current_worker().map_or(0, |worker| 1 + worker % WORKER_SHELVES);
        let mut links = lock(&self.shelves[index]);
        links.retain(|link| link.usable());
        links
    }

    pub(super) fn connections(&self) -> usize {
        let usable = |links: &Vec<Arc<Link>>| links.iter().filter(|link| link.usable()).count();
        self.shelves.iter().map(|shelf| usable(&lock(shelf))).sum()
    }

    pub(super) fn streams(&self) -> usize {
        let open = |links: &Vec<Arc<Link>>| {
            links.iter().map(|link| link.streams.load(Ordering::Relaxed)).sum::<usize>()
        };
        self.shelves.iter().map(|shelf| open(&lock(shelf))).sum()
    }
}

fn lock(shelf: &Mutex<Vec<Arc<Link>>>) -> MutexGuard<'_, Vec<Arc<Link>>> {
    shelf.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One connection, from before it is dialled.
struct Link {
    target: Arc<Target>,
    /// The outcome of the one dial, which all who wait for this connection share.
    dialled: OnceCell<Result<Sender, UpstreamError>>,
    streams: AtomicUsize,
    retired: AtomicBool,
}

impl Link {
    fn new(target: Arc<Target>) -> Self {
        let (streams, retired) = (AtomicUsize::new(0), AtomicBool::new(false));
        Self { target, dialled: OnceCell::new(), streams, retired }
    }

    fn usable(&self) -> bool {
        let open = match self.dialled.get() {
            None => true,
            Some(Ok(sender)) => !sender.is_closed(),
            Some(Err(_)) => false,
        };
        open && !self.retired.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("streams", &self.streams).field("usable", &self.usable()).finish()
    }
}

/// A place for one stream, given back when dropped. Keeps its connection open.
#[derive(Debug)]
pub(super) struct Lease(Arc<Link>);

impl Lease {
    fn new(link: Arc<Link>) -> Self {
        link.streams.fetch_add(1, Ordering::Relaxed);
        Self(link)
    }

    /// The connection, dialled by the first who asks; if that one gives up waiting, by the next.
    pub(super) async fn sender(&self) -> Result<Sender, UpstreamError> {
        self.0.dialled.get_or_init(|| dial(&self.0.target)).await.clone()
    }

    /// Takes the connection out of the pool; streams on it go on.
    pub(super) fn retire(&self) {
        self.0.retired.store(true, Ordering::Relaxed);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::Relaxed);
    }
}
