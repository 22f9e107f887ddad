//! An observer that remembers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use seseragi_flow::{Blame, Code, DetachReason, Event, Finish, Observer, StreamId};

/// Remembers every event. Cheap to clone: all clones share one memory.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    told: Arc<Mutex<Memory>>,
}

#[derive(Debug, Default)]
struct Memory {
    events: Vec<Told>,
    flushed: (u32, usize),
}

/// An [`Event`] without its loans.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are those of the event")]
pub enum Told {
    /// A generation began.
    Started { stream_id: StreamId, model: String },
    /// A new stream's first delta was handed to its connection.
    FirstDelta { model: String, wire: &'static str, elapsed: Duration },
    /// A reader attached.
    Attached { model: String, behind: u32 },
    /// A connection ended although its stream did not.
    Detached { reason: DetachReason },
    /// A generation ended.
    Finished {
        stream_id: StreamId,
        finish: Finish,
        code: Option<Code>,
        reason: String,
        blame: Option<Blame>,
        deltas: u32,
        output_tokens: u32,
        bytes: u32,
        elapsed: Duration,
        first_delta: Option<Duration>,
    },
}

impl Recorder {
    /// All events so far.
    #[must_use]
    pub fn events(&self) -> Vec<Told> {
        self.lock().events.clone()
    }

    /// How many deltas and bytes were handed to connections.
    #[must_use]
    pub fn flushed(&self) -> (u32, usize) {
        self.lock().flushed
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Recorder {
    fn event(&self, event: &Event<'_>) {
        let told = Told::from(event);
        self.lock().events.push(told);
    }

    fn flushed(&self, deltas: u32, bytes: usize) {
        let mut memory = self.lock();
        memory.flushed.0 += deltas;
        memory.flushed.1 += bytes;
    }
}

impl From<&Event<'_>> for Told {
    fn from(event: &Event<'_>) -> Self {
        match event {
            Event::Started { stream_id, model } => {
                Self::Started { stream_id: *stream_id, model: (*model).to_owned() }
            }
            Event::FirstDelta { model, wire, elapsed } => {
                Self::FirstDelta { model: (*model).to_owned(), wire, elapsed: *elapsed }
            }
            Event::Attached { model, behind } => {
                Self::Attached { model: (*model).to_owned(), behind: *behind }
            }
            Event::Detached { reason } => Self::Detached { reason: *reason },
            Event::Finished(end) => Self::Finished {
                stream_id: end.stream_id,
                finish: end.finish,
                code: end.code,
                reason: end.reason.to_owned(),
                blame: end.blame,
                deltas: end.deltas,
                output_tokens: end.output_tokens,
                bytes: end.bytes,
                elapsed: end.elapsed,
                first_delta: end.first_delta,
            },
        }
    }
}
