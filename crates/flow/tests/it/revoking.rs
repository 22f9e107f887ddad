//! Rights that are withdrawn, or that run out, while they are used.

use std::cell::Cell;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Instant as WallClock;

use proptest::prelude::*;
use seseragi_flow::{
    Blame, Code, Delivery, DetachReason, Finish, HubOptions, OnDisconnect, Problem, Publish, Retention,
    StreamId, Terminal, Usage,
};
use seseragi_guard::{Caller, Principal, Revocation, Revocations, Revoked, Subject, UnixSeconds};
use seseragi_testkit::{
    Held, LateStore, Look, Plan, Puppet, Reader, Seen, Stage, StageOptions, Told, caller, permit, transcript,
};
use tokio::time::{Instant, timeout};

use crate::{chars, end, end_of, ms, pass, runs, secs, settle, well};

const ISSUER: &str = "https://issuer.test";
const LATER: UnixSeconds = UnixSeconds(u64::MAX);

/// A caller of this sign-in, with a token of its own.
fn signed_in(name: &str, sid: &str) -> Caller {
    let token = format!("token of {name} in {sid}");
    caller(name).testing_session(sid, LATER).testing_token(&token, "key 1", UnixSeconds(100))
}

fn plan(caller: &Caller) -> Plan {
    Plan { caller: caller.clone(), ..Plan::default() }
}

fn look(caller: &Caller) -> Look {
    Look { caller: caller.clone(), ..Look::default() }
}

fn session(sid: &str) -> Revoked {
    Revoked::Session { issuer: ISSUER.into(), sid: sid.into() }
}

fn everything_of(subject: &Subject, before: u64) -> Revoked {
    Revoked::Subject { subject: subject.clone(), before: UnixSeconds(before) }
}

fn revocations(what: impl IntoIterator<Item = Revoked>) -> Revocations {
    let revocations = Revocations::default();
    for what in what {
        revocations.insert(Revocation { what, until: LATER }).expect("there is room");
    }
    revocations
}

fn sweep(stage: &Stage, what: Revoked) -> usize {
    let revocations = revocations([what]);
    stage.hub.sweep(&|principal| revocations.covers(principal))
}

fn revoked() -> (Finish, Option<Code>, String) {
    (Finish::Revoked, Some(Code::PermissionDenied), "revoked".to_owned())
}

fn detached(reader: &Reader) -> Option<DetachReason> {
    transcript(reader.seen()).detached
}

