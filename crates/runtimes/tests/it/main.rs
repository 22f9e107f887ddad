//! The runtimes over real connections, read through a real hub.

mod echo;
mod infer_calls;
mod infer_contract;
mod infer_failures;
mod infer_pressure;
mod server;
mod support;
