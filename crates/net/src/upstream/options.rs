//! Numbers of an upstream.

use std::time::Duration;

use crate::KernelKeepalive;

/// Bounds of an upstream's connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamOptions {
    /// Time for the whole of name lookup, TCP connect and HTTP/2 preface. 5 s by default.
    pub connect_timeout: Duration,
    /// Streams on one connection before another is dialled. Must not exceed what the upstream allows per connection,
    /// or requests wait in line behind others' streams. 100 by default; 0 counts as 1.
    pub streams_per_connection: usize,
    /// Connections per worker; beyond them requests fail with [`UpstreamError::Busy`](super::UpstreamError::Busy).
    /// 32 by default.
    pub connections_per_worker: usize,
    /// Bytes of one response the upstream may send before they are read. 65,535 by default.
    pub stream_window_bytes: u32,
    /// The same over all streams of a connection. 2^31 − 1, the greatest there is, by default: a library that
    /// counts the cost of unread small frames takes half of this as its budget, and ends the connection beyond it.
    pub connection_window_bytes: u32,
    /// Bytes of one request waiting for the upstream's window or the socket. 64 KiB by default.
    pub max_send_buf_bytes: usize,
    /// Largest response head or trailers, decoded. 16 KiB by default.
    pub max_header_list_bytes: u32,
    /// Kernel probes: unlike HTTP/2 PINGs no server can take offence at them.
    pub keepalive: KernelKeepalive,
    /// An upstream that acknowledges nothing for so long is gone (`TCP_USER_TIMEOUT`, Linux). 20 s by default.
    pub user_timeout: Duration,
}

impl Default for UpstreamOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            streams_per_connection: 100,
            connections_per_worker: 32,
            stream_window_bytes: 65_535,
            connection_window_bytes: (1 << 31) - 1,
            max_send_buf_bytes: 64 * 1024,
            max_header_list_bytes: 16 * 1024,
            keepalive: KernelKeepalive::default(),
            user_timeout: Duration::from_secs(20),
        }
    }
}
