//! The caller's side of the engine.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::super::error::LoadError;
use super::counters::EngineStats;
use super::output::{Open, Output};
use super::prepare::{Loaded, Request};
use super::settings::Settings;
use super::shared::{Shared, Waiting};
use super::worker::Worker;

/// A loaded model and its thread. Dropping it lets the jobs that it has come to their end, and the thread after
/// them; [`Engine::stop`] ends them now.
pub struct Engine {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
    queue_max: usize,
    info: ModelInfo,
}

/// What a model says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelInfo {
    /// The name in the file.
    pub name: String,
    /// The family: llama, qwen2 or qwen3.
    pub architecture: String,
    /// Tokens of prompt and answer together, as far as the settings allow.
    pub context_tokens: usize,
    /// How many tokens it knows.
    pub vocabulary: usize,
}

/// A job in the engine. Dropping it cancels the job within one step.
#[must_use = "dropping the handle cancels the job"]
pub struct JobHandle {
    cancelled: Arc<AtomicBool>,
    shared: Arc<Shared>,
}

impl Engine {
    /// Loads the model and starts its thread. Blocks while it reads the file.
    ///
    /// # Errors
    /// [`LoadError`] says in one line what is wrong with the file.
    pub fn start(settings: &Settings) -> Result<Self, LoadError> {
        let loaded = Loaded::open(settings)?;
        let info = ModelInfo {
            name: loaded.name.clone(),
            architecture: loaded.model.hyper.arch.clone(),
            context_tokens: loaded.context_tokens,
            vocabulary: loaded.tokenizer.vocabulary().len(),
        };
        let shared = Arc::new(Shared::default());
        let worker = Worker::new(loaded, Arc::clone(&shared), settings);
        let thread = spawn(worker, Arc::clone(&shared), settings.threads.max(1))?;
        Ok(Self { shared, thread: Mutex::new(Some(thread)), queue_max: settings.queue, info })
    }

    /// Hands a job over. Never blocks: a refusal is the output's end.
    pub fn submit(&self, request: Request, output: Box<dyn Output>) -> JobHandle {
        let cancelled = Arc::new(AtomicBool::new(false));
        let job = Waiting { request, output: Open::new(output), cancelled: Arc::clone(&cancelled) };
        self.shared.submit(job, self.queue_max);
        JobHandle { cancelled, shared: Arc::clone(&self.shared) }
    }

    /// What the engine has done and is doing. Cheap.
    #[must_use]
    pub fn stats(&self) -> EngineStats {
        self.shared.counters.snapshot()
    }

    /// What the model says about itself.
    #[must_use]
    pub const fn model(&self) -> &ModelInfo {
        &self.info
    }

    /// Whether jobs are taken.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.shared.is_stopped()
    }

    /// Ends every job and waits for the thread, which finishes its step first.
    pub fn stop(&self) {
        self.shared.stop();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != thread::current().id())
            && thread.join().is_err()
        {
            tracing::error!("the thread of the model had panicked");
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("model", &self.info).field("stats", &self.stats()).finish()
    }
}

impl Drop for JobHandle {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.shared.wake_thread();
    }
}

/// Stops the queue however the thread ends, so that no job waits for a dead one.
struct StopAtEnd(Arc<Shared>);

impl Drop for StopAtEnd {
    fn drop(&mut self) {
        self.0.stop();
        self.0.counters.active.store(0, Ordering::Relaxed);
    }
}

fn spawn(mut worker: Worker, shared: Arc<Shared>, threads: usize) -> Result<JoinHandle<()>, LoadError> {
    let run = move || {
        let _stop = StopAtEnd(shared);
        let name = |n| format!("seseragi-model-{n}");
        let pool =
            rayon::ThreadPoolBuilder::new().num_threads(threads).use_current_thread().thread_name(name);
        match pool.build() {
            Ok(pool) => pool.install(|| worker.run()),
            Err(error) => tracing::error!(%error, "cannot start the model's computing threads"),
        }
    };
    let thread = thread::Builder::new().name("seseragi-model".to_owned()).spawn(run);
    thread.map_err(|e| LoadError::Thread(e.to_string()))
}
