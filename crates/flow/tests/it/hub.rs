//! Keys, lists, retention, drain, and the events that tell of it all.

use std::sync::{Arc, Barrier};

use seseragi_flow::{
    Code, Finish, HubOptions, Idempotency, MAX_IDEMPOTENCY_KEY_BYTES, OnDisconnect, Retention, StreamId,
    Usage,
};
use seseragi_testkit::{Look, Plan, Puppet, Scripted, Stage, StageOptions, Step, Told, caller, permit};
use tokio::time::{Instant, timeout};

use crate::{badly, chars, end, end_of, ms, pass, secs, settle};

fn key(key: &str, digest: u64) -> Option<Idempotency> {
    Some(Idempotency { key: key.to_owned(), digest })
}

fn keyed(name: &str, digest: u64) -> Plan {
    Plan { idempotency: key(name, digest), on_disconnect: OnDisconnect::UntilComplete, ..Plan::default() }
}

fn with_hub(hub: HubOptions) -> Stage {
    Stage::new(StageOptions { hub, ..StageOptions::default() })
}

#[tokio::test(start_paused = true)]
async fn the_same_key_and_body_is_the_same_stream_and_runs_once() {
    let (stage, puppet) = (Stage::default(), Scripted::new([Step::say("x"), Step::Hang]));
    let first = stage.try_start(&puppet, keyed("k", 1)).expect("it starts");
    assert_eq!(stage.try_start(&puppet, keyed("k", 1)), Ok(first));
    let ann = caller("ann");
    let wish = key("k", 1).expect("a key");
    assert_eq!(stage.hub.find_idempotent(ann.subject(), &wish), Ok(Some(first)));
    assert_eq!((puppet.runs().len(), stage.hub.live()), (1, 1));
    let other = stage.try_start(&puppet, keyed("other", 1)).expect("it starts");
    assert_ne!(other, first);
}

#[tokio::test(start_paused = true)]
async fn the_same_key_for_another_body_is_refused() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    stage.try_start(&puppet, keyed("k", 1)).expect("it starts");
    let refused = stage.try_start(&puppet, keyed("k", 2)).expect_err("another body");
    assert_eq!((refused.code, &*refused.reason), (Code::AlreadyExists, "idempotency_key_reused"));
    let ann = caller("ann");
    let found = stage.hub.find_idempotent(ann.subject(), &key("k", 2).expect("a key"));
    assert_eq!(found.map_err(|p| p.code), Err(Code::AlreadyExists));
    assert_eq!(stage.hub.live(), 1);
}

#[tokio::test(start_paused = true)]
async fn keys_of_different_subjects_do_not_meet_and_long_ones_are_refused() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let ann = stage.try_start(&puppet, keyed("k", 1)).expect("it starts");
    let bob = Plan { caller: caller("bob"), ..keyed("k", 2) };
    assert_ne!(stage.try_start(&puppet, bob), Ok(ann));
    let long = Idempotency { key: "x".repeat(MAX_IDEMPOTENCY_KEY_BYTES + 1), digest: 1 };
    let refused = stage.hub.find_idempotent(caller("ann").subject(), &long).expect_err("too long");
    assert_eq!(refused.code, Code::InvalidArgument);
}

#[tokio::test(start_paused = true)]
async fn a_repeated_request_gives_its_permit_back() {
    let limits = seseragi_testkit::limits(2, 100, secs(60));
    let stage = Stage::new(StageOptions { limits, ..StageOptions::default() });
    let puppet = Puppet::default();
    for _ in 0..5 {
        stage.try_start(&puppet, keyed("k", 1)).expect("the same stream");
    }
    assert!(permit(&stage.admission, &caller("ann")).is_ok());
}

