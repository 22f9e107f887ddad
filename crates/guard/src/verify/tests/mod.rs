//! The verifier against forged tokens. `g01` and so on number the attacks of the threat list the verifier was
//! built to.

mod attacks;
mod binding;
mod classic;
mod config;
mod forge;
mod fuzz;
mod memory;
mod own;
mod pair;
mod presets;
mod public_keys;
mod store;
mod table;
mod times;
mod wycheproof;
