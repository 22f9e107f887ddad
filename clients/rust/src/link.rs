//! One connection to one generation. It ends when the server ends it, or when the server has been silent for too long.
//! It knows nothing of positions or retries.

use std::time::Duration;

use seseragi_proto::infer::InferReply;
use tokio::time::{Instant, timeout, timeout_at};

use crate::Status;
use crate::rpc::Replies;

/// Two missed heartbeats and some slack: the connection is dead even if nobody said so.
const SILENT_HEARTBEATS: f64 = 2.5;
/// After the last frame the rest (trailers) is read, so that the stream ends by itself; but not for longer than this.
const DRAIN: Duration = Duration::from_secs(1);

/// The frames of one response.
#[derive(Debug)]
pub(crate) struct Link {
    replies: Replies,
    /// How long the server may say nothing; `None` if it promised no heartbeats.
    silence: Option<Duration>,
    /// When the wait that is going on has lasted too long. Time that the caller takes does not count.
    silent_at: Option<Instant>,
}

impl Link {
    pub(crate) fn new(replies: Replies, first_frame_within: Duration) -> Self {
        Self { replies, silence: Some(first_frame_within), silent_at: None }
    }

    /// The server promised a heartbeat this often; 0 promises nothing.
    pub(crate) fn expect_heartbeat(&mut self, ms: u32) {
        let heartbeat = Duration::from_millis(ms.into());
        self.silence = (ms > 0).then(|| heartbeat.mul_f64(SILENT_HEARTBEATS));
    }

    /// The next frame, or `None` if the response ended with the status OK. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Result<Option<InferReply>, Status> {
        let Some(silence) = self.silence else { return self.replies.next().await };
        let due = *self.silent_at.get_or_insert_with(|| Instant::now() + silence);
        let next = timeout_at(due, self.replies.next()).await;
        self.silent_at = None;
        next.unwrap_or_else(|_| Err(silent()))
    }

    /// Reads what follows the last frame; what that says is nothing new.
    pub(crate) async fn drain(&mut self) {
        let rest = async { while let Ok(Some(_)) = self.replies.next::<InferReply>().await {} };
        let _ = timeout(DRAIN, rest).await;
    }
}

pub(crate) fn silent() -> Status {
    Status::lost("the server has been silent for too long")
}
