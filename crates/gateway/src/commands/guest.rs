//! Guest sign-in for the command line: `POST /auth/guest`.

use std::error::Error as _;

use http::Request;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use serde_json::Value;
use seseragi_net::{Upstream, UpstreamOptions};

use super::Failure;

/// The longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// An access token of a fresh guest of the gateway at `http://host:port`.
pub async fn sign_in(url: &str) -> Result<String, Failure> {
    let authority = url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let authority = authority.ok_or_else(|| Failure::config(format!("{url:?}: write http://HOST:PORT")))?;
    let upstream = Upstream::new(authority, UpstreamOptions::default()).map_err(Failure::config)?;
    let request = Request::post("/auth/guest").header(CONTENT_TYPE, "application/json");
    let request = request.body(Full::new(Bytes::from_static(b"{}"))).map_err(Failure::start)?;
    let response = upstream.request(request).await.map_err(|error| {
        let source = error.source().map(|s| format!(" ({s})")).unwrap_or_default();
        Failure::start(format!("no gateway answers at {url}: {error}{source}; is it running?"))
    })?;
    let accepted = response.status().is_success();
    let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect().await;
    let body = body.map_err(|error| Failure::start(format!("guest sign-in: {error}")))?.to_bytes();
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = |field: &str| answer.get(field).and_then(Value::as_str).map(str::to_owned);
    let access_token = text("access_token").filter(|_| accepted);
    access_token.ok_or_else(|| {
        let why = text("detail").unwrap_or_else(|| "the gateway gave no reason".to_owned());
        Failure::start(format!(
            "no guest sign-in: {why}; name an access token with --token-file or SESERAGI_TOKEN"
        ))
    })
}
