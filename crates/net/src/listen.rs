//! Accepting connections: HTTP/1.1 and HTTP/2 without TLS on one port, told apart by the first bytes.
//!
//! One acceptor hands each socket to the worker with the fewest open streams; from there a connection is served by
//! hyper under a driver of ours, which can drain or end it at any time. What the requests mean is the [`Service`]'s
//! business.
//!
//! - `accept`: sockets in, placement, and what happens when the system has none left.
//! - `registry`: every connection of a server, so that all of them can be drained or ended.
//! - `connection`: the driver of one connection.
//! - `io`: the socket below hyper.
//! - `signal`: how a driver is told to drain or end.
//! - `stream`: one request in flight, counted until its response body is gone.

mod accept;
mod connection;
mod io;
mod options;
mod registry;
mod server;
mod service;
mod signal;
mod stream;

pub use options::ListenOptions;
pub use registry::ConnInfo;
pub use server::{Server, listen};
pub use service::Service;
pub use signal::DrainReason;
