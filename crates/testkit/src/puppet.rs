//! A runtime whose producer the test holds.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use seseragi_flow::{Job, Producer, Run, Runtime};

/// Does nothing by itself: the test takes the [`Producer`] of each run and moves it. Cheap to clone.
#[derive(Clone, Default)]
pub struct Puppet {
    waiting: Arc<Mutex<VecDeque<Strings>>>,
}

/// One run in the test's hands.
struct Strings {
    job: Job,
    producer: Producer,
    running: Arc<()>,
}

/// Whether the [`Run`] of a puppet is still held by its generation.
#[derive(Clone, Debug)]
pub struct Held(Arc<()>);

impl Held {
    /// Whether the run was dropped, that is: cancelled or over.
    #[must_use]
    pub fn is_dropped(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

impl Puppet {
    /// The producer of the oldest run that was not taken yet.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn producer(&self) -> Producer {
        self.take().0
    }

    /// The same with the job, and with an eye on the run.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn take(&self) -> (Producer, Job, Held) {
        let taken = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Strings { job, producer, running } = taken.expect("a run was started");
        (producer, job, Held(running))
    }
}

impl Runtime for Puppet {
    fn start(&self, job: Job, producer: Producer) -> Run {
        let running = Arc::new(());
        let run = Run::new(Arc::clone(&running));
        let strings = Strings { job, producer, running };
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(strings);
        run
    }
}
