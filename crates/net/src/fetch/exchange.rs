//! One request and its response over HTTP/1.1, in the future of the caller: nothing runs on when it is dropped.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AGE, CACHE_CONTROL, CONNECTION, HOST, HeaderMap, LOCATION, USER_AGENT};
use http::{Request, StatusCode};
use http_body::Body;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;

use super::dial::Stream;
use super::target::Target;
use super::{Document, FetchError};

/// About: what one more read brings is taken as well. Identity providers send long policies and cookies along.
const HEAD_BYTES_MAX: usize = 32 * 1024;
const HEADERS_MAX: usize = 100;

/// What a server said.
pub(super) enum Answer {
    Document(Document),
    /// The value of `Location`, empty if there is none.
    Moved(String),
}

/// GETs the target over this connection.
pub(super) async fn get(stream: Stream, target: &Target, bytes_max: usize) -> Result<Answer, FetchError> {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEAD_BYTES_MAX).max_headers(HEADERS_MAX);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await?;
    let request = request(target)?;
    let mut answer = pin!(async move {
        let response = sender.send_request(request).await?;
        read(response, bytes_max).await
    });
    tokio::select! {
        answer = &mut answer => answer,
        // The connection may have ended before all it brought was read.
        _ = connection => answer.await,
    }
}

fn request(target: &Target) -> Result<Request<Nothing>, FetchError> {
    let request = Request::get(&*target.path)
        .header(HOST, &*target.authority)
        .header(ACCEPT, "application/json, application/jwk-set+json")
        .header(USER_AGENT, "seseragi")
        .header(CONNECTION, "close");
    request.body(Nothing).map_err(|_| FetchError::Url("it does not fit into a request"))
}

async fn read(response: http::Response<Incoming>, bytes_max: usize) -> Result<Answer, FetchError> {
    let (head, mut body) = response.into_parts();
    if matches!(head.status.as_u16(), 301..=303 | 307..=308) {
        let location = head.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        return Ok(Answer::Moved(location.unwrap_or_default().to_owned()));
    }
    let said = body.size_hint().lower();
    if usize::try_from(said).is_ok_and(|said| said <= bytes_max) {
        let body = read_body(&mut body, bytes_max).await?;
        return Ok(Answer::Document(document(head.status, &head.headers, body)));
    }
    Err(FetchError::TooLarge(bytes_max))
}

async fn read_body(body: &mut Incoming, bytes_max: usize) -> Result<Bytes, FetchError> {
    let mut whole = BytesMut::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
        let Ok(data) = frame?.into_data() else { continue };
        if data.len() > bytes_max - whole.len() {
            return Err(FetchError::TooLarge(bytes_max));
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}

fn document(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Document {
    Document { status: status.as_u16(), body, max_age: max_age(headers) }
}

/// RFC 9111 §5.2.2: `no-store` and `no-cache` win, then `max-age`, from which the time in caches (`Age`) is taken off.
fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let values = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let mut said = None;
    for directive in values.flat_map(|value| value.split(',')) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return Some(Duration::ZERO),
            "max-age" => said = said.or_else(|| value.trim().trim_matches('"').parse().ok()),
            _ => {}
        }
    }
    let age = headers.get(AGE).and_then(|value| value.to_str().ok()?.trim().parse().ok()).unwrap_or(0);
    said.map(|said: u64| Duration::from_secs(said.saturating_sub(age)))
}

/// The body of a GET.
struct Nothing;

impl Body for Nothing {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        std::task::Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_to_keep_is_read_from_the_head() {
        let age = |headers: &[(&str, &str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(http::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
            }
            max_age(&map).map(|age| age.as_secs())
        };
        let control = |value| ("cache-control", value);
        assert_eq!(age(&[]), None);
        assert_eq!(age(&[control("public, max-age=900, stale-while-revalidate=60")]), Some(900));
        assert_eq!(age(&[control("Max-Age=\"60\"")]), Some(60));
        assert_eq!(age(&[control("max-age=60"), ("age", "50")]), Some(10));
        assert_eq!(age(&[control("max-age=60"), ("age", "70")]), Some(0));
        assert_eq!(age(&[control("max-age=60"), control("no-store")]), Some(0));
        assert_eq!(age(&[control("no-cache")]), Some(0));
        assert_eq!(age(&[control("s-maxage=60")]), None, "that is for shared caches");
        for odd in ["max-age", "max-age=", "max-age=-1", "max-age=soon", "max-age=99999999999999999999"] {
            assert_eq!(age(&[control(odd)]), None, "{odd}");
        }
    }
}
