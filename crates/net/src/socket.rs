//! TCP options, the same way for accepted and for dialled sockets.

use std::io;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};

/// Silence before the kernel probes a peer, the gap between probes, and how many may stay unanswered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KernelKeepalive {
    /// Silence before the first probe. 30 s by default.
    pub idle: Duration,
    /// Time between two probes. 10 s by default.
    pub interval: Duration,
    /// Unanswered probes after which the connection is dead. 3 by default.
    pub probes: u32,
}

impl Default for KernelKeepalive {
    fn default() -> Self {
        Self { idle: Duration::from_secs(30), interval: Duration::from_secs(10), probes: 3 }
    }
}

/// Sends small writes at once instead of waiting for an acknowledgement (`TCP_NODELAY`).
pub(crate) fn set_no_delay(socket: &SockRef<'_>) -> io::Result<()> {
    socket.set_tcp_nodelay(true)
}

/// Bounds what the kernel holds unsent (`TCP_NOTSENT_LOWAT`), so that what a slow reader has not taken yet stays
/// with us, where it can still be merged. Other systems than Linux and Apple's have no such option: a no-op there.
pub(crate) fn set_unsent_bound(socket: &SockRef<'_>, bytes: u32) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    socket.set_tcp_notsent_lowat(bytes)?;
    let _ = (socket, bytes);
    Ok(())
}

/// Ends a connection whose peer leaves sent bytes unacknowledged for so long (`TCP_USER_TIMEOUT`). Only on Linux;
/// a no-op elsewhere.
pub(crate) fn set_user_timeout(socket: &SockRef<'_>, timeout: Duration) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    socket.set_tcp_user_timeout(Some(timeout))?;
    let _ = (socket, timeout);
    Ok(())
}

/// Lets the kernel notice a peer that vanished while nothing was being sent (`SO_KEEPALIVE`).
pub(crate) fn set_keepalive(socket: &SockRef<'_>, keepalive: KernelKeepalive) -> io::Result<()> {
    let KernelKeepalive { idle, interval, probes } = keepalive;
    let parameters = TcpKeepalive::new().with_time(idle).with_interval(interval).with_retries(probes);
    socket.set_tcp_keepalive(&parameters)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn options_read_back_as_they_were_set() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let socket = SockRef::from(&stream);
        set_no_delay(&socket).unwrap();
        set_unsent_bound(&socket, 32 * 1024).unwrap();
        set_user_timeout(&socket, Duration::from_secs(20)).unwrap();
        set_keepalive(&socket, KernelKeepalive::default()).unwrap();

        assert!(socket.tcp_nodelay().unwrap());
        assert_eq!(socket.tcp_notsent_lowat().unwrap(), 32 * 1024);
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_secs(20)));
        assert!(socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(30));
        assert_eq!(socket.tcp_keepalive_interval().unwrap(), Duration::from_secs(10));
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), 3);
    }
}
