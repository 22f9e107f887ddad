//! Windows, heartbeats, and the deadline of a reader.

use seseragi_flow::{Batch, Delivery, DetachReason, Finish, HEARTBEAT, Usage};
use seseragi_testkit::{Look, Plan, Puppet, Reader, Seen, Stage, Told};
use tokio::time::{Instant, timeout};

use crate::{end_of, ms, pass, runs, secs, settle, well};

fn windowed(stage: &Stage, puppet: &Puppet, window: u64) -> Reader {
    let stream_id = stage.try_start(puppet, Plan::default()).expect("it starts");
    let delivery = Delivery { window: ms(window), ..Delivery::default() };
    let mut reader = stage.read(stream_id, Look { delivery, ..Look::default() });
    reader.take();
    reader
}

#[tokio::test(start_paused = true)]
async fn within_a_window_text_is_merged_and_the_first_never_waits() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let mut reader = windowed(&stage, &puppet, 100);
    let mut producer = puppet.producer();
    let began = Instant::now();
    producer.publish(&Batch::of("a"));
    assert_eq!(runs(&reader.next().await), [(1, 1, "a")]);
    assert_eq!(began.elapsed(), ms(0), "the first delta goes out at once");
    producer.publish(&Batch::of("b"));
    assert_eq!(reader.take(), []);
    pass(ms(50)).await;
    producer.publish(&Batch::of("c"));
    assert_eq!(runs(&reader.next().await), [(2, 3, "bc")]);
    let waited = began.elapsed();
    assert!(waited >= ms(100) && waited < ms(105), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_window_that_has_passed_delays_nothing() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let mut reader = windowed(&stage, &puppet, 100);
    let mut producer = puppet.producer();
    producer.publish(&Batch::of("a"));
    reader.take();
    pass(ms(101)).await;
    producer.publish(&Batch::of("b"));
    assert_eq!(runs(&reader.take()), [(2, 2, "b")]);
}

#[tokio::test(start_paused = true)]
async fn the_end_does_not_wait_for_a_window_nor_does_the_text_before_it() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let mut reader = windowed(&stage, &puppet, 1000);
    let mut producer = puppet.producer();
    producer.publish(&Batch::of("a"));
    reader.take();
    producer.publish(&Batch::of("b"));
    assert_eq!(reader.take(), []);
    let began = Instant::now();
    producer.finish(Finish::Stop, Usage::default());
    let got = reader.to_end().await;
    assert_eq!((got.text.as_str(), began.elapsed()), ("ab", ms(0)));
    assert_eq!(end_of(&got), well(Finish::Stop));
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_comes_after_about_ten_seconds_of_silence_as_told_in_opened() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    for _ in 0..50 {
        let (_, mut reader) = stage.open(&puppet, Plan::default());
        let _producer = puppet.producer();
        let began = Instant::now();
        let seen = reader.take();
        let Seen::Opened { heartbeat, .. } = seen[0] else { panic!("{seen:?}") };
        let spread = HEARTBEAT / 10;
        assert!(heartbeat >= HEARTBEAT - spread && heartbeat <= HEARTBEAT + spread, "{heartbeat:?}");
        for beat in 1..=3 {
            assert_eq!(reader.next().await, [Seen::Heartbeat(0)]);
            let late = began.elapsed() - heartbeat * beat;
            assert!(late <= ms(2) * beat, "beat {beat} came {late:?} late");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_heartbeat_comes_while_text_flows_and_it_tells_the_newest_position() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    reader.take();
    let writing = tokio::spawn(async move {
        for _ in 0..20 {
            pass(secs(5)).await;
            producer.publish(&Batch::of("x"));
        }
        producer
    });
    for at in 1..=20 {
        assert_eq!(reader.next().await, [Seen::text(at, at, "x")]);
    }
    assert_eq!(reader.next().await, [Seen::Heartbeat(20)]);
    drop(writing);
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_was_busy_for_long_gets_text_and_no_heartbeat_beside_it() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    reader.take();
    pass(secs(30)).await;
    producer.publish(&Batch::of("x"));
    assert_eq!(reader.take(), [Seen::text(1, 1, "x")]);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_a_reader_ends_its_connection_and_the_stream_goes_on() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let stream_id = stage.try_start(&puppet, Plan::default()).expect("it starts");
    let mut producer = puppet.producer();
    let mut reader = stage.read(stream_id, Look { timeout: Some(secs(3)), ..Look::default() });
    producer.publish(&Batch::of("a"));
    let began = Instant::now();
    let got = timeout(secs(30), reader.to_end()).await.expect("its deadline comes");
    assert!(began.elapsed() >= secs(3) && began.elapsed() < ms(3010), "{:?}", began.elapsed());
    assert_eq!((got.text.as_str(), got.detached), ("a", Some(DetachReason::Deadline)));
    assert!(got.terminal.is_none());
    assert!(stage.recorder.events().contains(&Told::Detached { reason: DetachReason::Deadline }));
    drop(reader);
    settle().await;
    pass(secs(14)).await;
    producer.publish(&Batch::of("b"));
    let mut back = stage.read(stream_id, Look::after(1));
    producer.finish(Finish::Stop, Usage::default());
    let got = back.to_end().await;
    assert_eq!((got.text.as_str(), end_of(&got)), ("b", well(Finish::Stop)));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_was_sent_away_and_does_not_come_back_is_not_waited_for_longer_than_the_grace() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let stream_id = stage.try_start(&puppet, Plan::default()).expect("it starts");
    let mut reader = stage.read(stream_id, Look { timeout: Some(secs(3)), ..Look::default() });
    reader.to_end().await;
    let generation = std::sync::Arc::clone(reader.generation());
    drop(reader);
    pass(secs(16)).await;
    assert_eq!(crate::end(generation.progress().1.as_ref()), well(Finish::Cancelled));
}
