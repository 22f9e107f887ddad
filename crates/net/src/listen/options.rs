//! Numbers of a listener.

use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto;

/// The least that hyper accepts as [`ListenOptions::h1_max_buf_bytes`].
const H1_MIN_BUF_BYTES: usize = 8 * 1024;

/// Bounds of a listener and of each of its connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenOptions {
    /// Connections open at once; one more is accepted and closed. 10,000 by default.
    pub max_connections: usize,
    /// Time a new connection has to send the HTTP/2 preface or a whole HTTP/1.1 request head. 10 s by default.
    pub first_request_timeout: Duration,
    /// HTTP/1.1: time from the end of a response to the end of the next request head, so also how long an idle
    /// connection is kept. A load balancer that reuses connections must give up on them earlier (its idle timeout
    /// is 60 s on AWS, fixed at 600 s on Google Cloud), or its clients see 502 now and then. 75 s by default.
    pub header_read_timeout: Duration,
    /// Largest HTTP/2 request head, decoded. 16 KiB by default. For HTTP/1.1 [`Self::h1_max_buf_bytes`] is the bound.
    pub max_header_list_bytes: u32,
    /// HTTP/1.1: read and write buffer of a connection, and with it the largest request head. 16 KiB by default;
    /// less than 8 KiB counts as 8 KiB.
    pub h1_max_buf_bytes: usize,
    /// HTTP/2: bytes of one response waiting for the client's window or the socket. 64 KiB by default.
    pub h2_max_send_buf_bytes: usize,
    /// HTTP/2: bytes of one request body a client may send before the service has read any. 65,535 by default.
    pub h2_stream_window_bytes: u32,
    /// HTTP/2: the same over all streams of a connection. 16 MiB by default, which is the stream window of 256
    /// streams, so that a stalled upload never holds up the others. Much smaller values are a trap: HTTP/2 libraries
    /// end a connection whose unread small frames "cost" more than half of this window.
    pub h2_connection_window_bytes: u32,
    /// HTTP/2: streams a client may have open on one connection. 256 by default.
    pub max_concurrent_streams: u32,
    /// Bytes the kernel may hold unsent per socket (`TCP_NOTSENT_LOWAT`, Linux and Apple systems). 32 KiB by default.
    pub notsent_lowat_bytes: u32,
    /// A client that acknowledges nothing for so long is gone (`TCP_USER_TIMEOUT`, Linux). The kernel counts a
    /// client that stopped reading too. 20 s by default.
    pub user_timeout: Duration,
}

impl Default for ListenOptions {
    fn default() -> Self {
        Self {
            max_connections: 10_000,
            first_request_timeout: Duration::from_secs(10),
            header_read_timeout: Duration::from_secs(75),
            max_header_list_bytes: 16 * 1024,
            h1_max_buf_bytes: 16 * 1024,
            h2_max_send_buf_bytes: 64 * 1024,
            h2_stream_window_bytes: 65_535,
            h2_connection_window_bytes: 16 * 1024 * 1024,
            max_concurrent_streams: 256,
            notsent_lowat_bytes: 32 * 1024,
            user_timeout: Duration::from_secs(20),
        }
    }
}

impl ListenOptions {
    /// hyper, set up by these options. Its HTTP/2 keepalive stays off, and its windows do not adapt: both end
    /// connections that carry token streams.
    pub(super) fn http(&self) -> auto::Builder<TokioExecutor> {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(self.header_read_timeout)
            .max_buf_size(self.h1_max_buf_bytes.max(H1_MIN_BUF_BYTES))
            .keep_alive(true)
            // A client that closes its side is gone: its response is dropped at once.
            .half_close(false);
        builder
            .http2()
            .timer(TokioTimer::new())
            .initial_stream_window_size(self.h2_stream_window_bytes)
            .initial_connection_window_size(self.h2_connection_window_bytes)
            .max_concurrent_streams(self.max_concurrent_streams)
            .max_send_buf_size(self.h2_max_send_buf_bytes)
            .max_header_list_size(self.max_header_list_bytes);
        builder
    }
}
