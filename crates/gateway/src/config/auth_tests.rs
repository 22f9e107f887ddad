//! The faults of `[auth]` and `[store]`, and what presets change.

use std::collections::BTreeMap;

use serde_json::json;
use seseragi_bridge::OnExpiry;
use seseragi_guard::{Scope, Scopes};

use super::auth::AuthConfig;
use super::load::parse;
use super::source::Fault;
use super::{DpopRule, KeySource};

fn faults(text: &str) -> Vec<Fault> {
    parse(text, [], BTreeMap::new()).expect_err("must have faults")
}

fn auth(text: &str) -> AuthConfig {
    parse(text, [], BTreeMap::new()).expect("valid").0.auth
}

#[test]
fn the_defaults_are_those_of_the_design() {
    let auth = auth("");
    assert_eq!(auth.dpop_origins, ["http://127.0.0.1:8080"]);
    assert_eq!((auth.session_idle_s, auth.session_max_s, auth.refresh_grace_s), (604_800, 2_592_000, 10));
    assert_eq!(auth.on_expiry, OnExpiry::Continue);
    assert_eq!((auth.hashing.memory_kib, auth.hashing.passes, auth.hashing.lanes), (19_456, 2, 1));
    assert!(!auth.dpop_nonce && !auth.allow_private_key_urls && auth.trusted_proxies.is_empty());
}

#[test]
fn every_mistake_of_auth_is_a_fault_with_its_path() {
    let found = faults(
        r#"
        [store]
        postgres_url_file = "postgres://seseragi:hunter2hunter2@db/seseragi"
        [auth]
        issuer_url = "api.example"
        audience = ""
        token_header = "Cookie"
        on_expiry = "maybe"
        session_idle_s = 2000000
        session_max_s = 1000000
        key_rotation_days = 0
        dpop_origins = ["https://API.example/x"]
        dpop_nonce = "perhaps"
        trusted_proxies = ["10.0.0.0/33"]
        sesion_idle_s = 1
        [auth.hashing]
        memory_kib = 8192
        passes = 1
        [[auth.clients]]
        id = "a"
        redirect_uris = ["http://app.example/cb"]
        scopes = ["everything"]
        [[auth.clients]]
        id = "a"
        [[auth.external]]
        name = "A B"
        preset = "okta"
        hs256_secret_file = "a"
        jwks_url = "http://id.example/jwks"
        typ = []
        required_claims = { roles = ["a"] }
        [[auth.external]]
        name = "b"
        public_key_file = "b.pem"
        default_scopes = ["infer:write"]
        [[auth.external]]
        name = "b"
        jwks_file = "b.json"
        kid = "x"
        algorithms = ["none"]
        "#,
    );
    let paths: Vec<&str> = found.iter().map(|f| f.path.as_str()).collect();
    let wanted = [
        "store.postgres_url_file",
        "auth.issuer_url",
        "auth.audience",
        "auth.token_header",
        "auth.on_expiry",
        "auth.session_idle_s",
        "auth.key_rotation_days",
        "auth.dpop_origins",
        "auth.dpop_nonce",
        "auth.trusted_proxies",
        "auth.sesion_idle_s",
        "auth.hashing.passes",
        "auth.clients[0].redirect_uris",
        "auth.clients[0].scopes",
        "auth.clients[1].redirect_uris",
        "auth.clients[1].id",
        "auth.external[0].name",
        "auth.external[0].preset",
        "auth.external[0].jwks_url",
        "auth.external[0].hs256_secret_file",
        "auth.external[0].typ",
        "auth.external[0].required_claims",
        "auth.external[1].algorithms",
        "auth.external[1].default_scopes",
        "auth.external[1].issuer",
        "auth.external[2].name",
        "auth.external[2].algorithms",
        "auth.external[2].kid",
        "auth.external[2].issuer",
    ];
    for path in wanted {
        assert!(paths.contains(&path), "{path} is missing in {paths:?}");
    }
    assert_eq!(paths.len(), wanted.len(), "{found:#?}");
    assert!(found.iter().all(|f| !f.hint.contains("hunter2")), "a secret is quoted: {found:?}");
}

#[test]
fn an_issuer_url_that_could_be_written_in_two_ways_is_a_fault() {
    for bad in
        ["https://a.example/", "https://a.example/x/", "https://a.example?x", "https://a.example#x", "//a"]
    {
        let found = faults(&format!("[auth]\nissuer_url = \"{bad}\""));
        assert_eq!(found.iter().map(|f| &*f.path).collect::<Vec<_>>(), ["auth.issuer_url"], "{bad}");
        assert!(found[0].hint.contains("without / at its end"), "{}", found[0].hint);
    }
    assert_eq!(auth("[auth]\nissuer_url = \"https://a.example/x\"").issuer_url, "https://a.example/x");
}

#[test]
fn external_mode_needs_an_issuer() {
    assert_eq!(faults("[auth]\nissuer = \"external\"")[0].path, "auth.issuer");
}

#[test]
fn our_own_iss_is_nobody_elses() {
    let text = "[auth]\nissuer_url = \"https://a.example\"\n[[auth.external]]\nname = \"a\"\n\
                issuer = \"https://a.example\"\nhs256_secret_file = \"s\"";
    assert_eq!(faults(text)[0].path, "auth.issuer_url");
}

#[test]
fn the_three_lines_of_the_classic_view_are_enough() {
    let auth = auth("[[auth.external]]\nname = \"django\"\nhs256_secret_file = \"django.secret\"");
    let django = &auth.external[0];
    assert_eq!(django.keys, Some(KeySource::Secret("django.secret".into())));
    assert_eq!((django.issuer.as_deref(), django.typ.as_slice()), (None, ["JWT".to_owned()].as_slice()));
    assert_eq!((django.dpop, django.admin), (DpopRule::Optional, false));
}

#[test]
fn a_preset_changes_defaults_and_settings_win() {
    let text = "[[auth.external]]\nname = \"a\"\npreset = \"cognito\"\njwks_url = \"https://a.example/jwks\"\n\
                issuer = \"https://a.example\"\nmax_age_s = 60\nrequired_claims = { realm = \"x\" }";
    let auth = auth(text);
    let cognito = &auth.external[0];
    assert_eq!((cognito.audience_claim.as_str(), cognito.max_age_s), ("client_id", 60));
    assert_eq!(cognito.algorithms, ["RS256"]);
    assert_eq!(cognito.default_scopes, Scopes::from(Scope::InferRead));
    assert_eq!(json!(cognito.required_claims), json!({"realm": "x", "token_use": "access"}));
}

#[test]
fn every_preset_works_with_nothing_but_keys() {
    for name in super::preset::names() {
        let keys = if name.ends_with("hs256") { "hs256_secret_file = \"s\"" } else { "jwks_file = \"j\"" };
        let text =
            format!("[[auth.external]]\nname = \"a\"\npreset = \"{name}\"\nissuer = \"https://i\"\n{keys}");
        auth(&text);
    }
}