#[tokio::test]
async fn of_two_requests_at_once_one_starts_and_both_can_read_it() {
    let stage = Arc::new(Stage::default());
    for round in 0..200 {
        let barrier = Arc::new(Barrier::new(2));
        let scripted = Puppet::default();
        let threads = [(), ()].map(|()| {
            let (stage, barrier) = (Arc::clone(&stage), Arc::clone(&barrier));
            let runtime = scripted.clone();
            std::thread::spawn(move || {
                barrier.wait();
                let plan = Plan { ..keyed(&format!("k{round}"), 1) };
                let stream_id = stage.try_start(&runtime, plan).expect("one of both starts it");
                stage.try_read(stream_id, Look::default()).map(|_| stream_id)
            })
        });
        let [one, two] = threads.map(|thread| thread.join().expect("it asks"));
        assert!(one.is_ok() && one == two, "round {round}: {one:?}, {two:?}");
        let _the_only_one = scripted.producer();
    }
}

#[tokio::test(start_paused = true)]
async fn a_finished_stream_is_kept_for_a_time_with_its_key_and_then_unknown() {
    let keep = secs(100);
    let stage = with_hub(HubOptions {
        retention: Retention { keep, ..Retention::default() },
        ..HubOptions::default()
    });
    let puppet = Puppet::default();
    let stream_id = stage.try_start(&puppet, keyed("k", 1)).expect("it starts");
    puppet.producer().finish(Finish::Stop, Usage::default());
    pass(keep - secs(2)).await;
    assert_eq!(stage.try_start(&puppet, keyed("k", 1)), Ok(stream_id));
    assert_eq!(listed(&stage), [stream_id]);
    pass(secs(4)).await;
    assert_eq!(listed(&stage), []);
    let unknown = stage.try_read(stream_id, Look::default()).map(|_| ()).expect_err("it is forgotten");
    assert_eq!(unknown.code, Code::NotFound);
    assert_ne!(stage.try_start(&puppet, keyed("k", 1)), Ok(stream_id));
}

fn listed(stage: &Stage) -> Vec<StreamId> {
    let all = stage.hub.streams(caller("ann").subject(), false, 100);
    all.into_iter().map(|info| info.stream_id).collect()
}

