//! The [`Bench`]: what to do, and everything that was counted while doing it.
//!
//! Costs are taken twice: over the whole run, and while all streams are open, from the first delta of the last one to
//! the end of the first one. The second is the cost of a delta alone.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use seseragi_bench_load::now_ns;

use crate::args::Args;
use crate::process::{cpu_ns, rss_kib};

/// The longest time that is told apart, in microseconds.
const MAX_US: u64 = 600_000_000;

pub(crate) struct Bench {
    pub(crate) args: Args,
    /// The value of the header `authorization`.
    pub(crate) authorization: Option<http::HeaderValue>,
    pub(crate) reads: Arc<AtomicU64>,
    began: Instant,
    tally: Mutex<Tally>,
}

/// What was counted.
pub(crate) struct Tally {
    pub(crate) now: Counts,
    pub(crate) start: Snapshot,
    /// When every stream had a delta.
    pub(crate) all_open: Option<Snapshot>,
    /// When the first one ended.
    pub(crate) first_end: Option<Snapshot>,
    /// From the sending of a delta to its arrival, in microseconds; while all are open, or always without pauses.
    pub(crate) late: Histogram<u64>,
    /// From the opening of a stream to its first delta, in microseconds.
    pub(crate) first: Histogram<u64>,
    pub(crate) opened: u64,
    pub(crate) good: u64,
    pub(crate) problem: Option<String>,
    pub(crate) rss_kib_start: u64,
    pub(crate) rss_kib_open: Option<u64>,
}

/// What only grows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) deltas: u64,
    pub(crate) bytes: u64,
    pub(crate) messages: u64,
    /// DATA frames of HTTP/2, chunks of HTTP/1.1.
    pub(crate) frames: u64,
}

/// Everything at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Snapshot {
    pub(crate) at: Duration,
    pub(crate) cpu_ns: u64,
    pub(crate) reads: u64,
    pub(crate) counts: Counts,
}

impl Bench {
    pub(crate) fn new(args: Args) -> Result<Self, String> {
        let authorization = authorization(&args)?;
        let histogram =
            || Histogram::new_with_bounds(1, MAX_US, 3).map_err(|error| format!("no histogram: {error}"));
        let (late, first) = (histogram()?, histogram()?);
        let counts = Counts::default();
        let start = Snapshot { at: Duration::ZERO, cpu_ns: cpu_ns(&args.pid), reads: 0, counts };
        let tally = Tally {
            now: counts,
            start,
            all_open: None,
            first_end: None,
            late,
            first,
            opened: 0,
            good: 0,
            problem: None,
            rss_kib_start: rss_kib(&args.pid),
            rss_kib_open: None,
        };
        let began = Instant::now();
        Ok(Self { args, authorization, reads: Arc::default(), began, tally: Mutex::new(tally) })
    }

    pub(crate) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn snapshot(&self, counts: Counts) -> Snapshot {
        let reads = self.reads.load(Ordering::Relaxed);
        Snapshot { at: self.began.elapsed(), cpu_ns: cpu_ns(&self.args.pid), reads, counts }
    }

    /// A stream's first delta.
    pub(crate) fn opened(&self, since: Instant) {
        let mut tally = self.tally();
        tally.first.saturating_record(since.elapsed().as_micros() as u64);
        tally.opened += 1;
        if tally.opened == u64::from(self.args.streams) {
            tally.all_open = Some(self.snapshot(tally.now));
        }
    }

    /// One delta, sent at a time of the clock.
    pub(crate) fn delta(&self, sent_ns: u64) {
        let mut tally = self.tally();
        tally.now.deltas += 1;
        if self.args.interval_us == 0 || (tally.all_open.is_some() && tally.first_end.is_none()) {
            tally.late.saturating_record(now_ns().saturating_sub(sent_ns) / 1000);
        }
    }

    /// A frame of the body.
    pub(crate) fn frame(&self, bytes: usize) {
        let mut tally = self.tally();
        tally.now.frames += 1;
        tally.now.bytes += bytes as u64;
    }

    /// A message that has text.
    pub(crate) fn message(&self) {
        self.tally().now.messages += 1;
    }

    pub(crate) fn ended(&self, outcome: Result<(), String>) {
        let mut tally = self.tally();
        if tally.first_end.is_none() {
            tally.first_end = Some(self.snapshot(tally.now));
        }
        match outcome {
            Ok(()) => tally.good += 1,
            Err(problem) => drop(tally.problem.get_or_insert(problem)),
        }
    }

    pub(crate) fn failed(&self, problem: &str) {
        self.tally().problem.get_or_insert_with(|| problem.to_owned());
    }

    pub(crate) fn all_open(&self) -> bool {
        self.tally().all_open.is_some()
    }

    pub(crate) fn any_ended(&self) -> bool {
        self.tally().first_end.is_some()
    }

    pub(crate) fn measure_memory(&self) {
        let rss_kib = rss_kib(&self.args.pid);
        self.tally().rss_kib_open = Some(rss_kib);
    }
}

fn authorization(args: &Args) -> Result<Option<http::HeaderValue>, String> {
    let Some(path) = &args.token_file else { return Ok(None) };
    let token = std::fs::read_to_string(path)
        .map_err(|error| format!("the token cannot be read from {}: {error}", path.display()))?;
    let mut value = http::HeaderValue::try_from(format!("Bearer {}", token.trim()))
        .map_err(|_| format!("{} holds no token", path.display()))?;
    value.set_sensitive(true);
    Ok(Some(value))
}
