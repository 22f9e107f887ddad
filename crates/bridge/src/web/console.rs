//! `GET /console.json`: what the console must know before anybody has signed in.

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Response};

use super::auth::guests_welcome;
use crate::app::App;
use crate::body::Body;

pub(super) fn info(app: &App, head: &Parts) -> Response<Body> {
    let mut info = app.console.clone();
    if let Some(fields) = info.as_object_mut() {
        fields.insert("guest".into(), guests_welcome(app, head).into());
        fields.insert("accounts".into(), app.accounts.is_some().into());
    }
    let mut response = Response::new(Body::from(info.to_string()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