#[tokio::test(start_paused = true)]
async fn the_oldest_finished_streams_go_first_when_there_are_too_many_or_too_much() {
    let by_count = Retention { max_streams: 3, ..Retention::default() };
    let by_bytes = Retention { max_bytes: 350 * 1024, ..Retention::default() };
    for retention in [by_count, by_bytes] {
        let stage = with_hub(HubOptions { retention, ..HubOptions::default() });
        let scripted = Scripted::new([Step::say(&"x".repeat(100 * 1024))]);
        let mut started = Vec::new();
        for _ in 0..6 {
            let (stream_id, mut reader) = stage.open(&scripted, Plan::default());
            reader.to_end().await;
            started.push(stream_id);
        }
        pass(secs(2)).await;
        let newest: Vec<_> = started.into_iter().rev().take(3).collect();
        assert_eq!(listed(&stage), newest, "{retention:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_subject_with_too_many_streams_loses_its_own_oldest_finished_ones() {
    let retention = Retention { max_per_subject: 3, ..Retention::default() };
    let stage = with_hub(HubOptions { retention, ..HubOptions::default() });
    let (running, puppet) =
        (Plan { on_disconnect: OnDisconnect::UntilComplete, ..Plan::default() }, Puppet::default());
    let live = stage.try_start(&puppet, running).expect("it starts");
    let scripted = Scripted::new([Step::say("text")]);
    let mut started = Vec::new();
    for _ in 0..5 {
        let (stream_id, mut reader) = stage.open(&scripted, Plan::default());
        reader.to_end().await;
        started.push(stream_id);
    }
    let newest: Vec<_> = started.into_iter().rev().take(2).chain([live]).collect();
    assert_eq!(listed(&stage), newest, "the running one stays, although it is the oldest");
}

#[tokio::test(start_paused = true)]
async fn a_reader_of_a_forgotten_stream_reads_on() {
    let retention = Retention { max_streams: 0, ..Retention::default() };
    let stage = with_hub(HubOptions { retention, ..HubOptions::default() });
    let (_, mut reader) = stage.open(&Scripted::new([Step::say("text")]), Plan::default());
    pass(secs(5)).await;
    assert_eq!(listed(&stage), []);
    assert_eq!(reader.to_end().await.text, "text");
}

#[tokio::test(start_paused = true)]
async fn lists_are_the_callers_own_newest_first_bounded_and_can_be_live_only() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let plan = || Plan { on_disconnect: OnDisconnect::UntilComplete, ..Plan::default() };
    let ids: Vec<_> = (0..3).map(|_| stage.try_start(&puppet, plan()).expect("it starts")).collect();
    stage.try_start(&puppet, Plan { caller: caller("bob"), ..plan() }).expect("it starts");
    puppet.producer().finish(Finish::Stop, Usage::default());
    let ann = caller("ann");
    let list = |live_only, limit| -> Vec<_> {
        stage.hub.streams(ann.subject(), live_only, limit).into_iter().map(|info| info.stream_id).collect()
    };
    assert_eq!(list(false, 9), [ids[2], ids[1], ids[0]]);
    assert_eq!(list(false, 2), [ids[2], ids[1]]);
    assert_eq!(list(true, 9), [ids[2], ids[1]]);
    assert_eq!(list(true, 1), [ids[2]]);
}

#[tokio::test(start_paused = true)]
async fn a_streams_account_is_for_its_owner_only() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, _reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    producer.publish(&chars("abc"));
    let (ann, bob) = (caller("ann"), caller("bob"));
    let info = stage.hub.stream(ann.subject(), stream_id).expect("it is there");
    assert_eq!((info.last.0, info.epoch, &*info.model), (3, 1, "test"));
    assert!(info.terminal.is_none());
    producer.finish(Finish::Stop, Usage::default());
    let info = stage.hub.stream(ann.subject(), stream_id).expect("it is there");
    assert_eq!((info.last.0, info.terminal.is_some()), (4, true));
    let never = StreamId::random();
    let unknown = |id| {
        let told = stage.hub.stream(bob.subject(), id).map(|_| ()).expect_err("not bob's");
        let cancelled = stage.hub.cancel(bob.subject(), id).expect_err("not bob's");
        assert_eq!(told, cancelled);
        told
    };
    assert_eq!(unknown(stream_id), unknown(never), "a foreign stream is as unknown as none");
}

#[tokio::test(start_paused = true)]
async fn at_the_bound_of_live_generations_a_start_is_refused_and_its_key_stays_free() {
    let stage = with_hub(HubOptions { max_live: 1, ..HubOptions::default() });
    let puppet = Puppet::default();
    stage.try_start(&puppet, keyed("first", 1)).expect("it starts");
    let refused = stage.try_start(&puppet, keyed("second", 1)).expect_err("it is full");
    assert_eq!((refused.code, &*refused.reason), (Code::Unavailable, "too_many_generations"));
    puppet.producer().finish(Finish::Stop, Usage::default());
    stage.try_start(&puppet, keyed("second", 2)).expect("there is room again, and the key is free");
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_for_what_runs_and_takes_nothing_new() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    let producer = puppet.producer();
    let hub = stage.hub.clone();
    let draining = tokio::spawn(async move { hub.drain(secs(30)).await });
    settle().await;
    let refused = stage.try_start(&puppet, Plan::default()).expect_err("it drains");
    assert_eq!((refused.code, &*refused.reason, refused.retryable), (Code::Unavailable, "draining", true));
    pass(secs(5)).await;
    assert!(!draining.is_finished());
    let ended = Instant::now();
    producer.finish(Finish::Stop, Usage::default());
    assert_eq!(timeout(secs(1), draining).await.expect("at once").expect("it drains"), 0);
    assert!(ended.elapsed() < ms(10));
    assert_eq!(reader.to_end().await.terminal.map(|t| t.finish), Some(Finish::Stop));
}

