//! The [`Echo`] runtime and its options.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use seseragi_flow::{Job, Producer, Run, Runtime};

use super::job;

/// Keeps the schedule within what a clock can say.
const MAX_DELAY: Duration = Duration::from_secs(3600);

/// How the echo sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EchoOptions {
    /// Characters of one piece: 1 by default; 0 counts as 1.
    pub chunk_chars: usize,
    /// Time between two pieces: 20 ms by default, an hour at most. Zero sends them as fast as they are taken.
    pub delay: Duration,
    /// How often the question is said: once by default; 0 gives an empty answer.
    pub repeat: u32,
}

impl Default for EchoOptions {
    fn default() -> Self {
        Self { chunk_chars: 1, delay: Duration::from_millis(20), repeat: 1 }
    }
}

/// What an [`Echo`] is doing and has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EchoStats {
    /// Jobs that run now.
    pub active: usize,
    /// Deltas produced since the start, by all jobs.
    pub deltas: u64,
}

/// Answers with the last thing the user said. Cheap to clone; clones share their counters.
#[derive(Clone, Debug, Default)]
pub struct Echo {
    options: EchoOptions,
    counters: Arc<Counters>,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    active: AtomicUsize,
    deltas: AtomicU64,
}

impl Echo {
    /// An echo that sounds so.
    #[must_use]
    pub fn new(options: EchoOptions) -> Self {
        let options = EchoOptions { delay: options.delay.min(MAX_DELAY), ..options };
        Self { options, counters: Arc::default() }
    }

    /// What it is doing now.
    #[must_use]
    pub fn stats(&self) -> EchoStats {
        let Counters { active, deltas } = &*self.counters;
        EchoStats { active: active.load(Ordering::Relaxed), deltas: deltas.load(Ordering::Relaxed) }
    }
}

impl Runtime for Echo {
    fn start(&self, job: Job, producer: Producer) -> Run {
        let active = Active::new(Arc::clone(&self.counters));
        Run::task(tokio::spawn(job::run(self.options, job, producer, active)))
    }
}

/// One running job in the counters, however it ends.
#[derive(Debug)]
pub(super) struct Active(Arc<Counters>);

impl Active {
    fn new(counters: Arc<Counters>) -> Self {
        counters.active.fetch_add(1, Ordering::Relaxed);
        Self(counters)
    }

    pub(super) fn produced(&self, deltas: usize) {
        self.0.deltas.fetch_add(deltas as u64, Ordering::Relaxed);
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, Ordering::Relaxed);
    }
}
