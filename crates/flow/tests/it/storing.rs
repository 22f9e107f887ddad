//! Append before deliver.

use std::sync::Arc;

use seseragi_flow::{Batch, Code, Finish, Publish, Usage};
use seseragi_testkit::{LateStore, Look, Plan, Puppet, Reader, Stage, StageOptions};
use tokio::time::timeout;

use crate::{badly, chars, end_of, runs, secs, settle, well};

fn late() -> (LateStore, Stage, Puppet) {
    let store = LateStore::default();
    let stage = Stage::new(StageOptions { store: Arc::new(store.clone()), ..StageOptions::default() });
    (store, stage, Puppet::default())
}

fn opened(stage: &Stage, puppet: &Puppet) -> Reader {
    let (_, mut reader) = stage.open(puppet, Plan::default());
    assert_eq!(reader.take().len(), 1, "opened does not wait for the store");
    reader
}

#[tokio::test(start_paused = true)]
async fn nothing_is_visible_before_the_store_has_it() {
    let (store, stage, puppet) = late();
    let mut reader = opened(&stage, &puppet);
    let mut producer = puppet.producer();
    assert_eq!(producer.publish(&chars("ab")), Publish::Continue);
    assert_eq!(reader.take(), []);
    assert_eq!(reader.generation().progress().0.0, 0);
    store.acknowledge(reader.generation());
    assert_eq!(runs(&reader.take()), [(1, 2, "ab")]);
    producer.finish(Finish::Stop, Usage::default());
    assert_eq!(reader.take(), []);
    assert!(reader.generation().progress().1.is_none(), "the end waits for the store, too");
    store.acknowledge(reader.generation());
    assert_eq!(end_of(&reader.to_end().await), well(Finish::Stop));
}

#[tokio::test(start_paused = true)]
async fn an_acknowledgement_wakes_a_waiting_reader() {
    let (store, stage, puppet) = late();
    let mut reader = opened(&stage, &puppet);
    let mut producer = puppet.producer();
    producer.publish(&chars("ab"));
    let generation = Arc::clone(reader.generation());
    let waiting = tokio::spawn(async move { reader.next().await });
    settle().await;
    assert!(!waiting.is_finished());
    store.acknowledge(&generation);
    let seen = timeout(secs(1), waiting).await.expect("it is woken").expect("it reads");
    assert_eq!(runs(&seen), [(1, 2, "ab")]);
}

#[tokio::test(start_paused = true)]
async fn an_old_acknowledgement_hides_nothing_and_one_beyond_the_tail_reveals_no_more_than_there_is() {
    let (_, stage, puppet) = late();
    let mut reader = opened(&stage, &puppet);
    let mut producer = puppet.producer();
    producer.publish(&chars("abc"));
    let generation = Arc::clone(reader.generation());
    for (upto, visible) in [(2, 2), (1, 2), (99, 3)] {
        generation.acknowledge(seseragi_flow::Seq(upto));
        assert_eq!(generation.progress().0.0, visible);
    }
    assert_eq!(runs(&reader.take()), [(1, 3, "abc")]);
}

#[tokio::test(start_paused = true)]
async fn a_producer_pauses_while_more_than_256_kib_wait_for_the_store() {
    let (store, stage, puppet) = late();
    let reader = opened(&stage, &puppet);
    let mut producer = puppet.producer();
    let piece = Batch::of(&"x".repeat(16 * 1024));
    for _ in 0..16 {
        assert_eq!(producer.publish(&piece), Publish::Continue);
    }
    assert_eq!(producer.publish(&Batch::of("y")), Publish::Pause);
    let resumed = tokio::spawn(async move {
        producer.ready().await;
        producer
    });
    settle().await;
    assert!(!resumed.is_finished());
    store.acknowledge(reader.generation());
    let mut producer = timeout(secs(1), resumed).await.expect("it is woken").expect("it goes on");
    assert_eq!(producer.publish(&Batch::of("z")), Publish::Continue);
}

