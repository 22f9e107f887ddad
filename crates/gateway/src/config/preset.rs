//! Presets of well-known issuers: other defaults for the settings of `[[auth.external]]`. What is not here has the
//! default of the documented file.

/// The defaults of one kind of issuer.
#[derive(Debug)]
pub(super) struct Preset {
    name: &'static str,
    pub algorithms: &'static [&'static str],
    pub audiences: &'static [&'static str],
    pub audience_claim: &'static str,
    pub typ: &'static [&'static str],
    pub sub_claim: &'static str,
    pub scope_claim: &'static str,
    pub default_scopes: &'static [&'static str],
    pub max_age_s: u64,
    pub required_claims: &'static [(&'static str, &'static str)],
}

/// No preset.
pub(super) const NONE: Preset = Preset {
    name: "",
    algorithms: &[],
    audiences: &[],
    audience_claim: "aud",
    typ: &["JWT"],
    sub_claim: "sub",
    scope_claim: "scope",
    default_scopes: &[],
    max_age_s: 3600,
    required_claims: &[],
};

/// Issuers that are about signing in, not about us: their tokens have no scope of ours.
const READ: &[&str] = &["infer:read"];
const DAY_S: u64 = 86_400;

static ALL: [Preset; 10] = [
    NONE,
    // Django REST framework: refresh tokens are of the same form, so token_type must be looked at.
    Preset {
        name: "simplejwt-hs256",
        sub_claim: "user_id",
        default_scopes: READ,
        required_claims: &[("token_type", "access")],
        ..NONE
    },
    Preset {
        name: "simplejwt-rs256",
        algorithms: &["RS256"],
        sub_claim: "user_id",
        default_scopes: READ,
        required_claims: &[("token_type", "access")],
        ..NONE
    },
    Preset {
        name: "allauth",
        algorithms: &["RS256"],
        default_scopes: READ,
        required_claims: &[("token_use", "access")],
        ..NONE
    },
    // RFC 9068 as providers of OpenID Connect follow it.
    Preset {
        name: "oidc",
        algorithms: &["ES256", "RS256", "PS256", "EdDSA"],
        typ: &["at+jwt", "application/at+jwt"],
        ..NONE
    },
    Preset {
        name: "keycloak",
        algorithms: &["RS256"],
        required_claims: &[("typ", "Bearer")],
        default_scopes: READ,
        ..NONE
    },
    Preset { name: "auth0", algorithms: &["RS256"], typ: &["at+jwt", "JWT"], max_age_s: DAY_S, ..NONE },
    Preset {
        name: "cognito",
        algorithms: &["RS256"],
        audience_claim: "client_id",
        required_claims: &[("token_use", "access")],
        default_scopes: READ,
        max_age_s: DAY_S,
        ..NONE
    },
    Preset {
        name: "supabase",
        algorithms: &["ES256", "RS256"],
        audiences: &["authenticated"],
        required_claims: &[("role", "authenticated")],
        default_scopes: READ,
        ..NONE
    },
    Preset { name: "entra", algorithms: &["RS256"], scope_claim: "scp", max_age_s: DAY_S, ..NONE },
];

/// The preset of this name; the empty name is none.
pub(super) fn find(name: &str) -> Option<&'static Preset> {
    ALL.iter().find(|preset| preset.name == name)
}

/// All names.
pub(super) fn names() -> Vec<&'static str> {
    ALL.iter().map(|preset| preset.name).filter(|name| !name.is_empty()).collect()
}
