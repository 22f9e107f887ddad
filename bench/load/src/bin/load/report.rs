//! The result: one line of `name=value`, for people and for the script that compares. The problem comes last and may
//! have spaces.

use crate::tally::{Bench, Snapshot, Tally};

/// The line, and whether every delta of every stream arrived.
pub(crate) fn line(bench: &Bench) -> (String, bool) {
    let tally = bench.tally();
    let end = bench.snapshot(tally.now);
    let streams = u64::from(bench.args.streams);
    let failed = streams - tally.good;
    let (from, to) = steady(&tally, bench.args.interval_us, end);
    let deltas = to.counts.deltas - from.counts.deltas;
    let ratio = |a: u64, b: u64| a as f64 / b.max(1) as f64;
    let mut line = format!("streams={streams} failed={failed} deltas={}", end.counts.deltas);
    let mut add = |name: &str, value: f64| line.push_str(&format!(" {name}={value:.3}"));
    add("wall_s", end.at.as_secs_f64());
    add("steady_s", (to.at - from.at).as_secs_f64());
    add("rate", deltas as f64 / (to.at - from.at).as_secs_f64().max(1e-9));
    add("cpu_us", ratio(to.cpu_ns - from.cpu_ns, deltas) / 1e3);
    add("cpu_us_whole", ratio(end.cpu_ns - tally.start.cpu_ns, end.counts.deltas) / 1e3);
    add("late_us_p50", tally.late.value_at_quantile(0.5) as f64);
    add("late_us_p99", tally.late.value_at_quantile(0.99) as f64);
    add("first_us_p50", tally.first.value_at_quantile(0.5) as f64);
    add("first_us_p99", tally.first.value_at_quantile(0.99) as f64);
    add("bytes", ratio(to.counts.bytes - from.counts.bytes, deltas));
    add("per_message", ratio(deltas, to.counts.messages - from.counts.messages));
    add("per_frame", ratio(deltas, to.counts.frames - from.counts.frames));
    add("per_read", ratio(deltas, to.reads - from.reads));
    if let Some(open) = tally.rss_kib_open {
        add("rss_kib_start", tally.rss_kib_start as f64);
        add("rss_kib_open", open as f64);
    }
    if let Some(problem) = &tally.problem {
        line.push_str(" problem=");
        line.push_str(problem);
    }
    (line, failed == 0 && tally.problem.is_none())
}

/// From when to when a delta's cost is taken: while all streams are open, if they were paced, and if that was a good
/// part of the run. On a machine that cannot keep the pace some end before others begin.
fn steady(tally: &Tally, interval_us: u64, end: Snapshot) -> (Snapshot, Snapshot) {
    match (tally.all_open, tally.first_end) {
        (Some(from), Some(to)) if interval_us > 0 && steady_enough(from, to, end) => (from, to),
        _ => (tally.start, end),
    }
}

fn steady_enough(from: Snapshot, to: Snapshot, end: Snapshot) -> bool {
    to.counts.deltas.saturating_sub(from.counts.deltas) >= end.counts.deltas / 4
}
