//! What the mock `upstream` and the `load` client of the side-by-side bench share: the workload, which travels in
//! the prompt, the delta, which carries the time it was sent at, and the messages of the wire contract.
//!
//! It is no client library: it knows two fields of the contract and counts everything else as silence.

mod delta;
mod message;
mod workload;

pub use delta::{Template, now_ns, sent_at};
pub use message::{ENVELOPE_BYTES, Messages, enveloped, text_of};
pub use workload::Workload;
