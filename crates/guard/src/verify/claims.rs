//! The claims of a token (RFC 7519 §4), typed strictly. Whether they are acceptable is for `rules` to say.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::json::parse_object;
use crate::{Reason, Rejection, Scopes, UnixSeconds};

/// Deeper nesting than this has no use in an access token.
const CLAIMS_DEPTH_MAX: usize = 8;
/// A subject, token id or client id is at most this long.
const NAME_BYTES_MAX: usize = 255;
/// Numbers of seconds up to here are exact as floating point: 2^53.
const SECONDS_MAX: f64 = 9_007_199_254_740_992.0;

/// The claims of a token, unique keys guaranteed.
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Rejection> {
        parse_object(bytes, CLAIMS_DEPTH_MAX).map(Self).map_err(|_| Reason::ClaimsMalformed.into())
    }

    pub(super) fn get(&self, claim: &str) -> Option<&Value> {
        self.0.get(claim)
    }

    /// `iss`, if there is one; only a string is one (RFC 7519 §4.1.1).
    pub(super) fn issuer(&self) -> Result<Option<&str>, Rejection> {
        match self.get("iss") {
            None => Ok(None),
            Some(Value::String(issuer)) => Ok(Some(issuer)),
            Some(_) => Err(Reason::IssuerInvalid.into()),
        }
    }

    /// A moment: an integer, or a float without a fraction, from 0 to 2^53. Strings are refused
    /// (CVE-2026-25537).
    pub(super) fn moment(&self, claim: &str, invalid: Reason) -> Result<Option<UnixSeconds>, Rejection> {
        let Some(value) = self.get(claim) else { return Ok(None) };
        let seconds = value.as_u64().filter(|&seconds| seconds as f64 <= SECONDS_MAX).or_else(|| {
            let seconds = value.as_f64()?;
            (seconds.fract() == 0.0 && (0.0..=SECONDS_MAX).contains(&seconds)).then_some(seconds as u64)
        });
        seconds.map(|seconds| Some(UnixSeconds(seconds))).ok_or_else(|| invalid.into())
    }

    /// A string fit to be a name; `None` if the claim is absent.
    pub(super) fn name(&self, claim: &str, invalid: Reason) -> Result<Option<&str>, Rejection> {
        match self.get(claim) {
            None => Ok(None),
            Some(Value::String(name)) if is_name(name) => Ok(Some(name)),
            Some(_) => Err(invalid.into()),
        }
    }

    /// The subject. A claim other than `sub` may also be a whole number: web frameworks use their row number
    /// there.
    pub(super) fn subject(&self, claim: &str) -> Result<Arc<str>, Rejection> {
        if let Some(number) = self.get(claim).and_then(Value::as_u64).filter(|_| claim != "sub") {
            return Ok(number.to_string().into());
        }
        self.name(claim, Reason::SubjectInvalid)?.map(Into::into).ok_or_else(|| Reason::SubjectInvalid.into())
    }

    /// Whether the claim (`aud`, or what an issuer has in its place), a string or an array of strings, names one of us
    /// (RFC 7519 §4.1.3).
    pub(super) fn names_audience(&self, claim: &str, ours: &[String]) -> bool {
        let is_ours =
            |value: &Value| value.as_str().is_some_and(|audience| ours.iter().any(|our| our == audience));
        match self.get(claim) {
            Some(Value::Array(audiences)) => {
                audiences.iter().all(Value::is_string) && audiences.iter().any(is_ours)
            }
            Some(audience) => is_ours(audience),
            None => false,
        }
    }

    /// The known scopes in a space-delimited string or an array of strings; `None` if the claim is absent.
    pub(super) fn scopes(&self, claim: &str) -> Result<Option<Scopes>, Rejection> {
        match self.get(claim) {
            None => Ok(None),
            Some(Value::String(list)) => Ok(Some(Scopes::from_list(list))),
            Some(Value::Array(names)) => {
                let names: Option<Vec<_>> = names.iter().map(Value::as_str).collect();
                Ok(Some(Scopes::from_names(names.ok_or(Reason::ScopeInvalid)?)))
            }
            Some(_) => Err(Reason::ScopeInvalid.into()),
        }
    }
}

/// Whether a text may name a subject, a token or a client: 1 to 255 bytes that cannot forge a log line or a
/// screen.
///
/// Refused are control characters, the line and paragraph separators, and the characters that turn the
/// direction of writing. Look-alikes are not: they are another name, compared byte by byte.
pub(crate) fn is_name(text: &str) -> bool {
    let turns = |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (1..=NAME_BYTES_MAX).contains(&text.len()) && !text.chars().any(|c| c.is_control() || turns(c))
}

/// Whether a subject is what a program wrote where it had none. Signed or not, it names nobody, and all who have it
/// would be one.
pub(super) fn is_placeholder(sub: &str) -> bool {
    ["None", "null", "undefined", "AnonymousUser"].iter().any(|word| sub.trim().eq_ignore_ascii_case(word))
}
