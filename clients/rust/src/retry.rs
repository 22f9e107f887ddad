//! When to try again, and when to give up. Pure: time and chance are parameters.

use std::time::Duration;

use tokio::time::Instant;

use crate::Code;

/// How patient a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The first wait, 250 ms by default; each later one may be twice as long. A wait is drawn evenly from zero to
    /// that (full jitter).
    pub base: Duration,
    /// The longest wait: 8 s by default.
    pub max: Duration,
    /// How long to keep trying before the stream has opened: 15 s by default.
    pub open_for: Duration,
    /// How long to keep trying without progress once it has: 60 s by default.
    pub resume_for: Duration,
    /// A connection that says nothing at all for so long before its first frame, or a call without an answer for so
    /// long, is dead: 30 s by default.
    pub connect_timeout: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(250),
            max: Duration::from_secs(8),
            open_for: Duration::from_secs(15),
            resume_for: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(30),
        }
    }
}

/// Whether the stream has a name yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Open,
    Resume,
}

impl Phase {
    /// Whether the answer would be the same however often we asked.
    pub(crate) fn is_final(self, code: Code) -> bool {
        match code {
            Code::NotFound | Code::OutOfRange | Code::PermissionDenied | Code::DataLoss => true,
            // A refusal with a reason: the person should see it, not wait unknowingly.
            Code::InvalidArgument
            | Code::AlreadyExists
            | Code::FailedPrecondition
            | Code::ResourceExhausted
            | Code::Unimplemented => self == Self::Open,
            _ => false,
        }
    }
}

/// Counts what failed since the last progress.
#[derive(Debug)]
pub(crate) struct Backoff {
    policy: RetryPolicy,
    attempts: u32,
    failing_since: Option<Instant>,
}

impl Backoff {
    pub(crate) fn new(policy: RetryPolicy) -> Self {
        Self { policy, attempts: 0, failing_since: None }
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// New text, or a sign that the generation lives.
    pub(crate) fn progress(&mut self) {
        (self.attempts, self.failing_since) = (0, None);
    }

    /// The wait before the next attempt, or `None` to give up. `at_once` (the server said: come back) is honoured the
    /// first time only, so that a server which always says so is not asked in a tight loop. `chance` is 0 to 1.
    pub(crate) fn next(
        &mut self,
        now: Instant,
        phase: Phase,
        at_once: bool,
        retry_after: Option<Duration>,
        chance: f64,
    ) -> Option<Duration> {
        let failing_since = *self.failing_since.get_or_insert(now);
        let patience = if phase == Phase::Open { self.policy.open_for } else { self.policy.resume_for };
        if now.duration_since(failing_since) >= patience {
            return None;
        }
        let doubled = self.policy.base.saturating_mul(1 << self.attempts.min(30));
        let wait = doubled.min(self.policy.max).mul_f64(chance.clamp(0.0, 1.0));
        let first = self.attempts == 0;
        self.attempts = self.attempts.saturating_add(1);
        let wait = if at_once && first { Duration::ZERO } else { wait };
        Some(wait.max(retry_after.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backoff() -> Backoff {
        Backoff::new(RetryPolicy::default())
    }

    fn millis(wait: Option<Duration>) -> Option<u128> {
        wait.map(|wait| wait.as_millis())
    }

    #[test]
    fn waits_double_from_a_quarter_second_to_eight_seconds_with_full_jitter() {
        let (mut longest, now) = (backoff(), Instant::now());
        let waits = std::array::from_fn(|_| millis(longest.next(now, Phase::Resume, false, None, 1.0)));
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000, 8000, 8000].map(Some));
        assert_eq!(millis(backoff().next(now, Phase::Resume, false, None, 0.0)), Some(0));
    }

    #[test]
    fn gives_up_a_minute_after_the_first_failure_without_progress() {
        let (mut backoff, start) = (backoff(), Instant::now());
        let mut after =
            |ms| millis(backoff.next(start + Duration::from_millis(ms), Phase::Resume, false, None, 1.0));
        assert_eq!([after(0), after(59_999), after(60_000)], [Some(250), Some(500), None]);
        backoff.progress();
        assert!(backoff.next(start + Duration::from_secs(500), Phase::Resume, false, None, 1.0).is_some());
        assert!(backoff.next(start + Duration::from_secs(515), Phase::Open, false, None, 1.0).is_none());
    }

    #[test]
    fn comes_back_at_once_when_told_to_but_not_in_a_loop_and_not_before_it_may() {
        let (mut backoff, now, pause) = (backoff(), Instant::now(), Some(Duration::from_secs(3)));
        assert_eq!(millis(backoff.next(now, Phase::Resume, true, None, 1.0)), Some(0));
        assert_eq!(millis(backoff.next(now, Phase::Resume, true, None, 1.0)), Some(500));
        assert_eq!(millis(backoff.next(now, Phase::Resume, true, pause, 1.0)), Some(3000));
    }

    #[test]
    fn some_answers_are_final() {
        for (code, open, resume) in [
            (Code::NotFound, true, true),
            (Code::OutOfRange, true, true),
            (Code::PermissionDenied, true, true),
            (Code::DataLoss, true, true),
            (Code::InvalidArgument, true, false),
            (Code::ResourceExhausted, true, false),
            (Code::Unavailable, false, false),
            (Code::Internal, false, false),
            (Code::Cancelled, false, false),
        ] {
            assert_eq!((Phase::Open.is_final(code), Phase::Resume.is_final(code)), (open, resume), "{code}");
        }
    }
}
