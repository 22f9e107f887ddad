//! What a reader saw, kept, and the rules that hold for all of it.

use std::time::Duration;

use seseragi_flow::{Checkpoint, DetachReason, Frame, FrameSink, Kind, StreamId, Terminal};

/// A [`Frame`] without its loans.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are those of the frame")]
pub enum Seen {
    /// The stream is admitted.
    Opened { stream_id: StreamId, epoch: u32, model: String, heartbeat: Duration, after: u32 },
    /// Text of one kind.
    Run { kind: Kind, first: u32, last: u32, text: String },
    /// Length and checksum so far.
    Checkpoint(Checkpoint),
    /// Nothing happened for a while.
    Heartbeat(u32),
    /// The end of the stream.
    Terminal(u32, Terminal),
    /// The end of this connection only.
    Detached(DetachReason),
}

impl Seen {
    /// A run of answer text.
    #[must_use]
    pub fn text(first: u32, last: u32, text: &str) -> Self {
        Self::Run { kind: Kind::Text, first, last, text: text.to_owned() }
    }
}

impl From<Frame<'_>> for Seen {
    fn from(frame: Frame<'_>) -> Self {
        match frame {
            Frame::Opened(opened) => Self::Opened {
                stream_id: opened.stream_id,
                epoch: opened.epoch,
                model: opened.model.to_owned(),
                heartbeat: opened.heartbeat,
                after: opened.after.0,
            },
            Frame::Run(slice) => Self::Run {
                kind: slice.kind,
                first: slice.first.0,
                last: slice.last.0,
                text: slice.text.to_owned(),
            },
            Frame::Checkpoint(checkpoint) => Self::Checkpoint(checkpoint),
            Frame::Heartbeat(last) => Self::Heartbeat(last.0),
            Frame::Terminal(seq, terminal) => Self::Terminal(seq.0, terminal.clone()),
            Frame::Detached(reason, _) => Self::Detached(reason),
        }
    }
}

/// Collects what is seen.
#[derive(Debug, Default)]
pub(crate) struct Collector(pub(crate) Vec<Seen>);

impl FrameSink for Collector {
    fn frame(&mut self, frame: Frame<'_>) {
        self.0.push(frame.into());
    }
}

/// What a whole connection brought.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    /// All answer text, joined.
    pub text: String,
    /// Texts of all kinds, as they were cut.
    pub pieces: Vec<String>,
    /// The last position covered, that of the terminal included.
    pub last: u32,
    /// The end of the stream, if it was seen.
    pub terminal: Option<Terminal>,
    /// Why the connection ended, if the stream did not.
    pub detached: Option<DetachReason>,
    /// The checkpoints seen.
    pub checkpoints: Vec<Checkpoint>,
}

/// Checks the rules of every connection and sums it up: `opened` comes first and once, positions are contiguous
/// from the reader's cursor, no text is empty, nothing follows the end, the end has the next position.
///
/// # Panics
/// If a rule is broken.
#[must_use]
pub fn transcript(seen: &[Seen]) -> Transcript {
    let Some(Seen::Opened { after, .. }) = seen.first() else { panic!("opened comes first: {seen:?}") };
    let mut sum = Transcript { last: *after, ..Transcript::default() };
    for frame in &seen[1..] {
        assert!(sum.terminal.is_none() && sum.detached.is_none(), "nothing follows the end: {seen:?}");
        match frame {
            Seen::Opened { .. } => panic!("opened comes once: {seen:?}"),
            Seen::Run { kind, first, last, text } => {
                assert_eq!(*first, sum.last + 1, "positions are contiguous");
                assert!(last >= first && !text.is_empty(), "a run covers something");
                sum.last = *last;
                sum.pieces.push(text.clone());
                if *kind == Kind::Text {
                    sum.text.push_str(text);
                }
            }
            Seen::Checkpoint(checkpoint) => {
                assert_eq!(checkpoint.seq.0, sum.last, "a checkpoint speaks of what is before it");
                sum.checkpoints.push(*checkpoint);
            }
            Seen::Heartbeat(last) => assert_eq!(*last, sum.last, "a heartbeat tells the newest position"),
            Seen::Terminal(seq, terminal) => {
                assert!(*seq == sum.last + 1 || *seq == sum.last, "the end has the next position");
                sum.last = *seq;
                sum.terminal = Some(terminal.clone());
            }
            Seen::Detached(reason) => sum.detached = Some(*reason),
        }
    }
    sum
}
