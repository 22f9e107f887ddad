//! How a reader wants its frames.

use std::time::Duration;

use seseragi_guard::ReadPermit;
use tokio::time::Instant;

use crate::Seq;

/// How long a generation is kept without a reader, if the reader asked for it and named no time.
pub const DEFAULT_GRACE: Duration = Duration::from_secs(15);
/// The longest grace that a reader may ask for.
pub const MAX_GRACE: Duration = Duration::from_secs(600);
/// The longest timed window that a reader may ask for.
pub const MAX_WINDOW: Duration = Duration::from_secs(1);
/// After how much silence a heartbeat comes, give or take 10 %.
pub const HEARTBEAT: Duration = Duration::from_secs(10);

/// What happens when the last reader goes away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDisconnect {
    /// The generation is cancelled at once: for clients that cannot come back.
    #[default]
    Cancel,
    /// It goes on for a while and is then cancelled.
    Keep {
        /// How long; at most [`MAX_GRACE`].
        grace: Duration,
    },
    /// It goes on to its end, within its caps.
    UntilComplete,
}

impl OnDisconnect {
    pub(crate) fn or_grace_if(self, sent_away: bool) -> Self {
        if sent_away && self == Self::Cancel { Self::Keep { grace: DEFAULT_GRACE } } else { self }
    }
}

/// How one reader wants its frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct Delivery {
    /// Timed merging: nothing is sent within this time after the last text. Zero: send at once.
    pub window: Duration,
    /// Overrides the generation's rule when this reader is the last to leave.
    pub on_disconnect: Option<OnDisconnect>,
    /// Whether checkpoints are sent.
    pub checkpoints: bool,
}

/// What a subscription needs to know of its request.
#[derive(Debug)]
pub struct Reading {
    /// The right to read.
    pub permit: ReadPermit,
    /// The last position that the reader has applied.
    pub after: Seq,
    /// How it wants its frames.
    pub delivery: Delivery,
    /// When its connection must end; the stream does not end with it.
    pub deadline: Option<Instant>,
    /// When its right runs out, if that is to end its connection (the policy `cut`). From then on it gets nothing but
    /// `detached` with [`DetachReason::Expired`](crate::DetachReason::Expired); the stream does not end with it, and it
    /// has the time to come back that every reader has whom the gateway sent away.
    pub cut_at: Option<Instant>,
    /// The wire it uses, for metrics.
    pub wire: &'static str,
    /// When its request was complete.
    pub received: Instant,
}
