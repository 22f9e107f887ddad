//! What operators do to users, keys and tokens, beside a running gateway or without one.
//!
//! A command becomes an [`Order`]. The [`Office`] carries it out: within the gateway that runs on the data folder, which
//! is asked through a socket there, so that the effect is immediate; or within the command itself, if none runs. Either way
//! it happens in the store, and other gateways of the store see it within a second.
//!
//! Invariant: who may use the socket may read the data folder, so an order needs no other credential.

mod ask;
mod keys;
mod office;
mod order;
mod revoke;
mod socket;
mod users;

pub use ask::ask;
pub use office::{Office, OfficeParts};
pub use order::{Answer, Order, SecretText};
pub use socket::AdminSocket;
pub use users::named;
