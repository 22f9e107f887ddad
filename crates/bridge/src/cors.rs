//! CORS: which pages of other origins may call (Fetch standard, "CORS protocol").

use http::header::{self, HeaderName};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};

use crate::body::Body;

const METHODS: &str = "GET, POST, OPTIONS";
const HEADERS: &str = "authorization, dpop, content-type, x-grpc-web, x-user-agent, grpc-timeout, \
                       connect-protocol-version, connect-timeout-ms, traceparent, x-seseragi-csrf";
/// Without these a browser hides how a call ended.
const EXPOSED: &str =
    "grpc-status, grpc-message, grpc-status-details-bin, www-authenticate, dpop-nonce, retry-after";
/// How long a browser may keep a preflight's answer, in seconds; Chromium caps it at this.
const MAX_AGE: &str = "7200";

/// Which origins may call.
#[derive(Clone, Debug, Default)]
pub struct Cors {
    allowed: Vec<Pattern>,
}

/// An origin that is not of the form `scheme://host[:port]`, `scheme://host:*` or `*`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an origin; write scheme://host, scheme://host:port, scheme://host:* or *")]
pub struct InvalidOrigin(pub String);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    Any,
    Exact(String),
    AnyPort(String),
}

/// What an `Origin` header means for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// None, or this very site.
    Same,
    /// Another site that may call, by a pattern: without cookies.
    Allowed,
    /// Another site that may call and is named exactly: also with cookies.
    Listed,
    /// Another site that may not.
    Refused,
}

impl Cors {
    /// Allows these origins: exact ones, `http://localhost:*` for any port, or `*`.
    ///
    /// # Errors
    /// [`InvalidOrigin`] for the first one that is neither.
    pub fn new<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidOrigin> {
        let allowed = origins.into_iter().map(pattern).collect::<Result<_, _>>()?;
        Ok(Self { allowed })
    }

    /// What the request's origin means. `public` is the origin of our own pages as clients see it: a proxy before us may
    /// ask for another host.
    pub(crate) fn judge(&self, head: &Parts, public: &str) -> Origin {
        let Some(origin) = origin(&head.headers).filter(|origin| *origin != public) else {
            return Origin::Same;
        };
        if self.allowed.iter().any(|pattern| matches!(pattern, Pattern::Exact(exact) if exact == origin)) {
            Origin::Listed
        } else if self.allowed.iter().any(|pattern| pattern.matches(origin)) {
            Origin::Allowed
        } else if is_same_site(origin, head) {
            Origin::Same
        } else {
            Origin::Refused
        }
    }

    /// Answers a preflight. Comes before authentication: a preflight never carries a credential.
    pub(crate) fn preflight(judged: Origin, head: &Parts) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        if judged == Origin::Refused {
            *response.status_mut() = StatusCode::FORBIDDEN;
            return response;
        }
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
        Self::allow(judged, head.headers.get(header::ORIGIN), headers);
        response
    }

    /// Lets the page of an allowed origin read the response. Cookies are for origins that are named one by one: a
    /// pattern may match a page that nobody thought of.
    pub(crate) fn allow(judged: Origin, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
        if let Some(origin) = origin {
            if judged == Origin::Listed {
                headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            }
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
    }
}

impl Pattern {
    fn matches(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(exact) => origin == exact,
            Self::AnyPort(site) => origin.strip_prefix(site.as_str()).is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
            }),
        }
    }
}

/// Whether a request is a preflight.
pub(crate) fn is_preflight(head: &Parts) -> bool {
    const ASKS: HeaderName = header::ACCESS_CONTROL_REQUEST_METHOD;
    head.method == Method::OPTIONS
        && head.headers.contains_key(header::ORIGIN)
        && head.headers.contains_key(ASKS)
}

/// The host that the client asked for, with its port.
pub(crate) fn host(head: &Parts) -> Option<&str> {
    // Without what may stand before an `@`: that is no host.
    let authority =
        head.uri.authority().map(|authority| authority.as_str().rsplit('@').next().unwrap_or_default());
    authority.or_else(|| head.headers.get(header::HOST).and_then(|host| host.to_str().ok()))
}

/// The origin of the page that asks.
pub(crate) fn origin(headers: &HeaderMap) -> Option<&str> {
    // An origin that is no text is treated like the opaque one: never allowed but by `*`.
    headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or("null"))
}

/// Whether the page comes from the host that was asked.
pub(crate) fn is_same_site(origin: &str, head: &Parts) -> bool {
    let site = origin.split_once("://").map(|(_, site)| site);
    site.is_some() && site == host(head)
}

fn pattern(text: &str) -> Result<Pattern, InvalidOrigin> {
    if text == "*" {
        return Ok(Pattern::Any);
    }
    let invalid = || InvalidOrigin(text.to_owned());
    let (scheme, site) = text.split_once("://").ok_or_else(invalid)?;
    let plain = site.strip_suffix(":*").unwrap_or(site);
    let clean =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if !matches!(scheme, "http" | "https") || plain.is_empty() || !plain.chars().all(clean) {
        return Err(invalid());
    }
    Ok(if plain == site {
        Pattern::Exact(text.to_owned())
    } else {
        Pattern::AnyPort(format!("{scheme}://{plain}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(allowed: &[&str], origin: &str, host: &str) -> Origin {
        let request =
            http::Request::get("/").header("origin", origin).header("host", host).body(()).expect("request");
        Cors::new(allowed.iter().copied())
            .expect("valid")
            .judge(&request.into_parts().0, "https://public.example")
    }

    #[test]
    fn a_pattern_allows_any_port_of_its_host_and_nothing_else() {
        let local = ["http://localhost:*", "https://app.example"];
        assert_eq!(judge(&local, "http://localhost:5173", "x"), Origin::Allowed);
        assert_eq!(judge(&local, "http://localhost", "x"), Origin::Allowed);
        assert_eq!(judge(&local, "https://app.example", "x"), Origin::Listed);
        assert_eq!(judge(&["*", "https://app.example"], "https://app.example", "x"), Origin::Listed);
        assert_eq!(judge(&["*"], "https://app.example", "x"), Origin::Allowed);
        for bad in [
            "http://localhost.evil",
            "http://localhost:80.evil",
            "https://localhost:1",
            "https://app.example:1",
            "null",
        ] {
            assert_eq!(judge(&local, bad, "x"), Origin::Refused, "{bad}");
        }
        assert_eq!(judge(&[], "http://gateway:8080", "gateway:8080"), Origin::Same);
        assert_eq!(judge(&[], "https://public.example", "gateway:8080"), Origin::Same);
        assert_eq!(judge(&[], "http://public.example", "gateway:8080"), Origin::Refused);
    }

    #[test]
    fn what_is_no_origin_is_refused_at_start() {
        for bad in ["localhost", "ftp://x", "http://", "http://x/path", "http://*"] {
            assert!(Cors::new([bad]).is_err(), "{bad}");
        }
    }
}
