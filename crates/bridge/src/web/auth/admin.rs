//! `POST /admin/revoke`: withdraws what an issuer has given out, and cuts the streams that run on it.

use http::StatusCode;
use http::header::RETRY_AFTER;
use hyper::body::Incoming;
use serde_json::json;
use seseragi_guard::{
    AuthEvent, Caller, Revocation, Revoked, Scope, Store, StoreError, Subject, UnixSeconds,
};

use super::fields::{Fields, invalid};
use super::{Answer, Visit, answer, body, csrf};
use crate::revoke::NotRevoked;
use crate::web::Document;

/// How long a revocation stays in force, in seconds. No token lives longer than a day, whoever issued it; the second day is
/// for clocks.
const KEPT_S: u64 = 2 * 86_400;
/// How far `before` may lie ahead, in seconds: clocks differ.
const AHEAD_S: u64 = 60;
/// The longest name of a subject, a sign-in or a token, and of an issuer, in bytes.
const MAX_NAME_BYTES: usize = 255;
const MAX_ISSUER_BYTES: usize = 1024;

pub(super) async fn revoke(visit: &Visit<'_>, body: Incoming) -> Answer {
    csrf::not_a_strange_page(visit)?;
    // Before the body: strangers learn nothing about it.
    let admin = visit.app.caller(visit.head, Scope::AdminRevoke).await?;
    let mut fields = body::json(visit.head, body).await?;
    let what = revoked(visit, &mut fields)?;
    fields.end()?;
    let ours = &visit.app.identity.issuer_url;
    let (by, issuer) = (admin.subject().issuer(), issuer_of(&what));
    if by != ours && by != issuer {
        let detail = "an issuer's token revokes what that issuer has given out, and nothing else";
        return Err(Document::new(StatusCode::FORBIDDEN, "foreign_issuer").because(detail));
    }
    let (revocation, now) = (Revocation { what, until: visit.now.plus(KEPT_S) }, visit.now);
    let sessions = (issuer_of(&revocation.what) == ours).then(|| revocation.what.clone());
    let streams_ended = visit
        .app
        .withdraw(revocation.clone(), now, move |store| end_sessions(store, sessions.as_ref(), now))
        .await
        .map_err(not_revoked)?;
    tell(visit, &revocation, &admin);
    Ok(answer::json_response(&json!({ "revoked": true, "streams_ended": streams_ended })))
}

/// Our own sign-ins and API keys would give out new tokens: they end, too.
fn end_sessions(
    store: &Store,
    what: Option<&Revoked>,
    now: UnixSeconds,
) -> Result<Vec<Revocation>, StoreError> {
    match what {
        Some(Revoked::Subject { subject, .. }) => store.end_subject(subject.sub(), now),
        Some(Revoked::Session { sid, .. }) => store.end_session(sid, now),
        _ => Ok(Vec::new()),
    }
}

fn revoked(visit: &Visit<'_>, fields: &mut Fields) -> Result<Revoked, Document> {
    let issuer = name("iss", fields.needed("iss")?, MAX_ISSUER_BYTES)?;
    let (sub, sid, jti) = (fields.text("sub")?, fields.text("sid")?, fields.text("jti")?);
    let before = fields.number("before")?.map(UnixSeconds);
    if before.is_some_and(|before| before > visit.now.plus(AHEAD_S)) {
        return Err(invalid("before", "lies in the future"));
    }
    match (sub, sid, jti) {
        (Some(sub), None, None) => {
            let subject = Subject::new(issuer, name("sub", sub, MAX_NAME_BYTES)?);
            Ok(Revoked::Subject { subject, before: before.unwrap_or(visit.now) })
        }
        (None, Some(_), None) | (None, None, Some(_)) if before.is_some() => {
            Err(invalid("before", "goes with sub only"))
        }
        (None, Some(sid), None) => {
            Ok(Revoked::Session { issuer: issuer.into(), sid: name("sid", sid, MAX_NAME_BYTES)?.into() })
        }
        (None, None, Some(jti)) => {
            Ok(Revoked::Token { issuer: issuer.into(), jti: name("jti", jti, MAX_NAME_BYTES)?.into() })
        }
        _ => Err(invalid("sub", "or sid or jti must be there, and only one of them")),
    }
}

fn name(field: &str, value: String, max_bytes: usize) -> Result<String, Document> {
    let sound = (1..=max_bytes).contains(&value.len()) && !value.chars().any(char::is_control);
    if sound {
        Ok(value)
    } else {
        Err(invalid(field, &format!("has 1 to {max_bytes} bytes and no control characters")))
    }
}

fn issuer_of(what: &Revoked) -> &str {
    match what {
        Revoked::Subject { subject, .. } => subject.issuer(),
        Revoked::Session { issuer, .. } | Revoked::Token { issuer, .. } | Revoked::Key { issuer, .. } => {
            issuer
        }
    }
}

fn tell(visit: &Visit<'_>, revocation: &Revocation, admin: &Caller) {
    let by = admin.subject().to_string();
    visit.app.audit.auth_event(&AuthEvent::Revoked { revocation, by: &by }, visit.now);
}

/// Why nothing was revoked, or not for good.
fn not_revoked(why: NotRevoked) -> Document {
    let (reason, detail) = match why {
        NotRevoked::Store => ("store_unavailable", "the revocation could not be written down: try again"),
        NotRevoked::Full => ("too_many_revocations", "more revocations are in force than can be held"),
    };
    Document::new(StatusCode::SERVICE_UNAVAILABLE, reason).because(detail).with(RETRY_AFTER, "1")
}
