//! Requests, and the messages of a response.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, Request, Uri, header};
use http_body_util::{BodyExt, Full};
use prost::Message;
use seseragi_net::{Upstream, UpstreamBody};

use super::status;
use crate::{Code, Status};

const ENVELOPE_BYTES: usize = 5;
/// The longest message that is taken.
const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;
const USER_AGENT: &str = concat!("seseragi-rust/", env!("CARGO_PKG_VERSION"));

/// Makes calls of the service `infer.Infer`.
#[derive(Debug)]
pub(crate) struct Rpc {
    upstream: Upstream,
}

impl Rpc {
    pub(crate) fn new(upstream: Upstream) -> Self {
        Self { upstream }
    }

    /// Sends one message and waits for the head of the response.
    ///
    /// # Errors
    /// The status, if the head says it already; `Unavailable` if there is no head.
    pub(crate) async fn call(
        &self,
        method: &'static str,
        message: &impl Message,
        authorization: Option<HeaderValue>,
    ) -> Result<Replies, Status> {
        let request = request(method, message, authorization)?;
        let response =
            self.upstream.request(request).await.map_err(|error| Status::lost(error.to_string()))?;
        let (head, body) = response.into_parts();
        status::check_head(head.status, &head.headers)?;
        Ok(Replies { body, headers: head.headers, received: BytesMut::new() })
    }

    /// A call with one message in return.
    ///
    /// # Errors
    /// The status, unless it is OK; `Internal` if there is no message.
    pub(crate) async fn unary<M: Message + Default>(
        &self,
        method: &'static str,
        message: &impl Message,
        authorization: Option<HeaderValue>,
    ) -> Result<M, Status> {
        let mut replies = self.call(method, message, authorization).await?;
        let reply = replies.next().await?;
        while replies.next::<M>().await?.is_some() {}
        reply.ok_or_else(|| Status::new(Code::Internal, "the server answered with nothing"))
    }
}

fn request(
    method: &'static str,
    message: &impl Message,
    authorization: Option<HeaderValue>,
) -> Result<Request<Full<Bytes>>, Status> {
    let uri = format!("/infer.Infer/{method}");
    let uri = Uri::try_from(uri).map_err(|_| Status::new(Code::Internal, "the method has no path"))?;
    let mut request = Request::new(Full::new(enveloped(message)));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    headers.insert(header::TE, HeaderValue::from_static("trailers"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
    if let Some(value) = authorization {
        headers.insert(header::AUTHORIZATION, value);
    }
    Ok(request)
}

fn enveloped(message: &impl Message) -> Bytes {
    let length = message.encoded_len();
    let mut bytes = BytesMut::with_capacity(ENVELOPE_BYTES + length);
    bytes.put_u8(0);
    bytes.put_u32(u32::try_from(length).unwrap_or(u32::MAX));
    bytes.put_slice(&message.encode_to_vec());
    bytes.freeze()
}

/// The messages of a response. Dropping it resets the stream.
#[derive(Debug)]
pub(crate) struct Replies {
    body: UpstreamBody,
    /// The head; replaced by the trailers when they arrive.
    headers: HeaderMap,
    received: BytesMut,
}

impl Replies {
    /// The next message, or `None` after the last one of a call that ended with the status OK. Cancel-safe.
    ///
    /// # Errors
    /// The status; `Unavailable` for a body that ended early or holds no messages.
    pub(crate) async fn next<M: Message + Default>(&mut self) -> Result<Option<M>, Status> {
        loop {
            if let Some(message) = split(&mut self.received)? {
                return M::decode(message).map(Some).map_err(|_| Status::lost("a message cannot be decoded"));
            }
            match self.body.frame().await {
                None => return self.end().map(|()| None),
                Some(Err(error)) => return Err(Status::lost(error.to_string())),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.received.extend_from_slice(&data),
                    Err(frame) => self.headers = frame.into_trailers().unwrap_or_default(),
                },
            }
        }
    }

    fn end(&self) -> Result<(), Status> {
        status::of(&self.headers).unwrap_or_else(|| Err(Status::lost("the connection ended early")))?;
        if self.received.is_empty() {
            Ok(())
        } else {
            Err(Status::lost("the response ended within a message"))
        }
    }
}

/// Takes the first message out, if all of it is there. A fault of the framing means that the connection is broken:
/// it is no answer of the server.
fn split(received: &mut BytesMut) -> Result<Option<Bytes>, Status> {
    let Some([flags, length @ ..]) = received.first_chunk::<ENVELOPE_BYTES>() else { return Ok(None) };
    let length = u32::from_be_bytes(*length) as usize;
    if *flags != 0 || length > MAX_MESSAGE_BYTES {
        return Err(Status::lost("the response is not a sequence of messages"));
    }
    if received.len() < ENVELOPE_BYTES + length {
        return Ok(None);
    }
    received.advance(ENVELOPE_BYTES);
    Ok(Some(received.split_to(length).freeze()))
}

#[cfg(test)]
mod tests {
    use seseragi_proto::infer::CancelRequest;

    use super::*;

    #[test]
    fn messages_are_found_wherever_they_are_cut() {
        let whole: Vec<u8> = ["a", "", "流れ"]
            .iter()
            .flat_map(|id| enveloped(&CancelRequest { stream_id: (*id).to_owned() }))
            .collect();
        for cut in 0..=whole.len() {
            let (mut received, mut found) = (BytesMut::new(), Vec::new());
            for piece in [&whole[..cut], &whole[cut..]] {
                received.extend_from_slice(piece);
                while let Some(message) = split(&mut received).expect("they are fine") {
                    found.push(CancelRequest::decode(message).expect("it is one").stream_id);
                }
            }
            assert_eq!((found, received.len()), (vec!["a".into(), String::new(), "流れ".into()], 0), "{cut}");
        }
    }

    #[test]
    fn what_is_no_message_is_a_lost_connection() {
        for bad in [&b"\x01\0\0\0\x01a"[..], b"\0\xff\0\0\0", b"<html>"] {
            assert_eq!(split(&mut BytesMut::from(bad)).expect_err("refused").code, Code::Unavailable);
        }
    }
}
