//! The header of a token (RFC 7515 §4), of which only three fields are used and a fourth is tolerated.

use std::sync::Arc;

use serde_json::Value;

use super::json::parse_object;
use crate::{Reason, Rejection};

/// A header longer than this is an attack or a mistake.
const HEADER_BYTES_MAX: usize = 1024;
/// An object in the object is still read, so that the reason says which field is forbidden.
const HEADER_DEPTH_MAX: usize = 2;

/// What the header claims about the token. It only selects a key; the key then says what must be true.
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) typ: Option<String>,
    pub(super) kid: Option<Arc<str>>,
    /// Whether there is an `x5t`, which some issuers repeat the kid in. Its value is never looked at.
    pub(super) has_x5t: bool,
}

impl Header {
    /// `crit`, `b64`, `zip`, `cty`, `jku`, `jwk`, `x5u`, `x5c` and everything else is refused, not ignored.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Rejection> {
        if bytes.len() > HEADER_BYTES_MAX {
            return Err(Reason::HeaderMalformed.into());
        }
        let fields = parse_object(bytes, HEADER_DEPTH_MAX).map_err(|_| Reason::HeaderMalformed)?;
        let (mut alg, mut typ, mut kid, mut x5t) = (None, None, None, None);
        for (name, value) in fields {
            let slot = match &*name {
                "alg" => &mut alg,
                "typ" => &mut typ,
                "kid" => &mut kid,
                "x5t" => &mut x5t,
                _ => return Err(Reason::HeaderFieldForbidden.into()),
            };
            let Value::String(text) = value else { return Err(Reason::HeaderMalformed.into()) };
            *slot = Some(text);
        }
        let alg = alg.ok_or(Reason::HeaderMalformed)?;
        Ok(Self { alg, typ, kid: kid.map(Into::into), has_x5t: x5t.is_some() })
    }
}
