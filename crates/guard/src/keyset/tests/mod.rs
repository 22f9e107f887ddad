//! Key sets of others: good ones, broken ones, and those that were made to confuse.

mod live;
pub(crate) mod make;
mod outages;
mod pem;
mod server;
mod sets;
mod wycheproof;
