//! One `InferReply`: by hand if it is plain text, which nearly all are; else by the generated code. Pure.

use prost::Message;
use seseragi_proto::infer::InferReply;

use super::fault::Fault;

/// A reply, decoded as cheaply as it allows.
#[derive(Debug, PartialEq)]
pub(super) enum Reply<'a> {
    /// Nothing but answer text, borrowed; the text may be empty.
    Plain(Plain<'a>),
    /// Anything else.
    Other(Box<InferReply>),
}

/// Answer text, and the positions of the upstream's log that it covers (0 where the upstream has none).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Plain<'a> {
    pub(super) text: &'a str,
    pub(super) first: u32,
    pub(super) last: u32,
}

/// Decodes one message.
pub(super) fn decode(message: &[u8]) -> Result<Reply<'_>, Fault> {
    match plain(message) {
        Some(plain) => Ok(Reply::Plain(plain)),
        None => InferReply::decode(message)
            .map(|reply| Reply::Other(Box::new(reply)))
            .map_err(|_| Fault::Protocol("a message is no InferReply")),
    }
}

const DELTA: u8 = 1 << 3 | 2;
const FIRST_SEQ: u8 = 2 << 3;
const LAST_SEQ: u8 = 3 << 3;

/// Reads a message of the fields 1 to 3 only. `None` is not an error: the generated code decides.
fn plain(message: &[u8]) -> Option<Plain<'_>> {
    let (mut rest, mut text, mut first, mut last) = (message, None, 0, 0);
    while let Some((&key, tail)) = rest.split_first() {
        match key {
            DELTA if text.is_none() => {
                let (length, tail) = varint(tail)?;
                let (bytes, tail) = tail.split_at_checked(usize::try_from(length).ok()?)?;
                text = Some(std::str::from_utf8(bytes).ok()?);
                rest = tail;
            }
            FIRST_SEQ => (first, rest) = varint(tail)?,
            LAST_SEQ => (last, rest) = varint(tail)?,
            _ => return None,
        }
    }
    Some(Plain { text: text.unwrap_or_default(), first, last })
}

/// A number of up to four bytes, which is any length or position there can be; longer ones are not for this path.
fn varint(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut value = 0;
    for (index, &byte) in bytes.iter().take(4).enumerate() {
        value |= u32::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use seseragi_proto::infer;

    use super::*;

    fn same(message: &[u8]) -> Result<(), TestCaseError> {
        let generated = InferReply::decode(message);
        match (plain(message), generated) {
            (Some(plain), generated) => {
                let expected = InferReply {
                    delta: plain.text.to_owned(),
                    first_seq: plain.first,
                    last_seq: plain.last,
                    ..InferReply::default()
                };
                prop_assert_eq!(generated, Ok(expected));
            }
            (None, Ok(generated)) => {
                prop_assert_eq!(decode(message).ok(), Some(Reply::Other(generated.into())))
            }
            (None, Err(_)) => prop_assert!(decode(message).is_err()),
        }
        Ok(())
    }

    fn plain_reply() -> impl Strategy<Value = InferReply> {
        ("[a-zあ🌊]{0,300}", 0_u32..1 << 28, 0_u32..1 << 28).prop_map(|(delta, first_seq, last_seq)| {
            InferReply { delta, first_seq, last_seq, ..Default::default() }
        })
    }

    fn any_reply() -> impl Strategy<Value = InferReply> {
        let call =
            prop::option::of(("[a-z]{0,5}", any::<u32>()).prop_map(|(id, index)| infer::ToolCallDelta {
                index,
                id,
                ..Default::default()
            }));
        let beat = prop::option::of(any::<u32>().prop_map(|last_seq| infer::Heartbeat { last_seq }));
        let pad = prop::collection::vec(any::<u8>(), 0..9);
        (plain_reply(), any::<u32>(), "[a-zé]{0,9}", call, beat, pad).prop_map(
            |(plain, last_seq, reasoning, tool_call, heartbeat, pad)| InferReply {
                last_seq,
                reasoning,
                tool_call,
                heartbeat,
                pad,
                ..plain
            },
        )
    }

    proptest! {
        #[test]
        fn plain_text_takes_the_fast_path(reply in plain_reply()) {
            let message = reply.encode_to_vec();
            let decoded = plain(&message).expect("it is plain");
            prop_assert_eq!((decoded.text, decoded.first, decoded.last), (&*reply.delta, reply.first_seq, reply.last_seq));
        }

        #[test]
        fn any_reply_is_read_as_generated_code_reads_it(reply in any_reply()) {
            same(&reply.encode_to_vec())?;
        }

        #[test]
        fn a_cut_or_damaged_message_is_read_as_generated_code_reads_it(
            reply in any_reply(), cut in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte: u8,
        ) {
            let mut message = reply.encode_to_vec();
            message.push(0);
            let at = at.index(message.len());
            message[at] = byte;
            message.truncate(cut.index(message.len() + 1));
            same(&message)?;
        }

        #[test]
        fn bytes_are_read_as_generated_code_reads_them(
            message in prop::collection::vec(prop_oneof![Just(DELTA), Just(FIRST_SEQ), Just(LAST_SEQ), any::<u8>()], 0..24),
        ) {
            same(&message)?;
        }
    }

    #[test]
    fn text_that_comes_twice_or_is_no_utf8_is_left_to_the_generated_code() {
        assert_eq!(plain(b"\x0a\x01a\x0a\x01b"), None);
        assert_eq!(plain(b"\x0a\x01\xff"), None);
        assert!(decode(b"\x0a\x01\xff").is_err());
        assert_eq!(plain(b""), Some(Plain::default()));
    }
}
