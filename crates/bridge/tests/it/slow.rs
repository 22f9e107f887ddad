//! A reader that stops reading costs a cursor: nobody waits for it, and it catches up in large slices.

use std::time::{Duration, Instant};

use seseragi_testkit::client::Dialect;
use seseragi_testkit::{Gate, Scripted, Step};

use crate::support::{Fixture, ask, until};

/// Deltas of 100 bytes: far more of them than sockets and windows on the way can hold.
const DELTAS: usize = 20_000;

#[tokio::test]
async fn a_reader_that_stopped_reading_disturbs_nobody_and_then_gets_it_all_in_larger_slices() {
    let gate = Gate::default();
    let waiting = gate.clone();
    let scripted = Scripted::by_prompt(move |prompt| match prompt {
        "long" => {
            let piece = || Step::Say(vec!["流れ🌊".repeat(10); 100]);
            let mut steps = vec![Step::say("begin"), Step::Wait(waiting.clone())];
            steps.extend((0..DELTAS / 100).map(|_| piece()));
            steps
        }
        _ => vec![Step::chars("short")],
    });
    let fixture = Fixture::new(scripted);
    for dialect in Dialect::ALL {
        let client = fixture.client(dialect);
        let mut slow = client.stream(&ask("long")).await;
        let replies = slow.until_text().await;
        gate.open();
        until("the model to be done without its reader", || fixture.live() == 0).await;
        let began = Instant::now();
        assert_eq!(client.stream(&ask("short")).await.story().await.text, "short");
        assert!(began.elapsed() < Duration::from_secs(2), "{dialect:?}: another stream waited");
        let story = slow.story_after(replies).await;
        assert_eq!(story.text.len(), "begin".len() + DELTAS * 100, "{dialect:?}");
        assert_eq!(story.last as usize, DELTAS + 2);
        assert!(story.pieces.len() < DELTAS / 10, "{} slices", story.pieces.len());
    }
}
