//! One JSON Web Key (RFC 7517 §4) of somebody else, read with suspicion.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::numbers::{Numbers, Unusable};
use super::{Alg, VerifyingKey};

/// Members that only the owner of a key may know (RFC 7518 §6, RFC 8037 §2, and `priv` of newer kinds).
const PRIVATE: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// Whether a JWK that a caller sends with its own proof may be its key for this algorithm: public, and not said to be
/// for something else.
pub(crate) fn check_proof_jwk(jwk: &Map<String, Value>, alg: Alg) -> Result<(), Unusable> {
    if is_private(jwk) {
        return Err("has its private half with it");
    }
    if jwk.get("alg").is_some_and(|name| name.as_str().is_none_or(|name| !alg.accepts_name(name))) {
        return Err("is for another algorithm");
    }
    may_verify(jwk)
}

/// Whether the private half of the key, or a shared secret, is in it.
pub(super) fn is_private(jwk: &Map<String, Value>) -> bool {
    PRIVATE.iter().any(|name| jwk.contains_key(*name))
}

/// The key that this JWK is for an issuer with these algorithms.
pub(super) fn read(jwk: &Map<String, Value>, algorithms: &[Alg]) -> Result<VerifyingKey, Unusable> {
    may_verify(jwk)?;
    let kid = kid(jwk)?;
    let numbers = Numbers::from_jwk(jwk)?;
    let alg = match jwk.get("alg") {
        None => the_one(&numbers, algorithms)?,
        Some(Value::String(name)) => {
            let alg = name.parse().map_err(|_| "names an algorithm that is not used here")?;
            let allowed = algorithms.contains(&alg);
            if allowed { alg } else { return Err("names an algorithm that the issuer is not to use") }
        }
        Some(_) => return Err("has an alg that is not a string"),
    };
    VerifyingKey::public(&numbers, alg, kid)
}

/// The one algorithm that fits these numbers and that the issuer uses. With two, a token could choose.
pub(super) fn the_one(numbers: &Numbers, algorithms: &[Alg]) -> Result<Alg, Unusable> {
    let mut fitting = numbers.algorithms().iter().filter(|alg| algorithms.contains(alg));
    match (fitting.next(), fitting.next()) {
        (Some(alg), None) => Ok(*alg),
        (None, _) => Err("fits none of the issuer's algorithms"),
        (Some(_), Some(_)) => Err("fits several of the issuer's algorithms and names none"),
    }
}

/// `use` and `key_ops` (RFC 7517 §4.2, §4.3): if they are there, they must allow verifying.
fn may_verify(jwk: &Map<String, Value>) -> Result<(), Unusable> {
    if jwk.get("use").is_some_and(|purpose| purpose != "sig") {
        return Err("is not for signatures (use)");
    }
    let Some(operations) = jwk.get("key_ops") else { return Ok(()) };
    let verifies = operations.as_array().is_some_and(|all| all.iter().any(|one| one == "verify"));
    if verifies { Ok(()) } else { Err("is not for verifying (key_ops)") }
}

fn kid(jwk: &Map<String, Value>) -> Result<Option<Arc<str>>, Unusable> {
    match jwk.get("kid") {
        None => Ok(None),
        Some(Value::String(kid)) if !kid.is_empty() => Ok(Some(kid.as_str().into())),
        Some(_) => Err("has a kid that is not a string, or empty"),
    }
}
