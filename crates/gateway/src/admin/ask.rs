//! The command's end of the socket.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::order::{Answer, LINE_BYTES_MAX, Order, read_answer, write_order};
use super::socket::SOCKET_FILE;

/// How long an order may take: a password is hashed, a database is asked.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks the gateway that runs on this data folder; `None` if none does.
///
/// # Errors
/// What the gateway says, or that it does not answer. The order may have been carried out in the latter case.
pub fn ask(folder: &Path, order: &Order) -> Option<Result<Answer, String>> {
    let stream = match UnixStream::connect(folder.join(SOCKET_FILE)) {
        Ok(stream) => stream,
        // Nobody listens: there is no socket, or it is of a gateway that is gone.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return None;
        }
        // Such a path has no socket, see `trust::folder`.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => return None,
        Err(error) => return Some(Err(format!("the running gateway cannot be asked: {error}"))),
    };
    let line = write_order(order);
    if line.len() > LINE_BYTES_MAX {
        return Some(Err("that is longer than the gateway reads: give less".to_owned()));
    }
    Some(converse(stream, &line))
}

fn converse(mut stream: UnixStream, line: &str) -> Result<Answer, String> {
    let failed = |error: io::Error| {
        format!("the running gateway did not answer ({error}): look whether it was done before trying again")
    };
    stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(failed)?;
    stream.write_all(line.as_bytes()).map_err(failed)?;
    let mut answer = Vec::new();
    let mut reader = BufReader::new(stream).take(LINE_BYTES_MAX as u64);
    reader.read_until(b'\n', &mut answer).map_err(failed)?;
    read_answer(&answer)
}
