//! What every test here needs.

use std::time::Duration;

use seseragi_flow::{Finish, Problem, Terminal};
use seseragi_net::{Upstream, UpstreamOptions};
use seseragi_proto::infer::InferReply;
use seseragi_runtimes::infer::{Infer, InferOptions};
use seseragi_testkit::{Reader, Transcript};

/// Far more than anything here takes; a test that waits so long has failed.
pub(crate) const BOUND: Duration = Duration::from_secs(10);

/// Japanese text with an emoji, to be cut within its characters.
pub(crate) const TEXT: &str = "せせらぎは🌊 small streamです。";

/// Waits for `future`, but not for ever.
pub(crate) async fn soon<F: Future>(what: &str, future: F) -> F::Output {
    tokio::time::timeout(BOUND, future).await.unwrap_or_else(|_| panic!("waited too long: {what}"))
}

/// Reads to the end.
pub(crate) async fn whole(reader: &mut Reader) -> (Transcript, Terminal) {
    let got = soon("the end", reader.to_end()).await;
    let terminal = got.terminal.clone().expect("it ended with a terminal");
    (got, terminal)
}

/// The problem of an end.
pub(crate) fn problem(terminal: &Terminal) -> &Problem {
    assert!(matches!(terminal.finish, Finish::Failed | Finish::Interrupted), "{terminal:?}");
    terminal.problem.as_ref().expect("a failure has a problem")
}

/// The runtime of the server at an address.
pub(crate) fn infer_at(authority: &str, options: InferOptions) -> Infer {
    Infer::new(Upstream::new(authority, UpstreamOptions::default()).expect("an authority"), options)
}

/// A reply of a two-field server.
pub(crate) fn delta(text: &str) -> InferReply {
    InferReply { delta: text.to_owned(), ..InferReply::default() }
}

/// A message in its envelope.
pub(crate) fn enveloped(message: &impl prost::Message) -> Vec<u8> {
    let message = message.encode_to_vec();
    [&[0][..], &(message.len() as u32).to_be_bytes(), &message].concat()
}
