//! Our own keys: ES256 only (ECDSA on P-256 with SHA-256, RFC 7518 §3.4), because everybody accepts it.

mod public;
mod signing;

pub use public::PublicKey;
pub use signing::SigningKey;

#[cfg(test)]
mod tests;
