//! What the program trusts, opened at start: the data folder, the store, the signing keys, other issuers.
//!
//! What is there and cannot be used stops the start with a sentence that says what to do; nothing is ever replaced
//! silently.

mod external;
mod fetch;
mod folder;
mod house;
mod issuers;
mod parts;
mod warn;

pub use external::{External, external};
pub use folder::{DataFolder, folder};
pub use house::House;
pub use issuers::Issuers;
pub use parts::{GateNeeds, Own, Vault, accounts, audit, check, gate, own, revocations, store, vault};
pub use warn::warn;
