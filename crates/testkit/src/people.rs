//! Callers and permits that nobody had to verify.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use seseragi_guard::{Admission, Ask, Caller, Limits, LimitsTable, Permit, Refusal, Scope, Tier};

/// A caller of tier user who may use `infer`. Callers of different names are different subjects.
#[must_use]
pub fn caller(name: &str) -> Caller {
    Caller::testing("https://issuer.test", name, Scope::InferRead.into(), Tier::User)
}

/// The same limits for every tier.
#[must_use]
pub fn limits(streams: u32, max_output_tokens: u32, max_duration: Duration) -> LimitsTable {
    let same = Limits { streams, max_output_tokens, max_duration };
    LimitsTable { guest: same, user: same, server: same }
}

/// The right to run one generation, if there is one at this very moment; never waits.
///
/// # Errors
/// The refusal; `None` if the request would have to wait.
pub fn permit(admission: &Admission, caller: &Caller) -> Result<Permit, Option<Refusal>> {
    let ask = Ask { route: "test".into(), prompt_tokens: 1, max_output_tokens: None, deadline: None };
    let asked = pin!(admission.admit(caller, ask));
    match asked.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.map_err(Some),
        Poll::Pending => Err(None),
    }
}
