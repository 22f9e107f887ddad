//! The console's files, embedded when it was built before us; else a plain page that says how to build it.

use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Response};

use crate::body::Body;

/// A file of the console.
struct File {
    path: &'static str,
    media_type: &'static str,
    content: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/console_files.rs"));

const POLICY: &str = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Whether there is such a file.
pub(super) fn exists(path: &str) -> bool {
    find(path).is_some()
}

/// The file of a request.
pub(super) fn file(head: &Parts) -> Option<Response<Body>> {
    let file = find(head.uri.path())?;
    let mut response = Response::new(Body::Whole(bytes::Bytes::from_static(file.content)));
    // Names of assets carry a digest of their content; the page itself does not.
    let forever = file.path.starts_with("/assets/");
    let cache = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (CONTENT_TYPE, file.media_type),
        (CACHE_CONTROL, cache),
        (CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
        (HeaderName::from_static("referrer-policy"), "no-referrer"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Some(response)
}

fn find(path: &str) -> Option<&'static File> {
    let path = if path == "/" { "/index.html" } else { path };
    FILES.iter().find(|file| file.path == path)
}
