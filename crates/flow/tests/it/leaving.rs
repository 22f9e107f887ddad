//! What a reader's departure means for the generation.

use std::sync::Arc;
use std::time::Duration;

use seseragi_flow::{DEFAULT_GRACE, Delivery, Finish, Generation, OnDisconnect, Usage};
use seseragi_testkit::{Look, Plan, Puppet, Stage};

use crate::{chars, end, ms, pass, secs, well};

const KEEP: OnDisconnect = OnDisconnect::Keep { grace: DEFAULT_GRACE };

fn finish_of(generation: &Generation) -> Option<Finish> {
    generation.progress().1.map(|terminal| terminal.finish)
}

fn by(on_disconnect: OnDisconnect) -> Plan {
    Plan { on_disconnect, ..Plan::default() }
}

fn wishing(on_disconnect: OnDisconnect) -> Look {
    let delivery = Delivery { on_disconnect: Some(on_disconnect), ..Delivery::default() };
    Look { delivery, ..Look::default() }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_did_not_ask_for_resume_is_cancelled_at_once() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (_, reader) = stage.open(&puppet, by(OnDisconnect::Cancel));
    let (_producer, _, run) = puppet.take();
    let generation = Arc::clone(reader.generation());
    drop(reader);
    assert_eq!(finish_of(&generation), Some(Finish::Cancelled));
    assert!(run.is_dropped());
}

#[tokio::test(start_paused = true)]
async fn a_kept_generation_waits_for_its_grace_and_no_longer() {
    for grace in [ms(200), DEFAULT_GRACE, secs(600)] {
        let (stage, puppet) = (Stage::default(), Puppet::default());
        let (_, reader) = stage.open(&puppet, by(OnDisconnect::Keep { grace }));
        let _producer = puppet.producer();
        let generation = Arc::clone(reader.generation());
        drop(reader);
        pass(grace - ms(10)).await;
        assert_eq!(finish_of(&generation), None);
        pass(ms(20)).await;
        assert_eq!(end(generation.progress().1.as_ref()), well(Finish::Cancelled));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_comes_back_in_time_ends_the_grace() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, reader) = stage.open(&puppet, by(KEEP));
    let mut producer = puppet.producer();
    drop(reader);
    pass(secs(14)).await;
    let mut back = stage.read(stream_id, Look::default());
    pass(secs(60)).await;
    producer.publish(&chars("still here"));
    producer.finish(Finish::Stop, Usage::default());
    assert_eq!(back.to_end().await.text, "still here");
}

#[tokio::test(start_paused = true)]
async fn each_departure_starts_a_grace_of_its_own() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, reader) = stage.open(&puppet, by(KEEP));
    let _producer = puppet.producer();
    let generation = Arc::clone(reader.generation());
    drop(reader);
    for _ in 0..5 {
        pass(secs(10)).await;
        drop(stage.read(stream_id, Look::default()));
        assert_eq!(finish_of(&generation), None);
    }
    pass(secs(14)).await;
    assert_eq!(finish_of(&generation), None);
    pass(secs(2)).await;
    assert_eq!(finish_of(&generation), Some(Finish::Cancelled));
}

#[tokio::test(start_paused = true)]
async fn until_complete_goes_on_without_readers_within_its_caps() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, reader) = stage.open(&puppet, by(OnDisconnect::UntilComplete));
    let mut producer = puppet.producer();
    let generation = Arc::clone(reader.generation());
    drop(reader);
    producer.publish(&chars("text"));
    pass(secs(3000)).await;
    assert_eq!(finish_of(&generation), None);
    assert_eq!(stage.read(stream_id, Look::default()).take().len(), 2);
    pass(secs(700)).await;
    assert_eq!(finish_of(&generation), Some(Finish::Length), "the cap on its duration stands");
}

#[tokio::test(start_paused = true)]
async fn a_second_reader_prevents_the_cancellation() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, first) = stage.open(&puppet, by(OnDisconnect::Cancel));
    let _producer = puppet.producer();
    let second = stage.read(stream_id, Look::default());
    let generation = Arc::clone(first.generation());
    drop(first);
    pass(secs(100)).await;
    assert_eq!(finish_of(&generation), None);
    drop(second);
    assert_eq!(finish_of(&generation), Some(Finish::Cancelled));
}

#[tokio::test(start_paused = true)]
async fn the_wish_of_the_last_reader_overrides_the_rule_of_the_generation() {
    let cases: [(OnDisconnect, OnDisconnect, [Option<Finish>; 2]); 4] = [
        (OnDisconnect::Cancel, KEEP, [None, Some(Finish::Cancelled)]),
        (OnDisconnect::Cancel, OnDisconnect::UntilComplete, [None, None]),
        (KEEP, OnDisconnect::Cancel, [Some(Finish::Cancelled); 2]),
        (OnDisconnect::UntilComplete, OnDisconnect::Keep { grace: secs(1) }, [None, Some(Finish::Cancelled)]),
    ];
    for (rule, wish, [at_once, later]) in cases {
        let (stage, puppet) = (Stage::default(), Puppet::default());
        let (stream_id, first) = stage.open(&puppet, by(rule));
        let _producer = puppet.producer();
        let last = stage.read(stream_id, wishing(wish));
        let generation = Arc::clone(first.generation());
        drop(first);
        drop(last);
        assert_eq!(finish_of(&generation), at_once, "{rule:?}, {wish:?}");
        pass(secs(20)).await;
        assert_eq!(finish_of(&generation), later, "{rule:?}, {wish:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn leaving_after_the_end_changes_nothing() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, mut reader) = stage.open(&puppet, by(OnDisconnect::Cancel));
    let mut producer = puppet.producer();
    producer.publish(&chars("text"));
    producer.finish(Finish::Stop, Usage::default());
    reader.to_end().await;
    drop(reader);
    pass(Duration::from_secs(100)).await;
    assert_eq!(stage.read(stream_id, Look::default()).to_end().await.text, "text");
}

/// A reader that joins while another one leaves must not find its stream cancelled.
#[tokio::test]
async fn a_reader_that_joined_while_another_left_is_counted() {
    let stage = Arc::new(Stage::default());
    for round in 0..300 {
        let puppet = Puppet::default();
        let (stream_id, first) = stage.open(&puppet, by(OnDisconnect::Cancel));
        let _producer = puppet.producer();
        let generation = Arc::clone(first.generation());
        let barrier = Arc::new(std::sync::Barrier::new(2));
        let (other, there) = (Arc::clone(&stage), Arc::clone(&barrier));
        let joining = std::thread::spawn(move || {
            there.wait();
            let reader = other.read(stream_id, Look::default());
            let living = reader.generation().progress().1.is_none();
            (reader, living)
        });
        barrier.wait();
        drop(first);
        let (second, lived_when_joined) = joining.join().expect("it reads");
        let lives = generation.progress().1.is_none();
        assert_eq!(lives, lived_when_joined, "round {round}: cancelled under its reader");
        drop(second);
    }
}
