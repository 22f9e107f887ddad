//! `POST /auth/token`: OAuth's token endpoint (RFC 6749 §3.2) for refresh tokens, API keys and authorization codes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use hyper::body::Incoming;
use seseragi_guard::{AuthRefusal, CodeExchange, Issued, Scopes, Wish};

use super::fields::Fields;
use super::{Answer, Visit, answer, body, csrf, form, prove};
use crate::web::Document;

pub(super) async fn token(visit: &Visit<'_>, body: Incoming) -> Answer {
    let form = body::is_form(visit.head);
    grant(visit, body).await.map(|issued| answer::granted(&issued)).map_err(|document| document.oauth(form))
}

async fn grant(visit: &Visit<'_>, body: Incoming) -> Result<Issued, Document> {
    visit.accounts()?;
    csrf::not_a_strange_page(visit)?;
    let mut fields = body::form_or_json(visit.head, body).await?;
    let grant_type = fields.needed("grant_type")?;
    match grant_type.as_str() {
        "refresh_token" => refresh(visit, fields).await,
        "client_credentials" => client_credentials(visit, fields).await,
        "authorization_code" => authorization_code(visit, fields).await,
        _ => {
            let detail = "grant_type is refresh_token, client_credentials or authorization_code";
            Err(Document::new(StatusCode::BAD_REQUEST, "unsupported_grant_type").because(detail))
        }
    }
}

async fn refresh(visit: &Visit<'_>, mut fields: Fields) -> Result<Issued, Document> {
    let refresh_token = fields.needed("refresh_token")?;
    let (client_id, scopes) = (fields.text("client_id")?, answer::scopes(&mut fields)?);
    fields.end()?;
    let key = prove::prove(visit)?;
    let wish = Wish { scopes, key: key.as_ref(), cookie: None };
    let issued = visit.accounts()?.refresh(&refresh_token, client_id.as_deref(), wish, visit.now).await;
    issued.map_err(|refusal| answer::refused(visit, refusal))
}

async fn client_credentials(visit: &Visit<'_>, mut fields: Fields) -> Result<Issued, Document> {
    let secret = client_secret(visit, &mut fields)?.ok_or_else(unknown_client)?;
    let scopes: Option<Scopes> = answer::scopes(&mut fields)?;
    fields.end()?;
    let key = prove::prove(visit)?;
    let wish = Wish { scopes, key: key.as_ref(), cookie: None };
    let issued = visit.accounts()?.issue_for_api_key(&secret, wish, visit.now).await;
    issued.map_err(|refusal| match refusal {
        AuthRefusal::Rejected(reason) if reason != seseragi_guard::Reason::StoreUnavailable => {
            visit.app.observer.rejected(reason.as_str());
            unknown_client()
        }
        other => answer::refused(visit, other),
    })
}

async fn authorization_code(visit: &Visit<'_>, mut fields: Fields) -> Result<Issued, Document> {
    let (code, client_id) = (fields.needed("code")?, fields.needed("client_id")?);
    let (redirect_uri, code_verifier) = (fields.needed("redirect_uri")?, fields.needed("code_verifier")?);
    fields.end()?;
    let key = prove::prove(visit)?;
    let exchange = CodeExchange {
        code: &code,
        client_id: &client_id,
        redirect_uri: &redirect_uri,
        code_verifier: &code_verifier,
        key: key.as_ref(),
    };
    let wish = Wish { key: key.as_ref(), ..Wish::default() };
    let issued = visit.accounts()?.exchange_code(exchange, wish, visit.now).await;
    issued.map_err(|refusal| answer::refused(visit, refusal))
}

/// The secret by which a client authenticates: of HTTP Basic, or in the body, but not both (RFC 6749 §2.3.1). A client is
/// known by its secret, which is an API key; its id may be anything.
pub(super) fn client_secret(visit: &Visit<'_>, fields: &mut Fields) -> Result<Option<String>, Document> {
    let in_body = fields.text("client_secret")?;
    fields.text("client_id")?;
    let mut headers = visit.head.headers.get_all(AUTHORIZATION).iter();
    let Some(given) = headers.next() else { return Ok(in_body) };
    let text = given.to_str().unwrap_or_default();
    let basic = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let Some((_, encoded)) = basic else { return Ok(in_body) };
    if in_body.is_some() || headers.next().is_some() {
        let detail = "a client authenticates in one way, not in two";
        return Err(Document::new(StatusCode::BAD_REQUEST, "invalid_request").because(detail));
    }
    secret_of_basic(encoded).map(Some).ok_or_else(unknown_client)
}

/// Both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
fn secret_of_basic(encoded: &str) -> Option<String> {
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    form::decode(decoded.split_once(':')?.1)
}

/// The client did not authenticate (RFC 6749 §5.2).
pub(super) fn unknown_client() -> Document {
    Document::new(StatusCode::UNAUTHORIZED, "invalid_client")
        .because("the client is not known, or its secret is not good")
        .with(WWW_AUTHENTICATE, "Basic realm=\"seseragi\", charset=\"UTF-8\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_basic_is_decoded_twice() {
        let basic = |text: &str| secret_of_basic(&STANDARD.encode(text));
        assert_eq!(basic("id:ssr_live_x").as_deref(), Some("ssr_live_x"));
        assert_eq!(basic("a%3Ab:x%2By").as_deref(), Some("x+y"));
        assert_eq!(basic("no colon"), None);
        assert_eq!(secret_of_basic("%%%"), None);
    }
}
