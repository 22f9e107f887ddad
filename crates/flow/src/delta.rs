//! A [`Delta`] is one increment of a generation's output; a [`Batch`] is what one read of a model brought.

/// The longest text of one delta, in bytes; longer pieces are split at character borders.
pub const MAX_DELTA_BYTES: usize = 16 * 1024;
/// The longest mark of one delta, in bytes.
pub const MAX_MARK_BYTES: usize = 64;

/// Position of a delta in its log: contiguous from 1; 0 means "before the first".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u32);

impl Seq {
    /// The position before the first delta.
    pub const START: Self = Self(0);

    /// The position right after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl std::fmt::Display for Seq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a delta's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// The answer itself. Only this kind counts for checkpoints.
    Text = 0,
    /// Thoughts that a model shows before its answer.
    Reasoning = 1,
    /// A piece of a tool call, in the form of [`crate::ToolCall::to_payload`].
    ToolCall = 2,
}

impl Kind {
    pub(crate) const fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Reasoning,
            2 => Self::ToolCall,
            _ => Self::Text,
        }
    }
}

/// One increment: non-empty, valid UTF-8, at most [`MAX_DELTA_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delta<'a> {
    /// What the text is.
    pub kind: Kind,
    /// The text.
    pub text: &'a str,
    /// How many output tokens of the model it stands for.
    pub tokens: u32,
    /// Kept with the delta and never sent, such as token ids for a continuation; at most [`MAX_MARK_BYTES`].
    pub mark: &'a [u8],
}

/// Deltas that arrived together, in one contiguous text. Reuse it: [`Batch::clear`] keeps its memory.
#[derive(Debug, Default)]
pub struct Batch {
    text: String,
    cuts: Vec<Cut>,
    marks: Vec<u8>,
}

#[derive(Debug)]
struct Cut {
    end: u32,
    mark_end: u32,
    tokens: u32,
    kind: Kind,
}

impl Batch {
    /// An empty batch; allocates nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { text: String::new(), cuts: Vec::new(), marks: Vec::new() }
    }

    /// A batch of one delta of answer text, counted as one token.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut batch = Self::new();
        batch.push_text(text);
        batch
    }

    /// Adds answer text, counted as one token.
    pub fn push_text(&mut self, text: &str) {
        self.push(Delta { kind: Kind::Text, text, tokens: 1, mark: &[] });
    }

    /// Adds a delta. Empty text is dropped; text over [`MAX_DELTA_BYTES`] is split (its tokens count once);
    /// a mark over [`MAX_MARK_BYTES`] is dropped.
    pub fn push(&mut self, delta: Delta<'_>) {
        let mark = if delta.mark.len() <= MAX_MARK_BYTES { delta.mark } else { &[] };
        let (mut rest, mut tokens) = (delta.text, delta.tokens);
        while !rest.is_empty() {
            let cut = floor_char_boundary(rest, MAX_DELTA_BYTES);
            let (head, tail) = rest.split_at(cut);
            self.text.push_str(head);
            if tail.is_empty() {
                self.marks.extend_from_slice(mark);
            }
            let (end, mark_end) = (self.text.len() as u32, self.marks.len() as u32);
            self.cuts.push(Cut { end, mark_end, tokens, kind: delta.kind });
            (rest, tokens) = (tail, 0);
        }
    }

    /// How many deltas it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cuts.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cuts.is_empty()
    }

    /// Bytes of text in all.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cuts.clear();
        self.marks.clear();
    }

    /// The deltas, in order.
    pub fn iter(&self) -> impl Iterator<Item = Delta<'_>> {
        let (mut start, mut mark_start) = (0, 0);
        self.cuts.iter().map(move |cut| {
            let text = &self.text[start..cut.end as usize];
            let mark = &self.marks[mark_start..cut.mark_end as usize];
            (start, mark_start) = (cut.end as usize, cut.mark_end as usize);
            Delta { kind: cut.kind, text, tokens: cut.tokens, mark }
        })
    }
}

/// The largest index at or below `max` that does not split a character; at least one character long.
pub(crate) fn floor_char_boundary(text: &str, max: usize) -> usize {
    if text.len() <= max {
        return text.len();
    }
    let floor = (0..=max).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    if floor > 0 { floor } else { text.chars().next().map_or(0, char::len_utf8) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_piece_is_split_between_characters_and_counted_once() {
        let long = "あ".repeat(MAX_DELTA_BYTES);
        let mut batch = Batch::new();
        batch.push(Delta { kind: Kind::Reasoning, text: &long, tokens: 7, mark: b"m" });
        assert!(batch.iter().all(|d| d.text.len() <= MAX_DELTA_BYTES && !d.text.is_empty()));
        assert_eq!(batch.iter().map(|d| d.text).collect::<String>(), long);
        assert_eq!(batch.iter().map(|d| d.tokens).sum::<u32>(), 7);
        assert_eq!(batch.iter().filter(|d| d.mark == b"m").count(), 1);
    }

    #[test]
    fn empty_text_adds_nothing() {
        let mut batch = Batch::of("");
        assert!(batch.is_empty());
        batch.push_text("x");
        batch.clear();
        assert_eq!((batch.len(), batch.bytes()), (0, 0));
    }
}