#[tokio::test(start_paused = true)]
async fn after_the_grace_of_a_drain_the_rest_ends_interrupted() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let mut readers: Vec<_> = (0..3).map(|_| stage.open(&puppet, Plan::default()).1).collect();
    let mut producers = [puppet.producer(), puppet.producer(), puppet.producer()];
    producers[0].publish(&chars("some"));
    let began = Instant::now();
    assert_eq!(stage.hub.drain(secs(7)).await, 3);
    assert_eq!((began.elapsed(), stage.hub.live()), (secs(7), 0));
    for reader in &mut readers {
        let got = reader.to_end().await;
        assert_eq!(end_of(&got), badly(Finish::Interrupted, Code::Unavailable, "shutdown"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_drain_of_an_empty_hub_is_over_at_once() {
    assert_eq!(Stage::default().hub.drain(secs(30)).await, 0);
}

#[tokio::test(start_paused = true)]
async fn events_tell_the_life_of_a_stream_in_order() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, mut reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    pass(ms(250)).await;
    producer.publish(&chars("せ"));
    reader.take();
    producer.publish(&chars("せら"));
    let mut second = stage.read(stream_id, Look::after(1));
    second.take();
    pass(ms(750)).await;
    producer.finish(Finish::Stop, Usage::default());
    reader.to_end().await;
    let model = || "test".to_owned();
    let finished = Told::Finished {
        stream_id,
        finish: Finish::Stop,
        code: None,
        reason: String::new(),
        blame: None,
        deltas: 3,
        output_tokens: 3,
        bytes: 9,
        elapsed: secs(1),
        first_delta: Some(ms(250)),
    };
    let want = [
        Told::Started { stream_id, model: model() },
        Told::Attached { model: model(), behind: 0 },
        Told::FirstDelta { model: model(), wire: "test", elapsed: ms(250) },
        Told::Attached { model: model(), behind: 2 },
        finished,
    ];
    let told: Vec<_> = stage.recorder.events();
    assert_eq!(rounded(told), want);
    assert_eq!(stage.recorder.flushed(), (5, 15), "three deltas to one reader, two to the other");
}

/// Paused time moves in whole milliseconds, and a sleep may last one more.
fn rounded(told: Vec<Told>) -> Vec<Told> {
    let round = |time: std::time::Duration| ms((time.as_millis() as u64 + 5) / 10 * 10);
    let each = |told| match told {
        Told::FirstDelta { model, wire, elapsed } => {
            Told::FirstDelta { model, wire, elapsed: round(elapsed) }
        }
        Told::Finished {
            stream_id,
            finish,
            code,
            reason,
            blame,
            deltas,
            output_tokens,
            bytes,
            elapsed,
            first_delta,
        } => Told::Finished {
            stream_id,
            finish,
            code,
            reason,
            blame,
            deltas,
            output_tokens,
            bytes,
            elapsed: round(elapsed),
            first_delta: first_delta.map(round),
        },
        other => other,
    };
    told.into_iter().map(each).collect()
}

#[tokio::test(start_paused = true)]
async fn clocks_run_for_a_stream_whose_readers_came_and_went_often() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let plan = Plan { on_disconnect: OnDisconnect::Keep { grace: secs(15) }, ..Plan::default() };
    let (stream_id, reader) = stage.open(&puppet, plan);
    let _producer = puppet.producer();
    let generation = Arc::clone(reader.generation());
    drop(reader);
    for _ in 0..1000 {
        drop(stage.read(stream_id, Look::default()));
        pass(ms(50)).await;
    }
    assert!(generation.progress().1.is_none());
    pass(secs(16)).await;
    assert_eq!(end(generation.progress().1.as_ref()).0, Finish::Cancelled);
}
