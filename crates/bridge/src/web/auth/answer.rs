//! Tokens as an answer, and why there are none.

use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};
use seseragi_guard::{AuthRefusal, Issued, Scopes};

use super::Visit;
use super::fields::{Fields, invalid};
use crate::body::Body;
use crate::web::Document;

/// RFC 6749 §5.1. The refresh token is in it only if the grant has one.
pub(super) fn granted(issued: &Issued) -> Response<Body> {
    let mut answer = without_refresh(issued);
    if let Some(refresh_token) = &issued.refresh_token {
        answer["refresh_token"] = refresh_token.expose().into();
    }
    json_response(&answer)
}

/// The same for a browser, whose cookie is worth a refresh token: a script must never see one.
pub(super) fn granted_to_browser(issued: &Issued) -> Response<Body> {
    json_response(&without_refresh(issued))
}

fn without_refresh(issued: &Issued) -> Value {
    json!({
        "access_token": issued.access_token.token,
        "token_type": if issued.dpop { "DPoP" } else { "Bearer" },
        "expires_in": issued.access_token.expires_in_s,
        "scope": issued.scopes.to_string(),
        "subject": issued.sub,
    })
}

/// Why no token was issued, as a problem.
pub(super) fn refused(visit: &Visit<'_>, refusal: AuthRefusal) -> Document {
    let (status, reason) = match refusal {
        AuthRefusal::Credentials => (StatusCode::UNAUTHORIZED, "credentials"),
        AuthRefusal::Throttled(_) => (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"),
        AuthRefusal::Busy => (StatusCode::TOO_MANY_REQUESTS, "busy"),
        AuthRefusal::SignedOut => (StatusCode::UNAUTHORIZED, "signed_out"),
        AuthRefusal::Grant => (StatusCode::BAD_REQUEST, "invalid_grant"),
        AuthRefusal::Client => (StatusCode::UNAUTHORIZED, "invalid_client"),
        AuthRefusal::Redirect => (StatusCode::BAD_REQUEST, "redirect_unregistered"),
        AuthRefusal::Scope => (StatusCode::BAD_REQUEST, "invalid_scope"),
        AuthRefusal::Request(field) => return invalid(field, "is missing or malformed"),
        AuthRefusal::Password(what) => return invalid("password", what),
        AuthRefusal::NameTaken => (StatusCode::CONFLICT, "name_taken"),
        AuthRefusal::UnknownUser => (StatusCode::NOT_FOUND, "user_unknown"),
        AuthRefusal::Rejected(reason) => return visit.app.deny(reason.into()).into(),
        AuthRefusal::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "store_unavailable"),
    };
    let document = Document::new(status, reason).because(refusal.to_string());
    match refusal {
        AuthRefusal::Throttled(seconds) => document.with(RETRY_AFTER, &seconds.to_string()),
        AuthRefusal::Busy | AuthRefusal::Unavailable => document.with(RETRY_AFTER, "1"),
        // RFC 9110 §15.5.2: a 401 says how to do better.
        _ if status == StatusCode::UNAUTHORIZED => {
            document.with(WWW_AUTHENTICATE, "Bearer realm=\"seseragi\"")
        }
        _ => document,
    }
}

/// The scopes that are asked for, if any are. Names that are not ours are left out (RFC 6749 §3.3), but not all of them.
pub(super) fn scopes(fields: &mut Fields) -> Result<Option<Scopes>, Document> {
    let Some(list) = fields.text("scope")? else { return Ok(None) };
    let scopes = Scopes::from_list(&list);
    if scopes.is_empty() {
        let detail = "none of the scopes that were asked for is known";
        return Err(Document::new(StatusCode::BAD_REQUEST, "invalid_scope").because(detail));
    }
    Ok(Some(scopes))
}

pub(super) fn json_response(value: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// An answer without content.
pub(super) fn done() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
