//! `/auth/authorize`: an authorization code for a registered program (RFC 6749 §4.1 with PKCE, RFC 7636).
//!
//! Nothing is ever sent to an address that is not the program's own. The cookie of a sign-in is `SameSite=Strict`, so it
//! does not come along when another site links here; a page of ours then leads here once more, and it does.

use http::header::{HeaderName, LOCATION};
use http::{HeaderValue, Response, StatusCode};
use hyper::body::Incoming;
use seseragi_guard::{AuthRefusal, Client, CodeRequest};

use super::cookies::Cookie;
use super::fields::Fields;
use super::{Answer, Visit, answer, body, consent, csrf, form};
use crate::body::Body;
use crate::web::Document;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Characters of a SHA-256 in base64url: a challenge, or the name of a key.
const DIGEST_CHARS: usize = 43;

/// What a program asks for. Its first two fields were checked before anything else.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    response_type: Option<String>,
    response_mode: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    scope: Option<String>,
    state: Option<String>,
    dpop_jkt: Option<String>,
}

/// `GET`: leads to the sign-in if need be, else asks the person.
pub(super) async fn ask(visit: &Visit<'_>) -> Answer {
    let accounts = visit.accounts()?;
    let query = visit.head.uri.query().unwrap_or_default();
    let mut fields = Fields::of_form(form::parse(query)?);
    let request = Request::take(&mut fields)?;
    let client = known(visit, &request)?;
    if let Err(error) = request.check() {
        return Ok(back(visit, &request, &[("error", error)]));
    }
    let Some(cookie) = visit.jar().read(visit.head, Cookie::Session) else {
        let elsewhere = visit.head.headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
        return Ok(match elsewhere {
            Some(b"cross-site" | b"same-site") => consent::detour(&here(&request)),
            _ => sign_in(&request),
        });
    };
    match accounts.session(cookie, visit.now).await {
        Ok((_, user)) => Ok(consent::page(client, &request, user.as_ref(), cookie)),
        Err(AuthRefusal::SignedOut) => Ok(sign_in(&request)),
        Err(refusal) => Err(answer::refused(visit, refusal)),
    }
}

/// `POST`, from the page that asked: a code, or a no.
pub(super) async fn decide(visit: &Visit<'_>, body: Incoming) -> Answer {
    let accounts = visit.accounts()?;
    csrf::our_page(visit)?;
    let mut fields = body::only_form(visit.head, body).await?;
    let request = Request::take(&mut fields)?;
    let (token, decision) = (fields.needed("csrf")?, fields.needed("decision")?);
    known(visit, &request)?;
    let cookie = visit.jar().read(visit.head, Cookie::Session);
    let Some(cookie) = cookie.filter(|cookie| consent::is_token(&token, cookie, &request)) else {
        return Err(Document::new(StatusCode::FORBIDDEN, "csrf")
            .because("the page is not of this sign-in: start again"));
    };
    if let Err(error) = request.check() {
        return Ok(back(visit, &request, &[("error", error)]));
    }
    if decision != "allow" {
        return Ok(back(visit, &request, &[("error", "access_denied")]));
    }
    match accounts.authorize(cookie, request.as_code_request(), visit.now).await {
        Ok(code) => Ok(back(visit, &request, &[("code", code.expose())])),
        Err(AuthRefusal::SignedOut) => Ok(sign_in(&request)),
        Err(AuthRefusal::Scope) => Ok(back(visit, &request, &[("error", "invalid_scope")])),
        Err(AuthRefusal::Request(_)) => Ok(back(visit, &request, &[("error", "invalid_request")])),
        Err(refusal) => Err(answer::refused(visit, refusal)),
    }
}

impl Request {
    fn take(fields: &mut Fields) -> Result<Self, Document> {
        Ok(Self {
            client_id: fields.needed("client_id")?,
            redirect_uri: fields.needed("redirect_uri")?,
            response_type: fields.text("response_type")?,
            response_mode: fields.text("response_mode")?,
            code_challenge: fields.text("code_challenge")?,
            code_challenge_method: fields.text("code_challenge_method")?,
            scope: fields.text("scope")?,
            state: fields.text("state")?,
            dpop_jkt: fields.text("dpop_jkt")?,
        })
    }

    /// What can be told to the program itself: the error of RFC 6749 §4.1.2.1.
    fn check(&self) -> Result<(), &'static str> {
        let digest = |text: &str| {
            text.len() == DIGEST_CHARS
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        if self.response_type.as_deref() != Some("code") {
            return Err("unsupported_response_type");
        }
        let sound = self.response_mode.as_deref().is_none_or(|mode| mode == "query")
            && self.code_challenge_method.as_deref() == Some("S256")
            && self.code_challenge.as_deref().is_some_and(digest)
            && self.dpop_jkt.as_deref().is_none_or(digest);
        if !sound {
            return Err("invalid_request");
        }
        let nothing = self.scopes().is_some_and(seseragi_guard::Scopes::is_empty);
        if nothing { Err("invalid_scope") } else { Ok(()) }
    }

    pub(super) fn scopes(&self) -> Option<seseragi_guard::Scopes> {
        self.scope.as_deref().map(seseragi_guard::Scopes::from_list)
    }

    fn as_code_request(&self) -> CodeRequest<'_> {
        CodeRequest {
            client_id: &self.client_id,
            redirect_uri: &self.redirect_uri,
            code_challenge: self.code_challenge.as_deref().unwrap_or_default(),
            jkt: self.dpop_jkt.as_deref(),
            scopes: self.scopes(),
        }
    }

    /// Its parameters, as they came.
    pub(super) fn parameters(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("client_id", Some(&self.client_id)),
            ("redirect_uri", Some(&self.redirect_uri)),
            ("response_type", self.response_type.as_ref()),
            ("response_mode", self.response_mode.as_ref()),
            ("code_challenge", self.code_challenge.as_ref()),
            ("code_challenge_method", self.code_challenge_method.as_ref()),
            ("scope", self.scope.as_ref()),
            ("state", self.state.as_ref()),
            ("dpop_jkt", self.dpop_jkt.as_ref()),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?.as_str()))).collect()
    }
}

/// The program, if the address is its own.
fn known<'a>(visit: &Visit<'a>, request: &Request) -> Result<&'a Client, Document> {
    let client = visit.accounts()?.client(&request.client_id, &request.redirect_uri);
    client.map_err(|refusal| answer::refused(visit, refusal))
}

/// This very request as a path of ours: never another site's.
fn here(request: &Request) -> String {
    format!("/auth/authorize?{}", query(&request.parameters()))
}

/// To the sign-in of our own page, which leads back here.
fn sign_in(request: &Request) -> Response<Body> {
    found(&format!("/?sign-in&next={}", form::encode(&here(request))))
}

/// Back to the program, with its state and our name (RFC 9207), so that it cannot mistake us for another server.
fn back(visit: &Visit<'_>, request: &Request, result: &[(&str, &str)]) -> Response<Body> {
    let mut parameters = result.to_vec();
    parameters.extend(request.state.as_deref().map(|state| ("state", state)));
    parameters.push(("iss", &visit.app.identity.issuer_url));
    let joint = if request.redirect_uri.contains('?') { '&' } else { '?' };
    found(&format!("{}{joint}{}", request.redirect_uri, query(&parameters)))
}

fn query(parameters: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", form::encode(value))).collect();
    pairs.join("&")
}

fn found(to: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    // 303: whatever the request was, the next one is a GET.
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    consent::protect(response.headers_mut(), "default-src 'none'; frame-ancestors 'none'");
    response
}
