//! The kit's own tests, and the machine-kept rule of which crate may use which.

mod contract;
mod directions;
