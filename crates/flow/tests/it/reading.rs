//! What a reader gets: slices, checkpoints, resumed positions.

use std::task::{Context, Waker};

use seseragi_flow::{Batch, CHECKPOINT_EVERY, Code, Delivery, Delta, Finish, Kind, MAX_READERS, Usage};
use seseragi_testkit::{Look, Plan, Puppet, Seen, Stage, caller, transcript};

use crate::{chars, end_of, pass, runs, secs, well};

#[tokio::test(start_paused = true)]
async fn opened_comes_first_and_tells_the_stream() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, mut reader) = stage.open(&puppet, Plan::default());
    let seen = reader.take();
    let [Seen::Opened { stream_id: told, epoch, model, after, .. }] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!((*told, *epoch, model.as_str(), *after), (stream_id, 1, "test", 0));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_keeps_up_gets_each_batch_at_once() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    reader.take();
    for (at, text) in (1..).zip(["せ", "せ", "ら", "ぎ"]) {
        producer.publish(&Batch::of(text));
        assert_eq!(reader.take(), [Seen::text(at, at, text)]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_piled_up_while_a_reader_was_busy_comes_in_one_go_and_in_large_slices() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    reader.take();
    for _ in 0..1000 {
        producer.publish(&chars("流れ"));
    }
    let seen = reader.poll(&mut Context::from_waker(Waker::noop()), 16 * 1024);
    let slices = runs(&seen);
    assert_eq!(slices.iter().map(|slice| slice.2).collect::<String>(), "流れ".repeat(1000));
    assert!(slices.len() < 10, "{} slices for 2000 deltas", slices.len());
}

#[tokio::test(start_paused = true)]
async fn kinds_are_never_mixed_in_a_slice_and_tool_calls_come_one_by_one() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    let mut batch = Batch::new();
    let kinds = [Kind::Reasoning, Kind::Reasoning, Kind::Text, Kind::ToolCall, Kind::ToolCall, Kind::Text];
    for kind in kinds {
        batch.push(Delta { kind, text: "x", tokens: 1, mark: &[] });
    }
    puppet.producer().publish(&batch);
    let runs = reader.take().into_iter().filter_map(|seen| match seen {
        Seen::Run { kind, first, last, .. } => Some((kind, first, last)),
        _ => None,
    });
    let got: Vec<_> = runs.collect();
    let want = [
        (Kind::Reasoning, 1, 2),
        (Kind::Text, 3, 3),
        (Kind::ToolCall, 4, 4),
        (Kind::ToolCall, 5, 5),
        (Kind::Text, 6, 6),
    ];
    assert_eq!(got, want);
}

#[tokio::test(start_paused = true)]
async fn a_poll_takes_about_what_it_may_and_never_splits_a_delta() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    puppet.producer().publish(&chars(&"あ".repeat(10)));
    let cx = &mut Context::from_waker(Waker::noop());
    let first = reader.poll(cx, 8);
    assert_eq!(runs(&first), [(1, 2, "ああ")], "opened, and two characters of three bytes");
    assert_eq!(runs(&reader.poll(cx, 1)), [(3, 3, "あ")], "at least one delta");
    assert_eq!(runs(&reader.poll(cx, 100)), [(4, 10, "あああああああ")]);
}

#[tokio::test(start_paused = true)]
async fn a_reader_resumes_after_any_position_with_exactly_the_rest() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let text = "せせらぎ🌊 runs";
    let (stream_id, reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    producer.publish(&chars(text));
    let count = text.chars().count() as u32;
    let rest = |after: u32| text.chars().skip(after as usize).collect::<String>();
    for after in 0..=count {
        let mut resumed = stage.read(stream_id, Look::after(after));
        let seen = resumed.take();
        assert_eq!(transcript(&seen).text, rest(after));
        assert!(matches!(seen[0], Seen::Opened { after: told, .. } if told == after));
    }
    producer.finish(Finish::Stop, Usage::default());
    drop(reader);
    for after in 0..=count + 1 {
        let got = stage.read(stream_id, Look::after(after)).to_end().await;
        assert_eq!((got.text, got.last), (rest(after), count + 1), "after the end, from {after}");
    }
}

#[tokio::test(start_paused = true)]
async fn checkpoints_stand_at_multiples_of_256_with_the_checksum_of_all_answer_text() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, mut reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    let mut answer = String::new();
    for position in 1..=600_u32 {
        let (kind, text) = if position % 5 == 0 { (Kind::Reasoning, "hm") } else { (Kind::Text, "流") };
        let mut batch = Batch::new();
        batch.push(Delta { kind, text, tokens: 1, mark: &[] });
        producer.publish(&batch);
        if kind == Kind::Text {
            answer.push_str(text);
        }
        check_checkpoint(&reader.take(), position, &answer);
    }
    for (after, wanted) in [(0, Some(512)), (255, Some(512)), (256, Some(512)), (511, Some(512)), (512, None)]
    {
        let got = transcript(&stage.read(stream_id, Look::after(after)).take());
        let newest = got.checkpoints.last().map(|checkpoint| checkpoint.seq.0);
        assert_eq!(newest, wanted, "resumed after {after}");
        let prefix: String = (1..=512).filter(|position| position % 5 != 0).map(|_| "流").collect();
        for checkpoint in got.checkpoints {
            assert_eq!(checkpoint.crc32c, crc32c::crc32c(prefix.as_bytes()));
        }
    }
}

