//! Properties of the log: whatever the batches, cursors and slice sizes, a reader sees every byte once.

use proptest::prelude::*;

use super::*;

fn read_all(log: &DeltaLog, mut at: Seq, max: usize) -> Vec<(Kind, Seq, Seq, String)> {
    let mut out = Vec::new();
    while let Some(slice) = log.slice_after(at, log.last(), max) {
        assert_eq!(slice.first, at.next());
        assert!(slice.last >= slice.first);
        assert!(slice.text.len() <= max || slice.first == slice.last);
        at = slice.last;
        out.push((slice.kind, slice.first, slice.last, slice.text.to_owned()));
    }
    assert_eq!(at, log.last());
    out
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![4 => Just(Kind::Text), 1 => Just(Kind::Reasoning), 1 => Just(Kind::ToolCall)]
}

proptest! {
    #[test]
    fn every_cursor_and_slice_size_yields_each_delta_once_in_order(
        deltas in prop::collection::vec((kinds(), "[ -~あいう🌊é]{1,40}"), 1..200),
        after in 0_u32..200,
        max in 1_usize..4096,
    ) {
        let mut log = DeltaLog::default();
        for (kind, text) in &deltas {
            log.append(Delta { kind: *kind, text, tokens: 1, mark: &[] });
        }
        let after = after.min(deltas.len() as u32);
        let got = read_all(&log, Seq(after), max);
        let rest = &deltas[after as usize..];
        for wanted in [Kind::Text, Kind::Reasoning, Kind::ToolCall] {
            let all: String = got.iter().filter(|g| g.0 == wanted).map(|g| g.3.as_str()).collect();
            let want: String = rest.iter().filter(|d| d.0 == wanted).map(|d| d.1.as_str()).collect();
            prop_assert_eq!(all, want);
        }
        prop_assert!(got.iter().filter(|g| g.0 == Kind::ToolCall).all(|g| g.1 == g.2));
    }

    #[test]
    fn checkpoints_speak_of_the_answer_text_before_them(count in 1_u32..1200, until in 0_u32..1200) {
        let mut log = DeltaLog::default();
        for i in 0..count {
            let kind = if i % 7 == 3 { Kind::Reasoning } else { Kind::Text };
            log.append(Delta { kind, text: "流れ", tokens: 1, mark: &[] });
        }
        let until = Seq(until.min(count));
        if let Some(c) = log.newest_checkpoint(Seq::START, until) {
            let answer: String = (0..c.seq.0).filter(|i| i % 7 != 3).map(|_| "流れ").collect();
            prop_assert!(c.seq <= until);
            prop_assert_eq!(c.utf8_len as usize, answer.len());
            prop_assert_eq!(c.crc32c, crc32c::crc32c(answer.as_bytes()));
        } else {
            prop_assert!(until.0 < CHECKPOINT_EVERY);
        }
    }
}

#[test]
fn a_full_log_takes_no_more_and_says_how_many_it_took() {
    let mut log = DeltaLog::default();
    let mut batch = Batch::new();
    let piece = "x".repeat(crate::MAX_DELTA_BYTES);
    for _ in 0..300 {
        batch.push_text(&piece);
    }
    assert_eq!(log.append_all(&batch), (MAX_LOG_BYTES as usize) / crate::MAX_DELTA_BYTES);
    assert_eq!(log.bytes(), MAX_LOG_BYTES);
    assert!(!log.fits(1));
    assert_eq!(log.append_all(&Batch::of("y")), 0);
}

#[test]
fn a_log_that_forgot_its_end_goes_on_as_if_that_had_never_been() {
    let filled = |count: u32| {
        let mut log = DeltaLog::default();
        for i in 0..count {
            let kind = if i % 3 == 0 { Kind::Reasoning } else { Kind::Text };
            log.append(Delta { kind, text: "せせらぎ", tokens: 1, mark: &i.to_be_bytes() });
        }
        log
    };
    for kept in [0, 1, 42, 43, 255, 256, 257, 600] {
        let (mut log, want) = (filled(600), filled(kept));
        log.truncate(Seq(kept));
        assert_eq!((log.last(), log.bytes()), (want.last(), want.bytes()));
        assert_eq!(log.checkpoint(), want.checkpoint());
        assert_eq!(log.newest_checkpoint(Seq::START, Seq(600)), want.newest_checkpoint(Seq::START, Seq(600)));
        assert_eq!(log.mark(Seq(kept + 1)), &[] as &[u8]);
        log.append(Delta { kind: Kind::Text, text: "!", tokens: 1, mark: &[] });
        let end = log.slice_after(Seq(kept), log.last(), 100).expect("one more");
        assert_eq!((end.first, end.text), (Seq(kept + 1), "!"));
        assert_eq!(read_all(&log, Seq::START, 4096).last().map(|run| run.2), Some(Seq(kept + 1)));
    }
}

#[test]
fn marks_are_kept_by_position() {
    let mut log = DeltaLog::default();
    log.append(Delta { kind: Kind::Text, text: "a", tokens: 1, mark: &[1, 2] });
    log.append(Delta { kind: Kind::Text, text: "b", tokens: 1, mark: &[] });
    log.append(Delta { kind: Kind::Text, text: "c", tokens: 1, mark: &[3] });
    assert_eq!((log.mark(Seq(1)), log.mark(Seq(2)), log.mark(Seq(3))), (&[1, 2][..], &[][..], &[3][..]));
}

#[test]
fn memory_stays_near_the_text() {
    let mut log = DeltaLog::default();
    for _ in 0..30_000 {
        log.append(Delta { kind: Kind::Text, text: &"z".repeat(100), tokens: 1, mark: &[] });
    }
    let text = log.bytes() as usize;
    assert!(log.memory() < text + text / 4, "{} of {text}", log.memory());
}
