//! How a generation may end: what a runtime, a clock or a store says about it.

use crate::{Blame, Code, Finish, Problem, Usage};

/// How a runtime says that it is done.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) finish: Finish,
    pub(crate) usage: Usage,
    pub(crate) problem: Option<Problem>,
}

impl Outcome {
    pub(crate) fn of(finish: Finish) -> Self {
        Self { finish, usage: Usage::default(), problem: None }
    }

    pub(crate) fn failed(problem: Problem) -> Self {
        Self { problem: Some(problem), ..Self::of(Finish::Failed) }
    }

    pub(crate) fn interrupted(problem: Problem) -> Self {
        Self { problem: Some(problem), ..Self::of(Finish::Interrupted) }
    }

    pub(crate) fn revoked() -> Self {
        Self { problem: Some(right_withdrawn()), ..Self::of(Finish::Revoked) }
    }
}

fn right_withdrawn() -> Problem {
    let message = "the right to this stream was withdrawn; sign in again";
    Problem::caller(Code::PermissionDenied, "revoked", message)
}

pub(crate) fn store_gone() -> Problem {
    Problem::gateway(
        Code::Unavailable,
        "store_gone",
        "the stream's log can no longer be kept; start it again",
    )
}

pub(crate) fn deadline_passed() -> Problem {
    Problem {
        code: Code::DeadlineExceeded,
        blame: Blame::Caller,
        reason: "client_deadline".into(),
        message: "the deadline that came with the request has passed".into(),
        retryable: true,
    }
}

pub(crate) fn too_slow() -> Problem {
    let message = "the model sent nothing within the longest duration that is allowed here";
    Problem::runtime(Code::DeadlineExceeded, "max_duration", message)
}
