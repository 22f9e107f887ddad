//! Our own short-lived access tokens (RFC 9068).

mod inspect;
mod issuer;

pub use inspect::{Inspection, inspect};
pub use issuer::{AccessToken, Confirmation, Grant, IssueError, Issuer, IssuerConfig};
pub(crate) use issuer::{guest_since, guest_sub};
