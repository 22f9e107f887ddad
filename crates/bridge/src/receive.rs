//! Reading the one message of a request, with a bound on bytes and on time.

use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use http_body::Body;
use http_body_util::BodyExt;
use seseragi_flow::{Code, Problem};

use crate::message::ENVELOPE_BYTES;

/// How long a client may take to send its request.
const PATIENCE: Duration = Duration::from_secs(15);
/// How much of a request that is too long is read for nothing: over HTTP/1.1 a client that still sends may not
/// see an answer, because the connection is reset under it.
const MAX_DISCARDED_BYTES: usize = 8 * 1024 * 1024;
/// What [`let_finish`] waits for.
const COURTESY: Duration = Duration::from_secs(1);
const COURTESY_BYTES: usize = 64 * 1024;

/// Reads one message: enveloped, or the whole body where the wire has no envelopes. Cancel-safe: a dropped
/// read drops the body.
///
/// # Errors
/// `InvalidArgument` for what is no message; `Unimplemented` for a compressed one; `ResourceExhausted` for one
/// over `max_bytes`; `DeadlineExceeded` for a slow client; `Cancelled` for one that went away.
pub(crate) async fn message<B>(mut body: B, bare: bool, max_bytes: usize) -> Result<Bytes, Problem>
where
    B: Body<Data = Bytes> + Unpin,
{
    let read = read(&mut body, bare, max_bytes);
    let read = tokio::time::timeout(PATIENCE, read).await.unwrap_or_else(|_| Err(too_slow()));
    if read.as_ref().is_err_and(|problem| problem.code == Code::ResourceExhausted) {
        drop(tokio::time::timeout(PATIENCE, discard(&mut body, MAX_DISCARDED_BYTES)).await);
    }
    read
}

/// Lets a client whose call is refused by its head finish a small request, for the same reason. Nobody knows who it is,
/// so it gets a second and 64 KiB.
pub(crate) async fn let_finish<B: Body<Data = Bytes> + Unpin>(body: &mut B) {
    drop(tokio::time::timeout(COURTESY, discard(body, COURTESY_BYTES)).await);
}

async fn discard<B: Body<Data = Bytes> + Unpin>(body: &mut B, max_bytes: usize) {
    let mut discarded = 0;
    while let Some(Ok(frame)) = body.frame().await {
        discarded += frame.data_ref().map_or(0, Bytes::len);
        if discarded > max_bytes {
            return;
        }
    }
}

async fn read<B>(body: &mut B, bare: bool, max_bytes: usize) -> Result<Bytes, Problem>
where
    B: Body<Data = Bytes> + Unpin,
{
    let limit = if bare { max_bytes } else { max_bytes + ENVELOPE_BYTES };
    let mut received = BytesMut::new();
    loop {
        if let Some(message) = (!bare).then(|| envelope(&mut received, max_bytes)).transpose()?.flatten() {
            return Ok(message);
        }
        match body.frame().await {
            Some(Ok(frame)) => {
                let Ok(data) = frame.into_data() else { continue };
                if received.len() + data.len() > limit + ENVELOPE_BYTES {
                    return Err(too_long(max_bytes));
                }
                received.extend_from_slice(&data);
            }
            Some(Err(_)) => return Err(gone()),
            None if bare && received.len() > max_bytes => return Err(too_long(max_bytes)),
            None if bare => return Ok(received.freeze()),
            None => return Err(incomplete()),
        }
    }
}

/// The first message, if all of it is there.
fn envelope(received: &mut BytesMut, max_bytes: usize) -> Result<Option<Bytes>, Problem> {
    let Some(head) = received.first_chunk::<ENVELOPE_BYTES>() else { return Ok(None) };
    let [flags, length @ ..] = *head;
    let length = u32::from_be_bytes(length) as usize;
    if flags & 1 != 0 {
        return Err(compressed());
    }
    if flags != 0 {
        return Err(incomplete());
    }
    if length > max_bytes {
        return Err(too_long(max_bytes));
    }
    if received.len() < ENVELOPE_BYTES + length {
        return Ok(None);
    }
    received.advance(ENVELOPE_BYTES);
    Ok(Some(received.split_to(length).freeze()))
}

fn too_long(max_bytes: usize) -> Problem {
    let message = format!("the request is longer than the {max_bytes} bytes that are taken");
    Problem::caller(Code::ResourceExhausted, "request_too_long", message)
}

fn compressed() -> Problem {
    Problem::caller(
        Code::Unimplemented,
        "compressed_request",
        "compressed requests are not taken; send identity",
    )
}

fn incomplete() -> Problem {
    Problem::caller(Code::InvalidArgument, "no_message", "the request holds no whole message")
}

fn too_slow() -> Problem {
    Problem::caller(Code::DeadlineExceeded, "slow_request", "the request did not arrive in time")
}

fn gone() -> Problem {
    Problem::caller(Code::Cancelled, "client_gone", "the client went away while it sent its request")
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;
    use proptest::prelude::*;

    use super::*;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("runtime").block_on(future)
    }

    proptest! {
        #[test]
        fn a_message_is_read_however_it_is_cut(
            payload in prop::collection::vec(any::<u8>(), 0..600), cuts in prop::collection::vec(1_usize..80, 0..12),
        ) {
            let mut whole = BytesMut::new();
            crate::message::put_envelope(&mut whole, 0, &payload);
            let mut pieces: Vec<Bytes> =
                cuts.into_iter().map(|cut| whole.split_to(cut.min(whole.len())).freeze()).collect();
            pieces.push(whole.freeze());
            prop_assert_eq!(run(message(Pieces(pieces.into_iter()), false, 600)).expect("reads"), payload);
        }
    }

    struct Pieces(std::vec::IntoIter<Bytes>);

    impl Body for Pieces {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
            std::task::Poll::Ready(self.0.next().map(|piece| Ok(http_body::Frame::data(piece))))
        }
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let refused = |bytes: &'static [u8]| {
            run(message(Full::new(Bytes::from_static(bytes)), false, 8)).expect_err("refused")
        };
        assert_eq!(refused(b"").reason, "no_message");
        assert_eq!(refused(b"\0\0\0\0\x05abc").reason, "no_message");
        assert_eq!(refused(b"\0\xff\xff\xff\xffabc").reason, "request_too_long");
        assert_eq!(refused(b"\x01\0\0\0\x01a").reason, "compressed_request");
        assert_eq!(refused(b"0123456789012345").code, Code::InvalidArgument);
    }
}
