//! How much a caller may do at once, and the permits that keep count of it.

mod admission;
mod book;
mod permit;
mod refusal;
mod tier;

pub use admission::{Admission, AdmissionConfig, Ask};
pub use permit::{Caps, Permit, ReadPermit};
pub use refusal::{Refusal, RefusalReason};
pub use tier::{Limits, LimitsTable, Tier, UnknownTier};

#[cfg(test)]
mod tests;
