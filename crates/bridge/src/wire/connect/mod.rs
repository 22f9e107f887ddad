//! The Connect protocol, with binary messages: `application/connect+proto` for streams,
//! `application/proto` for single calls.

mod error;
mod streaming;
mod unary;

pub(crate) use streaming::Streaming;
pub(crate) use unary::Unary;
