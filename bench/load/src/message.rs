//! Enveloped messages of `infer.Infer/Stream`: one byte of flags, four of length, then the message.

/// Bytes before every message.
pub const ENVELOPE_BYTES: usize = 5;
/// The key of a string in field 1: `StreamRequest.prompt`, `InferReply.delta`.
const TEXT_KEY: u8 = 0x0a;

/// A message whose field 1 is `text`, in its envelope.
#[must_use]
pub fn enveloped(text: &str) -> Vec<u8> {
    let mut message = vec![TEXT_KEY];
    let mut length = text.len();
    while length >= 0x80 {
        message.push(length as u8 | 0x80);
        length >>= 7;
    }
    message.push(length as u8);
    message.extend_from_slice(text.as_bytes());
    let mut envelope = vec![0];
    envelope.extend_from_slice(&(message.len() as u32).to_be_bytes());
    envelope.append(&mut message);
    envelope
}

/// Field 1 of a message that begins with it. All others have no text: opened, checkpoint, heartbeat, terminal.
#[must_use]
pub fn text_of(message: &[u8]) -> Option<&[u8]> {
    let (key, mut rest) = message.split_first()?;
    let mut length = 0_usize;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, after) = rest.split_first()?;
        rest = after;
        length |= usize::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return rest.get(..length).filter(|_| *key == TEXT_KEY);
        }
    }
    None
}

/// Finds messages in a body that is cut anywhere.
#[derive(Debug, Default)]
pub struct Messages {
    partial: Vec<u8>,
}

impl Messages {
    /// Calls `each` with the flags and the bytes of every message that is complete with these bytes.
    pub fn feed(&mut self, bytes: &[u8], mut each: impl FnMut(u8, &[u8])) {
        if self.partial.is_empty() {
            let taken = take_all(bytes, &mut each);
            self.partial.extend_from_slice(&bytes[taken..]);
        } else {
            self.partial.extend_from_slice(bytes);
            let taken = take_all(&self.partial, &mut each);
            self.partial.drain(..taken);
        }
    }
}

/// Returns how many bytes were complete messages.
fn take_all(bytes: &[u8], each: &mut impl FnMut(u8, &[u8])) -> usize {
    let mut at = 0;
    while let Some([flags, a, b, c, d]) = bytes[at..].first_chunk() {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let Some(message) = bytes[at + ENVELOPE_BYTES..].get(..length) else { break };
        each(*flags, message);
        at += ENVELOPE_BYTES + length;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_wherever_the_body_is_cut() {
        let long = "y".repeat(300);
        let body = [enveloped("first"), enveloped(&long), vec![0x80, 0, 0, 0, 1, b'!']].concat();
        for piece in 1..body.len() {
            let (mut messages, mut found) = (Messages::default(), Vec::new());
            for bytes in body.chunks(piece) {
                messages.feed(bytes, |flags, message| found.push((flags, message.to_vec())));
            }
            assert_eq!(found.len(), 3);
            assert_eq!(text_of(&found[0].1), Some(&b"first"[..]));
            assert_eq!(text_of(&found[1].1), Some(long.as_bytes()));
            assert_eq!(found[2], (0x80, b"!".to_vec()));
        }
    }

    #[test]
    fn only_field_one_is_text() {
        let run = [&enveloped("text")[ENVELOPE_BYTES..], &[0x10, 1, 0x18, 4]].concat();
        assert_eq!(text_of(&run), Some(&b"text"[..]));
        let opened = [0x22, 2, 0x10, 1];
        let terminal = [0x10, 9, 0x18, 9, 0x4a, 0];
        for other in [&opened[..], &terminal, &[], &[0x0a], &[0x0a, 9, b'x'], &[0x0a; 9]] {
            assert_eq!(text_of(other), None);
        }
    }
}
