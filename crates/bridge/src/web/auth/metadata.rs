//! What clients, proxies and other services must know: our public keys (RFC 7517), our endpoints (RFC 8414, OpenID Connect
//! Discovery) and who issues tokens for us (RFC 9728).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};
use seseragi_guard::{Scope, digest_of};

use super::{Answer, Visit, answer};
use crate::app::{Identity, RESOURCE_METADATA};
use crate::body::Body;
use crate::denied::PROOF_ALGORITHMS;
use crate::web::Document;

/// Where metadata and keys are found.
pub(super) const KEYS: &str = "/.well-known/jwks.json";
pub(super) const OPENID_METADATA: &str = "/.well-known/openid-configuration";
pub(super) const SERVER_METADATA: &str = "/.well-known/oauth-authorization-server";

/// Keys are published an hour before they sign, so a quarter of one is soon enough.
const CACHE: &str = "public, max-age=900, stale-while-revalidate=3600";

pub(super) fn publish(visit: &Visit<'_>) -> Answer {
    let identity = &visit.app.identity;
    let path = visit.head.uri.path();
    let document = if identity.is_metadata(path, RESOURCE_METADATA) {
        resource(identity)
    } else if identity.is_metadata(path, SERVER_METADATA) || path == OPENID_METADATA {
        visit.accounts()?;
        server(identity)
    } else if path == KEYS {
        visit.accounts()?.jwks()
    } else {
        return Err(Document::not_found(path));
    };
    Ok(cached(visit, &document))
}

/// RFC 8414 §2. We issue no ID tokens; OpenID Connect Discovery demands some of the fields nevertheless.
fn server(identity: &Identity) -> Value {
    let issuer = &identity.issuer_url;
    let authentication = ["none", "client_secret_basic", "client_secret_post"];
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth/authorize"),
        "token_endpoint": format!("{issuer}/auth/token"),
        "revocation_endpoint": format!("{issuer}/auth/revoke"),
        "introspection_endpoint": format!("{issuer}/auth/introspect"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "scopes_supported": Scope::ALL.map(Scope::as_str),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_methods_supported": authentication,
        "revocation_endpoint_auth_methods_supported": ["none"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": PROOF_ALGORITHMS,
        "authorization_response_iss_parameter_supported": true,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    })
}

/// RFC 9728 §2.
fn resource(identity: &Identity) -> Value {
    json!({
        "resource": identity.issuer_url,
        "resource_name": "Seseragi",
        "authorization_servers": identity.authorization_servers,
        "scopes_supported": Scope::ALL.map(Scope::as_str),
        "bearer_methods_supported": ["header"],
        "dpop_signing_alg_values_supported": PROOF_ALGORITHMS,
    })
}

/// With a validator, so that whoever has it already gets 304 (RFC 9110 §13.1.2).
fn cached(visit: &Visit<'_>, document: &Value) -> Response<Body> {
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest_of(&document.to_string())[..12]));
    let known = visit.head.headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let same =
        known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag));
    let mut response = if same { Response::new(Body::empty()) } else { answer::json_response(document) };
    if same {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(CACHE));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    response
}
