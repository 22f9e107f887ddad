//! The pages of `/auth/authorize`: one that asks the person, and one that only leads on. No script, no picture, no frame.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_FRAME_OPTIONS};
use http::{HeaderMap, HeaderValue, Response};
use seseragi_guard::{Client, User, digest_of};

use super::authorize::Request;
use crate::body::Body;

/// Asks the person whether the program may have a code.
pub(super) fn page(client: &Client, request: &Request, user: Option<&User>, cookie: &str) -> Response<Body> {
    let mut fields = String::new();
    for (name, value) in request.parameters() {
        fields.push_str(&format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escape(value)));
    }
    let scopes = request.scopes().map_or(client.scopes, |asked| asked.and(client.scopes));
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Seseragi: allow access?</title>\n\
         <main>\n<h1>{program} asks for access</h1>\n\
         <p>It wants to act for <b>{who}</b>, with: <code>{scopes}</code>. The answer goes to <code>{to}</code>.</p>\n\
         <form method=\"post\" action=\"/auth/authorize\">\n{fields}\
         <input type=\"hidden\" name=\"csrf\" value=\"{token}\">\n\
         <button name=\"decision\" value=\"allow\">Allow</button>\n\
         <button name=\"decision\" value=\"deny\">Deny</button>\n</form>\n</main>\n</html>\n",
        program = escape(&client.name),
        who = escape(user.map_or("this sign-in", |user| &user.name)),
        to = escape(place(&request.redirect_uri)),
        token = token(cookie, request),
    );
    let mut response = html_response(html);
    // Browsers hold redirects after a form to its policy, too.
    let policy = format!(
        "default-src 'none'; form-action 'self' {}; frame-ancestors 'none'; base-uri 'none'",
        place(&request.redirect_uri)
    );
    protect(response.headers_mut(), &policy);
    // With no-referrer, the form would come with the origin "null".
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// Leads to a path of ours, from a page of ours: so the browser sends our cookies.
pub(super) fn detour(path: &str) -> Response<Body> {
    let path = escape(path);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"refresh\" content=\"0;url={path}\">\n<title>Seseragi</title>\n\
         <p><a href=\"{path}\">Continue</a></p>\n</html>\n"
    );
    let mut response = html_response(html);
    protect(
        response.headers_mut(),
        "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    );
    response
}

/// Whether the text is what our page sent with its form, for this sign-in and this very request.
pub(super) fn is_token(text: &str, cookie: &str, request: &Request) -> bool {
    // Of digests, so that the time tells nothing.
    digest_of(text) == digest_of(&token(cookie, request))
}

/// Only who knows the cookie can make it, and no other site does.
fn token(cookie: &str, request: &Request) -> String {
    let mut text = format!("consent\n{cookie}\n");
    for (name, value) in request.parameters() {
        text.push_str(&format!("{name} {}\n{value}\n", value.len()));
    }
    URL_SAFE_NO_PAD.encode(digest_of(&text))
}

/// No other site may frame, and so disguise, what these headers go with.
pub(super) fn protect(headers: &mut HeaderMap, policy: &str) {
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

/// The origin of a URL, or its scheme if it has none: what a person can judge, and what a policy can name.
fn place(uri: &str) -> &str {
    let host = uri.find("://").map(|at| at + 3);
    let end = match host {
        Some(host) => uri[host..].find(['/', '?', '#']).map_or(uri.len(), |end| host + end),
        None => uri.find(':').map_or(uri.len(), |colon| colon + 1),
    };
    &uri[..end]
}

fn html_response(html: String) -> Response<Body> {
    let mut response = Response::new(Body::from(html));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// Text as it may stand in HTML, also between quotation marks.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_origin_or_a_scheme() {
        assert_eq!(place("https://app.example:8443/cb?x=1"), "https://app.example:8443");
        assert_eq!(place("http://127.0.0.1:4000"), "http://127.0.0.1:4000");
        assert_eq!(place("com.example.app:/cb"), "com.example.app:");
        assert_eq!(place("https://app.example?x"), "https://app.example");
    }

    #[test]
    fn nothing_of_a_request_becomes_markup() {
        assert_eq!(escape("<a href=\"x\" o='y'>&"), "&lt;a href=&quot;x&quot; o=&#39;y&#39;&gt;&amp;");
    }
}
