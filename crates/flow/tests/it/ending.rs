//! Every way in which a generation ends. It always does, exactly once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use seseragi_flow::{
    Batch, Blame, Code, Delta, Finish, Job, Kind, MAX_LOG_BYTES, Problem, Producer, Publish, Run, Runtime,
    Usage,
};
use seseragi_guard::Admission;
use seseragi_testkit::{
    Plan, Puppet, Reader, Scripted, Seen, Stage, StageOptions, Step, Transcript, limits, permit,
};
use tokio::time::{Instant, timeout};

use crate::{badly, chars, end_of, pass, secs, settle, well};

fn capped(tokens: u32, duration: Duration) -> Stage {
    Stage::new(StageOptions { limits: limits(1, tokens, duration), ..StageOptions::default() })
}

/// Reads on a task of its own, so that only a wake can bring it to the end.
async fn read_waiting(mut reader: Reader, then: impl AsyncFnOnce()) -> Transcript {
    reader.take();
    let reading = tokio::spawn(async move { reader.to_end().await });
    settle().await;
    then().await;
    timeout(secs(1), reading).await.expect("the end wakes the reader").expect("it reads")
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_a_stream_ends_it_failed() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let plan = Plan { timeout: Some(secs(2)), ..Plan::default() };
    let (_, mut reader) = stage.open(&puppet, plan);
    let (mut producer, _, run) = puppet.take();
    producer.publish(&chars("ab"));
    let began = Instant::now();
    let got = reader.to_end().await;
    assert_eq!(end_of(&got), badly(Finish::Failed, Code::DeadlineExceeded, "client_deadline"));
    assert_eq!(got.text, "ab");
    assert!(began.elapsed() >= secs(2) && began.elapsed() < secs(2) + crate::ms(10));
    assert!(run.is_dropped(), "the work is cancelled");
    assert_eq!(producer.publish(&chars("c")), Publish::Stop(Finish::Failed));
}

#[tokio::test(start_paused = true)]
async fn the_cap_on_duration_ends_it_as_length_if_there_is_text_and_failed_if_there_is_none() {
    let wanted = [
        (true, well(Finish::Length)),
        (false, badly(Finish::Failed, Code::DeadlineExceeded, "max_duration")),
    ];
    for (text, want) in wanted {
        let (stage, puppet) = (capped(100, secs(60)), Puppet::default());
        let (_, mut reader) = stage.open(&puppet, Plan::default());
        let mut producer = puppet.producer();
        if text {
            producer.publish(&chars("ab"));
        }
        let began = Instant::now();
        assert_eq!(end_of(&reader.to_end().await), want);
        assert!(began.elapsed() >= secs(60) && began.elapsed() < secs(61));
    }
}

