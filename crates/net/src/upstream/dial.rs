//! Making a connection: name lookup, TCP, HTTP/2.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};

use super::UpstreamError;
use super::options::UpstreamOptions;
use super::pool::{Sender, Target};
use crate::socket;

/// Streams reset by us that are remembered, so that frames already under way to them are no mistake of the upstream.
const RESET_STREAMS_REMEMBERED: usize = 1024;

/// Dials the target and serves the connection on this worker until it has ended.
pub(super) async fn dial(target: &Target) -> Result<Sender, UpstreamError> {
    let deadline = Instant::now() + target.options.connect_timeout;
    let stream = connect(target, deadline).await?;
    let handshake = builder(&target.options).handshake(TokioIo::new(stream));
    let (sender, connection) =
        timeout_at(deadline, handshake).await.map_err(|_| UpstreamError::Timeout)??;
    let authority = target.authority.clone();
    // Ends when the pool and all streams have let go of the connection, or with it.
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(upstream = %authority, %error, "upstream connection failed");
        }
    });
    Ok(sender)
}

async fn connect(target: &Target, deadline: Instant) -> Result<TcpStream, UpstreamError> {
    let lookup = timeout_at(deadline, lookup_host(target.authority.as_str())).await;
    let addresses: Vec<SocketAddr> =
        lookup.map_err(|_| UpstreamError::Timeout)?.map_err(unreachable)?.collect();
    let mut failure = unreachable(io::Error::new(io::ErrorKind::NotFound, "the name has no address"));
    for (index, address) in addresses.iter().enumerate() {
        // An address that does not answer must leave time for those after it.
        let left = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        let share = deadline.saturating_duration_since(Instant::now()) / left;
        failure = match timeout_at(Instant::now() + share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                return set_options(&stream, &target.options).map(|()| stream).map_err(unreachable);
            }
            Ok(Err(error)) => unreachable(error),
            Err(_) => UpstreamError::Timeout,
        };
    }
    Err(failure)
}

fn unreachable(error: io::Error) -> UpstreamError {
    UpstreamError::Connect(Arc::new(error))
}

fn set_options(stream: &TcpStream, options: &UpstreamOptions) -> io::Result<()> {
    let socket = SockRef::from(stream);
    socket::set_no_delay(&socket)?;
    socket::set_keepalive(&socket, options.keepalive)?;
    socket::set_user_timeout(&socket, options.user_timeout)
}

/// hyper, set up by the options. Its HTTP/2 keepalive stays off, and its windows do not adapt.
fn builder(options: &UpstreamOptions) -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .initial_stream_window_size(options.stream_window_bytes)
        .initial_connection_window_size(options.connection_window_bytes)
        .max_send_buf_size(options.max_send_buf_bytes)
        .max_header_list_size(options.max_header_list_bytes)
        .max_concurrent_reset_streams(RESET_STREAMS_REMEMBERED)
        // Many clients leaving at once is normal. The default ends the connection after 1,024 frames for streams
        // that we reset and forgot, over its whole life.
        .max_local_error_reset_streams(None);
    builder
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn dialled_sockets_carry_the_options() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let authority = listener.local_addr().unwrap().to_string().parse().unwrap();
        let target = Target { authority, options: UpstreamOptions::default() };
        let stream = connect(&target, Instant::now() + Duration::from_secs(5)).await.unwrap();

        let socket = SockRef::from(&stream);
        assert!(socket.tcp_nodelay().unwrap());
        assert!(socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(30));
        assert_eq!(socket.tcp_keepalive_interval().unwrap(), Duration::from_secs(10));
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), 3);
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_secs(20)));
    }
}
