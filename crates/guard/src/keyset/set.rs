//! The keys of one issuer.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value};
use thiserror::Error;

use super::numbers::Unusable;
use super::{Alg, KEY_SET_BYTES_MAX, VerifyingKey, jwk, pem};
use crate::verify::parse_object;

/// More keys than any issuer needs while it changes them.
const KEYS_MAX: usize = 64;
/// A set holds a list of keys, which hold lists, and `oth` of RSA keys holds objects.
const DEPTH_MAX: usize = 6;

/// Why a whole key set is refused. The texts are for the operator; they quote names of keys, never their content.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum KeySetFault {
    #[error("the key set is longer than 256 KiB")]
    TooLarge,
    #[error("the key set is not one JSON object with unique keys at every level: {0}")]
    NotJson(String),
    #[error("the key set has no list `keys` of objects (RFC 7517 §5)")]
    NoList,
    #[error("the key set has more than 64 keys")]
    TooManyKeys,
    #[error("the key set has two keys of the kid `{0}`")]
    RepeatedKid(String),
    #[error("the key set holds a shared secret (kty `oct`): whoever can read it can sign")]
    SharedSecret,
    #[error("the key set holds the private half of a key: whoever can read it can sign")]
    PrivateKey,
    #[error("the key set has no key that can be used{0}")]
    NoUsableKey(String),
    #[error("the PEM file is not one public key (BEGIN PUBLIC KEY): {0}")]
    NotPem(&'static str),
    #[error("the key of the PEM file {0}")]
    Unusable(Unusable),
}

/// Keys with unique names, each with exactly one algorithm.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeySet {
    keys: Vec<VerifyingKey>,
}

impl KeySet {
    /// A key set by RFC 7517 §5, for an issuer that signs with these algorithms.
    ///
    /// Single keys that cannot be used are left out: sets hold keys for encryption, and of kinds to come.
    ///
    /// # Errors
    /// [`KeySetFault`] if the set as a whole cannot be trusted to mean one thing, or no key is left.
    pub(crate) fn parse(json: &[u8], algorithms: &[Alg]) -> Result<Self, KeySetFault> {
        if json.len() > KEY_SET_BYTES_MAX {
            return Err(KeySetFault::TooLarge);
        }
        let set = parse_object(json, DEPTH_MAX).map_err(|error| KeySetFault::NotJson(place(&error)))?;
        let list = set.get("keys").and_then(Value::as_array).ok_or(KeySetFault::NoList)?;
        if list.len() > KEYS_MAX {
            return Err(KeySetFault::TooManyKeys);
        }
        let jwks =
            list.iter().map(Value::as_object).collect::<Option<Vec<_>>>().ok_or(KeySetFault::NoList)?;
        check_whole(&jwks)?;
        let (mut keys, mut skipped) = (Vec::new(), String::new());
        for key in jwks {
            match jwk::read(key, algorithms) {
                Ok(key) => keys.push(key),
                Err(why) => note(&mut skipped, key, why),
            }
        }
        if keys.is_empty() { Err(KeySetFault::NoUsableKey(skipped)) } else { Ok(Self { keys }) }
    }

    /// The one public key of a PEM file (SubjectPublicKeyInfo, RFC 7468 §13), under a name of the configuration.
    ///
    /// # Errors
    /// [`KeySetFault::NotPem`] or [`KeySetFault::Unusable`].
    pub(crate) fn from_pem(
        text: &str,
        kid: Option<Arc<str>>,
        algorithms: &[Alg],
    ) -> Result<Self, KeySetFault> {
        let numbers = pem::read(text)?;
        let key = jwk::the_one(&numbers, algorithms)
            .and_then(|alg| VerifyingKey::public(&numbers, alg, kid))
            .map_err(KeySetFault::Unusable)?;
        Ok(Self { keys: vec![key] })
    }

    /// These keys: our own, or a shared secret of the configuration.
    ///
    /// # Errors
    /// [`KeySetFault::RepeatedKid`].
    pub(crate) fn of(keys: Vec<VerifyingKey>) -> Result<Self, KeySetFault> {
        let mut kids = HashSet::new();
        let repeated = keys.iter().filter_map(VerifyingKey::kid).find(|kid| !kids.insert(*kid));
        match repeated {
            Some(kid) => Err(KeySetFault::RepeatedKid(kid.to_owned())),
            None => Ok(Self { keys }),
        }
    }

    /// The key of exactly this name; for `None` the one key that has no name.
    pub(crate) fn find(&self, kid: Option<&str>) -> Option<&VerifyingKey> {
        let mut found = self.keys.iter().filter(|key| key.kid() == kid);
        found.next().filter(|_| found.next().is_none())
    }

    /// The key, if there is exactly one.
    pub(crate) fn only(&self) -> Option<&VerifyingKey> {
        if let [key] = &*self.keys { Some(key) } else { None }
    }

    /// All keys, in the order of the set.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }
}

/// What makes the whole set untrustworthy, in keys that we would skip as well.
fn check_whole(jwks: &[&Map<String, Value>]) -> Result<(), KeySetFault> {
    let mut kids = HashSet::new();
    for key in jwks {
        if key.get("kty").is_some_and(|kty| kty == "oct") {
            return Err(KeySetFault::SharedSecret);
        }
        if jwk::is_private(key) {
            return Err(KeySetFault::PrivateKey);
        }
        if let Some(kid) = key.get("kid").and_then(Value::as_str)
            && !kids.insert(kid)
        {
            return Err(KeySetFault::RepeatedKid(kid.escape_debug().take(64).collect()));
        }
    }
    Ok(())
}

/// Where the JSON is wrong: not the text itself, which may be a page with anything in it.
fn place(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

/// Says of the first few keys why they were left out.
fn note(skipped: &mut String, key: &Map<String, Value>, why: Unusable) {
    const SHOWN: usize = 400;
    if skipped.len() < SHOWN {
        let kid = key.get("kid").and_then(Value::as_str).unwrap_or("without kid");
        let kid: String = kid.escape_debug().take(64).collect();
        skipped.push_str(&format!("; key `{kid}` {why}"));
    }
}