#[tokio::test(start_paused = true)]
async fn the_cap_on_tokens_is_exact_and_wakes_the_reader() {
    let (stage, puppet) = (capped(3, secs(60)), Puppet::default());
    let (_, reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    let got = read_waiting(reader, async || {
        assert_eq!(producer.publish(&chars("あい")), Publish::Continue);
        settle().await;
        assert_eq!(producer.publish(&chars("うえ")), Publish::Stop(Finish::Length));
    });
    let got = got.await;
    assert_eq!((got.text.as_str(), end_of(&got)), ("あいう", well(Finish::Length)));
    assert_eq!(got.terminal.expect("it ended").usage.output_tokens, 3);
}

#[tokio::test(start_paused = true)]
async fn a_batch_of_which_nothing_fits_wakes_the_reader_too() {
    let (stage, puppet) = (capped(2, secs(60)), Puppet::default());
    let (_, reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    assert_eq!(producer.publish(&chars("ab")), Publish::Continue);
    let got = read_waiting(reader, async || {
        assert_eq!(producer.publish(&chars("c")), Publish::Stop(Finish::Length));
    });
    assert_eq!(end_of(&got.await), well(Finish::Length));
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_exactly_the_cap_may_stop_by_itself() {
    let (stage, puppet) = (capped(3, secs(60)), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    assert_eq!(producer.publish(&chars("abc")), Publish::Continue);
    producer.finish(Finish::Stop, Usage::default());
    assert_eq!(end_of(&reader.to_end().await), well(Finish::Stop));
}

#[tokio::test(start_paused = true)]
async fn a_delta_of_several_tokens_that_does_not_fit_is_left_out() {
    let (stage, puppet) = (capped(5, secs(60)), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    let mut batch = Batch::new();
    for text in ["one", "two"] {
        batch.push(Delta { kind: Kind::Text, text, tokens: 3, mark: &[] });
    }
    assert_eq!(puppet.producer().publish(&batch), Publish::Stop(Finish::Length));
    let got = reader.to_end().await;
    assert_eq!((got.text.as_str(), end_of(&got)), ("one", well(Finish::Length)));
}

#[tokio::test(start_paused = true)]
async fn a_full_log_ends_as_length_and_is_read_whole() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    let piece = Batch::of(&"x".repeat(10_000));
    while producer.publish(&piece) == Publish::Continue {}
    let got = reader.to_end().await;
    assert_eq!(end_of(&got), well(Finish::Length));
    assert_eq!(got.text.len(), MAX_LOG_BYTES as usize / 10_000 * 10_000);
}

#[tokio::test(start_paused = true)]
async fn a_producer_that_vanishes_leaves_an_interrupted_stream() {
    for text in ["", "some"] {
        let stage = Stage::default();
        let scripted = Scripted::new([Step::say(text), Step::Vanish]);
        let (_, mut reader) = stage.open(&scripted, Plan::default());
        let got = reader.to_end().await;
        assert_eq!(got.text, text);
        assert_eq!(end_of(&got), badly(Finish::Interrupted, Code::Unavailable, "runtime_gone"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_failed_before_text_and_interrupted_after_it_if_a_retry_makes_sense() {
    let retryable = Problem::runtime(Code::Internal, "broke", "it broke");
    let lasting = Problem { retryable: false, ..retryable.clone() };
    let cases = [
        ("", &retryable, Finish::Failed),
        ("", &lasting, Finish::Failed),
        ("some", &retryable, Finish::Interrupted),
        ("some", &lasting, Finish::Failed),
    ];
    for (text, problem, finish) in cases {
        let stage = Stage::default();
        let scripted = Scripted::new([Step::say(text), Step::Fail(problem.clone())]);
        let (_, mut reader) = stage.open(&scripted, Plan::default());
        let got = reader.to_end().await;
        assert_eq!((got.text.as_str(), end_of(&got)), (text, badly(finish, Code::Internal, "broke")));
        assert_eq!(got.terminal.and_then(|t| t.problem).map(|p| p.blame), Some(Blame::Runtime));
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancel_keeps_the_text_is_idempotent_and_does_not_change_an_end() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, mut reader) = stage.open(&puppet, Plan::default());
    let (mut producer, _, run) = puppet.take();
    producer.publish(&chars("ab"));
    let ann = Plan::default().caller;
    let first = stage.hub.cancel(ann.subject(), stream_id).expect("it is there");
    assert_eq!((first.finish, first.utf8_len), (Finish::Cancelled, 2));
    assert!(run.is_dropped());
    let again = stage.hub.cancel(ann.subject(), stream_id).expect("it is there");
    assert_eq!(first, again);
    producer.finish(Finish::Stop, Usage::default());
    let got = reader.to_end().await;
    assert_eq!((got.text.as_str(), end_of(&got)), ("ab", well(Finish::Cancelled)));
    assert_eq!(got.terminal, Some(first));
}

#[tokio::test(start_paused = true)]
async fn a_cancel_after_the_end_tells_that_end() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, _reader) = stage.open(&puppet, Plan::default());
    puppet.producer().finish(Finish::ToolCalls, Usage::default());
    let told = stage.hub.cancel(Plan::default().caller.subject(), stream_id).expect("it is there");
    assert_eq!(told.finish, Finish::ToolCalls);
}

#[tokio::test(start_paused = true)]
async fn a_cancel_drops_the_run_within_the_bound() {
    let stage = Stage::default();
    let scripted = Scripted::new([Step::say("some"), Step::Hang]);
    let (stream_id, reader) = stage.open(&scripted, Plan::default());
    pass(secs(5)).await;
    let cancelled = Instant::now();
    stage.hub.cancel(&reader.generation().about().owner, stream_id).expect("it is there");
    assert_eq!(scripted.dropped(1).await, 1);
    assert_eq!(scripted.runs()[0].dropped, Some(cancelled));
}

#[tokio::test(start_paused = true)]
async fn a_runtime_that_is_done_inside_of_start_is_fine() {
    struct AtOnce;
    impl Runtime for AtOnce {
        fn start(&self, _: Job, mut producer: Producer) -> Run {
            producer.publish(&Batch::of("done"));
            producer.finish(Finish::Stop, Usage::default());
            Run::new(())
        }
    }
    let stage = Stage::default();
    let (_, mut reader) = stage.open(&AtOnce, Plan::default());
    let got = reader.to_end().await;
    assert_eq!((got.text.as_str(), end_of(&got)), ("done", well(Finish::Stop)));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_drops_its_producer_when_dropped_does_not_deadlock() {
    struct Together;
    impl Runtime for Together {
        fn start(&self, _: Job, producer: Producer) -> Run {
            Run::new(producer)
        }
    }
    let stage = Stage::default();
    let (stream_id, mut reader) = stage.open(&Together, Plan::default());
    stage.hub.cancel(&reader.generation().about().owner, stream_id).expect("it is there");
    assert_eq!(end_of(&reader.to_end().await), well(Finish::Cancelled));
}

/// A client that sees the end may start again at once, even from the very frame that tells it.
#[tokio::test(start_paused = true)]
async fn the_permit_is_free_before_a_reader_sees_the_end() {
    let (stage, puppet) = (capped(10, secs(60)), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    let ann = Plan::default().caller;
    assert!(permit(&stage.admission, &ann).is_err(), "one at a time");
    puppet.producer().finish(Finish::Stop, Usage::default());
    assert!(reader.take().iter().any(|seen| matches!(seen, Seen::Terminal(..))));
    assert!(permit(&stage.admission, &ann).is_ok());
}

/// When the end can be seen on any thread, the permit must be free already. A run is dropped right after that.
#[tokio::test(start_paused = true)]
async fn the_permit_is_free_as_soon_as_the_end_can_be_seen() {
    struct Watching(Admission, Arc<AtomicBool>);
    struct Dropped(Admission, Arc<AtomicBool>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            let free = permit(&self.0, &Plan::default().caller).is_ok();
            self.1.store(free, Ordering::SeqCst);
        }
    }
    impl Runtime for Watching {
        fn start(&self, _: Job, producer: Producer) -> Run {
            Run::new((Dropped(self.0.clone(), Arc::clone(&self.1)), producer))
        }
    }
    let stage = capped(10, secs(60));
    let free = Arc::new(AtomicBool::new(false));
    let runtime = Watching(stage.admission.clone(), Arc::clone(&free));
    let (_, reader) = stage.open(&runtime, Plan::default());
    reader.generation().cancel();
    assert!(free.load(Ordering::SeqCst));
}
