//! The contract of every wire, over real connections to a real listener. Each test runs on every [`Dialect`].
//!
//! [`Dialect`]: seseragi_testkit::client::Dialect

mod classic;
mod health;
mod http_forms;
mod idempotency;
mod leaving;
mod managing;
mod refusing;
mod resuming;
mod slow;
mod streaming;
mod support;
