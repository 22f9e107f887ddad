//! `[[auth.external]]`: another issuer whose tokens are accepted, and the presets for well-known ones. Its keys are
//! still where the configuration says.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use serde_json::Value;
use seseragi_guard::{Scopes, Tier};

use super::auth::scopes;
use super::preset::{self, Preset};
use super::source::Section;
use super::url;

const DAY_S: u64 = 86_400;
/// The signature algorithms of public keys.
const PUBLIC: [&str; 10] =
    ["ES256", "ES384", "EdDSA", "Ed25519", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];
/// Those of shared secrets.
const SHARED: [&str; 3] = ["HS256", "HS384", "HS512"];

/// Another issuer.
#[derive(Clone, Debug)]
pub struct ExternalConfig {
    /// What logs call it.
    pub name: String,
    /// The `iss` of its tokens; `None`: they carry none.
    pub issuer: Option<String>,
    /// Where its keys are; `None` only in a faulty configuration.
    pub keys: Option<KeySource>,
    /// Which algorithms its keys may have.
    pub algorithms: Vec<String>,
    /// The `kid` of a secret or a PEM.
    pub kid: Option<String>,
    /// Who its tokens must be for; empty: anybody.
    pub audiences: Vec<String>,
    /// The claim that says who they are for.
    pub audience_claim: String,
    /// The accepted values of `typ`.
    pub typ: Vec<String>,
    /// The claim with the subject.
    pub sub_claim: String,
    /// The claim with the scopes.
    pub scope_claim: String,
    /// The scopes of tokens without that claim.
    pub default_scopes: Scopes,
    /// The claim with the tier, if there is one.
    pub tier_claim: Option<String>,
    /// The tier of all others.
    pub tier: Tier,
    /// The longest life of its tokens.
    pub max_age_s: u64,
    /// The difference of clocks that is forgiven.
    pub clock_skew_s: u64,
    /// Claims that must be there with exactly these values.
    pub required_claims: BTreeMap<String, Value>,
    /// Whether its tokens are bound to keys.
    pub dpop: DpopRule,
    /// Whether its tokens may revoke.
    pub admin: bool,
}

/// Where an issuer's keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A file with a shared secret (HS256).
    Secret(PathBuf),
    /// A file with a public key in PEM form.
    Pem(PathBuf),
    /// A file with a key set.
    JwksFile(PathBuf),
    /// A key set to be fetched.
    JwksUrl(String),
}

/// Whether tokens are bound to keys. A token with `cnf.jkt` always needs its proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DpopRule {
    /// Bound ones need a proof, others pass.
    Optional,
    /// Only bound ones pass.
    Required,
}

/// Reads all of them, and checks them against each other.
pub(super) fn externals(auth: &Section<'_>) -> Vec<ExternalConfig> {
    let sections = auth.sections("external");
    let all: Vec<ExternalConfig> = sections.iter().map(external).collect();
    let (mut names, mut issuers) = (HashSet::new(), HashSet::new());
    for (section, each) in sections.iter().zip(&all) {
        if !names.insert(&each.name) {
            section.fault("name", "another issuer has it");
        }
        if !issuers.insert(&each.issuer) {
            let hint = match &each.issuer {
                Some(_) => "another issuer has the same iss",
                None => "only one issuer may go without",
            };
            section.fault("issuer", hint);
        }
    }
    all
}

fn external(section: &Section<'_>) -> ExternalConfig {
    let preset = preset(section);
    let optional = |key| Some(section.text(key, "")).filter(|text| !text.is_empty());
    let keys = keys(section);
    let external = ExternalConfig {
        name: name(section),
        issuer: optional("issuer"),
        algorithms: algorithms(section, preset, keys.as_ref()),
        kid: optional("kid"),
        audiences: section.texts("audiences", preset.audiences),
        audience_claim: section.text("audience_claim", preset.audience_claim),
        typ: section.texts("typ", preset.typ),
        sub_claim: section.text("sub_claim", preset.sub_claim),
        scope_claim: section.text("scope_claim", preset.scope_claim),
        default_scopes: scopes(section, "default_scopes", preset.default_scopes),
        tier_claim: optional("tier_claim"),
        tier: section
            .choice("tier", &[("user", Tier::User), ("guest", Tier::Guest), ("server", Tier::Server)]),
        max_age_s: section.number("max_age_s", preset.max_age_s, 1..=DAY_S),
        clock_skew_s: section.number("clock_skew_s", 30, 0..=300),
        required_claims: required_claims(section, preset),
        dpop: section.choice("dpop", &[("optional", DpopRule::Optional), ("required", DpopRule::Required)]),
        admin: section.truth("admin", false),
        keys,
    };
    check(section, &external);
    section.done();
    external
}

