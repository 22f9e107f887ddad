//! The [`DeltaLog`]: a bounded, append-only record of one generation's deltas. Pure data, no clock, no locks.
//!
//! Invariant: what stands at a position never changes, and positions are contiguous from 1.

use crate::{Batch, Checkpoint, Delta, Kind, Seq, Slice};

/// The most text one log holds, in bytes. A running log is never trimmed: at this size it ends `length`.
pub const MAX_LOG_BYTES: u32 = 4 * 1024 * 1024;
/// The most deltas one log holds.
pub const MAX_LOG_DELTAS: u32 = 4 * 1024 * 1024;
/// A checkpoint stands after every so many deltas.
pub const CHECKPOINT_EVERY: u32 = 256;

const FIRST_SEGMENT_BYTES: usize = 512;
const MAX_SEGMENT_BYTES: usize = 64 * 1024;

/// The record of one generation.
#[derive(Debug, Default)]
pub struct DeltaLog {
    segments: Vec<Segment>,
    /// End of the text of position `i + 1`, in bytes from the start of the log.
    ends: Vec<u32>,
    kinds: Vec<u8>,
    checkpoints: Vec<Checkpoint>,
    marks: Vec<(Seq, Box<[u8]>)>,
    answer_len: u32,
    answer_crc: u32,
    tokens: u32,
}

/// A piece of the text; no delta crosses from one into the next.
#[derive(Debug)]
struct Segment {
    start: u32,
    text: String,
}

impl DeltaLog {
    /// The newest position; [`Seq::START`] if there is none.
    #[must_use]
    pub fn last(&self) -> Seq {
        Seq(self.ends.len() as u32)
    }

    /// Bytes of text, of all kinds.
    #[must_use]
    pub fn bytes(&self) -> u32 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Where the text of a position ends, in bytes from the start of the log.
    pub(crate) fn end_of(&self, seq: Seq) -> u32 {
        seq.0.checked_sub(1).and_then(|at| self.ends.get(at as usize)).copied().unwrap_or(0)
    }

    /// Output tokens that the deltas stand for.
    #[must_use]
    pub fn tokens(&self) -> u32 {
        self.tokens
    }

