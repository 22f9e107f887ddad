//! A [`Reader`] follows one stream: finds its deltas in the bytes of its body, checks them, and knows its status.

use std::time::Instant;

use http::HeaderMap;
use seseragi_bench_load::{Messages, sent_at, text_of};

use crate::tally::Bench;

/// gRPC-Web: this message holds the trailers.
const TRAILERS_FLAG: u8 = 0x80;

pub(crate) struct Reader<'a> {
    bench: &'a Bench,
    began: Instant,
    messages: Messages,
    answer: Answer,
}

/// What has arrived of the answer.
#[derive(Default)]
struct Answer {
    deltas: u64,
    newest_ns: u64,
    status: Option<String>,
    problem: Option<&'static str>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bench: &'a Bench) -> Self {
        Self { bench, began: Instant::now(), messages: Messages::default(), answer: Answer::default() }
    }

    /// Bytes of the body, as one frame brought them.
    pub(crate) fn data(&mut self, bytes: &[u8]) {
        self.bench.frame(bytes.len());
        let Self { bench, began, messages, answer } = self;
        messages.feed(bytes, |flags, message| {
            if flags & TRAILERS_FLAG != 0 {
                answer.status = status_of(message);
            } else if let Some(text) = text_of(message) {
                bench.message();
                answer.text(text, bench, *began);
            }
        });
    }

    /// The head or the trailers.
    pub(crate) fn headers(&mut self, headers: &HeaderMap) {
        if let Some(status) = headers.get("grpc-status") {
            self.answer.status = Some(String::from_utf8_lossy(status.as_bytes()).into_owned());
        }
    }

    /// The stream is over, as far as its connection knows.
    pub(crate) fn finish(self, transport: Result<(), String>) {
        let Answer { deltas, status, problem, .. } = self.answer;
        let wanted = self.bench.args.deltas;
        self.bench.ended(transport.and_then(|()| match (problem, status.as_deref()) {
            (Some(problem), _) => Err(problem.to_owned()),
            (None, Some("0")) if deltas == wanted => Ok(()),
            (None, status) => Err(format!(
                "{deltas} of {wanted} deltas, then {}",
                status.map_or("no status".to_owned(), |status| format!("status {status}"))
            )),
        }));
    }
}

impl Answer {
    /// A server may merge deltas, but not cut them: each `size` bytes are one.
    fn text(&mut self, text: &[u8], bench: &Bench, began: Instant) {
        for cell in text.chunks(bench.args.size.into()) {
            match sent_at(cell).filter(|_| cell.len() == usize::from(bench.args.size)) {
                Some(sent_ns) if sent_ns >= self.newest_ns => {
                    if self.deltas == 0 {
                        bench.opened(began);
                    }
                    self.deltas += 1;
                    self.newest_ns = sent_ns;
                    bench.delta(sent_ns);
                }
                Some(_) => self.problem = Some("deltas came out of order"),
                None => self.problem = Some("a text is no delta of the upstream"),
            }
        }
    }
}

/// The status in the trailers of gRPC-Web.
fn status_of(trailers: &[u8]) -> Option<String> {
    let trailers = String::from_utf8_lossy(trailers).to_ascii_lowercase();
    trailers.lines().find_map(|line| Some(line.strip_prefix("grpc-status:")?.trim().to_owned()))
}
