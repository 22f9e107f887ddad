//! Which pages may make a browser call (RFC 6265bis §8.8.2 names the dangers): its cookies come along unasked.

use http::header::ORIGIN;
use http::request::Parts;
use http::{HeaderName, StatusCode};

use super::Visit;
use super::local::is_local_host;
use crate::app::App;
use crate::cors::{Origin, host, is_same_site, origin};
use crate::web::Document;

/// A header that no form and no page of another site can send without asking first.
const CSRF: HeaderName = HeaderName::from_static("x-seseragi-csrf");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses pages of other sites that may not call at all.
pub(super) fn not_a_strange_page(visit: &Visit<'_>) -> Result<(), Document> {
    if visit.origin == Origin::Refused {
        let detail = "pages of this origin may not call; see cors.origins";
        return Err(Document::new(StatusCode::FORBIDDEN, "origin_refused").because(detail));
    }
    Ok(())
}

/// Refuses whatever may come from a page that is not ours nor named in `cors.origins`, so that nobody is signed in as
/// somebody else by a link.
pub(super) fn our_page(visit: &Visit<'_>) -> Result<(), Document> {
    let listed = visit.origin == Origin::Listed;
    if visit.head.headers.contains_key(ORIGIN) && !listed && !is_ours(visit.app, visit.head) {
        return Err(refused("origin_refused", "pages of this origin may not call; see cors.origins"));
    }
    match visit.head.headers.get(SEC_FETCH_SITE).map(http::HeaderValue::as_bytes) {
        None | Some(b"same-origin") => Ok(()),
        Some(b"same-site") if listed => Ok(()),
        Some(_) => Err(refused("csrf", "a page of another site asks; sec-fetch-site must be same-origin")),
    }
}

/// What [`our_page`] refuses, and whatever lacks the header: for every change that a cookie pays for.
pub(super) fn our_page_by_cookie(visit: &Visit<'_>) -> Result<(), Document> {
    our_page(visit)?;
    if visit.head.headers.get(CSRF).is_none_or(|value| value.as_bytes() != b"1") {
        return Err(refused("csrf", "a cookie alone does not do: send x-seseragi-csrf: 1"));
    }
    Ok(())
}

/// Whether a page is ours: of our public URL, or of the very host that was asked where that is not an impostor of the
/// public one.
fn is_ours(app: &App, head: &Parts) -> bool {
    let Some(origin) = origin(&head.headers) else { return true };
    let public = app.identity.origin();
    // By the name of a public https site a plain-HTTP page may come from anybody on the way.
    let by_host = !public.starts_with("https://") || host(head).is_some_and(is_local_host);
    origin == public || (by_host && is_same_site(origin, head))
}

fn refused(reason: &str, detail: &str) -> Document {
    Document::new(StatusCode::FORBIDDEN, reason).because(detail)
}