    /// Memory held, in bytes, within a few percent.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.segments.iter().map(|s| s.text.capacity()).sum::<usize>()
            + self.ends.capacity() * 4
            + self.kinds.capacity()
            + self.checkpoints.capacity() * size_of::<Checkpoint>()
            + self.marks.iter().map(|(_, m)| m.len() + 24).sum::<usize>()
    }

    /// Whether a delta of so many bytes still fits.
    #[must_use]
    pub fn fits(&self, bytes: usize) -> bool {
        self.bytes() as usize + bytes <= MAX_LOG_BYTES as usize && self.last().0 < MAX_LOG_DELTAS
    }

    /// Appends one delta. The caller has asked [`Self::fits`].
    pub fn append(&mut self, delta: Delta<'_>) {
        let start = self.bytes();
        self.room(delta.text.len(), start).push_str(delta.text);
        self.ends.push(start + delta.text.len() as u32);
        self.kinds.push(delta.kind as u8);
        self.tokens = self.tokens.saturating_add(delta.tokens);
        if !delta.mark.is_empty() {
            self.marks.push((self.last(), delta.mark.into()));
        }
        if delta.kind == Kind::Text {
            self.answer_len += delta.text.len() as u32;
            self.answer_crc = crc32c::crc32c_append(self.answer_crc, delta.text.as_bytes());
        }
        if self.last().0.is_multiple_of(CHECKPOINT_EVERY) {
            self.checkpoints.push(self.checkpoint());
        }
    }

    /// Appends a whole batch; stops at the first delta that does not fit and says how many were taken.
    pub fn append_all(&mut self, batch: &Batch) -> usize {
        batch.iter().take_while(|d| self.fits(d.text.len()).then(|| self.append(*d)).is_some()).count()
    }

    /// Forgets what stands after `last`, which no reader has seen. Its tokens stay counted: a model made them.
    pub(crate) fn truncate(&mut self, last: Seq) {
        let (count, bytes) = (last.0 as usize, self.end_of(last));
        self.ends.truncate(count);
        self.kinds.truncate(count);
        self.segments.retain(|segment| segment.start < bytes);
        if let Some(Segment { start, text }) = self.segments.last_mut() {
            text.truncate((bytes - *start) as usize);
        }
        self.checkpoints.retain(|checkpoint| checkpoint.seq <= last);
        self.marks.retain(|(seq, _)| *seq <= last);
        let answer = self.text_of(Kind::Text);
        (self.answer_len, self.answer_crc) = (answer.len() as u32, crc32c::crc32c(answer.as_bytes()));
    }

    /// Length and checksum of all answer text at the newest position.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint { seq: self.last(), utf8_len: self.answer_len, crc32c: self.answer_crc }
    }

    /// The mark kept with a position, or nothing.
    #[must_use]
    pub fn mark(&self, seq: Seq) -> &[u8] {
        self.marks.binary_search_by_key(&seq, |(s, _)| *s).map_or(&[], |at| &self.marks[at].1)
    }

    /// The longest slice after `after`, not beyond `until`: one kind, at most `max_bytes` (but at least one
    /// delta), tool calls one by one.
    #[must_use]
    pub fn slice_after(&self, after: Seq, until: Seq, max_bytes: usize) -> Option<Slice<'_>> {
        let from = after.0 as usize;
        let until = until.min(self.last()).0 as usize;
        if from >= until {
            return None;
        }
        let start = if from == 0 { 0 } else { self.ends[from - 1] };
        let segment = self.segment_at(start);
        let segment_end = segment.start + segment.text.len() as u32;
        let byte_limit = segment_end.min(start.saturating_add(max_bytes as u32));
        let (kind, mut last) = (self.kinds[from], from);
        if kind != Kind::ToolCall as u8 {
            while last + 1 < until && self.kinds[last + 1] == kind && self.ends[last + 1] <= byte_limit {
                last += 1;
            }
        }
        let range = (start - segment.start) as usize..(self.ends[last] - segment.start) as usize;
        let (first, last) = (Seq(from as u32 + 1), Seq(last as u32 + 1));
        Some(Slice { kind: Kind::from_byte(kind), first, last, text: &segment.text[range] })
    }

    /// The newest checkpoint in `(after, until]`.
    #[must_use]
    pub fn newest_checkpoint(&self, after: Seq, until: Seq) -> Option<Checkpoint> {
        let upto = self.checkpoints.partition_point(|c| c.seq <= until);
        self.checkpoints[..upto].last().filter(|c| c.seq > after).copied()
    }

    /// All text of one kind up to the newest position, for continuations and idempotent answers.
    #[must_use]
    pub fn text_of(&self, kind: Kind) -> String {
        let (mut text, mut at) = (String::new(), Seq::START);
        while let Some(slice) = self.slice_after(at, self.last(), usize::MAX / 2) {
            if slice.kind == kind {
                text.push_str(slice.text);
            }
            at = slice.last;
        }
        text
    }

    fn segment_at(&self, offset: u32) -> &Segment {
        let after = self.segments.partition_point(|s| s.start <= offset);
        &self.segments[after - 1]
    }

    /// A segment with room for `bytes` more: the newest one, or a new one twice as large.
    fn room(&mut self, bytes: usize, start: u32) -> &mut String {
        let full = self.segments.last().is_none_or(|s| s.text.len() + bytes > s.text.capacity());
        if full {
            let grown = self.segments.last().map_or(FIRST_SEGMENT_BYTES, |s| s.text.capacity() * 2);
            let capacity = grown.min(MAX_SEGMENT_BYTES).max(bytes);
            self.segments.push(Segment { start, text: String::with_capacity(capacity) });
        }
        let newest = self.segments.len() - 1;
        &mut self.segments[newest].text
    }
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
