//! The [`Producer`]: a runtime's end of a generation.

use std::sync::Arc;
use std::task::{Context, Poll};

use crate::generation::{Generation, Publish};
use crate::outcome::Outcome;
use crate::store::MAX_UNACKNOWLEDGED_BYTES;
use crate::{Batch, Code, Finish, Problem, Usage};

/// Writes one generation. Dropping it without [`Producer::finish`] or [`Producer::fail`] ends the stream
/// `interrupted`: a stream never ends without a terminal event.
pub struct Producer {
    generation: Arc<Generation>,
}

impl Producer {
    pub(crate) fn new(generation: Arc<Generation>) -> Self {
        Self { generation }
    }

    /// Appends deltas: one lock and one wake per call, so hand over whatever one read brought.
    /// After [`Publish::Stop`] nothing more is taken; after [`Publish::Pause`] wait for [`Self::ready`].
    pub fn publish(&mut self, batch: &Batch) -> Publish {
        self.generation.publish(batch)
    }

    /// Resolves when the store has caught up. Cancel-safe.
    pub async fn ready(&mut self) {
        std::future::poll_fn(|cx| self.poll_ready(cx)).await;
    }

    /// Like [`Self::ready`], for hand-written futures.
    pub fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.generation.lock();
        if inner.tail.terminal().is_some() || inner.tail.hidden_bytes() <= MAX_UNACKNOWLEDGED_BYTES {
            return Poll::Ready(());
        }
        inner.tail.wait_to_produce(cx);
        Poll::Pending
    }

    /// The model is done. `finish` is `Stop`, `Length`, `Quota` or `ToolCalls`; usage of 0 is filled in from
    /// the log.
    pub fn finish(self, finish: Finish, usage: Usage) {
        self.generation.finish(Outcome { usage, ..Outcome::of(finish) });
    }

    /// The model or its server failed. With text already delivered and a retryable problem the stream is
    /// `interrupted`, else it is `failed`.
    pub fn fail(self, problem: Problem) {
        let started = self.generation.lock().tail.log.last().0 > 0;
        let outcome = if started && problem.retryable {
            Outcome::interrupted(problem)
        } else {
            Outcome::failed(problem)
        };
        self.generation.finish(outcome);
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        let gone = "the model ended without saying so; what it wrote so far stands";
        let problem = Problem::runtime(Code::Unavailable, "runtime_gone", gone);
        self.generation.finish(Outcome::interrupted(problem));
    }
}
