//! The echo: its text, its schedule, its end.

use std::sync::Arc;
use std::time::Duration;

use seseragi_flow::{Code, Finish};
use seseragi_runtimes::echo::{Echo, EchoOptions, EchoStats};
use seseragi_testkit::{Plan, RuntimeContract, Stage};
use tokio::time::Instant;

use crate::support::{TEXT, whole};

fn plan(prompt: &str) -> Plan {
    Plan { prompt: prompt.to_owned(), ..Plan::default() }
}

fn unpaced() -> EchoOptions {
    EchoOptions { delay: Duration::ZERO, ..EchoOptions::default() }
}

#[tokio::test]
async fn it_keeps_the_contract_of_runtimes() {
    let make = || Arc::new(Echo::new(EchoOptions::default())) as _;
    RuntimeContract::new(make, str::to_owned).prompts(["plain", TEXT]).long(&TEXT.repeat(2)).check().await;
}

#[tokio::test(start_paused = true)]
async fn a_piece_comes_at_each_delay_and_the_first_at_once() {
    let (stage, echo) = (Stage::default(), Echo::default());
    let start = Instant::now();
    let (_, mut reader) = stage.open(&echo, plan("流れる水"));
    let (got, terminal) = whole(&mut reader).await;
    assert_eq!(
        (got.pieces, terminal.finish),
        (["流", "れ", "る", "水"].map(str::to_owned).to_vec(), Finish::Stop)
    );
    assert_eq!((terminal.usage.input_tokens, terminal.usage.output_tokens), (4, 4));
    let took = start.elapsed();
    assert!((Duration::from_millis(60)..Duration::from_millis(64)).contains(&took), "{took:?}");
    assert_eq!(echo.stats(), EchoStats { active: 0, deltas: 4 });
}

#[tokio::test(start_paused = true)]
async fn missed_ticks_do_not_slow_it_down() {
    let (stage, echo) = (Stage::default(), Echo::default());
    let start = Instant::now();
    let (_, mut reader) = stage.open(&echo, plan(&"水".repeat(100)));
    while reader.seen().len() < 2 {
        reader.next().await;
    }
    tokio::time::advance(Duration::from_millis(1010)).await;
    let (got, _) = whole(&mut reader).await;
    assert!(got.pieces.iter().any(|piece| piece.chars().count() >= 50), "what was missed comes at once");
    let took = start.elapsed();
    assert!((Duration::from_millis(1980)..Duration::from_millis(1990)).contains(&took), "{took:?}");
}

#[tokio::test]
async fn without_a_delay_it_is_fast_and_others_get_their_turn() {
    let (stage, echo) = (Stage::default(), Echo::new(EchoOptions { repeat: 20_000, ..unpaced() }));
    let (_, mut reader) = stage.open(&echo, plan("流れる水🌊"));
    let (got, terminal) = whole(&mut reader).await;
    assert_eq!((got.text.len(), terminal.finish), ("流れる水🌊".len() * 20_000, Finish::Stop));
    assert!(got.pieces.len() > 100, "the reader ran in between: {} slices", got.pieces.len());
}

#[tokio::test]
async fn max_tokens_stop_texts_and_long_pieces_are_honoured() {
    let stage = Stage::default();
    let echo = Echo::new(EchoOptions { chunk_chars: 2, ..unpaced() });
    let mut capped = plan("abcdef");
    capped.sampling.max_tokens = Some(2);
    let (got, terminal) = whole(&mut stage.open(&echo, capped).1).await;
    assert_eq!((&*got.text, terminal.finish), ("abcd", Finish::Length));

    let mut exact = plan("abcd");
    exact.sampling.max_tokens = Some(2);
    assert_eq!(whole(&mut stage.open(&echo, exact).1).await.1.finish, Finish::Stop);

    let mut stopped = plan("abcdef");
    stopped.sampling.stop = vec!["de".into()];
    let (got, terminal) = whole(&mut stage.open(&echo, stopped).1).await;
    assert_eq!((&*got.text, terminal.finish), ("abc", Finish::Stop));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_answer_is_no_longer_active() {
    let (stage, echo) = (Stage::default(), Echo::default());
    let (_, mut reader) =
        stage.open(&echo, Plan { timeout: Some(Duration::from_millis(50)), ..plan(&"水".repeat(100)) });
    reader.next().await;
    assert_eq!(echo.stats().active, 1);
    let (_, terminal) = whole(&mut reader).await;
    assert_eq!(terminal.problem.map(|problem| problem.code), Some(Code::DeadlineExceeded));
    tokio::task::yield_now().await;
    assert_eq!(echo.stats().active, 0);
}
