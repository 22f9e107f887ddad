//! One live generation: what it still has to read, what it has written, when it is due.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Context;
use std::time::{Duration, Instant};

use super::super::model::{Cache, Work};
use super::super::sampler::Sampler;
use super::super::text::{StopTexts, WholeCharacters};
use super::output::{End, Flow, Open, Spent};
use super::prepare::Loaded;
use super::shared::Waiting;

pub(super) struct Generation {
    output: Open,
    cancelled: Arc<AtomicBool>,
    cache: Cache,
    /// Tokens that the model has not read yet: the rest of the prompt, or the last one written.
    unread: Vec<u32>,
    /// How many of them it reads in this step.
    reading: usize,
    sampler: Sampler,
    characters: WholeCharacters,
    stops: StopTexts,
    spent: Spent,
    output_tokens_max: u32,
    /// Tokens written since the last push.
    unpushed_tokens: u32,
    due: Instant,
    paused: bool,
}

impl Generation {
    /// Takes a job from the queue. `None` if it ended at once.
    pub(super) fn begin(job: Waiting, loaded: &Loaded, now: Instant) -> Option<Box<Self>> {
        let prompt = match loaded.prompt(&job.request) {
            Ok(prompt) => prompt,
            Err(error) => {
                job.output.end(End::Failed(error), Spent::default());
                return None;
            }
        };
        let room = loaded.context_tokens - prompt.tokens.len();
        let asked = job.request.max_tokens.map_or(room, |max| (max.max(1) as usize).min(room));
        let mut sampler = Sampler::new(job.request.sampling);
        sampler.skip(prompt.so_far_tokens);
        Some(Box::new(Self {
            output: job.output,
            cancelled: job.cancelled,
            cache: Cache::new(&loaded.model.hyper),
            spent: Spent { prompt_tokens: count(prompt.tokens.len()), output_tokens: 0 },
            unread: prompt.tokens,
            reading: 0,
            sampler,
            characters: WholeCharacters::default(),
            stops: StopTexts::new(&job.request.stop),
            output_tokens_max: count(asked),
            unpushed_tokens: 0,
            due: now,
            paused: false,
        }))
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// When it may be stepped; `None` while its output is not ready.
    pub(super) fn due(&mut self, cx: &mut Context<'_>) -> Option<Instant> {
        self.paused = self.paused && !self.output.is_ready(cx);
        (!self.paused).then_some(self.due)
    }

    /// Plans this step: at most `prompt_room` tokens of a prompt, or the last token written.
    /// Returns how much of the room it took.
    pub(super) fn plan(&mut self, is_due: bool, prompt_room: usize) -> usize {
        let reads_prompt = self.spent.output_tokens == 0;
        let most = if reads_prompt { prompt_room } else { 1 };
        self.reading = if is_due { self.unread.len().min(most) } else { 0 };
        if reads_prompt { self.reading } else { 0 }
    }

    /// Its part of this step, if it has one.
    pub(super) fn work(&mut self) -> Option<Work<'_>> {
        let tokens = &self.unread[..self.reading];
        let wants_logits = self.reading == self.unread.len();
        (!tokens.is_empty()).then_some(Work { cache: &mut self.cache, tokens, wants_logits })
    }

    /// Whether this step gives it logits.
    pub(super) fn awaits_logits(&self) -> bool {
        self.reading > 0 && self.reading == self.unread.len()
    }

    /// Whether it has a part in this step.
    pub(super) fn is_reading(&self) -> bool {
        self.reading > 0
    }

    /// Forgets what the model has read in this step.
    pub(super) fn has_read(&mut self) {
        self.unread.drain(..self.reading);
        self.reading = 0;
    }

    /// Writes the next token. `Some` if it was the last.
    pub(super) fn write(&mut self, logits: &[f32], loaded: &Loaded) -> Option<End> {
        let vocabulary = loaded.tokenizer.vocabulary();
        let token = self.sampler.choose(&logits[..vocabulary.len()]);
        self.spent.output_tokens += 1;
        self.unpushed_tokens += 1;
        if vocabulary.ends_answer(token) {
            return Some(self.flush(End::Stop));
        }
        let (mut bytes, mut piece, mut text) = (Vec::new(), String::new(), String::new());
        vocabulary.show(token, &mut bytes);
        self.characters.push(&bytes, &mut piece);
        let stopped = self.stops.push(&piece, &mut text);
        let flow = self.push(&text);
        if stopped {
            return Some(End::Stop);
        }
        if flow == Flow::Stop {
            return Some(End::Cancelled);
        }
        if self.spent.output_tokens >= self.output_tokens_max {
            return Some(self.flush(End::Length));
        }
        self.paused = flow == Flow::Pause;
        self.unread.push(token);
        None
    }

    /// Sets when the next token is due. Late steps do not add up; time lost while paused is not made good.
    pub(super) fn pace(&mut self, period: Duration, now: Instant) {
        self.due = (self.due + period).max(now);
    }

    pub(super) fn end(self, end: End) {
        self.output.end(end, self.spent);
    }

    /// Pushes what was held back.
    fn flush(&mut self, end: End) -> End {
        let (mut piece, mut text) = (String::new(), String::new());
        self.characters.finish(&mut piece);
        if self.stops.push(&piece, &mut text) {
            self.push(&text);
            return End::Stop;
        }
        self.stops.finish(&mut text);
        self.push(&text);
        end
    }

    fn push(&mut self, text: &str) -> Flow {
        if text.is_empty() {
            return Flow::Continue;
        }
        self.output.push(text, std::mem::take(&mut self.unpushed_tokens))
    }
}

fn count(tokens: usize) -> u32 {
    u32::try_from(tokens).unwrap_or(u32::MAX)
}
