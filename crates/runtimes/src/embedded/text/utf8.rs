//! Bytes in, whole characters out.

/// Holds back the bytes of a character that is not complete yet.
#[derive(Debug, Default)]
pub(crate) struct WholeCharacters {
    held: Vec<u8>,
}

impl WholeCharacters {
    /// Appends to `text` every character that `bytes` complete; bytes that are no UTF-8 become U+FFFD.
    pub(crate) fn push(&mut self, bytes: &[u8], text: &mut String) {
        self.held.extend_from_slice(bytes);
        let mut rest = &*self.held;
        loop {
            match std::str::from_utf8(rest) {
                Ok(whole) => {
                    text.push_str(whole);
                    rest = &[];
                }
                Err(error) => {
                    let (whole, after) = rest.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(whole));
                    rest = after;
                    if let Some(bad) = error.error_len() {
                        text.push(char::REPLACEMENT_CHARACTER);
                        rest = &rest[bad..];
                        continue;
                    }
                }
            }
            break;
        }
        let done = self.held.len() - rest.len();
        self.held.drain(..done);
    }

    /// No more bytes come: an incomplete character becomes one U+FFFD.
    pub(crate) fn finish(&mut self, text: &mut String) {
        if !self.held.is_empty() {
            self.held.clear();
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn through(pieces: &[Vec<u8>]) -> String {
        let (mut whole, mut text) = (WholeCharacters::default(), String::new());
        pieces.iter().for_each(|piece| whole.push(piece, &mut text));
        whole.finish(&mut text);
        text
    }

    #[test]
    fn a_character_waits_for_its_last_byte() {
        let (mut whole, mut text) = (WholeCharacters::default(), String::new());
        let bytes = "あ🌊".as_bytes();
        for (i, byte) in bytes.iter().enumerate() {
            whole.push(&[*byte], &mut text);
            assert_eq!(text, ["", "", "あ", "あ", "あ", "あ", "あ🌊"][i]);
        }
    }

    proptest! {
        #[test]
        fn cutting_anywhere_changes_nothing(text in ".{0,40}", cuts in proptest::collection::vec(1_usize..5, 0..40)) {
            let mut rest = text.as_bytes();
            let mut pieces = Vec::new();
            for cut in cuts {
                let (head, tail) = rest.split_at(cut.min(rest.len()));
                pieces.push(head.to_vec());
                rest = tail;
            }
            pieces.push(rest.to_vec());
            prop_assert_eq!(through(&pieces), text);
        }

        #[test]
        fn any_bytes_give_what_a_lossy_reading_of_all_gives(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let pieces: Vec<Vec<u8>> = bytes.iter().map(|b| vec![*b]).collect();
            prop_assert_eq!(through(&pieces), String::from_utf8_lossy(&bytes));
        }
    }
}
