//! A generation as its frames, and what a client made of them.

use prost::Message;
use seseragi_client::{ClientError, Event, Stream, Terminal};
use seseragi_proto::infer::{self, InferReply};

use crate::server::{Call, enveloped, soon};

/// The pieces of the answer that most tests read: position 1 is the first.
pub(crate) const PIECES: [&str; 7] = ["せせら", "ぎは", "🌊", "small ", "stream", "です", "。"];

pub(crate) fn whole_text() -> String {
    PIECES.concat()
}

pub(crate) fn opened(after: u32) -> InferReply {
    let opened = infer::Opened {
        stream_id: "stream-1".into(),
        epoch: 1,
        model: "echo".into(),
        heartbeat_ms: 10_000,
        resumed_after: after,
    };
    InferReply { opened: Some(opened), ..Default::default() }
}

/// The run of these positions of [`PIECES`].
pub(crate) fn run(first: u32, last: u32) -> InferReply {
    let delta = PIECES[first as usize - 1..last as usize].concat();
    InferReply { delta, first_seq: first, last_seq: last, ..Default::default() }
}

pub(crate) fn checkpoint(seq: u32) -> InferReply {
    let text = PIECES[..seq as usize].concat();
    let (utf8_len, crc32c) = (text.len() as u32, crc32c::crc32c(text.as_bytes()));
    InferReply { checkpoint: Some(infer::Checkpoint { seq, utf8_len, crc32c }), ..Default::default() }
}

/// The end after so many positions.
pub(crate) fn end(after: u32, finish: infer::Finish) -> InferReply {
    let (seq, text) = (after + 1, PIECES[..after as usize].concat());
    let (utf8_len, crc32c) = (text.len() as u32, crc32c::crc32c(text.as_bytes()));
    let terminal = infer::Terminal { finish: finish.into(), utf8_len, crc32c, ..Default::default() };
    InferReply { first_seq: seq, last_seq: seq, terminal: Some(terminal), ..Default::default() }
}

pub(crate) fn detached(reason: infer::detached::Reason, retry_after_ms: u32) -> InferReply {
    let detached = infer::Detached { reason: reason.into(), retry_after_ms };
    InferReply { detached: Some(detached), ..Default::default() }
}

/// All frames that a reader after this position gets.
pub(crate) fn frames(after: u32) -> Vec<InferReply> {
    let last = PIECES.len() as u32;
    let runs = (after + 1..=last).flat_map(|seq| {
        let checkpoint = (seq == 4).then(|| checkpoint(4));
        [Some(run(seq, seq)), checkpoint].into_iter().flatten()
    });
    std::iter::once(opened(after)).chain(runs).chain([end(last, infer::Finish::Stop)]).collect()
}

pub(crate) fn body(frames: &[InferReply]) -> Vec<u8> {
    frames.iter().flat_map(enveloped).collect()
}

/// Answers with all that a reader after this position gets, and a good end.
pub(crate) fn play(call: Call, after: u32) {
    let answer = call.accept();
    frames(after).iter().for_each(|frame| answer.send(frame));
    answer.status(0);
}

/// Where a `Resume` wants to start.
pub(crate) fn after(call: &Call) -> u32 {
    let request: infer::ResumeRequest = call.message();
    assert_eq!((&*request.stream_id, request.epoch), ("stream-1", 1), "{request:?}");
    assert!(request.encoded_len() > 0);
    request.after_seq
}

/// What a client saw of a stream.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) text: String,
    pub(crate) events: Vec<Event>,
    pub(crate) terminal: Option<Terminal>,
    pub(crate) error: Option<ClientError>,
}

/// Reads a stream to its end.
pub(crate) async fn read(stream: &mut Stream) -> Read {
    let mut read = Read::default();
    while let Some(event) = soon("an event", stream.next()).await {
        match event {
            Ok(event) => read.add(event),
            Err(error) => read.error = Some(error),
        }
    }
    read
}

impl Read {
    pub(crate) fn add(&mut self, event: Event) {
        assert!(self.terminal.is_none() && self.error.is_none(), "nothing follows the end: {event:?}");
        match &event {
            Event::Text { text, .. } => self.text.push_str(text),
            Event::Finished(terminal) => self.terminal = Some(terminal.clone()),
            _ => {}
        }
        self.events.push(event);
    }

    pub(crate) fn resumes(&self) -> usize {
        self.events.iter().filter(|event| matches!(event, Event::Resumed { .. })).count()
    }
}
