//! Random interleavings against a model that a child could read: a list of characters and an end.

use std::sync::Arc;

use proptest::prelude::*;
use seseragi_flow::{Finish, OnDisconnect, Producer, StreamId, Usage};
use seseragi_testkit::{LateStore, Look, Plan, Puppet, Reader, Seen, Stage, StageOptions, transcript};

use crate::chars;

#[derive(Clone, Debug)]
enum Act {
    /// Publishes these characters, one delta each.
    Publish(String),
    /// One poll of one reader, of at most so many bytes.
    Poll(usize, usize),
    /// A reader leaves and a new one takes over after what it had.
    Resume(usize),
    /// One more reader, from this share of what is visible.
    Join(f64),
    /// A reader leaves.
    Leave(usize),
    /// The store acknowledges so much of what it has.
    Acknowledge(f64),
    /// The model is done.
    Finish,
    /// Somebody cancels.
    Cancel,
    /// Time passes.
    Pass(u64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => "[a-cあ🌊]{1,12}".prop_map(Act::Publish),
        12 => (0..4_usize, 1..40_usize).prop_map(|(reader, bytes)| Act::Poll(reader, bytes)),
        4 => (0..4_usize).prop_map(Act::Resume),
        2 => (0.0..=1.0).prop_map(Act::Join),
        1 => (0..4_usize).prop_map(Act::Leave),
        6 => (0.0..=1.0).prop_map(Act::Acknowledge),
        1 => Just(Act::Finish),
        1 => Just(Act::Cancel),
        2 => (0..12_000_u64).prop_map(Act::Pass),
    ]
}

/// What must be true: the text, how much of it is kept, and whether it is over.
#[derive(Debug, Default)]
struct Model {
    text: Vec<char>,
    kept: usize,
    end: Option<Finish>,
    end_kept: bool,
}

struct World {
    model: Model,
    stage: Stage,
    store: Option<LateStore>,
    stream_id: StreamId,
    producer: Option<Producer>,
    readers: Vec<Reader>,
}

impl World {
    fn new(late: bool) -> Self {
        let store = late.then(LateStore::default);
        let mut options = StageOptions::default();
        if let Some(store) = &store {
            options.store = Arc::new(store.clone());
        }
        let (stage, puppet) = (Stage::new(options), Puppet::default());
        let plan = Plan { on_disconnect: OnDisconnect::UntilComplete, ..Plan::default() };
        let (stream_id, reader) = stage.open(&puppet, plan);
        let producer = Some(puppet.producer());
        Self { model: Model::default(), stage, store, stream_id, producer, readers: vec![reader] }
    }

    async fn act(&mut self, act: Act) {
        match act {
            Act::Publish(text) => self.publish(&text),
            Act::Poll(reader, bytes) => {
                let cx = &mut std::task::Context::from_waker(std::task::Waker::noop());
                if let Some(reader) = self.readers.get_mut(reader) {
                    reader.poll(cx, bytes);
                }
            }
            Act::Resume(at) if at < self.readers.len() => {
                let old = self.readers.swap_remove(at);
                self.check(&old);
                let after = cursor(&old);
                drop(old);
                self.readers.push(self.stage.read(self.stream_id, Look::after(after)));
            }
            Act::Join(share) if self.readers.len() < 4 => {
                let after = (self.model.kept as f64 * share) as u32;
                self.readers.push(self.stage.read(self.stream_id, Look::after(after)));
            }
            Act::Leave(at) if at < self.readers.len() => drop(self.readers.swap_remove(at)),
            Act::Acknowledge(share) => self.acknowledge(share),
            Act::Finish => {
                if let Some(producer) = self.producer.take() {
                    producer.finish(Finish::Stop, Usage::default());
                    self.ended(Finish::Stop);
                }
            }
            Act::Cancel => {
                let owner = Plan::default().caller;
                self.stage.hub.cancel(owner.subject(), self.stream_id).expect("it is there");
                self.ended(Finish::Cancelled);
            }
            Act::Pass(time) => tokio::time::sleep(crate::ms(time)).await,
            Act::Resume(_) | Act::Join(_) | Act::Leave(_) => {}
        }
    }

    fn publish(&mut self, text: &str) {
        let Some(producer) = &mut self.producer else { return };
        producer.publish(&chars(text));
        if self.model.end.is_none() {
            self.model.text.extend(text.chars());
        }
        if self.store.is_none() {
            self.model.kept = self.model.text.len();
        }
    }

    fn ended(&mut self, finish: Finish) {
        self.model.end.get_or_insert(finish);
        self.model.end_kept |= self.store.is_none();
    }

    fn acknowledge(&mut self, share: f64) {
        let (Some(store), Some(reader)) = (&self.store, self.readers.first()) else { return };
        let upto = (f64::from(store.newest()) * share).round() as u32;
        reader.generation().acknowledge(seseragi_flow::Seq(upto));
        self.model.kept = self.model.kept.max((upto as usize).min(self.model.text.len()));
        self.model.end_kept |= self.model.end.is_some() && upto as usize > self.model.text.len();
    }

    /// What this reader saw is a piece of the kept text, without loss, repetition or change of order.
    fn check(&self, reader: &Reader) {
        if reader.seen().is_empty() {
            return;
        }
        let got = transcript(reader.seen());
        let Seen::Opened { after, .. } = reader.seen()[0] else { unreachable!("checked by transcript") };
        // Who has seen the end already resumes after it.
        let after = (after as usize).min(self.model.text.len());
        let upto = after + got.text.chars().count();
        assert!(upto <= self.model.kept, "nothing is seen that is not kept");
        assert_eq!(got.text, self.model.text[after..upto].iter().collect::<String>());
        if let Some(terminal) = got.terminal {
            assert!(self.model.end_kept);
            assert_eq!((Some(terminal.finish), upto), (self.model.end, self.model.text.len()));
        }
    }

    /// Brings it to an end and lets every reader read that.
    async fn close(mut self) {
        drop(self.producer.take());
        self.ended(Finish::Interrupted);
        self.readers.push(self.stage.read(self.stream_id, Look::default()));
        self.acknowledge(1.0);
        for mut reader in std::mem::take(&mut self.readers) {
            let got = reader.to_end().await;
            self.check(&reader);
            assert_eq!(got.terminal.map(|t| t.finish), self.model.end);
        }
    }
}

fn cursor(reader: &Reader) -> u32 {
    if reader.seen().is_empty() { 0 } else { transcript(reader.seen()).last }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_each_reader_sees_each_delta_once_in_order_and_one_end(
        acts in prop::collection::vec(act(), 1..80), late: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("it starts").block_on(async {
            let mut world = World::new(late);
            for act in acts {
                world.act(act).await;
            }
            world.close().await;
        });
    }
}
