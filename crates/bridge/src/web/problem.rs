//! Errors of pages and sign-in: problem documents (RFC 9457).

use http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode, Version};
use serde_json::json;
use seseragi_flow::{Code, Problem};

use crate::body::Body;
use crate::wire::media_type;

/// A problem document in the making.
pub(crate) struct Document {
    status: StatusCode,
    reason: String,
    detail: String,
    allow: Option<Method>,
    challenge: bool,
}

impl Document {
    pub(crate) fn new(status: StatusCode, reason: &str) -> Self {
        Self { status, reason: reason.to_owned(), detail: String::new(), allow: None, challenge: false }
    }

    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found").because(format!("there is nothing at {path}"))
    }

    pub(crate) fn because(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    pub(crate) fn allow(mut self, method: &Method) -> Self {
        self.allow = Some(method.clone());
        self
    }

    pub(crate) fn response(self) -> Response<Body> {
        let document = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "reason": self.reason,
        });
        let mut response = Response::new(Body::from(document.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(allow) = self.allow.and_then(|method| HeaderValue::from_str(method.as_str()).ok()) {
            headers.insert(ALLOW, allow);
        }
        if self.challenge {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<&Problem> for Document {
    fn from(problem: &Problem) -> Self {
        let status = match problem.code {
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::PermissionDenied => StatusCode::FORBIDDEN,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let challenge = problem.code == Code::Unauthenticated;
        Self { challenge, ..Self::new(status, &problem.reason).because(problem.message.as_str()) }
    }
}

/// An RPC in a form that is not spoken here: says which ones are.
pub(crate) fn unspoken(head: &Parts) -> Response<Body> {
    let media = media_type(&head.headers);
    if media.starts_with("application/grpc")
        && !media.starts_with("application/grpc-web")
        && head.version < Version::HTTP_2
    {
        return Document::new(StatusCode::HTTP_VERSION_NOT_SUPPORTED, "grpc_needs_http2")
            .because("gRPC needs HTTP/2; over HTTP/1.1 use gRPC-Web or Connect")
            .response();
    }
    if head.method != Method::POST {
        return Document::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
            .because("remote calls are POST requests")
            .allow(&Method::POST)
            .response();
    }
    let spoken = "application/grpc (HTTP/2), application/grpc-web+proto, application/connect+proto for streams \
                  and application/proto for single calls";
    let given = if media.is_empty() { "no content type".to_owned() } else { media };
    let mut response = Document::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
        .because(format!("{given} is not spoken here; send {spoken}"))
        .response();
    let accept =
        HeaderValue::from_static("application/grpc-web+proto, application/connect+proto, application/proto");
    response.headers_mut().insert("accept-post", accept);
    response
}
