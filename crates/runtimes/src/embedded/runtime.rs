//! The engine as a [`Runtime`]: jobs in, deltas out, errors as public problems.

use std::task::{Context, Poll};

use seseragi_flow::{
    Batch, Capabilities, Code, Continues, Delta, Finish, Job, Kind, Problem, Producer, Prompt, Publish, Run,
    Runtime, Usage,
};

use super::engine::{
    End, Engine, EngineStats, Flow, ModelInfo, Output, Request, Sampling, Settings, Spent, Turn,
};
use super::error::{GenerateError, LoadError};

/// A model in this process.
#[derive(Debug)]
pub struct Embedded {
    engine: Engine,
    temperature: f32,
}

impl Embedded {
    /// Loads the model and starts its thread. Blocks while it reads the file.
    ///
    /// # Errors
    /// [`LoadError`] says in one line what is wrong with the file.
    pub fn start(settings: &Settings) -> Result<Self, LoadError> {
        Ok(Self { engine: Engine::start(settings)?, temperature: settings.temperature })
    }

    /// What the engine has done and is doing. Cheap.
    #[must_use]
    pub fn stats(&self) -> EngineStats {
        self.engine.stats()
    }

    /// What the model says about itself.
    #[must_use]
    pub const fn model(&self) -> &ModelInfo {
        self.engine.model()
    }

    /// Ends every job and waits for the model's thread.
    pub fn stop(&self) {
        self.engine.stop();
    }

    fn request(&self, job: Job) -> Request {
        let turns = match job.prompt {
            Prompt::Text(content) => vec![Turn { role: "user".to_owned(), content }],
            Prompt::Messages(all) => {
                all.into_iter().map(|message| Turn { role: message.role, content: message.content }).collect()
            }
        };
        let sampling = Sampling {
            temperature: job.sampling.temperature.unwrap_or(self.temperature),
            top_k: job.sampling.top_k,
            top_p: job.sampling.top_p,
            seed: job.sampling.seed.unwrap_or_else(|| getrandom::u64().unwrap_or_default()),
        };
        let (so_far, stop, max_tokens) = (job.so_far, job.sampling.stop, job.sampling.max_tokens);
        Request { turns, so_far, max_tokens, sampling, stop }
    }
}

impl Runtime for Embedded {
    fn capabilities(&self) -> Capabilities {
        Capabilities { continues: Continues::Text }
    }

    fn is_ready(&self) -> bool {
        self.engine.is_running()
    }

    fn context_tokens(&self) -> u32 {
        u32::try_from(self.engine.model().context_tokens).unwrap_or(u32::MAX)
    }

    fn start(&self, job: Job, producer: Producer) -> Run {
        let output = Box::new(Deltas { producer, batch: Batch::new() });
        Run::new(self.engine.submit(self.request(job), output))
    }
}

/// Writes a generation's text into its log, one delta for each push.
struct Deltas {
    producer: Producer,
    batch: Batch,
}

impl Output for Deltas {
    fn push(&mut self, text: &str, tokens: u32) -> Flow {
        self.batch.clear();
        self.batch.push(Delta { kind: Kind::Text, text, tokens, mark: &[] });
        match self.producer.publish(&self.batch) {
            Publish::Continue => Flow::Continue,
            Publish::Pause => Flow::Pause,
            Publish::Stop(_) => Flow::Stop,
        }
    }

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.producer.poll_ready(cx)
    }

    fn end(self: Box<Self>, end: End, spent: Spent) {
        let (input_tokens, output_tokens) = (spent.prompt_tokens, spent.output_tokens);
        let usage = Usage { input_tokens, output_tokens, ..Usage::default() };
        match end {
            End::Stop => self.producer.finish(Finish::Stop, usage),
            End::Length => self.producer.finish(Finish::Length, usage),
            // Whoever cancelled has ended the stream already; this is for the log only.
            End::Cancelled => self.producer.finish(Finish::Cancelled, usage),
            End::Failed(error) => self.producer.fail(problem(&error)),
        }
    }
}

/// What the caller is told.
fn problem(error: &GenerateError) -> Problem {
    let message = error.to_string();
    match error {
        GenerateError::EmptyPrompt => Problem::caller(Code::InvalidArgument, "prompt_empty", message),
        GenerateError::PromptTooLong { .. } => {
            Problem::caller(Code::InvalidArgument, "prompt_too_long", message)
        }
        GenerateError::Template(_) => Problem::caller(Code::InvalidArgument, "prompt_refused", message),
        GenerateError::Busy(_) => Problem::runtime(Code::Unavailable, "model_busy", message),
        GenerateError::Stopped => Problem::runtime(Code::Unavailable, "model_stopped", message),
        GenerateError::Fault => Problem::runtime(Code::Internal, "model_fault", message),
    }
}
