//! Errors of pages and sign-in: problem documents (RFC 9457).

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Version};
use serde_json::json;
use seseragi_flow::Code;

use crate::body::Body;
use crate::denied::Denied;
use crate::wire::media_type;

/// A problem document in the making.
#[derive(Debug)]
pub(crate) struct Document {
    status: StatusCode,
    reason: String,
    detail: String,
    headers: Option<Box<HeaderMap>>,
    /// The error of RFC 6749 §5.2, and whether the document is only JSON: where OAuth's clients read it.
    oauth: Option<(&'static str, bool)>,
}

impl Document {
    pub(crate) fn new(status: StatusCode, reason: &str) -> Self {
        Self { status, reason: reason.to_owned(), detail: String::new(), headers: None, oauth: None }
    }

    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found").because(format!("there is nothing at {path}"))
    }

    pub(crate) fn because(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// With a header more. One that cannot be written is left out.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers_mut().insert(name, value);
        }
        self
    }

    pub(crate) fn allow(self, methods: &[Method]) -> Self {
        self.with(ALLOW, &listed(methods))
    }

    /// For clients that speak OAuth: with `error` and `error_description`. A client that sent a form expects
    /// plain JSON (RFC 6749 §5.2).
    pub(crate) fn oauth(mut self, form: bool) -> Self {
        self.oauth = Some((self.oauth_error(), form));
        self
    }

    pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
        self.headers.get_or_insert_default()
    }

    /// The registered error that comes nearest (RFC 6749 §5.2, RFC 9449 §5 and §8).
    fn oauth_error(&self) -> &'static str {
        const REGISTERED: [&str; 7] = [
            "invalid_client",
            "invalid_grant",
            "invalid_scope",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_dpop_proof",
            "use_dpop_nonce",
        ];
        let own = REGISTERED.into_iter().find(|error| *error == self.reason);
        own.unwrap_or(match self.status.as_u16() {
            401 => "invalid_client",
            403 => "access_denied",
            429 | 503 => "temporarily_unavailable",
            500..=599 => "server_error",
            _ => "invalid_request",
        })
    }

    pub(crate) fn response(self) -> Response<Body> {
        let mut document = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "reason": self.reason,
        });
        if let Some((error, _)) = self.oauth {
            document["error"] = error.into();
            document["error_description"] = self.detail.into();
        }
        let mut response = Response::new(Body::from(document.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let plain = matches!(self.oauth, Some((_, true)));
        let media_type = if plain { "application/json" } else { "application/problem+json" };
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.extend(self.headers.map(|headers| *headers).unwrap_or_default());
        response
    }
}

/// Methods as `Allow` lists them.
pub(super) fn listed(methods: &[Method]) -> String {
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}

impl From<Denied> for Document {
    fn from(denied: Denied) -> Self {
        let problem = &denied.problem;
        let status = match problem.code {
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::PermissionDenied => StatusCode::FORBIDDEN,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        let retryable = problem.retryable;
        let mut document = Self::new(status, &problem.reason).because(problem.message.as_str());
        document.headers = Some(Box::new(denied.headers()));
        if retryable { document.with(RETRY_AFTER, "1") } else { document }
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
            .allow(&[Method::POST])
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
