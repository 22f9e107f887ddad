//! Random names of 128 bits, written as 26 characters.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Crockford's base 32 in lower case: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of one written name: 26 × 5 bits hold 128 bits, and the first character holds only 3.
const LENGTH: usize = 26;

/// The public, random, never reused name of one generation.
///
/// Written as exactly 26 lower-case Crockford base-32 characters. There is one way to write each name: upper
/// case, look-alikes (`o` for `0`, `l` for `1`), hyphens and other lengths are refused. The name is no
/// secret: who may read a generation is decided by its owner, not by knowing its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId([u8; 16]);

/// The text is not 26 characters of lower-case Crockford base 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a stream id is 26 characters of 0-9 and a-z without i, l, o, u, and the first is 0-7")]
pub struct InvalidStreamId;

impl StreamId {
    /// A fresh name from the operating system's random source.
    ///
    /// # Panics
    /// If the operating system has no random source.
    pub fn random() -> Self {
        Self(crate::random::bytes())
    }

    /// The name with these bytes, for records that keep it in binary form.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes of the name, most significant first.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(encode(u128::from_be_bytes(self.0), &mut [0; LENGTH]))
    }
}

impl fmt::Debug for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StreamId({self})")
    }
}

impl FromStr for StreamId {
    type Err = InvalidStreamId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != LENGTH || text.as_bytes()[0] > b'7' {
            return Err(InvalidStreamId);
        }
        let mut number = 0_u128;
        for character in text.bytes() {
            let digit = ALPHABET.iter().position(|&known| known == character).ok_or(InvalidStreamId)?;
            number = number << 5 | digit as u128;
        }
        Ok(Self(number.to_be_bytes()))
    }
}

/// A fresh random name of 128 bits as text, for token ids and guests.
pub(crate) fn random_name() -> String {
    StreamId::random().to_string()
}

fn encode(number: u128, buffer: &mut [u8; LENGTH]) -> &str {
    for (place, slot) in buffer.iter_mut().rev().enumerate() {
        *slot = ALPHABET[(number >> (5 * place)) as usize & 31];
    }
    std::str::from_utf8(buffer).expect("the alphabet is ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_and_the_last_name_are_written_in_full() {
        assert_eq!(StreamId([0; 16]).to_string(), "0".repeat(26));
        assert_eq!(StreamId([255; 16]).to_string(), format!("7{}", "z".repeat(25)));
    }

    #[test]
    fn other_spellings_are_refused() {
        let good = StreamId([7; 16]).to_string();
        let others = [
            String::new(),
            good[1..].to_owned(),
            format!("{good}0"),
            good.to_uppercase(),
            format!("8{}", &good[1..]),
            format!("{}o", &good[..25]),
            format!("{}-", &good[..25]),
            format!("{}é", &good[..24]),
            format!(" {}", &good[..25]),
        ];
        for other in others {
            assert_eq!(other.parse::<StreamId>(), Err(InvalidStreamId), "{other:?}");
        }
    }

    #[test]
    fn random_names_differ() {
        assert_ne!(StreamId::random(), StreamId::random());
    }

    proptest! {
        #[test]
        fn text_and_bytes_are_one_to_one(bytes: [u8; 16]) {
            let id = StreamId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().parse::<StreamId>(), Ok(id));
            prop_assert_eq!(id.as_bytes(), &bytes);
        }

        #[test]
        fn what_parses_is_written_back_the_same(text in "\\PC{0,30}|[0-9a-z]{26}") {
            if let Ok(id) = text.parse::<StreamId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
