//! gRPC over HTTP/2 as a client: one message out, one or more in, a status at the end.
//!
//! - `call`: requests and the messages of a response.
//! - `status`: how a call ended, from headers.

mod call;
mod status;

pub(crate) use call::{Replies, Rpc};
