//! Why a verified caller may not go on right now.

use std::time::Duration;

use thiserror::Error;

/// Which limit was met. The caller is verified and permitted, only too busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    /// As many generations of the subject run as its tier allows, and none ended while we waited.
    TooManyStreams,
    /// As many requests of the subject wait for a free slot as may.
    TooManyWaiting,
    /// As many readers of the subject are connected as may be.
    TooManyReaders,
}

impl RefusalReason {
    /// Every reason there is, for metrics that start at zero.
    pub const ALL: [Self; 3] = [Self::TooManyStreams, Self::TooManyWaiting, Self::TooManyReaders];

    /// The stable code in snake case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooManyStreams => "too_many_streams",
            Self::TooManyWaiting => "too_many_waiting",
            Self::TooManyReaders => "too_many_readers",
        }
    }

    /// What is counted, for messages to the caller.
    pub const fn counted(self) -> &'static str {
        match self {
            Self::TooManyStreams => "concurrent streams",
            Self::TooManyWaiting => "waiting requests",
            Self::TooManyReaders => "concurrent readers",
        }
    }
}

/// A refused request: answer `RESOURCE_EXHAUSTED` or 429. The text may be shown to the caller: it is about
/// itself only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("too many {}: the limit is {limit}", .reason.counted())]
pub struct Refusal {
    reason: RefusalReason,
    limit: u32,
    retry_after: Option<Duration>,
}

impl Refusal {
    /// With the usual advice: somebody's own stream may end any second.
    pub(super) const fn new(reason: RefusalReason, limit: u32) -> Self {
        let retry_after = if limit == 0 { None } else { Some(Duration::from_secs(1)) };
        Self { reason, limit, retry_after }
    }

    /// Which limit.
    pub const fn reason(self) -> RefusalReason {
        self.reason
    }

    /// The earliest time that makes sense for another try, without jitter; `None`: trying again is useless.
    pub const fn retry_after(self) -> Option<Duration> {
        self.retry_after
    }

    /// The number that was met.
    pub const fn limit(self) -> u32 {
        self.limit
    }
}
