//! The request path, from bytes to a subscription and back, one folder per wire.
//!
//! `service` decides what a request is; `path` is the life of a request; `wire` holds the encodings; `live` is
//! a subscription as a response body; `foreign` carries services of other making; `web` answers pages,
//! sign-in and key requests.
//!
//! **Not here:** model clients, the environment, command lines, metrics' names.
//!
//! **Invariants.** One canonical inner form: gRPC's enveloped messages and trailers. A response owns nothing
//! but its subscription. A failed stream never ends in a clean end of the body.

mod address;
mod app;
mod body;
mod cors;
mod denied;
mod evidence;
mod foreign;
mod live;
mod message;
mod method;
mod open;
mod path;
mod receive;
mod revoke;
mod routes;
mod service;
mod status;
mod unary;
mod web;
mod wire;

pub use address::{InvalidNet, IpNet};
pub use app::{App, Exposure, Guests, Identity, OnExpiry, RequestObserver};
pub use body::Body;
pub use cors::{Cors, InvalidOrigin};
pub use live::{LiveBody, Sink};
pub use routes::{Route, Routes};
pub use service::Bridge;
pub use status::{ERROR_DOMAIN, Status};

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{GeneralPurposeConfig, STANDARD_NO_PAD};

/// Base64 as gRPC writes binary headers: standard alphabet, without padding.
fn base64_unpadded(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(bytes)
}

/// Base64 as gRPC reads binary headers: with or without padding.
fn base64_any(text: &str) -> Option<Vec<u8>> {
    use base64::engine::DecodePaddingMode::Indifferent;
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent);
    GeneralPurpose::new(&base64::alphabet::STANDARD, config).decode(text).ok()
}
