//! A runtime that follows a script.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use seseragi_flow::{Batch, Finish, Job, Problem, Producer, Prompt, Publish, Run, Runtime, Usage};
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, sleep};

/// One thing that a scripted runtime does.
#[derive(Clone, Debug)]
pub enum Step {
    /// Publishes deltas of answer text in one batch.
    Say(Vec<String>),
    /// Lets time pass.
    Sleep(Duration),
    /// Waits until the gate lets it pass.
    Wait(Gate),
    /// Ends well.
    Finish(Finish),
    /// Fails.
    Fail(Problem),
    /// Drops its producer without a word.
    Vanish,
    /// Does nothing more, for ever.
    Hang,
}

impl Step {
    /// Publishes each character as a delta of its own, all in one batch.
    #[must_use]
    pub fn chars(text: &str) -> Self {
        Self::Say(text.chars().map(String::from).collect())
    }

    /// Publishes one delta.
    #[must_use]
    pub fn say(text: &str) -> Self {
        Self::Say(vec![text.to_owned()])
    }
}

/// Where a script waits for its test.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Semaphore>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

impl Gate {
    /// Lets one waiting script pass, now or later.
    pub fn open(&self) {
        self.0.add_permits(1);
    }

    async fn pass(&self) {
        self.0.acquire().await.expect("gates are never closed").forget();
    }
}

/// What is known of one run.
#[derive(Clone, Debug)]
pub struct RunSeen {
    /// What it was given.
    pub job: Job,
    /// When it began.
    pub started: Instant,
    /// When its [`Run`] was dropped: cancelled, or over.
    pub dropped: Option<Instant>,
    /// The last answer that publishing gave.
    pub last_publish: Option<Publish>,
}

type Script = dyn Fn(&str) -> Vec<Step> + Send + Sync;

/// Follows a script for every prompt. Cheap to clone: all clones are one runtime.
#[derive(Clone)]
pub struct Scripted {
    script: Arc<Script>,
    seen: Arc<SeenRuns>,
}

#[derive(Default)]
struct SeenRuns {
    runs: Mutex<Vec<RunSeen>>,
    changed: Notify,
}

impl Scripted {
    /// The same steps for every prompt.
    #[must_use]
    pub fn new(steps: impl Into<Vec<Step>>) -> Self {
        let steps = steps.into();
        Self::by_prompt(move |_| steps.clone())
    }

    /// Steps that depend on the prompt (of a conversation: on its last turn).
    #[must_use]
    pub fn by_prompt(script: impl Fn(&str) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self { script: Arc::new(script), seen: Arc::default() }
    }

    /// What is known of every run, in the order of their starts.
    #[must_use]
    pub fn runs(&self) -> Vec<RunSeen> {
        self.seen.lock().clone()
    }

    /// Waits until so many runs were dropped, and says how many there are by then.
    pub async fn dropped(&self, count: usize) -> usize {
        loop {
            let changed = self.seen.changed.notified();
            let dropped = self.runs().iter().filter(|run| run.dropped.is_some()).count();
            if dropped >= count {
                return dropped;
            }
            changed.await;
        }
    }
}

impl Runtime for Scripted {
    fn start(&self, job: Job, producer: Producer) -> Run {
        let steps = (self.script)(last_words(&job.prompt));
        let index = self.seen.begin(job);
        let task = tokio::spawn(follow(steps, producer, Arc::clone(&self.seen), index));
        Run::new((Run::task(task), Watch { seen: Arc::clone(&self.seen), index }))
    }
}

fn last_words(prompt: &Prompt) -> &str {
    match prompt {
        Prompt::Text(text) => text,
        Prompt::Messages(all) => all.last().map_or("", |turn| &turn.content),
    }
}

async fn follow(steps: Vec<Step>, mut producer: Producer, seen: Arc<SeenRuns>, index: usize) {
    for step in steps {
        match step {
            Step::Say(deltas) => {
                if say(&mut producer, &deltas, &seen, index).await.is_break() {
                    return;
                }
            }
            Step::Sleep(time) => sleep(time).await,
            Step::Wait(gate) => gate.pass().await,
            Step::Finish(finish) => return producer.finish(finish, Usage::default()),
            Step::Fail(problem) => return producer.fail(problem),
            Step::Vanish => return drop(producer),
            Step::Hang => std::future::pending().await,
        }
    }
    producer.finish(Finish::Stop, Usage::default());
}

async fn say(
    producer: &mut Producer,
    deltas: &[String],
    seen: &SeenRuns,
    index: usize,
) -> std::ops::ControlFlow<()> {
    let mut batch = Batch::new();
    deltas.iter().for_each(|delta| batch.push_text(delta));
    let answer = producer.publish(&batch);
    seen.lock()[index].last_publish = Some(answer);
    match answer {
        Publish::Continue => {}
        Publish::Pause => producer.ready().await,
        Publish::Stop(_) => return std::ops::ControlFlow::Break(()),
    }
    std::ops::ControlFlow::Continue(())
}

impl SeenRuns {
    fn begin(&self, job: Job) -> usize {
        let mut runs = self.lock();
        runs.push(RunSeen { job, started: Instant::now(), dropped: None, last_publish: None });
        runs.len() - 1
    }

    fn lock(&self) -> MutexGuard<'_, Vec<RunSeen>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes when its run is dropped.
struct Watch {
    seen: Arc<SeenRuns>,
    index: usize,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.seen.lock()[self.index].dropped = Some(Instant::now());
        self.seen.changed.notify_waiters();
    }
}
