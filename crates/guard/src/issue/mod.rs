//! Our own short-lived access tokens (RFC 9068).

mod inspect;
mod issuer;

pub use inspect::{Inspection, inspect};
pub use issuer::{AccessToken, Grant, IssueError, Issuer, IssuerConfig};
