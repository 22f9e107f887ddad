//! What a lost connection means for the generation and for the caller's next one.

use std::time::{Duration, Instant};

use seseragi_proto::infer::{self, OnDisconnect};
use seseragi_testkit::client::{Call, Dialect};
use seseragi_testkit::{Gate, Scripted, Step, limits};

use crate::support::{Fixture, ask, ask_with, until};

/// A listener whose callers may run one generation at a time.
fn one_at_a_time(scripted: Scripted) -> Fixture {
    Fixture::limited(scripted, limits(1, 1000, Duration::from_secs(60)))
}

async fn opened(call: &mut Call) -> String {
    let replies = call.until_text().await;
    replies[0].opened.clone().expect("opened comes first").stream_id
}

#[tokio::test]
async fn at_the_cap_a_second_stream_is_refused_and_admitted_right_after_the_first_was_cut() {
    let scripted = Scripted::new([Step::say("some"), Step::Hang]);
    let fixture = one_at_a_time(scripted.clone());
    for (round, dialect) in Dialect::ALL.into_iter().enumerate() {
        let client = fixture.client(dialect);
        let mut first = client.stream(&ask("question")).await;
        first.until_text().await;
        let refused = client.stream(&ask("question")).await.refusal().await;
        assert_eq!((refused.code, refused.reason.as_str()), (8, "TOO_MANY_STREAMS"), "{dialect:?}");
        assert!(refused.has_retry);
        let bob = fixture.client_of("bob", dialect).stream(&ask("question")).await.until_text().await;
        assert!(!bob.is_empty(), "another subject has a cap of its own");
        first.cut();
        let mut again = client.stream(&ask("question")).await;
        again.until_text().await;
        again.cut();
        until("all runs to be cancelled", || fixture.live() == 0).await;
        assert_eq!(scripted.dropped(3 * (round + 1)).await, 3 * (round + 1));
    }
}

#[tokio::test]
async fn a_classic_client_that_goes_away_stops_the_model_within_100_ms() {
    let scripted = Scripted::new([Step::say("some"), Step::Hang]);
    let fixture = Fixture::new(scripted.clone());
    let mut best = [Duration::MAX; 5];
    for _ in 0..3 {
        for (dialect, best) in Dialect::ALL.into_iter().zip(&mut best) {
            let mut call = fixture.client(dialect).stream(&ask("question")).await;
            call.until_text().await;
            let (runs, cut) = (scripted.runs().len(), Instant::now());
            call.cut();
            scripted.dropped(runs).await;
            *best = cut.elapsed().min(*best);
        }
    }
    assert!(best.iter().all(|best| *best <= Duration::from_millis(100)), "{best:?}");
}

#[tokio::test]
async fn a_kept_generation_keeps_its_permit_and_goes_on_by_resume() {
    let gate = Gate::default();
    let scripted = Scripted::new([Step::say("one "), Step::Wait(gate.clone()), Step::say("two")]);
    let fixture = one_at_a_time(scripted);
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let mut first = client.stream(&ask_with(OnDisconnect::Keep)).await;
        let stream_id = opened(&mut first).await;
        first.cut();
        let refused = client.stream(&ask("question")).await.refusal().await;
        assert_eq!(refused.reason, "TOO_MANY_STREAMS", "{dialect:?}: it still runs");
        let resumed = client.resume(&stream_id, 1).await;
        gate.open();
        let story = resumed.story().await;
        assert_eq!((story.text.as_str(), story.finish()), ("two", infer::Finish::Stop));
    }
}

#[tokio::test]
async fn a_kept_generation_is_cancelled_when_its_grace_is_over() {
    let fixture = Fixture::new(Scripted::new([Step::say("some"), Step::Hang]));
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let mut request = ask_with(OnDisconnect::Keep);
        request.delivery.as_mut().expect("there is one").grace_ms = 100;
        let mut call = client.stream(&request).await;
        let stream_id = opened(&mut call).await;
        call.cut();
        until("the grace to pass", || fixture.live() == 0).await;
        let story = client.resume(&stream_id, 0).await.story().await;
        assert_eq!((story.text.as_str(), story.finish()), ("some", infer::Finish::Cancelled), "{dialect:?}");
    }
}

#[tokio::test]
async fn until_complete_means_that_nobody_needs_to_read() {
    let gate = Gate::default();
    let scripted = Scripted::new([Step::say("one "), Step::Wait(gate.clone()), Step::say("two")]);
    let fixture = Fixture::new(scripted);
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let mut call = client.stream(&ask_with(OnDisconnect::UntilComplete)).await;
        let stream_id = opened(&mut call).await;
        call.cut();
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(fixture.live(), 1, "{dialect:?}");
        gate.open();
        until("the end", || fixture.live() == 0).await;
        let story = client.resume(&stream_id, 0).await.story().await;
        assert_eq!((story.text.as_str(), story.finish()), ("one two", infer::Finish::Stop));
    }
}

#[tokio::test]
async fn a_second_reader_keeps_the_stream_of_a_classic_client_alive() {
    let gate = Gate::default();
    let scripted = Scripted::new([Step::say("one "), Step::Wait(gate.clone()), Step::say("two")]);
    let fixture = Fixture::new(scripted);
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let mut first = client.stream(&ask("question")).await;
        let stream_id = opened(&mut first).await;
        let mut second = client.resume(&stream_id, 0).await;
        let replies = second.until_text().await;
        first.cut();
        tokio::time::sleep(Duration::from_millis(50)).await;
        gate.open();
        assert_eq!(second.story_after(replies).await.text, "one two", "{dialect:?}");
    }
}
