//! `POST /auth/login`: a name and a password become a sign-in. A wrong name, a wrong password and a disabled user get one
//! answer.

use http::header::SET_COOKIE;
use http::{HeaderMap, Response};
use hyper::body::Incoming;
use seseragi_guard::{Login, SignedIn};

use super::cookies::Cookie;
use super::{Answer, Visit, answer, body, csrf, prove};
use crate::body::Body;

/// The `client_id` of our own page.
const CONSOLE: &str = "console";
/// The `client_id` of programs that sign in with a password.
const PASSWORD: &str = "password";
/// How long a device is remembered, in seconds: a year.
const DEVICE_S: u64 = 365 * 86_400;

/// What a sign-in is kept by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// A cookie: for browsers.
    Cookie,
    /// A refresh token: for programs.
    Token,
}

pub(super) async fn login(visit: &Visit<'_>, body: Incoming) -> Answer {
    let accounts = visit.accounts()?;
    csrf::not_a_strange_page(visit)?;
    let mut fields = body::json(visit.head, body).await?;
    let (username, password) = (fields.needed("username")?, fields.needed("password")?);
    let remember = fields.flag("remember")?;
    let mode = fields.choice("mode", &[("cookie", Mode::Cookie), ("token", Mode::Token)])?;
    fields.end()?;
    if mode == Mode::Cookie {
        csrf::our_page(visit)?;
    }
    let key = prove::prove(visit)?;
    let login = Login {
        username: &username,
        password: &password,
        client_id: if mode == Mode::Cookie { CONSOLE } else { PASSWORD },
        address: visit.app.client_address(visit.head),
        device: visit.jar().read(visit.head, Cookie::Device),
        key: key.as_ref(),
        scopes: None,
    };
    let signed_in = accounts.login(login, visit.now).await.map_err(|r| answer::refused(visit, r))?;
    Ok(match mode {
        Mode::Cookie => to_browser(visit, &signed_in, remember),
        Mode::Token => answer::granted(&signed_in.issued),
    })
}

/// Without `remember` the sign-in is forgotten with the browser's session; it ends by itself in any case.
fn to_browser(visit: &Visit<'_>, signed_in: &SignedIn, remember: bool) -> Response<Body> {
    let mut response = answer::granted_to_browser(&signed_in.issued);
    let left = signed_in.session.expires_at.since(visit.now);
    add_cookie(
        visit,
        response.headers_mut(),
        Cookie::Session,
        signed_in.cookie.expose(),
        remember.then_some(left),
    );
    add_cookie(visit, response.headers_mut(), Cookie::Device, signed_in.device.expose(), Some(DEVICE_S));
    response
}

/// Adds a cookie to an answer.
pub(super) fn add_cookie(
    visit: &Visit<'_>,
    headers: &mut HeaderMap,
    cookie: Cookie,
    value: &str,
    max_age_s: Option<u64>,
) {
    if let Some(line) = visit.jar().set(visit.app, cookie, value, max_age_s) {
        headers.append(SET_COOKIE, line);
    }
}
