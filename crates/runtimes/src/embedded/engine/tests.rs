use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use candle_core::quantized::gguf_file::Value;

use super::super::error::GenerateError;
use super::super::testing::Tiny;
use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, PartialEq)]
enum Seen {
    Text(String, u32),
    End(End, Spent),
}

/// An output that tells a test everything, and may do as it is told.
struct Probe {
    seen: Sender<Seen>,
    on_push: Box<dyn FnMut() -> Flow + Send>,
    gate: Arc<Mutex<Gate>>,
}

#[derive(Default)]
struct Gate {
    open: bool,
    waker: Option<Waker>,
}

impl Output for Probe {
    fn push(&mut self, text: &str, tokens: u32) -> Flow {
        let _ = self.seen.send(Seen::Text(text.to_owned(), tokens));
        (self.on_push)()
    }

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut gate = self.gate.lock().unwrap();
        gate.waker = Some(cx.waker().clone());
        if gate.open { Poll::Ready(()) } else { Poll::Pending }
    }

    fn end(self: Box<Self>, end: End, spent: Spent) {
        let _ = self.seen.send(Seen::End(end, spent));
    }
}

struct Job {
    _handle: JobHandle,
    seen: Receiver<Seen>,
}

impl Job {
    fn next(&self) -> Seen {
        self.seen.recv_timeout(PATIENCE).unwrap()
    }

    /// All text, the tokens it was said to stand for, and the end.
    fn rest(&self) -> (String, u32, End, Spent) {
        let (mut text, mut tokens) = (String::new(), 0);
        loop {
            match self.next() {
                Seen::Text(piece, count) => {
                    assert!(!piece.is_empty());
                    text.push_str(&piece);
                    tokens += count;
                }
                Seen::End(end, spent) => return (text, tokens, end, spent),
            }
        }
    }
}

fn engine(change: impl FnOnce(&mut Settings)) -> Engine {
    let mut settings = Settings::new(Tiny { context: 2_000, ..Tiny::llama() }.source());
    change(&mut settings);
    Engine::start(&settings).unwrap()
}

fn request(question: &str, max_tokens: u32, seed: u64) -> Request {
    Request {
        turns: vec![Turn { role: "user".to_owned(), content: question.to_owned() }],
        so_far: String::new(),
        max_tokens: Some(max_tokens),
        sampling: Sampling { temperature: 1.0, top_k: None, top_p: None, seed },
        stop: Vec::new(),
    }
}

fn submit_with(
    engine: &Engine,
    request: Request,
    on_push: impl FnMut() -> Flow + Send + 'static,
) -> (Job, Arc<Mutex<Gate>>) {
    let (sender, seen) = channel();
    let gate = Arc::default();
    let probe = Probe { seen: sender, on_push: Box::new(on_push), gate: Arc::clone(&gate) };
    (Job { _handle: engine.submit(request, Box::new(probe)), seen }, gate)
}

fn submit(engine: &Engine, request: Request) -> Job {
    submit_with(engine, request, || Flow::Continue).0
}