fn preset(section: &Section<'_>) -> &'static Preset {
    let name = section.text("preset", "");
    preset::find(&name).unwrap_or_else(|| {
        section.fault("preset", format!("there is no such preset; there is: {}", preset::names().join(", ")));
        &preset::NONE
    })
}

fn name(section: &Section<'_>) -> String {
    let name = section.text("name", "");
    let fits = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fits || !(1..=64).contains(&name.len()) {
        section.fault("name", "write 1 to 64 of a-z, 0-9 and -");
    }
    name
}

/// Exactly one source of keys.
fn keys(section: &Section<'_>) -> Option<KeySource> {
    let mut found: Vec<KeySource> = Vec::new();
    found.extend(section.file("hs256_secret_file").map(KeySource::Secret));
    found.extend(section.file("public_key_file").map(KeySource::Pem));
    found.extend(section.file("jwks_file").map(KeySource::JwksFile));
    let url = section.text("jwks_url", "");
    if !url.is_empty() && !url::is_key_url(&url) {
        section.fault("jwks_url", "write https://…, or http:// of a loopback address");
    }
    found.extend(Some(url).filter(|url| !url.is_empty()).map(KeySource::JwksUrl));
    let known = ["hs256_secret_file", "public_key_file", "jwks_file", "jwks_url"].join(", ");
    match found.len() {
        0 => section.fault("hs256_secret_file", format!("say where its keys are: one of {known}")),
        1 => {}
        _ => section.fault("hs256_secret_file", format!("keys come from one place: keep one of {known}")),
    }
    found.into_iter().next()
}

fn algorithms(section: &Section<'_>, preset: &Preset, keys: Option<&KeySource>) -> Vec<String> {
    let secret = matches!(keys, Some(KeySource::Secret(_)));
    let algorithms = section.texts("algorithms", if secret { &[] } else { preset.algorithms });
    let shared = matches!(keys, Some(KeySource::Secret(_) | KeySource::JwksFile(_)));
    let known = |name: &&String| {
        (shared && SHARED.contains(&name.as_str())) || (!secret && PUBLIC.contains(&name.as_str()))
    };
    if !secret && keys.is_some() && algorithms.is_empty() {
        section.fault("algorithms", "name the algorithms its keys may have, such as [\"RS256\"]");
    } else if secret && algorithms.len() > 1 {
        section.fault("algorithms", "a shared secret has one algorithm; leave this out for HS256");
    } else if let Some(other) = algorithms.iter().find(|name| !known(name)) {
        let fit = if secret { SHARED.join(", ") } else { PUBLIC.join(", ") };
        section.fault("algorithms", format!("{other:?} does not fit its keys; there is: {fit}"));
    }
    algorithms
}

/// The preset's, and those of the section, which win.
fn required_claims(section: &Section<'_>, preset: &Preset) -> BTreeMap<String, Value> {
    let mut claims: BTreeMap<String, Value> = preset
        .required_claims
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .collect();
    for (name, value) in section.values("required_claims") {
        match serde_json::to_value(value) {
            Ok(value @ (Value::String(_) | Value::Bool(_) | Value::Number(_))) => {
                drop(claims.insert(name, value))
            }
            _ => section.fault("required_claims", format!("{name:?} must be a text, a number or a truth")),
        }
    }
    claims
}

fn check(section: &Section<'_>, external: &ExternalConfig) {
    for (key, claim) in [
        ("sub_claim", &external.sub_claim),
        ("scope_claim", &external.scope_claim),
        ("audience_claim", &external.audience_claim),
    ] {
        if claim.is_empty() {
            section.fault(key, "must name a claim");
        }
    }
    if external.typ.is_empty() {
        section.fault("typ", "name the values of typ that its access tokens have, such as [\"at+jwt\"]");
    }
    let single = matches!(external.keys, Some(KeySource::Secret(_) | KeySource::Pem(_)));
    if external.kid.is_some() && !single {
        section.fault("kid", "only a secret and a PEM have no name of their own: leave this out");
    }
}
