//! A job as a gRPC request.

use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use http_body_util::Full;
use prost::Message as _;
use seseragi_flow::{Job, Message, Prompt, Sampling};
use seseragi_proto::infer::{self, StreamRequest};
use tokio::time::Instant;

use super::envelope::ENVELOPE_BYTES;
use super::fault::Fault;

const PATH: &str = "/infer.Infer/Stream";
const USER_AGENT: &str = concat!("seseragi/", env!("CARGO_PKG_VERSION"));

/// The request of a job. Without `send_model` the upstream reads nothing but the prompt.
pub(super) fn request(job: Job, send_model: bool, now: Instant) -> Result<Request<Full<Bytes>>, Fault> {
    let headers = headers(job.deadline.map(|at| at.duration_since(now)), job.trace.as_deref());
    let message = message(job, send_model)?;
    let mut request = Request::new(Full::new(enveloped(&message)));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = http::Uri::from_static(PATH);
    *request.headers_mut() = headers;
    Ok(request)
}

fn enveloped(message: &StreamRequest) -> Bytes {
    let length = message.encoded_len();
    let mut bytes = BytesMut::with_capacity(ENVELOPE_BYTES + length);
    bytes.put_u8(0);
    bytes.put_u32(u32::try_from(length).unwrap_or(u32::MAX));
    message.encode_raw(&mut bytes);
    bytes.freeze()
}

fn headers(timeout: Option<Duration>, trace: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(6);
    headers.insert(header::TE, HeaderValue::from_static("trailers"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
    if let Some(value) = timeout.and_then(|timeout| HeaderValue::try_from(grpc_timeout(timeout)).ok()) {
        headers.insert(HeaderName::from_static("grpc-timeout"), value);
    }
    if let Some(value) = trace.and_then(|trace| HeaderValue::from_str(trace).ok()) {
        headers.insert(HeaderName::from_static("traceparent"), value);
    }
    headers
}

/// At most eight digits and a unit (gRPC over HTTP/2, "Timeout").
fn grpc_timeout(timeout: Duration) -> String {
    const MOST: u128 = 99_999_999;
    let millis = timeout.as_millis().max(1);
    if millis <= MOST { format!("{millis}m") } else { format!("{}S", (millis / 1000).min(MOST)) }
}

fn message(job: Job, send_model: bool) -> Result<StreamRequest, Fault> {
    let mut message = StreamRequest { sampling: sampling(job.sampling), ..StreamRequest::default() };
    match job.prompt {
        Prompt::Text(text) => message.prompt = text,
        Prompt::Messages(turns) => match sole_question(turns) {
            Ok(text) => message.prompt = text,
            Err(_) if !send_model => return Err(Fault::OnePromptOnly),
            Err(turns) => message.messages = turns.into_iter().map(turn).collect(),
        },
    }
    if send_model {
        message.model = job.model.as_ref().to_owned();
    }
    Ok(message)
}

/// A conversation of one question is the same as a prompt, which every upstream understands.
fn sole_question(mut turns: Vec<Message>) -> Result<String, Vec<Message>> {
    match turns.as_mut_slice() {
        [only] if only.role == "user" => Ok(std::mem::take(&mut only.content)),
        _ => Err(turns),
    }
}

fn turn(message: Message) -> infer::Message {
    infer::Message { role: message.role, content: message.content, ..infer::Message::default() }
}

fn sampling(sampling: Sampling) -> Option<infer::Sampling> {
    (sampling != Sampling::default()).then_some(infer::Sampling {
        max_tokens: sampling.max_tokens,
        temperature: sampling.temperature,
        top_p: sampling.top_p,
        top_k: sampling.top_k,
        seed: sampling.seed,
        stop: sampling.stop,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_has_at_most_eight_digits_and_is_never_zero() {
        let text = |seconds| grpc_timeout(Duration::from_secs_f64(seconds));
        assert_eq!([text(0.0), text(1.5), text(99_999.999)], ["1m", "1500m", "99999999m"]);
        assert_eq!(text(100_000.0), "100000S");
        assert_eq!(grpc_timeout(Duration::MAX), "99999999S");
    }

    #[test]
    fn a_traceparent_that_is_no_header_is_left_out() {
        assert!(!headers(None, Some("a\nb")).contains_key("traceparent"));
        assert_eq!(headers(None, Some("00-ab-cd-01"))["traceparent"], "00-ab-cd-01");
        assert!(!headers(None, None).contains_key("grpc-timeout"));
    }
}
