//! Cancelling, caps, a store that is behind, and text that comes fast.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use seseragi_flow::{Appended, Finish, MAX_UNACKNOWLEDGED_BYTES, OnDisconnect, Record, Seq, Store};
use seseragi_runtimes::infer::InferOptions;
use seseragi_testkit::{Plan, Stage, StageOptions, limits};

use crate::server::Peer;
use crate::support::{delta, enveloped, soon, whole};

/// How soon the upstream must know that nobody wants its answer any more.
const CANCEL_BOUND: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_cancelled_job_resets_its_stream_at_once() {
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let infer = peer.infer(InferOptions::default());
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let (stream_id, mut reader) = stage.open(&infer, Plan::default());
        let answer = peer.accept().await;
        answer.reply(&delta("水"));
        while reader.seen().len() < 2 {
            soon("the text", reader.next()).await;
        }
        let owner = reader.generation().about().owner.clone();
        assert_eq!(stage.hub.cancel(&owner, stream_id).expect("it runs").finish, Finish::Cancelled);
        best = best.min(answer.dropped().await);
    }
    // A busy machine may be late once or twice.
    assert!(best < CANCEL_BOUND, "{best:?}");
    assert_eq!(infer.upstream().connections(), 1, "only the stream ends, not the connection");
}

#[tokio::test]
async fn a_job_cancelled_before_the_head_is_abandoned() {
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let infer = peer.infer(InferOptions::default());
    let (_, reader) = stage.open(&infer, Plan::default());
    let call = peer.call().await;
    drop(reader);
    call.abandoned().await;
    assert_eq!(infer.upstream().streams(), 0);
}

#[tokio::test]
async fn a_cap_ends_the_upstream_too() {
    let mut peer = Peer::new();
    let limits = limits(1, 2, Duration::from_secs(60));
    let stage = Stage::new(StageOptions { limits, ..StageOptions::default() });
    let (_, mut reader) = stage.open(&peer.infer(InferOptions::default()), Plan::default());
    let answer = peer.accept().await;
    for text in ["水", "が", "多い"] {
        answer.reply(&delta(text));
    }
    let (got, terminal) = whole(&mut reader).await;
    assert_eq!((&*got.text, terminal.finish), ("水が", Finish::Length));
    answer.dropped().await;
}

/// Counts what is appended, and acknowledges nothing by itself.
#[derive(Clone, Default)]
struct Ledger {
    appended: Arc<Mutex<Appends>>,
    at_once: bool,
}

#[derive(Clone, Copy, Default)]
struct Appends {
    calls: usize,
    bytes: usize,
    newest: u32,
}

impl Ledger {
    fn sum(&self) -> Appends {
        *self.appended.lock().expect("nobody panicked")
    }
}

impl Store for Ledger {
    fn append(&self, record: Record<'_>) -> Appended {
        let mut sum = self.appended.lock().expect("nobody panicked");
        sum.calls += 1;
        sum.bytes += record.batch.bytes();
        sum.newest =
            if record.terminal.is_some() { record.first.0 } else { record.first.0 + record.count as u32 - 1 };
        if self.at_once { Appended::Now } else { Appended::Later }
    }
}

#[tokio::test]
async fn a_store_that_is_behind_holds_the_upstream_back() {
    let (mut peer, store) = (Peer::new(), Ledger::default());
    let stage = Stage::new(StageOptions { store: Arc::new(store.clone()), ..StageOptions::default() });
    let plan = Plan { on_disconnect: OnDisconnect::UntilComplete, ..Plan::default() };
    let (_, mut reader) = stage.open(&peer.infer(InferOptions::default()), plan);
    let answer = peer.accept().await;
    let piece = "流".repeat(300);
    for _ in 0..2000 {
        answer.reply(&delta(&piece));
    }
    answer.status(0);

    let limit = MAX_UNACKNOWLEDGED_BYTES as usize;
    let full = async {
        while store.sum().bytes <= limit {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    soon("the store to fill up", full).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let stalled = store.sum();
    assert!(stalled.bytes <= limit + 128 * 1024, "{} bytes were taken", stalled.bytes);

    let generation = Arc::clone(reader.generation());
    let catching_up = async {
        loop {
            generation.acknowledge(Seq(store.sum().newest));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let (got, terminal) = tokio::select! {
        () = catching_up => unreachable!(),
        whole = whole(&mut reader) => whole,
    };
    assert_eq!((got.text.len(), terminal.finish), (piece.len() * 2000, Finish::Stop));
}

#[tokio::test]
async fn what_arrives_together_is_published_together() {
    let (mut peer, store) = (Peer::new(), Ledger { at_once: true, ..Ledger::default() });
    let stage = Stage::new(StageOptions { store: Arc::new(store.clone()), ..StageOptions::default() });
    let (_, mut reader) = stage.open(&peer.infer(InferOptions::default()), Plan::default());
    let answer = peer.accept().await;
    answer.bytes(enveloped(&delta("水")).repeat(500));
    answer.status(0);
    let (_, terminal) = whole(&mut reader).await;
    assert_eq!(terminal.usage.output_tokens, 500);
    let calls = store.sum().calls;
    assert!(calls <= 3, "500 deltas and the end took {calls} appends");
}

#[tokio::test]
async fn many_streams_at_once_keep_their_texts_apart() {
    let (mut peer, stage) = (Peer::new(), Stage::default());
    let infer = peer.infer(InferOptions::default());
    let mut readers: Vec<_> = (0..50)
        .map(|index| stage.open(&infer, Plan { prompt: format!("{index}"), ..Plan::default() }).1)
        .collect();
    let mut answers = Vec::new();
    for _ in 0..readers.len() {
        let call = peer.call().await;
        answers.push((call.request.prompt.clone(), call.accept()));
    }
    for round in 0..20 {
        for (prompt, answer) in &answers {
            answer.reply(&delta(&format!("{prompt}:{round}\n")));
        }
    }
    answers.into_iter().for_each(|(_, answer)| answer.status(0));
    for (index, reader) in readers.iter_mut().enumerate() {
        let expected: String = (0..20).map(|round| format!("{index}:{round}\n")).collect();
        assert_eq!(whole(reader).await.0.text, expected);
    }
}
