//! The model itself: hyperparameters, weights, and one step of the forward pass.
//!
//! A step takes any number of generations at once, each with its own cache and any number of new tokens. What
//! one of them gets does not depend on the others: the same tokens give the same logits alone or in company,
//! one by one or together. It knows no text; tokens in, logits out.

mod cache;
mod forward;
mod hyper;
mod ops;
mod rope;
#[cfg(test)]
mod tests;
mod weights;

pub(crate) use cache::Cache;
pub(crate) use forward::Work;
pub(crate) use weights::Model;