#[tokio::test(start_paused = true)]
async fn a_paused_producer_is_woken_by_the_end() {
    let (_, stage, puppet) = late();
    let reader = opened(&stage, &puppet);
    let mut producer = puppet.producer();
    assert_eq!(producer.publish(&Batch::of(&"x".repeat(300 * 1024))), Publish::Pause);
    let paused = tokio::spawn(async move {
        producer.ready().await;
        producer.publish(&Batch::of("y"))
    });
    settle().await;
    reader.generation().cancel();
    let verdict = timeout(secs(1), paused).await.expect("it is woken").expect("it goes on");
    assert_eq!(verdict, Publish::Stop(Finish::Cancelled));
}

#[tokio::test(start_paused = true)]
async fn a_stream_whose_store_is_gone_ends_interrupted_and_shows_nothing_that_was_not_kept() {
    let (store, stage, puppet) = late();
    let mut reader = opened(&stage, &puppet);
    let mut producer = puppet.producer();
    producer.publish(&chars("ab"));
    store.acknowledge(reader.generation());
    producer.publish(&chars("cd"));
    store.refuse();
    assert_eq!(producer.publish(&chars("ef")), Publish::Stop(Finish::Interrupted));
    let got = reader.to_end().await;
    assert_eq!(got.text, "ab");
    assert_eq!(end_of(&got), badly(Finish::Interrupted, Code::Unavailable, "store_gone"));
    let terminal = got.terminal.expect("it ended");
    assert_eq!((terminal.utf8_len, terminal.crc32c), (2, crc32c::crc32c(b"ab")));
    assert_eq!(terminal.usage.output_tokens, 6, "the model did make them");
}

#[tokio::test(start_paused = true)]
async fn an_end_that_the_store_refuses_is_told_all_the_same_if_all_text_is_kept() {
    let (store, stage, puppet) = late();
    let mut reader = opened(&stage, &puppet);
    let mut producer = puppet.producer();
    producer.publish(&chars("ab"));
    store.acknowledge(reader.generation());
    store.refuse();
    producer.finish(Finish::Stop, Usage::default());
    let got = reader.to_end().await;
    assert_eq!((got.text.as_str(), got.last, end_of(&got)), ("ab", 3, well(Finish::Stop)));
}

#[tokio::test(start_paused = true)]
async fn an_end_that_the_store_refuses_is_no_good_end_if_text_was_lost() {
    let (store, stage, puppet) = late();
    let mut reader = opened(&stage, &puppet);
    let mut producer = puppet.producer();
    producer.publish(&chars("ab"));
    store.acknowledge(reader.generation());
    producer.publish(&chars("cd"));
    store.refuse();
    producer.finish(Finish::Stop, Usage::default());
    let got = reader.to_end().await;
    assert_eq!((got.text.as_str(), got.last), ("ab", 3));
    assert_eq!(end_of(&got), badly(Finish::Interrupted, Code::Unavailable, "store_gone"));
}

#[tokio::test(start_paused = true)]
async fn a_cancel_tells_the_end_that_stands_even_before_the_store_has_it() {
    let (store, stage, puppet) = late();
    let reader = opened(&stage, &puppet);
    let mut producer = puppet.producer();
    producer.publish(&chars("ab"));
    store.acknowledge(reader.generation());
    producer.finish(Finish::Stop, Usage::default());
    let terminal = reader.generation().cancel();
    assert_eq!((terminal.finish, terminal.utf8_len), (Finish::Stop, 2));
}

#[tokio::test(start_paused = true)]
async fn a_cursor_among_what_the_store_has_not_yet_is_beyond_the_tail() {
    let (store, stage, puppet) = late();
    let (stream_id, reader) = stage.open(&puppet, Plan::default());
    puppet.producer().publish(&chars("abc"));
    let refused = stage.try_read(stream_id, Look::after(3)).map(|_| ()).expect_err("not kept yet");
    assert_eq!(refused.code, Code::OutOfRange);
    store.acknowledge(reader.generation());
    assert!(stage.try_read(stream_id, Look::after(3)).is_ok());
}
