//! Reading the body of a request: bounded in bytes and time, of one content type, and strict in what it holds.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderName, StatusCode};
use hyper::body::Incoming;
use seseragi_flow::{Code, Problem};
use tokio::time::timeout;

use super::fields::Fields;
use super::form;
use crate::receive;
use crate::web::Document;
use crate::wire::media_type;

/// The longest body, in bytes.
const MAX_BODY_BYTES: usize = 16 * 1024;
/// How long a client may take to send it.
const PATIENCE: Duration = Duration::from_secs(10);
/// How deep JSON may be nested: no endpoint takes more than an object of scalars.
const MAX_DEPTH: usize = 4;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The fields of a JSON body. An empty body has none.
///
/// # Errors
/// 400, 408, 413 or 415, saying what is wrong.
pub(super) async fn json(head: &Parts, body: Incoming) -> Result<Fields, Document> {
    match sent_as(head)?.as_str() {
        JSON => object(&read(body).await?),
        _ => Err(unsupported("not_json", JSON)),
    }
}

/// The fields of a form, or of a JSON body that holds the same (RFC 6749 Appendix B).
///
/// # Errors
/// 400, 408, 413 or 415, saying what is wrong.
pub(super) async fn form_or_json(head: &Parts, body: Incoming) -> Result<Fields, Document> {
    match sent_as(head)?.as_str() {
        JSON => object(&read(body).await?),
        FORM => form_fields(&read(body).await?),
        _ => Err(unsupported("unsupported_media_type", &format!("{FORM} or {JSON}"))),
    }
}

/// The fields of a form that a page of ours sends.
///
/// # Errors
/// 400, 408, 413 or 415, saying what is wrong.
pub(super) async fn only_form(head: &Parts, body: Incoming) -> Result<Fields, Document> {
    match sent_as(head)?.as_str() {
        FORM => form_fields(&read(body).await?),
        _ => Err(unsupported("unsupported_media_type", FORM)),
    }
}

/// Whether the client speaks in forms.
pub(super) fn is_form(head: &Parts) -> bool {
    media_type(&head.headers) == FORM
}

fn sent_as(head: &Parts) -> Result<String, Document> {
    let once = head.headers.get_all(CONTENT_TYPE).iter().count() <= 1;
    let plain = head.headers.get(CONTENT_ENCODING).is_none_or(|coding| coding.as_bytes() == b"identity");
    if !plain {
        let detail = "compressed requests are not taken; send identity";
        return Err(Document::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "compressed_request").because(detail));
    }
    Ok(if once { media_type(&head.headers) } else { String::new() })
}

fn unsupported(reason: &str, taken: &str) -> Document {
    Document::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason)
        .because(format!("send content-type: {taken}"))
        .with(HeaderName::from_static("accept-post"), &taken.replace(" or ", ", "))
}

async fn read(body: Incoming) -> Result<Bytes, Document> {
    let read = timeout(PATIENCE, receive::message(body, true, MAX_BODY_BYTES)).await;
    read.unwrap_or_else(|_| Err(Problem::caller(Code::DeadlineExceeded, "slow_request", "too slow"))).map_err(
        |problem| match problem.code {
            Code::ResourceExhausted => Document::new(StatusCode::PAYLOAD_TOO_LARGE, &problem.reason)
                .because(format!("the body may have {MAX_BODY_BYTES} bytes")),
            Code::DeadlineExceeded => Document::new(StatusCode::REQUEST_TIMEOUT, &problem.reason)
                .because("the body did not arrive in time"),
            _ => Document::new(StatusCode::BAD_REQUEST, &problem.reason).because(problem.message),
        },
    )
}

fn object(bytes: &Bytes) -> Result<Fields, Document> {
    if bytes.is_empty() {
        return Ok(Fields::default());
    }
    // The reader's own words quote the input, which may hold a password.
    let object = seseragi_guard::strict_json(bytes, MAX_DEPTH).map_err(|_| {
        let detail = "the body is not one JSON object in UTF-8 with each key once";
        Document::new(StatusCode::BAD_REQUEST, "invalid_json").because(detail)
    })?;
    Ok(Fields::of_json(object))
}

fn form_fields(bytes: &Bytes) -> Result<Fields, Document> {
    let text = std::str::from_utf8(bytes).map_err(|_| form::malformed())?;
    Ok(Fields::of_form(form::parse(text)?))
}
