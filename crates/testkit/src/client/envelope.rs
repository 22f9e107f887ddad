//! Five-byte envelopes: one byte of flags, four of length, then the message.

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Bytes before every message.
const HEAD_BYTES: usize = 5;

/// A message in its envelope.
#[must_use]
pub fn envelope(flags: u8, message: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(HEAD_BYTES + message.len());
    out.put_u8(flags);
    out.put_u32(message.len() as u32);
    out.put_slice(message);
    out.freeze()
}

/// Takes envelopes out of bytes that arrive as they like.
#[derive(Debug, Default)]
pub(super) struct Unpacker(BytesMut);

impl Unpacker {
    pub(super) fn add(&mut self, data: &[u8]) {
        self.0.extend_from_slice(data);
    }

    /// The next flags and message, if all of it has arrived.
    pub(super) fn next(&mut self) -> Option<(u8, Bytes)> {
        let [flags, length @ ..] = *self.0.first_chunk::<HEAD_BYTES>()?;
        let length = u32::from_be_bytes(length) as usize;
        if self.0.len() < HEAD_BYTES + length {
            return None;
        }
        self.0.advance(HEAD_BYTES);
        Some((flags, self.0.split_to(length).freeze()))
    }

    /// Whether nothing is left over.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
