//! The program as a whole: its commands on a data folder of their own, alone and beside a running gateway.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod commands;
mod keys;
mod server;
mod support;