fn check_checkpoint(seen: &[Seen], position: u32, answer: &str) {
    let told = seen.iter().find_map(|seen| match seen {
        Seen::Checkpoint(checkpoint) => Some(*checkpoint),
        _ => None,
    });
    assert_eq!(told.is_some(), position.is_multiple_of(CHECKPOINT_EVERY), "at {position}");
    if let Some(told) = told {
        let wanted = (position, answer.len() as u32, crc32c::crc32c(answer.as_bytes()));
        assert_eq!((told.seq.0, told.utf8_len, told.crc32c), wanted);
    }
}

#[tokio::test(start_paused = true)]
async fn a_classic_reader_gets_no_checkpoints() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, _reader) = stage.open(&puppet, Plan::default());
    puppet.producer().publish(&chars(&"x".repeat(600)));
    let look = Look { delivery: Delivery::default(), ..Look::default() };
    assert!(transcript(&stage.read(stream_id, look).take()).checkpoints.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_terminal_tells_length_and_checksum_of_the_answer() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (_, mut reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    producer.publish(&chars("せせらぎ"));
    producer.finish(Finish::Stop, Usage { input_tokens: 7, ..Usage::default() });
    let got = reader.to_end().await;
    assert_eq!((end_of(&got), got.last), (well(Finish::Stop), 5));
    let terminal = got.terminal.expect("it ended");
    assert_eq!((terminal.utf8_len, terminal.crc32c), (12, crc32c::crc32c("せせらぎ".as_bytes())));
    assert_eq!((terminal.usage.input_tokens, terminal.usage.output_tokens), (7, 4));
}

#[tokio::test(start_paused = true)]
async fn a_ninth_reader_is_refused_and_a_free_place_is_given_again() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, first) = stage.open(&puppet, Plan::default());
    let mut more: Vec<_> = (1..MAX_READERS).map(|_| stage.read(stream_id, Look::default())).collect();
    let refused = stage.try_read(stream_id, Look::default()).map(|_| ()).expect_err("eight are enough");
    assert_eq!((refused.code, &*refused.reason), (Code::ResourceExhausted, "too_many_readers"));
    assert!(refused.retryable);
    more.pop();
    assert!(stage.try_read(stream_id, Look::default()).is_ok());
    drop(first);
}

#[tokio::test(start_paused = true)]
async fn all_readers_are_woken_and_see_the_same() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, first) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    let mut readers: Vec<_> = (1..MAX_READERS).map(|_| stage.read(stream_id, Look::default())).collect();
    readers.push(first);
    let reading: Vec<_> =
        readers.into_iter().map(|mut reader| tokio::spawn(async move { reader.to_end().await })).collect();
    for text in ["a", "b", "c"] {
        producer.publish(&Batch::of(text));
        pass(secs(1)).await;
    }
    producer.finish(Finish::Stop, Usage::default());
    for one in reading {
        assert_eq!(one.await.expect("it reads").text, "abc");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cursor_beyond_the_tail_another_epoch_and_another_owner_are_refused() {
    let (stage, puppet) = (Stage::default(), Puppet::default());
    let (stream_id, _reader) = stage.open(&puppet, Plan::default());
    let mut producer = puppet.producer();
    producer.publish(&chars("ab"));
    let refused = |look: Look| {
        let problem = stage.try_read(stream_id, look).map(|_| ()).expect_err("it is refused");
        (problem.code, problem.reason.to_string())
    };
    assert_eq!(refused(Look::after(3)), (Code::OutOfRange, "cursor_beyond_tail".into()));
    let epoch = |epoch| Look { epoch: Some(epoch), ..Look::after(1) };
    assert_eq!(refused(epoch(2)), (Code::Aborted, "epoch_changed".into()));
    assert!(stage.try_read(stream_id, epoch(1)).is_ok());
    let bob = || Look { caller: caller("bob"), ..Look::default() };
    assert_eq!(refused(bob()), (Code::NotFound, "stream_unknown".into()));
    producer.finish(Finish::Stop, Usage::default());
    assert_eq!(refused(Look::after(4)), (Code::OutOfRange, "cursor_beyond_tail".into()));
    assert_eq!(refused(Look { caller: caller("bob"), ..Look::after(99) }).0, Code::NotFound);
}
