//! A reader whose steps the test takes.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use seseragi_flow::{Generation, Progress, Subscription};

use crate::seen::Collector;
use crate::{Seen, Transcript, transcript};

/// About as much text as one poll takes, in bytes; what a wire of ours uses.
const SLICE_BYTES: usize = 16 * 1024;

/// A [`Subscription`], and all that it has brought.
pub struct Reader {
    subscription: Subscription,
    seen: Vec<Seen>,
    ended: bool,
}

impl Reader {
    /// Reads this subscription.
    #[must_use]
    pub fn new(subscription: Subscription) -> Self {
        Self { subscription, seen: Vec::new(), ended: false }
    }

    /// The generation that it reads.
    #[must_use]
    pub fn generation(&self) -> &Arc<Generation> {
        self.subscription.generation()
    }

    /// All that was seen so far.
    #[must_use]
    pub fn seen(&self) -> &[Seen] {
        &self.seen
    }

    /// Whether the last frame was seen.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// One poll, of at most about so many bytes. Empty: it would have to wait.
    pub fn poll(&mut self, cx: &mut Context<'_>, max_bytes: usize) -> Vec<Seen> {
        if self.ended {
            return Vec::new();
        }
        let mut sink = Collector::default();
        let polled = self.subscription.poll(cx, max_bytes, &mut sink);
        self.ended = polled == Poll::Ready(Progress::End);
        assert_eq!(polled.is_pending(), sink.0.is_empty(), "it writes, or it waits");
        self.seen.extend(sink.0.iter().cloned());
        sink.0
    }

    /// Everything that is there at this moment.
    pub fn take(&mut self) -> Vec<Seen> {
        let mut all = Vec::new();
        loop {
            let some = self.poll(&mut Context::from_waker(Waker::noop()), SLICE_BYTES);
            if some.is_empty() {
                return all;
            }
            all.extend(some);
        }
    }

    /// Waits for the next frames: those of one poll.
    pub async fn next(&mut self) -> Vec<Seen> {
        assert!(!self.ended, "there is nothing after the end");
        poll_fn(|cx| {
            let some = self.poll(cx, SLICE_BYTES);
            if some.is_empty() { Poll::Pending } else { Poll::Ready(some) }
        })
        .await
    }

    /// Reads to the end and checks the rules of all that this reader saw.
    pub async fn to_end(&mut self) -> Transcript {
        while !self.ended {
            self.next().await;
        }
        transcript(&self.seen)
    }
}
