//! Credentials in, [`Caller`](crate::Caller) out. Pure: no I/O, and the time is a parameter.
//!
//! Library defaults accept tokens they should not, so only the signature check is a library's; the steps are
//! ours, the cheapest first, and each has one stable [`Reason`](crate::Reason):
//! `bearer` (header) → `parts` (size, alphabet, base64url) → `header` → `json` + `claims` → issuer by `iss` →
//! `rules` (key, algorithm, type, signature, then what the claims say).

mod bearer;
mod claims;
mod config;
mod header;
mod json;
mod parts;
mod rules;
mod secret;
mod verifier;

pub use bearer::bearer;
pub use config::{ConfigFault, ConfigFaults, ExternalIssuer, OwnIssuer, VerifierConfig};
pub use verifier::Verifier;

pub(crate) use claims::is_name;
pub(crate) use json::parse_object;
pub(crate) use parts::TOKEN_BYTES_MAX;

#[cfg(test)]
mod tests;
