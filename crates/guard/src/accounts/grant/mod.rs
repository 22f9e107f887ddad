//! The rights by which tokens are issued, but for a password and a cookie.

mod api_key;
mod code;
mod guest;
mod redirect;
mod refresh;
