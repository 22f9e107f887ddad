//! Makes good tokens, bad tokens, and a verifier to try them on.

use std::sync::{Arc, LazyLock};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::{
    Caller, ConfigFaults, Dpop, DpopConfig, ExternalIssuer, Gate, GateParts, IgnoreAuth, Issuer,
    IssuerConfig, KeyRing, KeySource, Reason, Rejection, Revocations, SigningKey, UnixSeconds,
    VerifierConfig,
};

pub(super) const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
pub(super) const ISSUER: &str = "https://seseragi.test";
pub(super) const AUDIENCE: &str = "seseragi";
/// An external issuer without `iss`, as a small web framework has it.
pub(super) const CLASSIC_SECRET: &[u8] = b"k3Jw8-Zq1vT0pXn5RbYc7LdQ2mFhGs9e";
/// An external issuer with everything.
pub(super) const FULL_SECRET: &[u8] = b"Vt4_yN8uHs2kWqE6oRz1BxPc0JmDg7Lf";
pub(super) const FULL_ISSUER: &str = "https://django.test/";

/// Two gates with the same three issuers, one of which remembers, and the first of the issuers.
pub(super) struct World {
    pub(super) issuer: Issuer,
    pub(super) forgetful: Gate,
    pub(super) remembering: Gate,
}

pub(super) static WORLD: LazyLock<World> = LazyLock::new(|| {
    let issuer =
        Issuer::new(KeyRing::of_one(SigningKey::generate().unwrap()), IssuerConfig::new(ISSUER, AUDIENCE));
    let mut full = ExternalIssuer::new("django", shared(FULL_SECRET, Some("d1")));
    full.issuer = Some(FULL_ISSUER.to_owned());
    full.audiences = vec!["api".to_owned(), AUDIENCE.to_owned()];
    full.sub_claim = "user_id".to_owned();
    full.scope_claim = "permissions".to_owned();
    full.required_claims.insert("token_type".to_owned(), "access".into());
    let external = vec![ExternalIssuer::new("classic", shared(CLASSIC_SECRET, None)), full];
    let config = VerifierConfig { own: issuer.as_own_issuer(), external };
    World { issuer, forgetful: gate(config.clone(), false), remembering: gate(config, true) }
});

/// A gate without API keys and without a way to fetch.
pub(super) fn gate(verifier: VerifierConfig, cache: bool) -> Gate {
    try_gate(verifier, cache).unwrap()
}

pub(super) fn try_gate(verifier: VerifierConfig, cache: bool) -> Result<Gate, ConfigFaults> {
    let dpop = DpopConfig { origins: vec![ISSUER.to_owned()], require_nonce: false, replays_max: 1000 };
    let parts = GateParts {
        verifier,
        dpop: Dpop::new(dpop),
        revocations: Revocations::default(),
        api_keys: None,
        fetch: None,
        observer: Arc::new(IgnoreAuth),
        cache,
    };
    Gate::new(parts)
}

pub(super) fn shared(secret: &[u8], kid: Option<&str>) -> KeySource {
    KeySource::Hs256 { secret: secret.to_owned(), kid: kid.map(str::to_owned) }
}

pub(super) fn own_header() -> Value {
    json!({"typ": "at+jwt", "alg": "ES256", "kid": WORLD.issuer.key().kid()})
}

pub(super) fn own_claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "alice", "aud": AUDIENCE, "exp": NOW.0 + 300, "iat": NOW.0, "nbf": NOW.0, "jti": "j1",
        "client_id": "web", "scope": "infer:read", "lim": "user",
    })
}

/// `object` with one member set.
pub(super) fn with(mut object: Value, name: &str, value: impl Into<Value>) -> Value {
    object[name] = value.into();
    object
}

/// `object` with one member taken out.
pub(super) fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().remove(name);
    object
}

/// A token signed with our own key, whatever the two texts are.
pub(super) fn signed_by_us(header: impl ToString, claims: impl ToString) -> String {
    signed(header, claims, |message| WORLD.issuer.key().sign(message).as_ref().to_vec())
}

/// A token signed with HMAC-SHA256.
pub(super) fn signed_with(secret: &[u8], header: impl ToString, claims: impl ToString) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    signed(header, claims, |message| hmac::sign(&key, message).as_ref().to_vec())
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "texts, JSON and references to them are all convenient here"
)]
pub(super) fn signed(
    header: impl ToString,
    claims: impl ToString,
    sign: impl FnOnce(&[u8]) -> Vec<u8>,
) -> String {
    let message = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
    let signature = sign(message.as_bytes());
    format!("{message}.{}", b64(signature))
}

pub(super) fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The verdict on a token: the same without memory, at first sight, and at second.
pub(super) fn verify(token: &str) -> Result<Caller, Reason> {
    verify_at(token, NOW)
}

#[track_caller]
pub(super) fn verify_at(token: &str, now: UnixSeconds) -> Result<Caller, Reason> {
    let ask = |gate: &Gate| gate.verify_token(token, now).map_err(Rejection::reason);
    let verdict = ask(&WORLD.forgetful);
    for _ in 0..2 {
        let again = ask(&WORLD.remembering);
        assert_eq!(format!("{again:?}"), format!("{verdict:?}"), "{token}");
    }
    verdict
}

#[track_caller]
pub(super) fn refused(token: &str, reason: Reason) {
    assert_eq!(verify(token).map(|caller| caller.subject().clone()), Err(reason), "{token}");
}

#[track_caller]
pub(super) fn accepted(token: &str) -> Caller {
    verify(token).unwrap_or_else(|reason| panic!("{}: {token}", reason.as_str()))
}

/// Our own token with one claim set.
#[track_caller]
pub(super) fn own_claim(name: &str, value: impl Into<Value>, expected: Result<(), Reason>) {
    let claims = with(own_claims(), name, value);
    let found = verify(&signed_by_us(own_header(), &claims)).map(drop);
    assert_eq!(found, expected, "{claims}");
}
