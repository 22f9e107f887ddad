//! What tests of several crates share. A dev-dependency only: nothing here is shipped.
//!
//! - `people`: callers and permits that nobody had to verify.
//! - `scripted`, `puppet`: runtimes that do what a test says, at once or step by step.
//! - `late_store`, `recorder`: a store that acknowledges when told, an observer that remembers.
//! - `seen`, `reader`: what a subscription yields, kept and checked.
//! - `stage`: a hub with all of these around it.
//! - `runtime_contract`: what every runtime must do.
//! - `client`: raw clients for every wire, over real connections.
//!
//! A test fails by panicking, so do these helpers.

/// The two-field contract, as clients in the field were generated from it.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::use_self)]
pub mod classic {
    include!(concat!(env!("OUT_DIR"), "/infer.rs"));
}

pub mod client;
mod late_store;
mod people;
mod puppet;
mod reader;
mod recorder;
mod runtime_contract;
mod scripted;
mod seen;
mod stage;

pub use late_store::LateStore;
pub use people::{caller, limits, permit};
pub use puppet::{Held, Puppet};
pub use reader::Reader;
pub use recorder::{Recorder, Told};
pub use runtime_contract::RuntimeContract;
pub use scripted::{Gate, RunSeen, Scripted, Step};
pub use seen::{Seen, Transcript, transcript};
pub use stage::{Look, Plan, Stage, StageOptions};
