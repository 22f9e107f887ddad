//! What the hub is asked, and what it tells.

use std::sync::Arc;
use std::time::Duration;

use seseragi_guard::{Permit, StreamId};

use crate::{Job, OnDisconnect, Seq, Terminal};

/// The longest idempotency key, in bytes.
pub const MAX_IDEMPOTENCY_KEY_BYTES: usize = 128;

/// Everything that a new generation needs but its runtime.
#[derive(Debug)]
pub struct Start {
    /// The right to run it; names the stream.
    pub permit: Permit,
    /// The work.
    pub job: Job,
    /// The public name of the model.
    pub model: Arc<str>,
    /// What happens when the last reader goes away.
    pub on_disconnect: OnDisconnect,
    /// Makes the call repeatable: the key, and a digest of the request's body.
    pub idempotency: Option<Idempotency>,
}

/// A caller's key for one request, with a digest of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The key, at most [`MAX_IDEMPOTENCY_KEY_BYTES`]; scoped to its subject.
    pub key: String,
    /// Tells the same request from another one.
    pub digest: u64,
}

/// What `GetStream` and `ListStreams` tell.
#[derive(Clone, Debug)]
pub struct StreamInfo {
    /// The generation's public name.
    pub stream_id: StreamId,
    /// Which producer writes it.
    pub epoch: u32,
    /// The model's name.
    pub model: Arc<str>,
    /// The newest position.
    pub last: Seq,
    /// The end, if it is over.
    pub terminal: Option<Terminal>,
    /// When it began, in milliseconds since 1970.
    pub created_unix_ms: i64,
    /// How long its log is kept after its end.
    pub keep: Duration,
}
