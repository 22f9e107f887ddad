//! `POST /auth/issue`: an access token for a sign-in's cookie, or for an API key in the header of tokens.

use hyper::body::Incoming;
use seseragi_guard::{Issued, Reason, Wish, digest_of, random_text};

use super::cookies::Cookie;
use super::login::add_cookie;
use super::{Answer, Visit, answer, body, csrf, prove};
use crate::evidence::values;
use crate::web::Document;

/// Characters of a binding cookie: 32 bytes in base64url.
const BINDING_CHARS: usize = 43;

pub(super) async fn issue(visit: &Visit<'_>, body: Incoming) -> Answer {
    visit.accounts()?;
    csrf::not_a_strange_page(visit)?;
    let mut fields = body::json(visit.head, body).await?;
    let scopes = answer::scopes(&mut fields)?;
    let bound = fields.choice("binding", &[("none", false), ("cookie", true)])?;
    fields.end()?;
    let key = prove::prove(visit)?;
    let binding = bound.then(|| binding(visit));
    let wish = Wish { scopes, key: key.as_ref(), cookie: binding.as_deref().map(digest_of) };
    let issued = if visit.head.headers.contains_key(&visit.app.identity.token_header) {
        for_api_key(visit, wish).await?
    } else {
        for_cookie(visit, wish).await?
    };
    let mut response = answer::granted(&issued);
    if let Some(value) = &binding {
        add_cookie(visit, response.headers_mut(), Cookie::Binding, value, None);
    }
    Ok(response)
}

async fn for_api_key(visit: &Visit<'_>, wish: Wish<'_>) -> Result<Issued, Document> {
    let given = values(&visit.head.headers, &visit.app.identity.token_header);
    let secret = seseragi_guard::bearer(given.into_iter()).map_err(|rejection| visit.app.deny(rejection))?;
    let issued = visit.accounts()?.issue_for_api_key(secret, wish, visit.now).await;
    issued.map_err(|refusal| answer::refused(visit, refusal))
}

async fn for_cookie(visit: &Visit<'_>, wish: Wish<'_>) -> Result<Issued, Document> {
    let Some(cookie) = visit.jar().read(visit.head, Cookie::Session) else {
        return Err(visit.app.deny(Reason::Missing.into()).into());
    };
    csrf::our_page_by_cookie(visit)?;
    let issued = visit.accounts()?.issue_for_cookie(cookie, wish, visit.now).await;
    issued.map_err(|refusal| answer::refused(visit, refusal))
}

/// The binding cookie of this browser, or a fresh one: another one would cut off the tokens of its other tabs.
fn binding(visit: &Visit<'_>) -> String {
    let known = visit.jar().read(visit.head, Cookie::Binding);
    known.filter(|value| value.len() == BINDING_CHARS).map_or_else(random_text, str::to_owned)
}
