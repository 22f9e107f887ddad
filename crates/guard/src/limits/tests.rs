use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use proptest::prelude::*;
use tokio::time::{Instant, advance, sleep};

use super::*;
use crate::{Caller, Scope};

fn caller(sub: &str, tier: Tier) -> Caller {
    Caller::testing("test", sub, Scope::InferRead.into(), tier)
}

fn ask() -> Ask {
    Ask { route: Arc::from("default"), prompt_tokens: 10, max_output_tokens: None, deadline: None }
}

fn admission() -> Admission {
    Admission::new(LimitsTable::default())
}

type Admitting<'a> = Pin<Box<dyn Future<Output = Result<Permit, Refusal>> + 'a>>;

fn poll(future: &mut Admitting<'_>) -> Poll<Result<Permit, Refusal>> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test(start_paused = true)]
async fn the_cap_of_the_tier_holds_per_subject() {
    let admission = admission();
    let (alice, bob) = (caller("alice", Tier::User), caller("bob", Tier::User));
    let mut permits = Vec::new();
    for _ in 0..4 {
        permits.push(admission.admit(&alice, ask()).await.unwrap());
    }
    let begin = Instant::now();
    let refusal = admission.admit(&alice, ask()).await.unwrap_err();
    assert_eq!((refusal.reason().as_str(), refusal.limit()), ("too_many_streams", 4));
    assert_eq!(refusal.retry_after(), Some(Duration::from_secs(1)));
    assert_eq!(refusal.to_string(), "too many concurrent streams: the limit is 4");
    assert_eq!(begin.elapsed().as_millis() / 10, 25);
    drop(admission.admit(&bob, ask()).await.unwrap());
    permits.pop();
    permits.push(admission.admit(&alice, ask()).await.unwrap());
    assert_eq!(admission.subjects(), 1);
    drop(permits);
    assert_eq!(admission.subjects(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_reloaded_page_is_let_in_when_its_old_stream_ends() {
    let admission = admission();
    let guest = caller("guest", Tier::Guest);
    let old = admission.admit(&guest, ask()).await.unwrap();
    let old_id = old.stream_id();
    tokio::spawn(async move {
        sleep(Duration::from_millis(200)).await;
        drop(old);
    });
    let begin = Instant::now();
    let new = admission.admit(&guest, ask()).await.unwrap();
    assert!((200..250).contains(&begin.elapsed().as_millis()));
    assert_ne!(new.stream_id(), old_id);
    drop(new);
    assert_eq!(admission.subjects(), 0);
}

#[tokio::test(start_paused = true)]
async fn waiters_are_served_in_order_and_bounded() {
    let admission = admission();
    let guest = caller("guest", Tier::Guest);
    let mut held = admission.admit(&guest, ask()).await.unwrap();
    let mut waiting: Vec<Admitting<'_>> =
        (0..8).map(|_| Box::pin(admission.admit(&guest, ask())) as _).collect();
    assert!(waiting.iter_mut().all(|future| poll(future).is_pending()));
    let refusal = admission.admit(&guest, ask()).await.unwrap_err();
    assert_eq!((refusal.reason(), refusal.limit()), (RefusalReason::TooManyWaiting, 8));
    while !waiting.is_empty() {
        drop(held);
        let ready: Vec<_> = waiting.iter_mut().map(poll).collect();
        assert!(ready[1..].iter().all(Poll::is_pending), "nobody overtakes the first");
        let Some(Poll::Ready(Ok(permit))) = ready.into_iter().next() else { panic!("the first is served") };
        held = permit;
        drop(waiting.remove(0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_waiter_leaves_nothing_and_passes_its_slot_on() {
    let admission = admission();
    let guest = caller("guest", Tier::Guest);
    let held = admission.admit(&guest, ask()).await.unwrap();
    let mut waiting: Vec<Admitting<'_>> =
        (0..3).map(|_| Box::pin(admission.admit(&guest, ask())) as _).collect();
    assert!(waiting.iter_mut().all(|future| poll(future).is_pending()));
    drop(waiting.remove(1));
    drop(held);
    // The slot is on its way to the first, which goes away without taking it.
    drop(waiting.remove(0));
    let Poll::Ready(Ok(permit)) = poll(&mut waiting[0]) else { panic!("the last is served") };
    assert_eq!(admission.subjects(), 1);
    drop((permit, waiting));
    assert_eq!(admission.subjects(), 0);
}

#[tokio::test(start_paused = true)]
async fn those_who_went_away_take_no_place_in_the_queue() {
    let admission = admission();
    let guest = caller("guest", Tier::Guest);
    let _held = admission.admit(&guest, ask()).await.unwrap();
    for _ in 0..20 {
        let mut waiting: Admitting<'_> = Box::pin(admission.admit(&guest, ask()));
        assert!(poll(&mut waiting).is_pending());
    }
}

#[tokio::test(start_paused = true)]
async fn a_slot_that_comes_with_the_last_tick_is_taken() {
    let admission = admission();
    let guest = caller("guest", Tier::Guest);
    let held = admission.admit(&guest, ask()).await.unwrap();
    let mut waiting: Admitting<'_> = Box::pin(admission.admit(&guest, ask()));
    assert!(poll(&mut waiting).is_pending());
    advance(Duration::from_millis(300)).await;
    drop(held);
    assert!(matches!(poll(&mut waiting), Poll::Ready(Ok(_))));
    drop(waiting);
    assert_eq!(admission.subjects(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_caps_are_only_lowered() {
    let admission = admission();
    let guest = caller("guest", Tier::Guest);
    let caps = async |max_output_tokens, deadline| {
        let ask = Ask { max_output_tokens, deadline, ..ask() };
        let caps = admission.admit(&guest, ask).await.unwrap().caps();
        (caps.max_output_tokens, caps.max_duration.as_secs())
    };
    assert_eq!(caps(None, None).await, (512, 60));
    assert_eq!(caps(Some(100), Some(Duration::from_secs(5))).await, (100, 5));
    assert_eq!(caps(Some(u32::MAX), Some(Duration::MAX)).await, (512, 60));
    assert_eq!(caps(Some(0), Some(Duration::ZERO)).await, (0, 0));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_its_deadline_or_without_hope() {
    let admission = admission();
    let guest = caller("guest", Tier::Guest);
    let _held = admission.admit(&guest, ask()).await.unwrap();
    let begin = Instant::now();
    let hurried = Ask { deadline: Some(Duration::from_millis(40)), ..ask() };
    admission.admit(&guest, hurried).await.unwrap_err();
    assert!((40..50).contains(&begin.elapsed().as_millis()));
    let mut limits = LimitsTable::default();
    limits.guest.streams = 0;
    let closed = Admission::with_config(AdmissionConfig { readers_max: 0, ..AdmissionConfig::new(limits) });
    let refusal = closed.admit(&guest, ask()).await.unwrap_err();
    assert_eq!((refusal.limit(), refusal.retry_after()), (0, None));
    closed.admit_read(&guest).unwrap_err();
    assert_eq!(closed.subjects(), 0);
    let impatient = AdmissionConfig { wait_max: Duration::ZERO, ..AdmissionConfig::default() };
    let impatient = Admission::with_config(impatient);
    let _held = impatient.admit(&guest, ask()).await.unwrap();
    let refusal = impatient.admit(&guest, ask()).await.unwrap_err();
    assert_eq!(refusal.reason(), RefusalReason::TooManyStreams);
}

#[test]
fn readers_are_bounded_too() {
    let admission = admission();
    let guest = caller("guest", Tier::Guest);
    let mut permits: Vec<_> = (0..16).map(|_| admission.admit_read(&guest).unwrap()).collect();
    let refusal = admission.admit_read(&guest).unwrap_err();
    assert_eq!((refusal.reason().as_str(), refusal.limit()), ("too_many_readers", 16));
    assert_eq!(permits[0].subject(), guest.subject());
    permits.pop();
    permits.push(admission.admit_read(&guest).unwrap());
    drop(permits);
    assert_eq!(admission.subjects(), 0);
}

#[test]
fn every_stream_of_a_tier_may_have_a_reader_and_one_that_comes_back() {
    let admission = admission();
    let server = caller("server", Tier::Server);
    let permits: Vec<_> = (0..128).map(|_| admission.admit_read(&server).unwrap()).collect();
    let refusal = admission.admit_read(&server).unwrap_err();
    assert_eq!((refusal.limit(), permits.len()), (128, 128));
}

#[test]
fn permits_move_between_threads() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Permit>();
    check::<ReadPermit>();
    check::<Admission>();
}

#[test]
fn two_hundred_at_once_on_many_threads_never_exceed_the_cap() {
    let admission =
        Admission::with_config(AdmissionConfig { waiters_max: 200, ..AdmissionConfig::default() });
    let (running, most, served) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    let one = async |subject: &Caller, number: u32| {
        for round in 0..20 {
            if number % 5 == 4 {
                // Some lose patience at an arbitrary moment.
                let patience = Duration::from_micros(u64::from(number * round));
                let _ = tokio::time::timeout(patience, admission.admit(subject, ask())).await;
            } else if let Ok(permit) = admission.admit(subject, ask()).await {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                running.fetch_sub(1, Ordering::SeqCst);
                served.fetch_add(1, Ordering::SeqCst);
                drop(permit);
            }
        }
    };
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (one, subject) = (&one, caller("one", Tier::User));
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
                runtime.block_on(join_all(
                    (0..25).map(|task| Box::pin(one(&subject, thread * 25 + task)) as _).collect(),
                ));
            });
        }
    });
    assert!(most.load(Ordering::SeqCst) <= 4, "{most:?}");
    assert_eq!(running.load(Ordering::SeqCst), 0);
    assert!(served.load(Ordering::SeqCst) > 160, "{served:?}");
    assert_eq!(admission.subjects(), 0);
}

/// Polls all to their end.
async fn join_all(mut futures: Vec<Pin<Box<dyn Future<Output = ()> + '_>>>) {
    std::future::poll_fn(|cx| {
        futures.retain_mut(|future| future.as_mut().poll(cx).is_pending());
        if futures.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[derive(Clone, Debug)]
enum Step {
    Ask(Tier),
    PollAll,
    Cancel(usize),
    Release(usize),
    Advance(u64),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop_oneof![1 => Just(Tier::Guest), 3 => Just(Tier::User)].prop_map(Step::Ask),
        3 => Just(Step::PollAll),
        2 => any::<usize>().prop_map(Step::Cancel),
        3 => any::<usize>().prop_map(Step::Release),
        1 => (1_u64..200).prop_map(Step::Advance),
    ]
}

/// Runs the steps; after each, nobody has more than the cap, and nobody who could be served is left waiting.
async fn run(steps: Vec<Step>) {
    let admission = admission();
    let callers = Tier::ALL.map(|tier| caller("one", tier));
    let mut waiting: Vec<(u32, Admitting<'_>)> = Vec::new();
    let mut held: Vec<Permit> = Vec::new();
    for step in steps {
        match step {
            Step::Ask(tier) => {
                let future = Box::pin(admission.admit(&callers[tier as usize], ask()));
                waiting.push((LimitsTable::default().of(tier).streams, future));
            }
            Step::PollAll => {}
            Step::Cancel(index) if !waiting.is_empty() => drop(waiting.remove(index % waiting.len())),
            Step::Release(index) if !held.is_empty() => drop(held.swap_remove(index % held.len())),
            Step::Advance(ms) => advance(Duration::from_millis(ms)).await,
            Step::Cancel(_) | Step::Release(_) => continue,
        }
        waiting.retain_mut(|(_, future)| match poll(future) {
            Poll::Pending => true,
            Poll::Ready(result) => {
                held.extend(result);
                false
            }
        });
        assert!(held.len() <= 4, "never more than the highest cap");
        assert!(
            waiting.iter().all(|(cap, _)| held.len() as u32 >= *cap),
            "a slot is free and somebody still waits"
        );
    }
    drop((waiting, held));
    assert_eq!(admission.subjects(), 0);
}

proptest! {
    #[test]
    fn whatever_happens_the_account_is_right(steps in prop::collection::vec(any_step(), 0..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(run(steps));
    }
}
