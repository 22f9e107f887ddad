//! Credentials in, [`Caller`](crate::Caller) out. Pure: no I/O, and the time is a parameter.
//!
//! Library defaults accept tokens they should not, so only the signature check is a library's; the steps are
//! ours, the cheapest first, and each has one stable [`Reason`](crate::Reason):
//!
//! 1. `credential`: one Authorization header, scheme Bearer or DPoP.
//! 2. `parts`: size, alphabet, two dots, canonical base64url.
//! 3. [`Gate`](crate::Gate): a token that was good a moment ago.
//! 4. `header`: strict JSON (`json`), known fields only.
//! 5. `verifier`: the issuer by its `iss`, which nobody has verified yet; `keys`: the key within that issuer.
//! 6. `rules`: the one algorithm of the key; the type.
//! 7. The signature.
//! 8. `claims`: times, audience, subject, names, scopes, tier.
//! 9. The claims that the issuer's configuration requires.
//! 10. [`Gate`](crate::Gate): revocations.
//! 11. `confirmation` and [`Dpop`](crate::Dpop): what the token is bound to.
//! 12. The scope that a method needs is for whoever routes methods to demand: [`Caller::require`](crate::Caller::require).

mod claims;
mod config;
mod confirmation;
mod credential;
mod external;
mod faults;
#[cfg(any(test, feature = "fuzzing"))]
mod fuzz;
mod header;
mod json;
mod keys;
mod parts;
mod preset;
mod rules;
mod verifier;
mod weak_secret;

pub use config::{OwnIssuer, OwnKeys, VerifierConfig};
pub use credential::{Scheme, bearer, credential};
pub use external::{DpopPolicy, ExternalIssuer, KeySource};
pub use faults::{ConfigFault, ConfigFaults};
#[cfg(any(test, feature = "fuzzing"))]
pub use fuzz::{fuzz_claims, fuzz_header};

pub(crate) use claims::is_name;
pub(crate) use confirmation::same_text;
pub use json::parse_object;
pub(crate) use keys::Fetcher;
pub(crate) use parts::TOKEN_BYTES_MAX;
pub(crate) use verifier::{Refused, Verified, Verifier};

#[cfg(test)]
mod tests;
