//! A text cut into pieces of so many characters, over and over.

use seseragi_flow::{Batch, Prompt};

/// What is still to be said. Holds the text once, however often it is repeated.
#[derive(Debug)]
pub(super) struct Pieces {
    text: String,
    at: usize,
    rounds_left: u32,
    chunk_chars: usize,
}

impl Pieces {
    /// The text `repeat` times; no piece goes from one round into the next.
    pub(super) fn new(text: String, chunk_chars: usize, repeat: u32) -> Self {
        let rounds_left = if text.is_empty() { 0 } else { repeat };
        Self { text, at: 0, rounds_left, chunk_chars: chunk_chars.max(1) }
    }

    /// Whether everything was said.
    pub(super) fn is_done(&self) -> bool {
        self.rounds_left == 0
    }

    /// Adds up to `count` pieces to the batch and says how many those were.
    pub(super) fn take(&mut self, count: usize, batch: &mut Batch) -> usize {
        let mut taken = 0;
        while taken < count && !self.is_done() {
            batch.push_text(self.next());
            taken += 1;
        }
        taken
    }

    fn next(&mut self) -> &str {
        let rest = &self.text[self.at..];
        let end = rest.char_indices().nth(self.chunk_chars).map_or(rest.len(), |(index, _)| index);
        let piece = self.at..self.at + end;
        self.at = piece.end;
        if self.at == self.text.len() {
            (self.at, self.rounds_left) = (0, self.rounds_left - 1);
        }
        &self.text[piece]
    }
}

/// The text that answers a prompt: the last thing the user said.
pub(super) fn answer(prompt: Prompt) -> String {
    match prompt {
        Prompt::Text(text) => text,
        Prompt::Messages(mut turns) => {
            let last = turns.iter().rposition(|turn| turn.role == "user").or(turns.len().checked_sub(1));
            last.map(|index| turns.swap_remove(index).content).unwrap_or_default()
        }
    }
}

/// Where the first of the stop texts begins.
pub(super) fn first_stop(text: &str, stops: &[String]) -> Option<usize> {
    stops.iter().filter(|stop| !stop.is_empty()).filter_map(|stop| text.find(stop.as_str())).min()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use seseragi_flow::Message;

    use super::*;

    fn turn(role: &str, content: &str) -> Message {
        Message { role: role.into(), content: content.into() }
    }

    #[test]
    fn the_answer_is_the_last_thing_the_user_said() {
        assert_eq!(answer(Prompt::Text("a".into())), "a");
        let turns = vec![turn("user", "first"), turn("user", "last"), turn("assistant", "no")];
        assert_eq!(answer(Prompt::Messages(turns)), "last");
        assert_eq!(answer(Prompt::Messages(vec![turn("system", "only")])), "only");
        assert_eq!(answer(Prompt::Messages(vec![])), "");
    }

    #[test]
    fn the_earliest_stop_counts() {
        let stops = ["".into(), "流".into(), "る".into()];
        assert_eq!(first_stop("水が流れる", &stops), Some(6));
        assert_eq!(first_stop("water", &stops), None);
    }

    proptest! {
        #[test]
        fn pieces_joined_are_the_text(
            text in "[a-zあ🌊\n]{0,40}", chunk in 0_usize..6, repeat in 0_u32..4, step in 1_usize..9,
        ) {
            let mut pieces = Pieces::new(text.clone(), chunk, repeat);
            let (mut batch, mut count) = (Batch::new(), 0);
            while !pieces.is_done() {
                count += pieces.take(step, &mut batch);
            }
            prop_assert_eq!(batch.iter().map(|d| d.text).collect::<String>(), text.repeat(repeat as usize));
            prop_assert!(batch.iter().all(|d| d.text.chars().count() <= chunk.max(1)));
            prop_assert_eq!(count, text.chars().count().div_ceil(chunk.max(1)) * repeat as usize);
        }
    }
}
