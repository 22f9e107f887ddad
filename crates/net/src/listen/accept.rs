//! The acceptor: one task that takes sockets and seats each at a worker.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

use super::connection::{Host, serve};
use super::registry::{Connection, Refused, Registry};
use super::{ListenOptions, Service};
use crate::socket;
use crate::workers::Seat;

/// Pauses after errors that will not go away at once: no file descriptors, no memory.
const PAUSE_MIN: Duration = Duration::from_millis(10);
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// Takes sockets until told to stop; dropping it closes the listening socket.
pub(super) struct Acceptor<S> {
    pub(super) listener: TcpListener,
    pub(super) local: SocketAddr,
    pub(super) seats: Vec<Seat>,
    pub(super) registry: Arc<Registry>,
    pub(super) host: Arc<Host<S>>,
    pub(super) options: ListenOptions,
}

impl<S: Service> Acceptor<S> {
    pub(super) async fn run(self, mut stopped: watch::Receiver<bool>) {
        tokio::select! {
            biased;
            // The sender is never dropped before it has said so; either way it is over.
            _ = stopped.wait_for(|stopped| *stopped) => {}
            () = self.accept_forever() => {}
        }
        // The listening socket goes before the receiver, whose end says that it is gone.
        drop(self);
        drop(stopped);
    }

    async fn accept_forever(&self) {
        let mut pause = PAUSE_MIN;
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    pause = PAUSE_MIN;
                    self.admit(stream, peer);
                }
                Err(error) if concerns_one_socket(&error) => {
                    tracing::debug!(%error, "a connection was gone before it was accepted");
                }
                Err(error) => {
                    tracing::warn!(%error, ?pause, "cannot accept connections");
                    sleep(pause).await;
                    pause = (pause * 2).min(PAUSE_MAX);
                }
            }
        }
    }

    fn admit(&self, stream: TcpStream, peer: SocketAddr) {
        let Some(seat) = self.seats.iter().min_by_key(|seat| seat.load.rank()) else { return };
        // Where the listener has no address of its own, each socket knows the one it was reached at.
        let local = stream.local_addr().unwrap_or(self.local);
        match self.registry.enter(peer, local, seat.load.clone()) {
            Ok(connection) => {
                if let Err(error) = self.seat(stream, connection, seat) {
                    tracing::debug!(%error, %peer, "a connection was gone before it was served");
                }
            }
            Err(Refused::Full) => tracing::warn!(%peer, "refused a connection: the listener is full"),
            Err(Refused::Closed) => tracing::debug!(%peer, "refused a connection: the listener is closed"),
        }
    }

    fn seat(&self, stream: TcpStream, connection: Arc<Connection>, seat: &Seat) -> io::Result<()> {
        set_options(&stream, &self.options)?;
        // Out of this worker's event queue, into that of the seat's.
        let stream = stream.into_std()?;
        let host = self.host.clone();
        seat.handle.spawn(async move {
            match TcpStream::from_std(stream) {
                Ok(stream) => serve(host, stream, connection).await,
                Err(error) => tracing::warn!(%error, "the worker has no room for a socket"),
            }
        });
        Ok(())
    }
}

fn set_options(stream: &TcpStream, options: &ListenOptions) -> io::Result<()> {
    let socket = SockRef::from(stream);
    socket::set_no_delay(&socket)?;
    socket::set_unsent_bound(&socket, options.notsent_lowat_bytes)?;
    socket::set_user_timeout(&socket, options.user_timeout)
}

/// Errors about the socket at the head of the queue, which is then gone from it.
fn concerns_one_socket(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn accepted_sockets_carry_the_options() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        set_options(&stream, &ListenOptions::default()).unwrap();

        let socket = SockRef::from(&stream);
        assert!(socket.tcp_nodelay().unwrap());
        assert_eq!(socket.tcp_notsent_lowat().unwrap(), 32 * 1024);
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_secs(20)));
    }

    #[test]
    fn running_out_of_descriptors_is_not_about_one_socket() {
        const EMFILE: i32 = 24;
        assert!(!concerns_one_socket(&io::Error::from_raw_os_error(EMFILE)));
        assert!(concerns_one_socket(&io::ErrorKind::ConnectionAborted.into()));
    }
}
