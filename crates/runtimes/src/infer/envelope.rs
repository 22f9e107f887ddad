//! Messages out of a body that is cut anywhere: five bytes of flags and length, then the message (gRPC over HTTP/2,
//! "Length-Prefixed-Message"). Pure.

use super::fault::Fault;

/// Bytes before every message.
pub(super) const ENVELOPE_BYTES: usize = 5;
/// The longest message that is taken.
pub(super) const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;
/// What is kept of the memory that a long message needed.
const KEPT_BYTES: usize = 64 * 1024;

/// Finds messages. Those that arrive whole are borrowed from what arrived; only the pieces of others are copied.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    /// The start of a message whose rest has not arrived; empty between messages.
    partial: Vec<u8>,
}

impl Splitter {
    /// Calls `each` for every message that is complete with these bytes. An error ends it for good.
    pub(super) fn feed(
        &mut self,
        mut bytes: &[u8],
        mut each: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        if !self.partial.is_empty() {
            let Some(rest) = self.complete(bytes)? else { return Ok(()) };
            each(&self.partial[ENVELOPE_BYTES..])?;
            self.partial.clear();
            self.partial.shrink_to(KEPT_BYTES);
            bytes = rest;
        }
        while let Some(length) = message_length(bytes)? {
            let Some((message, rest)) = bytes[ENVELOPE_BYTES..].split_at_checked(length) else { break };
            each(message)?;
            bytes = rest;
        }
        self.partial.extend_from_slice(bytes);
        Ok(())
    }

    /// Whether nothing is left of a message that was cut.
    pub(super) fn is_between_messages(&self) -> bool {
        self.partial.is_empty()
    }

    /// Moves what the started message lacks out of `bytes`; returns the rest once the message is whole.
    fn complete<'a>(&mut self, bytes: &'a [u8]) -> Result<Option<&'a [u8]>, Fault> {
        let bytes = self.fill(ENVELOPE_BYTES, bytes);
        let Some(length) = message_length(&self.partial)? else { return Ok(None) };
        let whole = ENVELOPE_BYTES + length;
        let rest = self.fill(whole, bytes);
        Ok((self.partial.len() == whole).then_some(rest))
    }

    fn fill<'a>(&mut self, up_to: usize, bytes: &'a [u8]) -> &'a [u8] {
        let missing = up_to.saturating_sub(self.partial.len());
        let (taken, rest) = bytes.split_at(missing.min(bytes.len()));
        self.partial.extend_from_slice(taken);
        rest
    }
}

/// The length that an envelope announces, if all of its five bytes are there.
fn message_length(bytes: &[u8]) -> Result<Option<usize>, Fault> {
    let Some([flags, length @ ..]) = bytes.first_chunk::<ENVELOPE_BYTES>() else { return Ok(None) };
    let length = u32::from_be_bytes(*length) as usize;
    match flags {
        0 if length <= MAX_MESSAGE_BYTES => Ok(Some(length)),
        0 => Err(Fault::Protocol("a message is longer than 4 MiB")),
        1 => Err(Fault::Protocol("a message is compressed, which was not offered")),
        _ => Err(Fault::Protocol("an envelope has unknown flags")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn enveloped(messages: &[Vec<u8>]) -> Vec<u8> {
        let envelope =
            |message: &Vec<u8>| [&[0][..], &(message.len() as u32).to_be_bytes(), message].concat();
        messages.iter().flat_map(envelope).collect()
    }

    fn split<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<(Vec<Vec<u8>>, bool), Fault> {
        let (mut splitter, mut messages) = (Splitter::default(), Vec::new());
        for piece in pieces {
            splitter.feed(piece, |message| {
                messages.push(message.to_vec());
                Ok(())
            })?;
        }
        Ok((messages, splitter.is_between_messages()))
    }

    #[test]
    fn every_pair_of_cuts_gives_the_same_messages() {
        let messages = [b"ab".to_vec(), vec![], b"cde".to_vec()];
        let whole = enveloped(&messages);
        for first in 0..=whole.len() {
            for second in first..=whole.len() {
                let pieces = [&whole[..first], &whole[first..second], &whole[second..]];
                let (found, clean) = split(pieces).expect("they are fine");
                assert_eq!((found.as_slice(), clean), (&messages[..], true), "{first} {second}");
            }
        }
    }

    #[test]
    fn a_cut_message_is_noticed_at_every_byte() {
        let whole = enveloped(&[b"abc".to_vec()]);
        for cut in 1..whole.len() {
            let (found, clean) = split([&whole[..cut]]).expect("nothing is wrong yet");
            assert!(found.is_empty() && !clean, "{cut}");
        }
    }

    #[test]
    fn what_is_no_envelope_is_refused_before_its_message_arrives() {
        for head in
            [[1, 0, 0, 0, 1], [2, 0, 0, 0, 1], [0x80, 0, 0, 0, 0], [0, 0, 0x40, 0, 1], [0, 255, 0, 0, 0]]
        {
            assert!(split([&head[..]]).is_err(), "{head:?}");
            assert!(split(head.chunks(1)).is_err(), "{head:?}");
        }
        assert!(split([&[0, 0, 0x40, 0, 0][..]]).is_ok(), "4 MiB is the longest");
    }

    #[test]
    fn the_memory_of_a_long_message_is_given_back() {
        let long = enveloped(&[vec![7; MAX_MESSAGE_BYTES]]);
        let mut splitter = Splitter::default();
        for piece in long.chunks(16 * 1024) {
            splitter.feed(piece, |_| Ok(())).expect("it is fine");
        }
        assert!(splitter.partial.capacity() <= KEPT_BYTES);
    }

    proptest! {
        #[test]
        fn messages_survive_any_cuts(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..12),
            cuts in prop::collection::vec(1_usize..40, 1..20),
        ) {
            let whole = enveloped(&messages);
            let (mut rest, mut pieces) = (&whole[..], Vec::new());
            for cut in cuts.iter().cycle() {
                let (piece, tail) = rest.split_at(rest.len().min(*cut));
                pieces.push(piece);
                rest = tail;
                if rest.is_empty() { break }
            }
            prop_assert_eq!(split(pieces).expect("they are fine"), (messages, true));
        }
    }
}
