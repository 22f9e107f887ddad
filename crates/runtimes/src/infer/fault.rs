//! What goes wrong with a call, and what the caller of the gateway is told about it.
//!
//! | reason | code | blame | when |
//! |---|---|---|---|
//! | `upstream_unreachable` | unavailable | runtime | no connection |
//! | `upstream_unavailable` | unavailable | runtime | no stream to spare; it says UNAVAILABLE or RESOURCE_EXHAUSTED |
//! | `upstream_lost` | unavailable | runtime | the connection or the stream ended early |
//! | `upstream_truncated` | unavailable | runtime | the body ended without a status, or within a message |
//! | `runtime_gone` | unavailable | runtime | it said `detached`: it goes away and its answer with it |
//! | `upstream_silent` | deadline exceeded | runtime | no delta for too long |
//! | `upstream_deadline` | deadline exceeded | runtime | it says DEADLINE_EXCEEDED |
//! | `upstream_protocol` | internal | runtime | what it sent is not the contract |
//! | `upstream_error` | internal | runtime | any other status |
//! | `upstream_refused` | as the upstream says | caller | INVALID_ARGUMENT, NOT_FOUND, OUT_OF_RANGE, FAILED_PRECONDITION |
//! | `upstream_denied` | internal | gateway | UNAUTHENTICATED, PERMISSION_DENIED: it does not take us |
//! | `conversation_unsupported` | invalid argument | caller | several turns, and the upstream takes one prompt |

use seseragi_flow::{Blame, Code, Problem};
use seseragi_net::UpstreamError;

/// Why a call failed. Holds nothing that the upstream wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The job cannot be put to this upstream.
    OnePromptOnly,
    /// No connection.
    Unreachable,
    /// It takes no more for now.
    Unavailable,
    /// The connection or the stream ended early.
    Lost,
    /// The body ended early.
    Truncated(&'static str),
    /// The upstream goes away and leaves the answer unfinished.
    Detached,
    /// No delta for too long.
    Silent,
    /// It broke the contract, and how.
    Protocol(&'static str),
    /// A gRPC status other than OK.
    Status(u16),
}

impl From<&UpstreamError> for Fault {
    fn from(error: &UpstreamError) -> Self {
        match error {
            UpstreamError::Connect(_) | UpstreamError::Timeout => Self::Unreachable,
            UpstreamError::Busy | UpstreamError::Refused(_) => Self::Unavailable,
            UpstreamError::Reset { .. } | UpstreamError::Closed(_) => Self::Lost,
            UpstreamError::Protocol(_) => Self::Protocol("it does not speak HTTP/2"),
            UpstreamError::InvalidRequest => Self::Protocol("the request cannot be sent"),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let unavailable = |reason, message| Self::runtime(Code::Unavailable, reason, message);
        match fault {
            Fault::OnePromptOnly => one_prompt_only(),
            Fault::Unreachable => {
                unavailable("upstream_unreachable", "the model's server cannot be reached; try again")
            }
            Fault::Unavailable => {
                unavailable("upstream_unavailable", "the model's server cannot do this now; try again")
            }
            Fault::Lost => unavailable("upstream_lost", "the connection to the model's server was lost"),
            Fault::Truncated(_) => {
                unavailable("upstream_truncated", "the model's server stopped before its answer was complete")
            }
            Fault::Detached => unavailable("runtime_gone", "the model's server goes away; try again"),
            Fault::Silent => {
                Self::runtime(Code::DeadlineExceeded, "upstream_silent", "the model was silent for too long")
            }
            Fault::Protocol(_) => {
                let message = "the model's server sent something that is not understood here";
                Self::runtime(Code::Internal, "upstream_protocol", message)
            }
            Fault::Status(status) => of_status(status),
        }
    }
}

/// Statuses by gRPC's numbers ("Status codes and their use in gRPC").
fn of_status(status: u16) -> Problem {
    let refused = |code| {
        Problem::caller(code, "upstream_refused", "the model's server does not accept this request as it is")
    };
    match status {
        3 => refused(Code::InvalidArgument),
        5 => refused(Code::NotFound),
        9 => refused(Code::FailedPrecondition),
        11 => refused(Code::OutOfRange),
        4 => {
            let message = "the model's server ran out of time";
            Problem::runtime(Code::DeadlineExceeded, "upstream_deadline", message)
        }
        8 | 14 => Fault::Unavailable.into(),
        7 | 16 => denied(),
        _ => Problem::runtime(Code::Internal, "upstream_error", "the model's server failed"),
    }
}

fn one_prompt_only() -> Problem {
    let message = "this model takes one prompt, not a conversation of several turns";
    Problem::caller(Code::InvalidArgument, "conversation_unsupported", message)
}

fn denied() -> Problem {
    let (code, message) = (Code::Internal, "the model's server does not accept this gateway");
    Problem { blame: Blame::Gateway, retryable: false, ..Problem::runtime(code, "upstream_denied", message) }
}