fn terminal(stage: &Stage, owner: &Caller, stream_id: StreamId) -> Option<Terminal> {
    stage.hub.stream(owner.subject(), stream_id).expect("it is there").terminal
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_revocation_ends_what_it_covers_and_nothing_else() {
    let (ann, bob) = (signed_in("ann", "s1"), signed_in("bob", "s2"));
    let new_key = caller("ann").testing_session("s3", LATER).testing_token("t3", "key 2", UnixSeconds(200));
    let name = |text: &str| -> Arc<str> { text.into() };
    let cases: [(Revoked, [bool; 3]); 7] = [
        (session("s1"), [true, false, false]),
        (session("s9"), [false; 3]),
        (Revoked::Token { issuer: name(ISSUER), jti: name("t3") }, [false, false, true]),
        (Revoked::Key { issuer: name(ISSUER), kid: name("key 1") }, [true, true, false]),
        (Revoked::Key { issuer: name("https://other.test"), kid: name("key 1") }, [false; 3]),
        (everything_of(ann.subject(), 100), [true, false, false]),
        (everything_of(ann.subject(), 200), [true, false, true]),
    ];
    for (what, ends) in cases {
        let (stage, puppet) = (Stage::default(), Puppet::default());
        let all = [&ann, &bob, &new_key];
        let opened = all.map(|who| (who, stage.open(&puppet, plan(who))));
        let _producers = [puppet.producer(), puppet.producer(), puppet.producer()];
        assert_eq!(sweep(&stage, what.clone()), ends.iter().filter(|ends| **ends).count(), "{what:?}");
        assert_eq!(stage.hub.live(), ends.iter().filter(|ends| !**ends).count());
        for ((who, (stream_id, mut reader)), ends) in opened.into_iter().zip(ends) {
            let ended = terminal(&stage, who, stream_id).map(|terminal| terminal.finish);
            assert_eq!(ended, ends.then_some(Finish::Revoked), "{what:?}");
            reader.take();
            assert_eq!(reader.ended(), ends, "{what:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_tells_what_happened_once_and_everything_is_given_back() {
    let limits = seseragi_testkit::limits(1, 100, secs(60));
    let stage = Stage::new(StageOptions { limits, ..StageOptions::default() });
    let (puppet, ann) = (Puppet::default(), signed_in("ann", "s1"));
    let (stream_id, mut reader) = stage.open(&puppet, plan(&ann));
    let (mut producer, _, run) = puppet.take();
    producer.publish(&chars("so far"));
    assert!(permit(&stage.admission, &ann).is_err(), "it has one only");
    assert_eq!(sweep(&stage, session("s1")), 1);
    assert!(run.is_dropped() && permit(&stage.admission, &ann).is_ok());
    assert_eq!(producer.publish(&chars("more")), Publish::Stop(Finish::Revoked));
    producer.finish(Finish::Stop, Usage::default());
    assert_eq!(sweep(&stage, session("s1")), 0, "it ends once");
    let got = reader.to_end().await;
    assert_eq!((got.text.as_str(), end_of(&got)), ("so far", revoked()));
    let problem = got.terminal.and_then(|terminal| terminal.problem).expect("it says why");
    let Problem { blame, message, retryable, .. } = problem;
    assert_eq!((blame, retryable), (Blame::Caller, false));
    assert!(message.contains("the right to this stream was withdrawn"), "{message}");
    let finished = |told: &&Told| matches!(told, Told::Finished { .. });
    let told: Vec<_> = stage.recorder.events().iter().filter(finished).cloned().collect();
    let [Told::Finished { stream_id: ended, finish, code, reason, blame, deltas, .. }] = &told[..] else {
        panic!("one end is told: {told:?}")
    };
    let said = (*ended, *finish, *code, reason.as_str(), *blame, *deltas);
    let code = Some(Code::PermissionDenied);
    assert_eq!(said, (stream_id, Finish::Revoked, code, "revoked", Some(Blame::Caller), 6));
}

#[tokio::test(start_paused = true)]
async fn a_waiting_reader_is_woken_at_once() {
    let (stage, puppet, ann) = (Stage::default(), Puppet::default(), signed_in("ann", "s1"));
    let (_, mut reader) = stage.open(&puppet, plan(&ann));
    let _producer = puppet.producer();
    let reading = tokio::spawn(async move { (reader.to_end().await, Instant::now()) });
    pass(secs(3)).await;
    let swept = Instant::now();
    sweep(&stage, session("s1"));
    let (got, ended) = timeout(secs(1), reading).await.expect("it is woken").expect("it reads");
    assert_eq!((end_of(&got), ended), (revoked(), swept));
}

#[tokio::test(start_paused = true)]
async fn what_was_written_can_be_read_by_another_right_of_its_owner() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stolen, own) = (signed_in("ann", "s1"), signed_in("ann", "s2"));
    let (stream_id, reader) = stage.open(&puppet, plan(&stolen));
    let mut producer = puppet.producer();
    producer.publish(&chars("kept"));
    sweep(&stage, session("s1"));
    drop(reader);
    let got = stage.read(stream_id, look(&own)).to_end().await;
    assert_eq!((got.text.as_str(), end_of(&got)), ("kept", revoked()));
    let got = stage.read(stream_id, Look { after: 2, ..look(&own) }).to_end().await;
    assert_eq!((got.text.as_str(), got.last), ("pt", 5));
}

#[tokio::test(start_paused = true)]
async fn a_reader_whose_right_is_gone_is_sent_away_and_the_stream_goes_on() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (own, stolen) = (signed_in("ann", "s1"), signed_in("ann", "s2"));
    let (stream_id, mut reader) = stage.open(&puppet, plan(&own));
    let mut producer = puppet.producer();
    let mut thief = stage.read(stream_id, look(&stolen));
    producer.publish(&chars("a"));
    assert_eq!(thief.take().len(), 2);
    producer.publish(&chars("b"));
    assert_eq!(sweep(&stage, session("s2")), 0);
    producer.publish(&chars("c"));
    assert_eq!(thief.take(), [Seen::Detached(DetachReason::Expired)], "and not one more letter");
    assert!(thief.ended());
    let expired = Told::Detached { reason: DetachReason::Expired };
    assert_eq!(stage.recorder.events().iter().filter(|told| **told == expired).count(), 1);
    drop(thief);
    producer.finish(Finish::Stop, Usage::default());
    let got = reader.to_end().await;
    assert_eq!((got.text.as_str(), end_of(&got)), ("abc", well(Finish::Stop)));
}

#[tokio::test(start_paused = true)]
async fn a_waiting_reader_whose_right_is_gone_is_woken_and_so_is_one_in_a_window() {
    for window in [0, 1000] {
        let (stage, puppet) = (Stage::default(), Puppet::default());
        let (stream_id, _reader) = stage.open(&puppet, plan(&signed_in("ann", "s1")));
        let mut producer = puppet.producer();
        let delivery = Delivery { window: ms(window), ..Delivery::default() };
        let mut thief = stage.read(stream_id, Look { delivery, ..look(&signed_in("ann", "s2")) });
        producer.publish(&chars("a"));
        thief.take();
        let reading = tokio::spawn(async move { (thief.to_end().await, Instant::now()) });
        producer.publish(&chars("b"));
        settle().await;
        let swept = Instant::now();
        sweep(&stage, session("s2"));
        let (got, ended) = timeout(ms(10), reading).await.expect("it is woken").expect("it reads");
        assert_eq!((got.detached, ended), (Some(DetachReason::Expired), swept));
    }
}

#[tokio::test(start_paused = true)]
async fn a_replay_of_a_finished_stream_is_cut_even_if_the_hub_has_forgotten_the_stream() {
    for retention in [Retention::default(), Retention { max_streams: 0, ..Retention::default() }] {
        let stage = Stage::new(StageOptions {
            hub: HubOptions { retention, ..HubOptions::default() },
            ..StageOptions::default()
        });
        let puppet = Puppet::default();
        let (own, stolen) = (signed_in("ann", "s1"), signed_in("ann", "s2"));
        let (stream_id, mut reader) = stage.open(&puppet, plan(&own));
        let mut thief = stage.read(stream_id, look(&stolen));
        let mut producer = puppet.producer();
        producer.publish(&chars("a long answer"));
        producer.finish(Finish::Stop, Usage::default());
        thief.poll(&mut Context::from_waker(Waker::noop()), 5);
        assert_eq!(transcript(thief.seen()).text, "a lon");
        pass(secs(3)).await;
        assert_eq!(sweep(&stage, session("s2")), 0);
        assert_eq!(thief.take(), [Seen::Detached(DetachReason::Expired)]);
        let got = reader.to_end().await;
        assert_eq!((got.text.as_str(), end_of(&got)), ("a long answer", well(Finish::Stop)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_finished_stream_keeps_its_end() {
    let (stage, puppet, ann) = (Stage::default(), Puppet::default(), signed_in("ann", "s1"));
    let (stream_id, mut reader) = stage.open(&puppet, plan(&ann));
    puppet.producer().finish(Finish::Stop, Usage::default());
    reader.to_end().await;
    drop(reader);
    let before = stage.recorder.events().len();
    let asked = Cell::new(0);
    let count = |_: &Principal| {
        asked.set(asked.get() + 1);
        true
    };
    assert_eq!((stage.hub.sweep(&count), asked.get()), (0, 0), "nobody asks about it");
    assert_eq!(end(terminal(&stage, &ann, stream_id).as_ref()), well(Finish::Stop));
    assert_eq!(stage.recorder.events().len(), before);
}

/// A reader that is behind hears that its stream was revoked if that is near; it cannot read on for as long as it
/// likes.
#[tokio::test(start_paused = true)]
async fn of_a_revoked_stream_a_slow_reader_gets_one_poll_more() {
    for (bytes, ends) in [(3, false), (100, true)] {
        let (stage, puppet, ann) = (Stage::default(), Puppet::default(), signed_in("ann", "s1"));
        let (_, mut slow) = stage.open(&puppet, plan(&ann));
        let cx = &mut Context::from_waker(Waker::noop());
        let mut producer = puppet.producer();
        producer.publish(&chars("abcdefgh"));
        slow.poll(cx, 1);
        sweep(&stage, session("s1"));
        let last = slow.poll(cx, bytes);
        assert!(slow.ended(), "{last:?}");
        let got = transcript(slow.seen());
        assert_eq!(got.terminal.map(|t| t.finish), ends.then_some(Finish::Revoked));
        assert_eq!(detached(&slow), (!ends).then_some(DetachReason::Expired));
        assert_eq!(got.text, if ends { "abcdefgh" } else { "abcd" });
    }
}

#[tokio::test(start_paused = true)]
async fn another_right_reads_a_revoked_stream_to_its_end_at_its_own_pace() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, _first) = stage.open(&puppet, plan(&signed_in("ann", "s1")));
    let mut own = stage.read(stream_id, look(&signed_in("ann", "s2")));
    let mut producer = puppet.producer();
    producer.publish(&chars("abcdefgh"));
    sweep(&stage, session("s1"));
    let cx = &mut Context::from_waker(Waker::noop());
    while !own.ended() {
        assert!(!own.poll(cx, 1).is_empty());
    }
    let got = transcript(own.seen());
    assert_eq!((got.text.as_str(), end_of(&got)), ("abcdefgh", revoked()));
}

#[tokio::test(start_paused = true)]
async fn a_late_store_delays_the_word_that_it_was_revoked_and_gives_out_no_text() {
    let store = LateStore::default();
    let stage = Stage::new(StageOptions { store: Arc::new(store.clone()), ..StageOptions::default() });
    let (puppet, ann) = (Puppet::default(), signed_in("ann", "s1"));
    let (_, mut reader) = stage.open(&puppet, plan(&ann));
    let mut producer = puppet.producer();
    producer.publish(&chars("text"));
    reader.take();
    sweep(&stage, session("s1"));
    assert_eq!(reader.take(), [], "it waits for the end");
    reader.generation().acknowledge(seseragi_flow::Seq(2));
    assert_eq!(reader.take(), []);
    store.acknowledge(reader.generation());
    reader.take();
    let got = transcript(reader.seen());
    assert_eq!(end_of(&got), revoked());
}

#[tokio::test(start_paused = true)]
async fn a_right_withdrawn_between_its_check_and_its_use_is_found_right_after() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (own, stolen) = (signed_in("ann", "s1"), signed_in("ann", "s2"));
    let gone = revocations([session("s2")]);
    let covers = |principal: &Principal| gone.covers(principal);
    let stream_id = stage.try_start(&puppet, plan(&stolen)).expect("it was verified in time");
    let mut reader = stage.read(stream_id, look(&stolen));
    assert!(stage.hub.end_revoked(stream_id, &covers));
    assert!(!stage.hub.end_revoked(stream_id, &covers), "it ends once");
    assert_eq!(end_of(&reader.to_end().await), revoked());
    let others = stage.try_start(&puppet, plan(&own)).expect("it starts");
    let mut thief = stage.read(others, look(&stolen));
    assert!(!stage.hub.end_revoked(others, &covers), "it rests on another right");
    thief.take();
    assert_eq!(detached(&thief), Some(DetachReason::Expired));
    assert_eq!(terminal(&stage, &own, others), None);
    assert!(!stage.hub.end_revoked(StreamId::random(), &covers));
}

/// Whatever the order: a stream that started while its right was withdrawn ends, if the starter looks again.
#[tokio::test]
async fn starts_that_race_with_a_sweep_end_revoked_and_once() {
    let stage = Arc::new(Stage::default());
    for round in 0..300 {
        let revocations = Revocations::default();
        let puppet = Puppet::default();
        let (sid, barrier) = (format!("s{round}"), Arc::new(std::sync::Barrier::new(2)));
        let who = signed_in("ann", &sid);
        let (starting, there, gone) = (Arc::clone(&stage), Arc::clone(&barrier), revocations.clone());
        let (runtime, plan) = (puppet.clone(), plan(&who));
        let started = std::thread::spawn(move || {
            there.wait();
            let stream_id = starting.try_start(&runtime, plan).expect("it starts");
            let late = starting.hub.end_revoked(stream_id, &|principal| gone.covers(principal));
            (stream_id, usize::from(late))
        });
        barrier.wait();
        revocations.insert(Revocation { what: session(&sid), until: LATER }).expect("there is room");
        let swept = stage.hub.sweep(&|principal| revocations.covers(principal));
        let (stream_id, late) = started.join().expect("it starts");
        assert_eq!(swept + late, 1, "round {round}");
        assert_eq!(end(terminal(&stage, &who, stream_id).as_ref()), revoked(), "round {round}");
        let (_producer, _, run) = puppet.take();
        assert!(run.is_dropped(), "round {round}");
    }
    assert_eq!(stage.hub.live(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_right_that_runs_out_cuts_its_reader_at_that_moment() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let stream_id = stage.try_start(&puppet, Plan::default()).expect("it starts");
    let mut reader = stage.read(stream_id, Look { cut: Some(secs(3)), ..Look::default() });
    let mut producer = puppet.producer();
    producer.publish(&chars("a"));
    let began = Instant::now();
    let got = timeout(secs(30), reader.to_end()).await.expect("the moment comes");
    assert!(began.elapsed() >= secs(3) && began.elapsed() < ms(3010), "{:?}", began.elapsed());
    assert_eq!((got.text.as_str(), got.detached), ("a", Some(DetachReason::Expired)));
    assert!(stage.recorder.events().contains(&Told::Detached { reason: DetachReason::Expired }));
    drop(reader);
    pass(secs(14)).await;
    producer.publish(&chars("b"));
    let mut back = stage.read(stream_id, Look::after(1));
    producer.finish(Finish::Stop, Usage::default());
    let got = back.to_end().await;
    assert_eq!((got.text.as_str(), end_of(&got)), ("b", well(Finish::Stop)), "a fresh right reads on");
}

#[tokio::test(start_paused = true)]
async fn after_its_right_ran_out_a_reader_gets_no_text_even_if_it_was_written_before() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let stream_id = stage.try_start(&puppet, Plan::default()).expect("it starts");
    let mut reader = stage.read(stream_id, Look { cut: Some(secs(3)), ..Look::default() });
    let mut producer = puppet.producer();
    reader.take();
    producer.publish(&chars("a"));
    pass(secs(3) - ms(1)).await;
    assert_eq!(runs(&reader.take()), [(1, 1, "a")]);
    producer.publish(&chars("b"));
    producer.finish(Finish::Stop, Usage::default());
    pass(ms(1)).await;
    assert_eq!(reader.take(), [Seen::Detached(DetachReason::Expired)]);
}

#[tokio::test(start_paused = true)]
async fn one_that_was_cut_and_does_not_come_back_is_not_waited_for_longer_than_the_grace() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let stream_id = stage.try_start(&puppet, Plan::default()).expect("it starts");
    let mut reader = stage.read(stream_id, Look { cut: Some(secs(3)), ..Look::default() });
    reader.to_end().await;
    let generation = Arc::clone(reader.generation());
    drop(reader);
    pass(secs(14)).await;
    assert_eq!(generation.progress().1, None);
    pass(secs(2)).await;
    assert_eq!(end(generation.progress().1.as_ref()), well(Finish::Cancelled));
}

#[derive(Clone, Debug)]
struct Stream {
    owner: usize,
    session: usize,
    /// The sessions of those who read it, all of its owner.
    readers: Vec<usize>,
    finished: bool,
}

fn stream() -> impl Strategy<Value = Stream> {
    (0..3_usize, 0..3_usize, prop::collection::vec(0..3_usize, 0..3), prop::bool::weighted(0.3))
        .prop_map(|(owner, session, readers, finished)| Stream { owner, session, readers, finished })
}

fn withdrawal() -> impl Strategy<Value = Revoked> {
    let of = |owner: usize| caller(&format!("u{owner}")).subject().clone();
    prop_oneof![
        (0..3_usize, 0..3_usize).prop_map(|(owner, sid)| session(&format!("u{owner} s{sid}"))),
        (0..3_usize, 50..150_u64).prop_map(move |(owner, before)| everything_of(&of(owner), before)),
        (0..3_usize, 0..3_usize).prop_map(|(owner, sid)| Revoked::Token {
            issuer: ISSUER.into(),
            jti: format!("token of u{owner} in u{owner} s{sid}").into(),
        }),
    ]
}

struct Running {
    stream: Stream,
    stream_id: StreamId,
    readers: Vec<Reader>,
    run: Option<(seseragi_flow::Producer, Held)>,
}

fn who(owner: usize, session: usize) -> Caller {
    signed_in(&format!("u{owner}"), &format!("u{owner} s{session}"))
}

fn begin(stage: &Stage, stream: Stream) -> Running {
    let puppet = Puppet::default();
    let owner = who(stream.owner, stream.session);
    let rule = Plan { on_disconnect: OnDisconnect::UntilComplete, ..plan(&owner) };
    let stream_id = stage.try_start(&puppet, rule).expect("it starts");
    let (mut producer, _, held) = puppet.take();
    producer.publish(&chars("some text"));
    let look = |session: &usize| stage.read(stream_id, look(&who(stream.owner, *session)));
    let readers = stream.readers.iter().map(look).collect();
    let mut run = Some((producer, held));
    if stream.finished
        && let Some((producer, _)) = run.take()
    {
        producer.finish(Finish::Stop, Usage::default());
    }
    Running { stream, stream_id, readers, run }
}

/// What must be true of one stream after these were withdrawn.
fn check(stage: &Stage, gone: &Revocations, after: &mut Running) {
    let covered = |session: usize| gone.covers(who(after.stream.owner, session).principal());
    let ends = !after.stream.finished && covered(after.stream.session);
    let owner = who(after.stream.owner, after.stream.session);
    let finish = terminal(stage, &owner, after.stream_id).map(|terminal| terminal.finish);
    let wanted = if ends { Some(Finish::Revoked) } else { after.stream.finished.then_some(Finish::Stop) };
    assert_eq!(finish, wanted);
    if let Some((_, held)) = &after.run {
        assert_eq!(held.is_dropped(), ends);
    }
    for (session, reader) in after.stream.readers.iter().zip(&mut after.readers) {
        reader.take();
        let got = transcript(reader.seen());
        if covered(*session) && !ends {
            assert_eq!((got.detached, got.text.as_str()), (Some(DetachReason::Expired), ""));
        } else {
            assert_eq!((got.detached, got.text.as_str()), (None, "some text"));
            assert_eq!(got.terminal.map(|terminal| terminal.finish), wanted);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_withdrawn_exactly_what_rests_on_it_ends(
        streams in prop::collection::vec(stream(), 1..12),
        withdrawn in prop::collection::vec(withdrawal(), 1..4),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("it starts").block_on(async {
            let stage = Stage::default();
            let mut running: Vec<_> = streams.into_iter().map(|stream| begin(&stage, stream)).collect();
            let live = stage.hub.live();
            let gone = revocations(withdrawn);
            let ended = stage.hub.sweep(&|principal| gone.covers(principal));
            assert_eq!(stage.hub.live(), live - ended);
            running.iter_mut().for_each(|one| check(&stage, &gone, one));
        });
    }
}

/// Run with `--ignored --nocapture`: how long a sweep takes, per 10,000 running generations with a reader each.
#[tokio::test]
#[ignore = "a measurement"]
async fn how_long_a_sweep_takes() {
    const RUNNING: usize = 10_000;
    let limits = seseragi_testkit::limits(u32::MAX, 100, secs(600));
    let readers_max = u32::MAX;
    let stage = Stage::new(StageOptions { limits, readers_max, ..StageOptions::default() });
    let (puppet, mut readers, mut producers) = (Puppet::default(), Vec::new(), Vec::new());
    for i in 0..RUNNING {
        let who = signed_in(&format!("u{i}"), &format!("s{i}"));
        readers.push(stage.open(&puppet, plan(&who)).1);
        producers.push(puppet.producer());
    }
    let timed = |what: &str, gone: &Revocations| {
        let began = WallClock::now();
        let ended = stage.hub.sweep(&|principal| gone.covers(principal));
        println!("sweep of {RUNNING} running, {what}: {ended} ended in {:?}", began.elapsed());
        ended
    };
    assert_eq!(timed("none covered", &revocations([session("none")])), 0);
    assert_eq!(timed("one covered", &revocations([session("s77")])), 1);
    let all = revocations((0..RUNNING).map(|i| session(&format!("s{i}"))));
    assert_eq!(timed("all covered", &all), RUNNING - 1);
}
