//! The contract of every wire, over real connections to a real listener, and of sign-in beside them. Each test of a wire
//! runs on every [`Dialect`].
//!
//! [`Dialect`]: seseragi_testkit::client::Dialect

mod bad_bodies;
mod browser;
mod classic;
mod health;
mod hosts;
mod http_forms;
mod idempotency;
mod leaving;
mod managing;
mod oauth;
mod refusals;
mod refusing;
mod resuming;
mod revoking;
mod signing_in;
mod slow;
mod strange_pages;
mod streaming;
mod support;
