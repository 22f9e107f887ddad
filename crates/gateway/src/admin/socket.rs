//! The socket in the data folder through which commands ask the running gateway.
//!
//! It is open to the owner of the data folder only: mode 0600, and the other end's user must be ours or root. The number of
//! connections, the length of a line and the time for one are bounded; what is no order costs its sender the connection
//! and us nothing.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use seseragi_guard::UnixSeconds;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::office::Office;
use super::order::{LINE_BYTES_MAX, read_order, write_answer};

/// Its name in the data folder.
pub const SOCKET_FILE: &str = "admin.sock";
/// Connections at once; more wait in the kernel's queue.
const CONNECTIONS: usize = 8;
/// How long a line may take, and the reading of an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The socket. Dropping it removes its file.
#[derive(Debug)]
pub struct AdminSocket {
    listener: UnixListener,
    path: PathBuf,
    owner: u32,
}

impl AdminSocket {
    /// Makes the socket. Whoever calls holds the data folder's lock, so a socket that is there is of a gateway that is gone.
    ///
    /// # Errors
    /// If it cannot be made, or something that is no socket is in its place.
    pub fn bind(folder: &Path) -> io::Result<Self> {
        let path = folder.join(SOCKET_FILE);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.file_type().is_socket() => fs::remove_file(&path)?,
            Ok(_) => {
                return Err(io::Error::other("something that is no socket is in its place: move it away"));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        let owner = fs::metadata(&path)?.uid();
        Ok(Self { listener, path, owner })
    }

    /// Answers orders for as long as it is polled. What an order has asked of the store happens even then.
    pub async fn serve(&self, office: &Office) {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let mut running = JoinSet::new();
        loop {
            // Never closed; and if it were, there would be nothing more to serve.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            while running.try_join_next().is_some() {}
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "the admin socket does not accept");
                    tokio::time::sleep(PATIENCE).await;
                    continue;
                }
            };
            if !self.is_ours(&stream) {
                tracing::warn!("somebody else tried the admin socket");
                continue;
            }
            let office = office.clone();
            running.spawn(async move {
                converse(stream, &office).await;
                drop(place);
            });
        }
    }

    fn is_ours(&self, stream: &UnixStream) -> bool {
        stream.peer_cred().is_ok_and(|peer| peer.uid() == self.owner || peer.uid() == 0)
    }
}

impl Drop for AdminSocket {
    fn drop(&mut self) {
        // Best effort: a file that stays is replaced at the next start.
        let _ = fs::remove_file(&self.path);
    }
}

/// Order after order, until the other end stops, dawdles, or says what is none.
async fn converse(stream: UnixStream, office: &Office) {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    loop {
        let mut line = Vec::new();
        let mut bounded = (&mut reader).take(LINE_BYTES_MAX as u64);
        if !matches!(timeout(PATIENCE, bounded.read_until(b'\n', &mut line)).await, Ok(Ok(1..))) {
            return;
        }
        let order = match line.last() {
            Some(b'\n') => read_order(&line),
            _ => Err(format!("an order is one line of at most {LINE_BYTES_MAX} bytes")),
        };
        let good = order.is_ok();
        let done = match order {
            Ok(order) => office.perform(order, UnixSeconds::now()).await,
            Err(error) => Err(error),
        };
        let answer = write_answer(done);
        let written = timeout(PATIENCE, writer.write_all(answer.as_bytes())).await;
        if !good || !matches!(written, Ok(Ok(()))) {
            return;
        }
    }
}
