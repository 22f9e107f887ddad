//! Connections: who is connected, on which thread, and how a connection ends.
//!
//! - [`workers`]: one single-threaded runtime per core. A connection, its streams and the upstream streams they
//!   cause live on one worker.
//! - [`mod@listen`]: one acceptor, HTTP/1.1 and HTTP/2 without TLS on one port, graceful drain.
//! - [`upstream`]: HTTP/2 connections to one upstream address, pooled per worker.
//! - [`fetch`]: one small document from somewhere else, over HTTPS.
//!
//! This crate knows HTTP messages and sockets. It does not know RPC methods, credentials or models, and it never
//! reads configuration from the environment.
//!
//! Invariant: every accepted socket is in its server's registry until its last stream is gone, so
//! [`Server::closed`] means that nothing is running any more.

pub mod fetch;
pub mod listen;
pub mod upstream;
pub mod workers;

mod socket;

pub use fetch::{Document, FetchError, FetchOptions, Fetcher, TrustError};
pub use listen::{ConnInfo, DrainReason, ListenOptions, Server, Service, listen};
pub use socket::KernelKeepalive;
pub use upstream::{Upstream, UpstreamBody, UpstreamError, UpstreamOptions};
pub use workers::{Workers, current_worker};
