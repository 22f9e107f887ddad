//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use seseragi_bench_load::Workload;

/// How to speak to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wire {
    /// gRPC over HTTP/2
    Grpc,
    /// gRPC-Web, binary, over HTTP/1.1: one connection per stream
    Web1,
    /// gRPC-Web, binary, over HTTP/2
    Web2,
}

/// What to do, and whom to watch meanwhile.
#[derive(Debug, Parser)]
#[command(about = "Opens streams, checks every delta, and reports what they cost")]
pub(crate) struct Args {
    /// Where the server listens
    #[arg(long)]
    pub(crate) address: SocketAddr,
    /// How to speak to it
    #[arg(long, value_enum)]
    pub(crate) wire: Wire,
    /// Streams at once
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) streams: u32,
    /// HTTP/2 connections that they share
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) connections: u32,
    /// The time over which streams are opened, in milliseconds
    #[arg(long, default_value_t = 0)]
    pub(crate) ramp_ms: u64,
    /// Deltas per stream
    #[arg(long, default_value_t = 100)]
    pub(crate) deltas: u64,
    /// Time between two deltas, in microseconds; 0: as fast as they are taken
    #[arg(long, default_value_t = 30_000)]
    pub(crate) interval_us: u64,
    /// Bytes of text of a delta
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(16..))]
    pub(crate) size: u16,
    /// Silence after the last delta, in milliseconds: memory is measured in its middle
    #[arg(long, default_value_t = 0)]
    pub(crate) hold_ms: u64,
    /// A file with the access token
    #[arg(long)]
    pub(crate) token_file: Option<PathBuf>,
    /// A process whose CPU time and memory are read; may be given more than once
    #[arg(long)]
    pub(crate) pid: Vec<u32>,
    /// When to give up, in seconds
    #[arg(long, default_value_t = 120)]
    pub(crate) timeout_s: u64,
}

impl Args {
    pub(crate) fn workload(&self) -> Workload {
        Workload {
            deltas: self.deltas,
            interval: Duration::from_micros(self.interval_us),
            size: self.size.into(),
            hold: Duration::from_millis(self.hold_ms),
        }
    }
}
