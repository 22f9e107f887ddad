//! The text of one delta: the time it was sent at, in hex, and filling.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;

use crate::enveloped;

const TIME_DIGITS: usize = 16;

/// Nanoseconds since 1970. All processes of a machine share this clock; a step of it shows as an absurd maximum.
#[must_use]
pub fn now_ns() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64)
}

/// When a delta was sent; `None` if this is no text of ours.
#[must_use]
pub fn sent_at(text: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(text.get(..TIME_DIGITS)?).ok()?;
    u64::from_str_radix(digits, 16).ok()
}

/// A delta as an enveloped `InferReply`, ready but for its time.
#[derive(Clone, Debug)]
pub struct Template {
    bytes: Vec<u8>,
    time_at: usize,
}

impl Template {
    /// For deltas of so many bytes; at least as many as the time needs.
    #[must_use]
    pub fn new(size: usize) -> Self {
        let size = size.max(TIME_DIGITS);
        let bytes = enveloped(&"x".repeat(size));
        Self { time_at: bytes.len() - size, bytes }
    }

    /// Its length in its envelope.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// A delta that is sent now.
    #[must_use]
    pub fn stamped(&mut self) -> Bytes {
        let mut time = now_ns();
        for digit in self.bytes[self.time_at..][..TIME_DIGITS].iter_mut().rev() {
            *digit = b"0123456789abcdef"[(time & 15) as usize];
            time >>= 4;
        }
        Bytes::copy_from_slice(&self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ENVELOPE_BYTES, text_of};

    #[test]
    fn a_delta_tells_when_it_was_sent() {
        let before = now_ns();
        let message = Template::new(24).stamped();
        let text = text_of(&message[ENVELOPE_BYTES..]).unwrap();
        assert_eq!(text.len(), 24);
        assert!((before..=now_ns()).contains(&sent_at(text).unwrap()));
        assert_eq!(sent_at(b"short"), None);
    }
}
