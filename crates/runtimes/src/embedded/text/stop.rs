//! Stop texts: they end an answer and are not part of it, wherever the borders of tokens fall.

/// Looks for stop texts in a text that comes in pieces. Holds back only what may still become one of them.
#[derive(Debug)]
pub(crate) struct StopTexts {
    stops: Vec<String>,
    held: String,
}

impl StopTexts {
    /// Empty stop texts are ignored.
    pub(crate) fn new(stops: &[String]) -> Self {
        Self { stops: stops.iter().filter(|stop| !stop.is_empty()).cloned().collect(), held: String::new() }
    }

    /// Appends to `out` what is certain. `true` if a stop text was completed: nothing comes after it.
    ///
    /// The stop text that is complete first wins, so that the answer does not depend on the pieces.
    pub(crate) fn push(&mut self, piece: &str, out: &mut String) -> bool {
        if self.stops.is_empty() {
            out.push_str(piece);
            return false;
        }
        self.held.push_str(piece);
        let found = self.stops.iter().filter_map(|stop| {
            let start = self.held.find(stop.as_str())?;
            Some((start + stop.len(), start))
        });
        if let Some((_, start)) = found.min() {
            out.push_str(&self.held[..start]);
            self.held.clear();
            return true;
        }
        let certain = self.held.len() - self.undecided();
        out.extend(self.held.drain(..certain));
        false
    }

    /// Nothing more comes: what was held back was no stop text.
    pub(crate) fn finish(&mut self, out: &mut String) {
        out.push_str(&self.held);
        self.held.clear();
    }

    /// Length of the longest end of `held` that some stop text begins with.
    fn undecided(&self) -> usize {
        let longest = self.stops.iter().map(String::len).max().unwrap_or(0);
        let may_become = |end: &str| self.stops.iter().any(|stop| stop.starts_with(end));
        let earliest = self.held.len().saturating_sub(longest);
        let mut starts = (earliest..self.held.len()).filter(|at| self.held.is_char_boundary(*at));
        starts.find(|at| may_become(&self.held[*at..])).map_or(0, |at| self.held.len() - at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn through<'a>(stops: &[String], pieces: impl IntoIterator<Item = &'a str>) -> (String, bool) {
        let (mut stop, mut out) = (StopTexts::new(stops), String::new());
        for piece in pieces {
            if stop.push(piece, &mut out) {
                return (out, true);
            }
        }
        stop.finish(&mut out);
        (out, false)
    }

    /// The definition: read character by character; the first stop text that is complete cuts itself off.
    fn defined(stops: &[String], text: &str) -> (String, bool) {
        for end in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let longest =
                stops.iter().filter(|s| !s.is_empty() && text[..end].ends_with(*s)).max_by_key(|s| s.len());
            if let Some(stop) = longest {
                return (text[..end - stop.len()].to_owned(), true);
            }
        }
        (text.to_owned(), false)
    }

    #[test]
    fn only_what_may_become_a_stop_text_is_held_back() {
        let mut stop = StopTexts::new(&["\n\nQ:".to_owned()]);
        let mut out = String::new();
        assert!(!stop.push("one\n", &mut out));
        assert_eq!(out, "one");
        assert!(!stop.push("two\n\nQ", &mut out));
        assert_eq!(out, "one\ntwo");
        assert!(stop.push(": three", &mut out));
        assert_eq!(out, "one\ntwo");
    }

    proptest! {
        #[test]
        fn the_pieces_do_not_matter(
            stops in proptest::collection::vec("[abあ]{0,4}", 0..4),
            pieces in proptest::collection::vec("[abcあ]{0,4}", 0..12),
        ) {
            let text = pieces.concat();
            prop_assert_eq!(through(&stops, pieces.iter().map(String::as_str)), defined(&stops, &text));
        }
    }
}
