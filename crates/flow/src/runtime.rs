//! The [`Runtime`] trait: what a model must offer, and the [`Job`] it is given.
//!
//! A runtime pushes: it gets a [`Producer`] and returns a [`Run`]; dropping the `Run` cancels the work.
//! An adapter is one folder in the `runtimes` crate; it passes the contract suite of `testkit`.

use std::any::Any;
use std::sync::Arc;

use seseragi_guard::StreamId;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::Producer;

/// A model, in this process or behind a connection.
pub trait Runtime: Send + Sync + 'static {
    /// What this runtime can do beyond plain generation.
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    /// Whether a job would be taken now. Must be cheap; used by `/readyz` and by `ListModels`.
    fn is_ready(&self) -> bool {
        true
    }

    /// How much of the context a prompt and its answer may use, in tokens; 0 if unknown.
    fn context_tokens(&self) -> u32 {
        0
    }

    /// Starts a job on the current worker. Never blocks and never fails: a refusal is
    /// [`Producer::fail`]. The work must end soon (100 ms) after the returned [`Run`] is dropped.
    fn start(&self, job: Job, producer: Producer) -> Run;
}

/// What a runtime can do beyond plain generation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// How it goes on from an unfinished answer.
    pub continues: Continues,
}

/// How a runtime goes on from an unfinished answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Continues {
    /// It cannot.
    #[default]
    None,
    /// From the text so far.
    Text,
    /// From the exact tokens so far.
    Tokens,
}

/// One generation to run.
#[derive(Clone, Debug)]
pub struct Job {
    /// The generation's public name, for logs and traces of upstreams.
    pub stream_id: StreamId,
    /// The model's name at the runtime.
    pub model: Arc<str>,
    /// What to answer.
    pub prompt: Prompt,
    /// Answer text that exists already; empty unless the job continues another one.
    pub so_far: String,
    /// How to choose tokens, with `max_tokens` already lowered to the caller's caps.
    pub sampling: Sampling,
    /// When the caller stops waiting; the runtime may hand it on.
    pub deadline: Option<Instant>,
    /// W3C `traceparent` to hand on.
    pub trace: Option<String>,
}

/// What to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// One question.
    Text(String),
    /// A conversation, oldest first.
    Messages(Vec<Message>),
}

impl Prompt {
    /// Bytes of all text in it.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Messages(all) => all.iter().map(|m| m.role.len() + m.content.len()).sum(),
        }
    }
}

/// One turn of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// `system`, `user`, `assistant` or `tool`.
    pub role: String,
    /// The text.
    pub content: String,
}

/// How to choose tokens. `None` leaves it to the runtime.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sampling {
    /// The most output tokens; at least 1.
    pub max_tokens: Option<u32>,
    /// 0 (greedy) to 2.
    pub temperature: Option<f32>,
    /// Above 0, at most 1.
    pub top_p: Option<f32>,
    /// At least 1.
    pub top_k: Option<u32>,
    /// For reproducible output.
    pub seed: Option<u64>,
    /// Texts that end the answer; not part of it.
    pub stop: Vec<String>,
}

/// A running job. Dropping it cancels the work.
pub struct Run {
    _guard: Box<dyn Any + Send>,
}

impl Run {
    /// A run that is cancelled by dropping `guard`.
    #[must_use]
    pub fn new(guard: impl Send + 'static) -> Self {
        Self { _guard: Box::new(guard) }
    }

    /// A run that is a task; dropping it aborts the task.
    #[must_use]
    pub fn task(task: JoinHandle<()>) -> Self {
        Self::new(AbortOnDrop(task))
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Run")
    }
}

struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
