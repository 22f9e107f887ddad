//! What the tokens of well-known issuers look like, so that a configuration needs a few lines.
//!
//! A preset is a set of defaults for an [`ExternalIssuer`]; nothing else depends on it, and every value can be set
//! otherwise. `simplejwt-*`, `allauth` and `oidc` are tried against the real thing. Of `keycloak`, `auth0`, `cognito`,
//! `supabase` and `entra` the token shape is tested, by what their documentation says of it, but they are not run live.

use super::external::{ExternalIssuer, KeySource};
use crate::Scope;

impl ExternalIssuer {
    /// The names of all presets.
    pub const PRESETS: [&str; 9] = [
        "simplejwt-hs256",
        "simplejwt-rs256",
        "allauth",
        "oidc",
        "keycloak",
        "auth0",
        "cognito",
        "supabase",
        "entra",
    ];

    /// An issuer with the defaults of a preset; `None` if there is none of this name.
    ///
    /// What a preset leaves to the configuration: `issuer`, which only `simplejwt-hs256`, `simplejwt-rs256` and
    /// `allauth` can go without, the audiences, and for `oidc` the algorithms.
    pub fn preset(preset: &str, name: impl Into<String>, keys: KeySource) -> Option<Self> {
        let mut issuer = Self::new(name, keys);
        match preset {
            "simplejwt-hs256" => issuer.simplejwt(&[]),
            "simplejwt-rs256" => issuer.simplejwt(&["RS256"]),
            "allauth" => issuer.allauth(),
            "oidc" => issuer.typ = texts(&["at+jwt", "application/at+jwt"]),
            "keycloak" => issuer.keycloak(),
            "auth0" => issuer.auth0(),
            "cognito" => issuer.cognito(),
            "supabase" => issuer.supabase(),
            "entra" => issuer.entra(),
            _ => return None,
        }
        Some(issuer)
    }

    /// djangorestframework-simplejwt: no `iss`, `aud`, `sub` or `scope` unless they are configured there; the refresh
    /// token is a JWT under the same key and differs in `token_type` only.
    fn simplejwt(&mut self, algorithms: &[&str]) {
        self.algorithms = texts(algorithms);
        self.sub_claim = "user_id".to_owned();
        self.require("token_type", "access");
        self.default_scopes = Scope::InferRead.into();
    }

    /// The JWT strategy of django-allauth's headless mode: RS256 with a kid; `token_use` tells its refresh tokens apart.
    /// Its `sid` differs in every token of a sign-in, so only `sub` and `jti` can be revoked by name.
    fn allauth(&mut self) {
        self.algorithms = texts(&["RS256"]);
        self.require("token_use", "access");
        self.default_scopes = Scope::InferRead.into();
    }

    /// Keycloak 26: the claim `typ` is `Bearer` in access tokens and `ID` in ID tokens, which have the same header and
    /// key. Realms that issue bound tokens say `DPoP` there: set `required_claims` accordingly.
    fn keycloak(&mut self) {
        self.algorithms = texts(&["RS256"]);
        self.typ = texts(&["JWT", "at+jwt"]);
        self.require("typ", "Bearer");
    }

    /// Auth0, both token profiles. Its ID tokens say `JWT` as well and are for the client, not for an API: set the
    /// audiences. An access token lives a day by default.
    fn auth0(&mut self) {
        self.algorithms = texts(&["RS256"]);
        self.typ = texts(&["at+jwt", "JWT"]);
        self.max_age_s = 86_400;
    }

    /// Amazon Cognito: access tokens have no `aud` and no `typ`; `token_use` tells ID tokens apart.
    fn cognito(&mut self) {
        self.algorithms = texts(&["RS256"]);
        self.audience_claim = "client_id".to_owned();
        self.require("token_use", "access");
    }

    /// Supabase Auth: `aud` and `role` are `authenticated` for whoever is signed in, anonymous sign-ins included.
    fn supabase(&mut self) {
        self.algorithms = texts(&["ES256", "RS256"]);
        self.audiences = texts(&["authenticated"]);
        self.require("role", "authenticated");
        self.default_scopes = Scope::InferRead.into();
    }

    /// Microsoft Entra ID: scopes are in `scp`; a token lives 60 to 90 minutes. `sub` differs from application to
    /// application; `oid` is the same in all.
    fn entra(&mut self) {
        self.algorithms = texts(&["RS256"]);
        self.scope_claim = "scp".to_owned();
        self.max_age_s = 7200;
    }

    fn require(&mut self, claim: &str, value: &str) {
        self.required_claims.insert(claim.to_owned(), value.into());
    }
}

fn texts(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}
