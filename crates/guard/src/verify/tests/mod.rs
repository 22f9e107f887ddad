//! The verifier against forged tokens. `g01` and so on number the attacks of the threat list the verifier was
//! built to.

mod attacks;
mod classic;
mod config;
mod forge;
mod own;
mod times;