fn eventually(what: impl Fn() -> bool) {
    let begin = Instant::now();
    while !what() {
        assert!(begin.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_job_is_answered_and_counted() {
    let engine = engine(|_| ());
    let (text, tokens, end, spent) = submit(&engine, request("hello", 30, 1)).rest();
    assert!(!text.is_empty());
    assert!(tokens <= spent.output_tokens);
    assert!(matches!((end, spent.output_tokens), (End::Length, 30) | (End::Stop, 1..=30)));
    let stats = engine.stats();
    assert_eq!(stats.prompt_tokens_total, u64::from(spent.prompt_tokens));
    assert_eq!(stats.tokens_generated_total, u64::from(spent.output_tokens));
    eventually(|| engine.stats().active == 0);
}

#[test]
fn a_seed_gives_the_same_text_alone_and_in_company() {
    let engine = engine(|_| ());
    let alone: Vec<_> = (0..6).map(|seed| submit(&engine, request("hello", 40, seed)).rest()).collect();
    let jobs: Vec<_> = (0..6).map(|seed| submit(&engine, request("hello", 40, seed))).collect();
    let together: Vec<_> = jobs.iter().map(Job::rest).collect();
    assert_eq!(alone, together);
    assert_ne!(alone[0], alone[1]);
}

#[test]
fn generations_take_turns_also_beside_a_long_prompt() {
    let ones = Value::Array(vec![Value::I32(1); 264]);
    let endless = Tiny { without: vec!["tokenizer.ggml.eos_token_id"], context: 2_000, ..Tiny::llama() }
        .with("tokenizer.ggml.token_type", ones);
    let engine = Engine::start(&Settings::new(endless.source())).unwrap();
    let order = Arc::new(Mutex::new(Vec::new()));
    let note = |name: char| {
        let order = Arc::clone(&order);
        move || {
            order.lock().unwrap().push(name);
            Flow::Continue
        }
    };
    let (go, wait) = channel();
    let note_short = note('s');
    let (short, _) = submit_with(&engine, request("hello", 1_000, 3), move || {
        let _ = wait.recv(); // Until the long prompt is in the queue; nothing more comes afterwards.
        note_short()
    });
    let (long, _) = submit_with(&engine, request(&"x".repeat(1_500), 5, 3), note('l'));
    go.send(()).unwrap();
    drop(go);
    long.rest();
    short.rest();
    let before_long = order.lock().unwrap().iter().take_while(|name| **name == 's').count();
    assert!(before_long >= 1_500 / 64 / 2, "{before_long} tokens during the long prompt");
}

#[test]
fn dropping_the_handle_stops_the_work() {
    let engine = engine(|settings| settings.tokens_per_second = Some(5.0));
    let (sender, seen) = channel();
    let probe = Probe { seen: sender, on_push: Box::new(|| Flow::Continue), gate: Arc::default() };
    let handle = engine.submit(request("hello", 1_000, 1), Box::new(probe));
    seen.recv_timeout(PATIENCE).unwrap();
    drop(handle);
    let end = seen.iter().find(|seen| matches!(seen, Seen::End(..))).unwrap();
    assert!(matches!(end, Seen::End(End::Cancelled, _)), "{end:?}");
    eventually(|| engine.stats().active == 0);
    let stopped_at = engine.stats();
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(engine.stats(), stopped_at);
}

#[test]
fn a_prompt_is_cancelled_between_its_pieces() {
    let engine = engine(|settings| settings.max_concurrent = 1);
    let jobs: Vec<_> = (0..4).map(|_| submit(&engine, request(&"x".repeat(1_900), 50, 1))).collect();
    eventually(|| engine.stats().prompt_tokens_total > 0);
    drop(jobs);
    eventually(|| engine.stats().active == 0 && engine.stats().queued == 0);
    assert!(engine.stats().prompt_tokens_total < 2 * 1_900);
}

#[test]
fn a_full_queue_refuses_and_a_cancelled_job_frees_its_place() {
    let engine = engine(|settings| {
        (settings.max_concurrent, settings.queue) = (1, 2);
        settings.tokens_per_second = Some(1.0);
    });
    let running = submit(&engine, request("hello", 1_000, 1));
    running.next();
    let first = submit(&engine, request("hello", 2, 1));
    let _second = submit(&engine, request("hello", 2, 1));
    let refused = submit(&engine, request("hello", 2, 1));
    assert_eq!(refused.next(), Seen::End(End::Failed(GenerateError::Busy(2)), Spent::default()));
    assert_eq!(engine.stats().queued, 2);
    drop(first);
    eventually(|| engine.stats().queued == 1);
    let third = submit(&engine, request("hello", 2, 1));
    assert!(third.seen.try_recv().is_err());
}

#[test]
fn a_prompt_longer_than_the_context_is_refused_with_both_numbers() {
    let engine = engine(|settings| settings.context_tokens = Some(100));
    for question in ["x".repeat(100), "x".repeat(100_000)] {
        let (_, _, end, _) = submit(&engine, request(&question, 5, 1)).rest();
        let End::Failed(error) = end else { panic!("{end:?}") };
        assert!(
            matches!(error, GenerateError::PromptTooLong { prompt_tokens: 100.., context_tokens: 100 }),
            "{error}"
        );
    }
    let (_, _, end, spent) = submit(&engine, Request { max_tokens: None, ..request("x", 5, 2) }).rest();
    assert!(end == End::Stop || spent.prompt_tokens + spent.output_tokens == 100, "{end:?} {spent:?}");
}

#[test]
fn an_empty_prompt_is_refused() {
    let engine = engine(|_| ());
    let (_, _, end, _) = submit(&engine, request(" \n", 5, 1)).rest();
    assert_eq!(end, End::Failed(GenerateError::EmptyPrompt));
}

#[test]
fn a_stop_text_ends_the_answer_and_is_not_part_of_it() {
    let engine = engine(|_| ());
    let (whole, ..) = submit(&engine, request("hello", 60, 5)).rest();
    let middle = whole.char_indices().nth(whole.chars().count() / 2).unwrap().0;
    let stop: String = whole[middle..].chars().take(3).collect();
    let (text, _, end, _) =
        submit(&engine, Request { stop: vec![stop.clone()], ..request("hello", 60, 5) }).rest();
    assert_eq!((text.as_str(), end), (&whole[..whole.find(&stop).unwrap()], End::Stop));
}

#[test]
fn pacing_spreads_tokens_in_time() {
    let engine = engine(|settings| settings.tokens_per_second = Some(100.0));
    let begin = Instant::now();
    let (_, _, _, spent) = submit(&engine, request("hello", 12, 1)).rest();
    assert!(begin.elapsed() >= Duration::from_millis(10) * (spent.output_tokens - 1));
}

#[test]
fn a_paused_output_holds_up_only_itself() {
    let engine = engine(|_| ());
    let (paused, gate) = submit_with(&engine, request("hello", 20, 1), || Flow::Pause);
    paused.next();
    submit(&engine, request("hello", 20, 2)).rest();
    assert!(paused.seen.try_recv().is_err());
    let waker = {
        let mut gate = gate.lock().unwrap();
        gate.open = true;
        gate.waker.take()
    };
    waker.unwrap().wake();
    paused.rest();
}

#[test]
fn an_output_may_end_its_generation() {
    let engine = engine(|_| ());
    let (job, _) = submit_with(&engine, request("hello", 500, 1), || Flow::Stop);
    assert_eq!(job.rest().2, End::Cancelled);
}

#[test]
fn stopping_the_engine_ends_every_job() {
    let engine = engine(|settings| (settings.max_concurrent, settings.tokens_per_second) = (1, Some(2.0)));
    let running = submit(&engine, request("hello", 1_000, 1));
    running.next();
    let waiting = submit(&engine, request("hello", 1_000, 1));
    engine.stop();
    for job in [running, waiting, submit(&engine, request("hello", 5, 1))] {
        assert_eq!(job.rest().2, End::Failed(GenerateError::Stopped));
    }
    assert!(!engine.is_running());
}

#[test]
fn dropping_the_engine_lets_its_jobs_finish() {
    let engine = engine(|settings| settings.max_concurrent = 1);
    let jobs = [1, 2].map(|seed| submit(&engine, request("hello", 20, seed)));
    drop(engine);
    for job in jobs {
        assert!(matches!(job.rest().2, End::Length | End::Stop));
    }
}

#[test]
fn a_panic_ends_its_job_and_not_the_engine() {
    let engine = engine(|_| ());
    let (broken, _) =
        submit_with(&engine, request("hello", 20, 1), || panic!("an output that panics (expected)"));
    assert_eq!(broken.rest().2, End::Failed(GenerateError::Fault));
    assert!(matches!(submit(&engine, request("hello", 20, 1)).rest().2, End::Length | End::Stop));
}
