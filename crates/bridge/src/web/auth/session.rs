//! `POST /auth/logout` and `GET /auth/me`: the end of a sign-in, and whose it is.

use http::header::SET_COOKIE;
use hyper::body::Incoming;
use serde_json::json;
use seseragi_guard::{Caller, Reason};

use super::cookies::Cookie;
use super::{Answer, Visit, answer, body, csrf};

/// Ends the sign-in of the cookie, takes the cookie back, and so cuts what runs on it. Signing out twice is fine.
pub(super) async fn logout(visit: &Visit<'_>, body: Incoming) -> Answer {
    let accounts = visit.accounts()?;
    csrf::our_page_by_cookie(visit)?;
    body::json(visit.head, body).await?.end()?;
    if let Some(cookie) = visit.jar().read(visit.head, Cookie::Session) {
        accounts.logout(cookie, visit.now).await.map_err(|refusal| answer::refused(visit, refusal))?;
    }
    let mut response = answer::done();
    for cookie in [Cookie::Session, Cookie::Binding] {
        if let Some(line) = visit.jar().clear(visit.app, cookie) {
            response.headers_mut().append(SET_COOKIE, line);
        }
    }
    Ok(response)
}

/// Who asks: by token if one is there, else by cookie.
pub(super) async fn me(visit: &Visit<'_>) -> Answer {
    visit.accounts()?;
    csrf::not_a_strange_page(visit)?;
    if visit.head.headers.contains_key(&visit.app.identity.token_header) {
        let caller = visit.app.who(visit.head).await.map_err(|rejection| visit.app.deny(rejection))?;
        return by_token(visit, &caller).await;
    }
    match visit.jar().read(visit.head, Cookie::Session) {
        Some(cookie) => by_cookie(visit, cookie).await,
        None => Err(visit.app.deny(Reason::Missing.into()).into()),
    }
}

async fn by_token(visit: &Visit<'_>, caller: &Caller) -> Answer {
    let ours = caller.subject().issuer() == visit.app.identity.issuer_url;
    let user = match ours {
        true => visit.accounts()?.user(caller.subject().sub()).await,
        false => Ok(None),
    };
    let user = user.map_err(|refusal| answer::refused(visit, refusal))?;
    Ok(answer::json_response(&json!({
        "subject": caller.subject().sub(),
        "issuer": caller.subject().issuer(),
        "name": user.map(|user| user.name),
        "scope": caller.scopes().to_string(),
        "tier": caller.tier().as_str(),
        "client_id": caller.client_id(),
        "sid": caller.sid(),
        "expires_at": caller.expires_at().0,
        "by": "token",
    })))
}

async fn by_cookie(visit: &Visit<'_>, cookie: &str) -> Answer {
    let found = visit.accounts()?.session(cookie, visit.now).await;
    let (session, user) = found.map_err(|refusal| answer::refused(visit, refusal))?;
    Ok(answer::json_response(&json!({
        "subject": session.sub,
        "issuer": visit.app.identity.issuer_url,
        "name": user.map(|user| user.name),
        "scope": session.scopes.to_string(),
        "tier": session.tier.as_str(),
        "client_id": session.client_id,
        "sid": session.sid,
        "expires_at": session.expires_at.0,
        "by": "cookie",
    })))
}
