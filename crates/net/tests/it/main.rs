//! Listener, workers and upstream pool over real sockets on the loopback interface.

mod closing;
mod fetching;
mod pool;
mod serving;
mod support;
mod upstream;
