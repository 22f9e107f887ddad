//! `POST /auth/revoke` (RFC 7009) and `POST /auth/introspect` (RFC 7662).

use http::header::WWW_AUTHENTICATE;
use hyper::body::Incoming;
use serde_json::{Map, Value, json};
use seseragi_guard::{Caller, Evidence, Introspection, Reason};

use super::fields::Fields;
use super::token::{client_secret, unknown_client};
use super::{Answer, Visit, answer, body, csrf};
use crate::evidence::values;
use crate::web::Document;

/// What every API key of ours begins with, and nothing else of ours.
const API_KEY: &str = "ssr_live_";

/// Revokes a token. Whoever has it may; one that is unknown or has ended is as good as revoked (RFC 7009 §2.2).
pub(super) async fn revoke(visit: &Visit<'_>, body: Incoming) -> Answer {
    let form = body::is_form(visit.head);
    let revoked = async {
        let accounts = visit.accounts()?;
        csrf::not_a_strange_page(visit)?;
        let mut fields = body::form_or_json(visit.head, body).await?;
        let token = token_of(&mut fields)?;
        fields.text("client_id")?;
        fields.end()?;
        match kind(&token) {
            Kind::Access => revoke_access(visit, &token).await,
            Kind::Refresh => {
                accounts.revoke_refresh(&token, visit.now).await.map_err(|r| answer::refused(visit, r))
            }
            // A key is not given up by a request; see `seseragi apikey revoke`.
            Kind::ApiKey => Ok(()),
        }
    };
    revoked
        .await
        .map(|()| answer::json_response(&json!({})))
        .map_err(|document: Document| document.oauth(form))
}

/// Tells an authenticated client what a token is worth.
pub(super) async fn introspect(visit: &Visit<'_>, body: Incoming) -> Answer {
    let form = body::is_form(visit.head);
    let told = async {
        let accounts = visit.accounts()?;
        csrf::not_a_strange_page(visit)?;
        let mut fields = body::form_or_json(visit.head, body).await?;
        authenticate(visit, &mut fields).await?;
        let token = token_of(&mut fields)?;
        fields.end()?;
        Ok(match kind(&token) {
            Kind::Access => inspect(visit, &token).as_ref().map(access),
            Kind::Refresh => {
                let found = accounts.introspect_refresh(&token, visit.now).await;
                found.map_err(|refusal| answer::refused(visit, refusal))?.as_ref().map(refresh)
            }
            Kind::ApiKey => None,
        })
    };
    let told = told.await.map_err(|document: Document| document.oauth(form))?;
    Ok(answer::json_response(&told.unwrap_or_else(|| json!({ "active": false }))))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Access,
    Refresh,
    ApiKey,
}

/// By its looks: only access tokens have dots. The hint of a client is not needed (RFC 7009 §2.1).
fn kind(token: &str) -> Kind {
    if token.contains('.') {
        Kind::Access
    } else if token.starts_with(API_KEY) {
        Kind::ApiKey
    } else {
        Kind::Refresh
    }
}

fn token_of(fields: &mut Fields) -> Result<String, Document> {
    fields.text("token_type_hint")?;
    fields.needed("token")
}

/// Clients authenticate with an API key: as a bearer token, by HTTP Basic, or in the body (RFC 7662 §2.1).
async fn authenticate(visit: &Visit<'_>, fields: &mut Fields) -> Result<(), Document> {
    let bearer = values(&visit.head.headers, &visit.app.identity.token_header);
    let secret = match client_secret(visit, fields)? {
        Some(secret) => secret,
        None => seseragi_guard::bearer(bearer.into_iter()).map_err(|_| unknown_client())?.to_owned(),
    };
    if kind(&secret) != Kind::ApiKey {
        return Err(unknown_client());
    }
    let authorization = format!("Bearer {secret}");
    let evidence = Evidence { authorization: &[authorization.as_bytes()], ..Evidence::default() };
    match visit.app.gate.caller(&evidence, visit.now).await {
        Ok(_) => Ok(()),
        Err(rejection) if rejection.reason() == Reason::StoreUnavailable => {
            Err(visit.app.deny(rejection).into())
        }
        Err(rejection) => {
            visit.app.observer.rejected(rejection.reason().as_str());
            Err(unknown_client().with(WWW_AUTHENTICATE, "Bearer realm=\"seseragi\", error=\"invalid_token\""))
        }
    }
}

/// The caller of an access token of ours that is good but for what it may be bound to.
fn inspect(visit: &Visit<'_>, token: &str) -> Option<Caller> {
    let caller = visit.app.gate.verify_token(token, visit.now).ok();
    caller.filter(|caller| caller.subject().issuer() == visit.app.identity.issuer_url)
}

/// Whoever watches the revocations cuts what runs on it.
async fn revoke_access(visit: &Visit<'_>, token: &str) -> Result<(), Document> {
    let Some(caller) = inspect(visit, token) else { return Ok(()) };
    let revoked = visit.accounts()?.revoke_access(&caller, visit.now).await;
    revoked.map_err(|refusal| answer::refused(visit, refusal))
}

/// RFC 7662 §2.2.
fn access(caller: &Caller) -> Value {
    json!({
        "active": true,
        "token_type": if caller.jkt().is_some() { "DPoP" } else { "Bearer" },
        "scope": caller.scopes().to_string(),
        "client_id": caller.client_id(),
        "sub": caller.subject().sub(),
        "iss": caller.subject().issuer(),
        "sid": caller.sid(),
        "jti": caller.jti(),
        "exp": caller.expires_at().0,
        "iat": caller.principal().issued_at().0,
        "cnf": bound(caller.jkt(), caller.cookie_hash()),
    })
}

/// RFC 7800 §3.1, RFC 9449 §6.2; `null` for what is bound to nothing.
fn bound(jkt: Option<&str>, cbh: Option<&str>) -> Value {
    let mut members = Map::new();
    members.extend(jkt.map(|jkt| ("jkt".to_owned(), jkt.into())));
    members.extend(cbh.map(|cbh| ("cbh".to_owned(), cbh.into())));
    if members.is_empty() { Value::Null } else { members.into() }
}

fn refresh(it: &Introspection) -> Value {
    json!({
        "active": true,
        "token_type": it.kind,
        "scope": it.scopes.to_string(),
        "client_id": it.client_id,
        "sub": it.sub,
        "iss": it.issuer,
        "sid": it.sid,
        "jti": it.jti,
        "exp": it.expires_at.0,
        "iat": it.issued_at.0,
        "cnf": it.jkt.as_ref().map(|jkt| json!({ "jkt": jkt })),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_token_is_bound_to_is_told() {
        assert_eq!(bound(None, None), Value::Null);
        assert_eq!(bound(Some("k"), None), json!({ "jkt": "k" }));
        assert_eq!(bound(Some("k"), Some("c")), json!({ "jkt": "k", "cbh": "c" }));
    }

    #[test]
    fn tokens_are_told_apart_by_their_looks() {
        assert!(kind("a.b.c") == Kind::Access);
        assert!(kind("ssr_live_abc_def") == Kind::ApiKey);
        assert!(kind("ssr_refresh_x") == Kind::Refresh && kind("0123456789") == Kind::Refresh);
    }
}
