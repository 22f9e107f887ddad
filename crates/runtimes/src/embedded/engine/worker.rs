//! The loop of the model's thread.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use super::super::error::GenerateError;
use super::generation::Generation;
use super::output::End;
use super::prepare::Loaded;
use super::settings::Settings;
use super::shared::Shared;

/// Prompt tokens of one step, of all generations together, at most.
const PROMPT_TOKENS_PER_STEP: usize = 64;
/// The first prompt begins with so many, until it is known how fast this machine is.
const PROMPT_TOKENS_FIRST_STEP: usize = 4;
/// A step should not take longer: it is how late a cancellation or another generation's token may come.
const STEP_TARGET: Duration = Duration::from_millis(40);

pub(super) struct Worker {
    loaded: Loaded,
    shared: Arc<Shared>,
    waker: Waker,
    live: VecDeque<Box<Generation>>,
    live_max: usize,
    period: Duration,
    /// Prompt tokens that fit into [`STEP_TARGET`] on this machine.
    prompt_room: usize,
}

impl Worker {
    pub(super) fn new(loaded: Loaded, shared: Arc<Shared>, settings: &Settings) -> Self {
        let rate = settings.tokens_per_second.filter(|rate| rate.is_finite() && *rate > 0.0);
        Self {
            loaded,
            waker: Waker::from(Arc::clone(&shared)),
            shared,
            live: VecDeque::new(),
            live_max: settings.max_concurrent.max(1),
            period: rate.map_or(Duration::ZERO, |rate| Duration::from_secs_f32(1.0 / rate.max(0.001))),
            prompt_room: PROMPT_TOKENS_FIRST_STEP,
        }
    }

    /// Runs until the engine is stopped, or dropped and without jobs.
    pub(super) fn run(&mut self) {
        let mut next = None;
        while self.shared.wait(next) {
            let turn = catch_unwind(AssertUnwindSafe(|| self.turn()));
            next = turn.unwrap_or_else(|_| {
                tracing::error!("the model panicked; the generations of this step end");
                self.fail_step();
                Some(Instant::now())
            });
            if self.live.is_empty() && self.shared.is_over() {
                break;
            }
        }
    }

    /// Admits, steps, and returns when to look again; `None` if only an event can bring work.
    fn turn(&mut self) -> Option<Instant> {
        self.drop_cancelled();
        self.admit();
        self.shared.counters.active.store(self.live.len(), Relaxed);
        let now = Instant::now();
        let mut cx = Context::from_waker(&self.waker);
        let due: Vec<Option<Instant>> =
            self.live.iter_mut().map(|generation| generation.due(&mut cx)).collect();
        let earliest = due.iter().flatten().min().copied()?;
        if earliest > now {
            return Some(earliest);
        }
        let mut room = self.prompt_room;
        for (generation, due) in self.live.iter_mut().zip(due) {
            room -= generation.plan(due.is_some_and(|due| due <= now), room);
        }
        self.step(now, self.prompt_room - room);
        self.shared.counters.active.store(self.live.len(), Relaxed);
        Some(now)
    }

    fn drop_cancelled(&mut self) {
        self.shared.drop_cancelled();
        let all = std::mem::take(&mut self.live);
        let (cancelled, live): (Vec<_>, _) =
            all.into_iter().partition(|generation| generation.is_cancelled());
        self.live = live.into();
        cancelled.into_iter().for_each(|generation| generation.end(End::Cancelled));
    }

    fn admit(&mut self) {
        while self.live.len() < self.live_max {
            let Some(job) = self.shared.take() else { break };
            self.live.extend(Generation::begin(job, &self.loaded, Instant::now()));
        }
    }

    /// Every generation with a plan reads it, and those that have read all write a token.
    fn step(&mut self, now: Instant, prompt_tokens: usize) {
        let mut works: Vec<_> = self.live.iter_mut().filter_map(|generation| generation.work()).collect();
        let rows = works.iter().map(|work| work.tokens.len()).sum::<usize>();
        let logits = match self.loaded.model.step(&mut works) {
            Ok(logits) => logits,
            Err(error) => {
                tracing::error!(%error, "the model failed; the generations of this step end");
                return self.fail_step();
            }
        };
        self.shared.counters.prompt_tokens.fetch_add(prompt_tokens as u64, Relaxed);
        self.shared.counters.tokens_generated.fetch_add(logits.len() as u64, Relaxed);
        self.adapt(rows, now.elapsed());
        let mut logits = logits.into_iter();
        for mut generation in std::mem::take(&mut self.live) {
            let mine = generation.awaits_logits().then(|| logits.next()).flatten();
            generation.has_read();
            let end = mine.and_then(|logits| {
                generation.pace(self.period, now);
                generation.write(&logits, &self.loaded)
            });
            match end {
                Some(end) => generation.end(end),
                None => self.live.push_back(generation),
            }
        }
        // Another one is first in line for the room that prompts share.
        self.live.rotate_left(usize::from(!self.live.is_empty()));
    }

    /// Learns how many rows fit into the time of a step.
    fn adapt(&mut self, rows: usize, took: Duration) {
        let per_row = took.as_secs_f64() / rows.max(1) as f64;
        let fitting = (STEP_TARGET.as_secs_f64() / per_row.max(1e-9)) as usize;
        let most = (self.prompt_room * 2).min(PROMPT_TOKENS_PER_STEP);
        self.prompt_room = fitting.clamp(1, most);
    }

    /// Ends the generations of a step that went wrong: their caches are not sound any more.
    fn fail_step(&mut self) {
        let all = std::mem::take(&mut self.live);
        let (broken, live): (Vec<_>, _) = all.into_iter().partition(|generation| generation.is_reading());
        self.live = live.into();
        broken.into_iter().for_each(|generation| generation.end(End::Failed(GenerateError::Fault)));
    }
}
