//! One answer, on its schedule: piece `n` is due `n` delays after the start, whatever happened to those before it.

use std::time::Duration;

use seseragi_flow::{Batch, Finish, Job, Producer, Publish, Usage};
use tokio::time::{Instant, sleep_until};

use super::EchoOptions;
use super::pieces::{Pieces, answer, first_stop};
use super::runtime::Active;

/// The most pieces at once, before others get their turn on this worker.
const BURST: usize = 64;

/// Says the answer until it is complete or nobody wants it any more.
pub(super) async fn run(options: EchoOptions, job: Job, mut producer: Producer, active: Active) {
    let mut text = answer(job.prompt);
    let input_tokens = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let stop = first_stop(&text, &job.sampling.stop);
    let repeat = if stop.is_some() { 1 } else { options.repeat };
    text.truncate(stop.unwrap_or(text.len()));

    let mut pieces = Pieces::new(text, options.chunk_chars, repeat);
    let cap = job.sampling.max_tokens.map_or(usize::MAX, |most| most as usize);
    if let Some(said) = speak(&mut pieces, cap, options.delay, &mut producer, &active).await {
        let finish = if pieces.is_done() { Finish::Stop } else { Finish::Length };
        let output_tokens = u32::try_from(said).unwrap_or(u32::MAX);
        drop(active);
        producer.finish(finish, Usage { input_tokens, output_tokens, ..Usage::default() });
    }
}

/// Says at most `cap` pieces and returns how many those were, or `None` if the generation ended before.
async fn speak(
    pieces: &mut Pieces,
    cap: usize,
    delay: Duration,
    producer: &mut Producer,
    active: &Active,
) -> Option<usize> {
    let (start, mut said, mut batch) = (Instant::now(), 0, Batch::new());
    while said < cap && !pieces.is_done() {
        let due = due(start, delay, Instant::now()).min(cap).saturating_sub(said);
        if due == 0 {
            sleep_until(at(start, delay, said)).await;
            continue;
        }
        batch.clear();
        let taken = pieces.take(due.min(BURST), &mut batch);
        said += taken;
        active.produced(taken);
        match producer.publish(&batch) {
            Publish::Continue if taken == BURST => tokio::task::yield_now().await,
            Publish::Continue => {}
            Publish::Pause => producer.ready().await,
            Publish::Stop(_) => return None,
        }
    }
    Some(said)
}

/// How many pieces are due at `now`; the first one is due at once.
fn due(start: Instant, delay: Duration, now: Instant) -> usize {
    match delay.as_nanos() {
        0 => usize::MAX,
        delay => usize::try_from(now.duration_since(start).as_nanos() / delay + 1).unwrap_or(usize::MAX),
    }
}

/// When the piece after so many others is due.
fn at(start: Instant, delay: Duration, said: usize) -> Instant {
    start + delay.saturating_mul(u32::try_from(said).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_is_absolute() {
        let (start, delay) = (Instant::now(), Duration::from_millis(20));
        let due_after = |ms| due(start, delay, start + Duration::from_millis(ms));
        assert_eq!([due_after(0), due_after(19), due_after(20), due_after(205)], [1, 1, 2, 11]);
        assert_eq!(due(start, Duration::ZERO, start), usize::MAX);
        assert!((1..500).all(|said| due(start, delay, at(start, delay, said)) == said + 1));
    }
}
