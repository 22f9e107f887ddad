//! What was read so far, and the rule by which a frame is added to it. Pure: no connection, no time.
//!
//! `last ≤ applied`: drop. `first = applied + 1`: apply. Anything else is a gap: do not apply, resume at `applied`.
//!
//! Invariant: length and checksum are those of the text of every position from 1 to `applied`, each once.

use seseragi_proto::infer;

use crate::{ClientError, Event};

/// More tool calls than any answer has.
const MAX_TOOL_CALLS: u32 = 256;

/// Length, checksum and position of what was read. The text itself is the caller's.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    applied: u32,
    text_bytes: u64,
    crc: u32,
}

/// What a frame was.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// New; the event is `None` for a kind that this client does not know.
    Applied(Option<Event>),
    /// The end.
    Terminal(infer::Terminal),
    /// Known already.
    Duplicate,
    /// Something is missing before it.
    Gap,
    /// Nothing to add.
    Nothing,
}

impl Transcript {
    /// The position up to which everything was applied.
    pub(crate) fn applied(&self) -> u32 {
        self.applied
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// [`ClientError::Integrity`] for a frame that cannot be, or that does not fit what was read.
    pub(crate) fn accept(&mut self, frame: infer::InferReply) -> Result<Verdict, ClientError> {
        if let Some(checkpoint) = frame.checkpoint {
            return self.checkpoint(checkpoint);
        }
        let (first, last) = (frame.first_seq, frame.last_seq);
        if (first, last) == (0, 0) {
            return if has_content(&frame) {
                Err(broken("a frame with content has no position"))
            } else {
                Ok(Verdict::Nothing)
            };
        }
        if first == 0 || last < first {
            return Err(broken(format!("a frame covers the impossible range {first}–{last}")));
        }
        if last <= self.applied && frame.terminal.is_some() {
            return Err(broken(format!("the stream ends at {last}, but {} was read", self.applied)));
        }
        if last <= self.applied {
            return Ok(Verdict::Duplicate);
        }
        if first != self.applied.saturating_add(1) {
            return Ok(Verdict::Gap);
        }
        self.apply(frame)
    }

    fn apply(&mut self, frame: infer::InferReply) -> Result<Verdict, ClientError> {
        let (first_seq, last_seq) = (frame.first_seq, frame.last_seq);
        if let Some(terminal) = frame.terminal {
            self.verify(last_seq, terminal.utf8_len, terminal.crc32c)?;
            self.applied = last_seq;
            return Ok(Verdict::Terminal(terminal));
        }
        let event = if !frame.delta.is_empty() {
            self.text_bytes += frame.delta.len() as u64;
            self.crc = crc32c::crc32c_append(self.crc, frame.delta.as_bytes());
            Some(Event::Text { text: frame.delta, first_seq, last_seq })
        } else if !frame.reasoning.is_empty() {
            Some(Event::Reasoning { text: frame.reasoning, first_seq, last_seq })
        } else {
            frame.tool_call.map(tool_call).transpose()?
        };
        self.applied = last_seq;
        Ok(Verdict::Applied(event))
    }

    fn checkpoint(&self, checkpoint: infer::Checkpoint) -> Result<Verdict, ClientError> {
        if checkpoint.seq > self.applied {
            return Ok(Verdict::Gap);
        }
        if checkpoint.seq == self.applied {
            self.verify(checkpoint.seq, checkpoint.utf8_len, checkpoint.crc32c)?;
        }
        Ok(Verdict::Nothing)
    }

    fn verify(&self, seq: u32, utf8_len: u32, crc: u32) -> Result<(), ClientError> {
        let Self { text_bytes, .. } = self;
        if *text_bytes != u64::from(utf8_len) {
            let message =
                format!("the text up to {seq} has {text_bytes} bytes, the server counted {utf8_len}");
            return Err(broken(message));
        }
        if self.crc != crc {
            return Err(broken(format!("the text up to {seq} does not match the server's checksum")));
        }
        Ok(())
    }
}

fn has_content(frame: &infer::InferReply) -> bool {
    !frame.delta.is_empty()
        || !frame.reasoning.is_empty()
        || frame.tool_call.is_some()
        || frame.terminal.is_some()
}

fn tool_call(call: infer::ToolCallDelta) -> Result<Event, ClientError> {
    let infer::ToolCallDelta { index, id, name, arguments_json } = call;
    if index >= MAX_TOOL_CALLS {
        return Err(broken(format!("a tool call has the impossible index {index}")));
    }
    Ok(Event::ToolCall { index, id, name, arguments_json })
}

fn broken(message: impl Into<String>) -> ClientError {
    ClientError::Integrity(message.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn run(first_seq: u32, last_seq: u32, delta: &str) -> infer::InferReply {
        infer::InferReply { delta: delta.into(), first_seq, last_seq, ..Default::default() }
    }

    fn end(seq: u32, text: &str) -> infer::InferReply {
        let (utf8_len, crc32c) = (text.len() as u32, crc32c::crc32c(text.as_bytes()));
        let terminal = infer::Terminal { finish: 1, utf8_len, crc32c, ..Default::default() };
        infer::InferReply { first_seq: seq, last_seq: seq, terminal: Some(terminal), ..Default::default() }
    }

    fn checkpoint(seq: u32, text: &str) -> infer::InferReply {
        let (utf8_len, crc32c) = (text.len() as u32, crc32c::crc32c(text.as_bytes()));
        infer::InferReply {
            checkpoint: Some(infer::Checkpoint { seq, utf8_len, crc32c }),
            ..Default::default()
        }
    }

    fn read(frames: &[infer::InferReply]) -> (Transcript, Vec<Result<Verdict, String>>) {
        let mut transcript = Transcript::default();
        let accept =
            |frame: &infer::InferReply| transcript.accept(frame.clone()).map_err(|error| error.to_string());
        let verdicts = frames.iter().map(accept).collect();
        (transcript, verdicts)
    }

    #[test]
    fn known_frames_are_dropped_and_gaps_are_not_applied() {
        let (transcript, verdicts) =
            read(&[run(1, 2, "水が"), run(1, 1, "水"), run(4, 4, "る"), run(2, 3, "が流")]);
        assert_eq!(transcript.applied(), 2);
        assert!(matches!(verdicts[0], Ok(Verdict::Applied(Some(_)))));
        assert_eq!(verdicts[1..], [Ok(Verdict::Duplicate), Ok(Verdict::Gap), Ok(Verdict::Gap)]);
    }

    #[test]
    fn length_and_checksum_must_match() {
        let (_, verdicts) = read(&[run(1, 1, "流"), checkpoint(1, "流"), checkpoint(2, ""), end(2, "流")]);
        assert!(verdicts.iter().all(Result::is_ok), "{verdicts:?}");
        assert_eq!(verdicts[2], Ok(Verdict::Gap));
        for bad in [checkpoint(1, "れ"), end(2, "れ"), checkpoint(1, "a"), end(2, "")] {
            assert!(read(&[run(1, 1, "流"), bad]).1[1].is_err());
        }
    }

    #[test]
    fn only_answer_text_counts_for_the_checksum() {
        let reasoning = infer::InferReply { reasoning: "hm".into(), ..run(1, 1, "") };
        let later_kind = run(2, 2, "");
        let (transcript, verdicts) = read(&[reasoning, later_kind, run(3, 3, "a"), end(4, "a")]);
        assert!(verdicts.iter().all(Result::is_ok), "{verdicts:?}");
        assert_eq!((transcript.applied(), &verdicts[1]), (4, &Ok(Verdict::Applied(None))));
    }

    #[test]
    fn impossible_frames_are_refused() {
        let call = infer::ToolCallDelta { index: MAX_TOOL_CALLS, ..Default::default() };
        for bad in [
            run(0, 0, "x"),
            run(0, 1, "x"),
            run(3, 2, "x"),
            end(0, ""),
            infer::InferReply { tool_call: Some(call), ..run(1, 1, "") },
        ] {
            assert!(read(&[bad]).1[0].is_err());
        }
        assert!(read(&[run(1, 2, "ab"), end(2, "ab")]).1[1].is_err(), "an end before what was read");
        assert_eq!(read(&[run(u32::MAX, u32::MAX, "x")]).1[0], Ok(Verdict::Gap));
    }

    proptest! {
        #[test]
        fn any_order_of_frames_gives_a_prefix_once(picks in prop::collection::vec((0_usize..6, 1_usize..3), 0..40)) {
            let pieces = ["水", "が", "🌊", "a", "れ", "る"];
            let (mut transcript, mut joined) = (Transcript::default(), String::new());
            for (start, length) in picks {
                let end = (start + length).min(pieces.len());
                let frame = run(start as u32 + 1, end as u32, &pieces[start..end].concat());
                if let Verdict::Applied(Some(Event::Text { text, .. })) = transcript.accept(frame).expect("possible") {
                    joined.push_str(&text);
                }
                prop_assert_eq!(&joined, &pieces[..transcript.applied() as usize].concat());
            }
        }
    }
}
