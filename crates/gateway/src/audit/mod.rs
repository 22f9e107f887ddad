//! The audit log: who signed in, what was revoked, what operators changed. One line of JSON per fact, in a file that only
//! its owner may read.
//!
//! It is not the log of the program and not for metrics: it answers "who did what when" months later. Requests never wait
//! for it: lines that do not fit into the queue are dropped and counted. Sign-ins whose password was not looked at are not in
//! it, and refused ones are gathered, so that nobody can fill it from outside. It holds no secret, because [`AuthEvent`]
//! holds none.
//!
//! [`AuthEvent`]: seseragi_guard::AuthEvent

mod file;
mod line;
mod log;
mod refused;

pub use line::{login, moment, refresh};
pub use log::AuditLog;
