//! What a token is bound to (`cnf`, RFC 7800): a key, a cookie, or nothing.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::claims::Claims;
use crate::{Reason, Rejection};

/// The bindings of a token. All that are there must hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Confirmation {
    /// The thumbprint of a key (RFC 9449 §6.1): 43 characters.
    pub(crate) jkt: Option<Arc<str>>,
    /// The SHA-256 of a cookie's value in base64url: 43 characters. Ours.
    pub(crate) cbh: Option<Arc<str>>,
}

impl Confirmation {
    /// A `cnf` that is there must be understood in full: a binding that is not known cannot be checked.
    pub(super) fn of(claims: &Claims) -> Result<Self, Rejection> {
        let members = match claims.get("cnf") {
            None => return Ok(Self::default()),
            Some(Value::Object(members)) if !members.is_empty() => members,
            Some(_) => return Err(Reason::ConfirmationInvalid.into()),
        };
        if members.keys().any(|name| !matches!(&**name, "jkt" | "cbh")) {
            return Err(Reason::ConfirmationInvalid.into());
        }
        Ok(Self { jkt: digest_in(members, "jkt")?, cbh: digest_in(members, "cbh")? })
    }

    /// Whether this is the cookie the token is bound to, if it is bound to one.
    pub(crate) fn check_cookie(&self, cookie: Option<&str>) -> Result<(), Rejection> {
        let Some(cbh) = &self.cbh else { return Ok(()) };
        let hash = cookie.map(|value| URL_SAFE_NO_PAD.encode(digest(&SHA256, value.as_bytes())));
        let same = hash.is_some_and(|hash| same_text(&hash, cbh));
        if same { Ok(()) } else { Err(Reason::CookieMismatch.into()) }
    }
}

/// Whether two texts are equal, in a time that does not tell where they differ.
pub(crate) fn same_text(a: &str, b: &str) -> bool {
    verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}

/// A SHA-256 in canonical base64url.
fn digest_in(members: &Map<String, Value>, name: &str) -> Result<Option<Arc<str>>, Rejection> {
    let Some(value) = members.get(name) else { return Ok(None) };
    let text = value.as_str().ok_or(Reason::ConfirmationInvalid)?;
    let mut bytes = [0; 33];
    let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).map_err(|_| Reason::ConfirmationInvalid)?;
    if length == 32 { Ok(Some(text.into())) } else { Err(Reason::ConfirmationInvalid.into()) }
}
