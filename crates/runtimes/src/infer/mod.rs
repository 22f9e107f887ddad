//! The runtime that is another server of `infer.Infer`: a Seseragi, a model server, or a two-field server that only
//! knows `StreamRequest{prompt}` and `InferReply{delta}`. gRPC over HTTP/2 without TLS.
//!
//! It is a client of the method `Stream` and of nothing else: it never resumes, because the log is on our side. It
//! sends no `delivery`, so that the upstream ends its work when we go away. What the upstream says about a failure is
//! logged and never shown; callers see a documented reason (see `fault`).
//!
//! - `runtime`: the [`Infer`] runtime and its options.
//! - `request`: a job as a gRPC request.
//! - `call`: one call, from its head to its status.
//! - `intake`: what arrived, as deltas; `envelope` and `reply` are its pure parts.
//! - `status`, `fault`: how a call ended, and what callers are told about it.
//!
//! Invariants: a call succeeds only with the status OK. Nothing is allocated per delta. Memory per call is bounded by
//! one message (4 MiB) and one read (64 KiB).

mod call;
mod envelope;
mod fault;
mod intake;
mod reply;
mod request;
mod runtime;
mod status;

pub use runtime::{Infer, InferOptions};
