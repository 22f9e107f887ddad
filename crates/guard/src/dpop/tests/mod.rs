//! Good proofs, and every way to make a bad one pass.

mod accepted;
mod attacks;
mod bits;
mod replay;

use serde_json::{Value, json};

use super::{Dpop, DpopConfig, ProofTarget, TestProver};
use crate::{Public, Reason, UnixSeconds};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
const ORIGIN: &str = "https://api.example";
const URL: &str = "https://api.example/infer.Infer/Stream";
const TOKEN: &str = "eyJ.eyJ.sig";

/// A call of a remote method with an access token.
const CALL: ProofTarget<'_> = ProofTarget {
    method: "POST",
    path: "/infer.Infer/Stream",
    local_origin: None,
    access_token: Some(TOKEN),
    nonce: false,
};

fn dpop() -> Dpop {
    Dpop::new(DpopConfig { origins: vec![ORIGIN.to_owned()], ..DpopConfig::default() })
}

/// A good proof for [`CALL`] with its header and claims changed.
fn changed(prover: &TestProver, header: &[(&str, Value)], claims: &[(&str, Value)]) -> String {
    let set = |mut object: Value, members: &[(&str, Value)]| {
        for (name, value) in members {
            object[*name] = value.clone();
        }
        object
    };
    let claims = set(prover.claims("POST", URL, Some(TOKEN), None, NOW), claims);
    prover.sign(&set(prover.header(), header), &claims)
}

/// Why a proof for [`CALL`] is refused at a server that has seen none before.
fn refusal(proof: &str) -> Reason {
    let rejection = dpop().prove(proof, &CALL, NOW).expect_err(proof);
    assert_eq!(rejection.public(), Public::Proof, "the caller learns nothing else");
    rejection.reason()
}

fn without(mut object: Value, member: &str) -> Value {
    object.as_object_mut().unwrap().remove(member);
    object
}

/// A private member for a key that has none.
fn leaked(jwk: &Value, member: &str) -> Value {
    let mut jwk = jwk.clone();
    jwk[member] = json!("AQAB");
    jwk
}
