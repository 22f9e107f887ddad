//! Generations, delta logs, subscriptions: the stream itself.
//!
//! **The one idea.** The unit of work is a [`Generation`] that writes a [`DeltaLog`]. Every client is a
//! [`Subscription`] that reads the log from a cursor. Opening is starting and reading from 0; resuming is
//! reading from n; a second tab, a replay and a slow reader are the same call.
//!
//! **Not here:** HTTP, gRPC, protobuf, sockets, files, the environment. Wires are [`FrameSink`]s in `bridge`;
//! models are [`Runtime`]s in `runtimes`.
//!
//! **Invariants.** Append before deliver. A position never changes. Exactly one [`Terminal`] ends a stream, and
//! a generation always gets one. Everything has a bound: logs, readers, kept streams, live streams, waits.
//!
//! Layout: [`delta`](Delta) and [`log`](DeltaLog) are pure data; `tail` adds who may see it and who waits;
//! `generation` is the state machine, `outcome` how it may end; `producer` and `subscription` are its two ends;
//! `hub` finds them, with `request` (what it is asked), `book` (who owns what), `desk` (what is due) and `audience`
//! (what is being read).

mod audience;
mod book;
mod delivery;
mod delta;
mod desk;
mod event;
mod finish;
mod frame;
mod generation;
mod hub;
mod log;
mod outcome;
mod producer;
mod request;
mod runtime;
mod store;
mod subscription;
mod tail;

pub use delivery::{DEFAULT_GRACE, Delivery, HEARTBEAT, MAX_GRACE, MAX_WINDOW, OnDisconnect, Reading};
pub use delta::{Batch, Delta, Kind, MAX_DELTA_BYTES, MAX_MARK_BYTES, Seq};
pub use desk::Retention;
pub use event::{Event, Finished, Ignore, Observer};
pub use finish::{Blame, Code, Finish, Problem, Terminal, Usage};
pub use frame::{Checkpoint, DetachReason, Frame, FrameSink, Opened, Slice, ToolCall};
pub use generation::{About, Generation, Publish};
pub use hub::{Hub, HubOptions};
pub use log::{CHECKPOINT_EVERY, DeltaLog, MAX_LOG_BYTES, MAX_LOG_DELTAS};
pub use producer::Producer;
pub use request::{Idempotency, MAX_IDEMPOTENCY_KEY_BYTES, Start, StreamInfo};
pub use runtime::{Capabilities, Continues, Job, Message, Prompt, Run, Runtime, Sampling};
pub use seseragi_guard::StreamId;
pub use store::{Appended, MAX_UNACKNOWLEDGED_BYTES, MemoryStore, Record, Store};
pub use subscription::{Progress, Subscription};
pub use tail::MAX_READERS;
