//! A browser, as far as sign-in goes: it keeps cookies, sends its page's origin, and speaks JSON.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use http::Version;
use http::request::Builder;
use serde_json::{Value, json};
use seseragi_testkit::client::{Connection, Response};

use crate::support::{Fixture, ISSUER, PASSWORD};

/// A browser with a page of ours open.
pub(crate) struct Browser {
    addr: SocketAddr,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(fixture: &Fixture) -> Self {
        Self { addr: fixture.addr, cookies: BTreeMap::new() }
    }

    /// One that has signed in.
    pub(crate) async fn signed_in(fixture: &Fixture, name: &str) -> Self {
        let mut browser = Self::new(fixture);
        let response = browser.post("/auth/login", &json!({ "username": name, "password": PASSWORD })).await;
        assert_eq!(response.head.status, 200, "{:?}", response.json());
        browser
    }

    /// What a page of ours sends.
    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Response {
        let request = self.request("POST", path).header("content-type", "application/json");
        let request = request.header("x-seseragi-csrf", "1").header("origin", ISSUER);
        self.send(request.header("sec-fetch-site", "same-origin"), body.to_string()).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Response {
        let request = self.request("GET", path);
        self.send(request, String::new()).await
    }

    /// A request with the cookies, to be changed as a test likes.
    pub(crate) fn request(&self, method: &str, path: &str) -> Builder {
        let request = http::Request::builder().method(method).uri(format!("http://{}{path}", self.addr));
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    /// Sends it and keeps the cookies of the answer.
    pub(crate) async fn send(&mut self, request: Builder, body: impl Into<bytes::Bytes>) -> Response {
        let response = Connection::open(self.addr, Version::HTTP_11).await.ask(request, body).await;
        for line in set_cookies(&response) {
            let (name, rest) = line.split_once('=').expect("a cookie has a name");
            let value = rest.split(';').next().unwrap_or_default();
            match value {
                "" => self.cookies.remove(name),
                _ => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        response
    }
}

/// The lines that set cookies.
pub(crate) fn set_cookies(response: &Response) -> Vec<String> {
    let lines = response.head.headers.get_all("set-cookie").iter();
    lines.map(|line| line.to_str().expect("cookies are text").to_owned()).collect()
}

/// A request of a program: no cookies.
pub(crate) async fn send(request: Builder, body: impl Into<bytes::Bytes>) -> Response {
    let uri: http::Uri = request.uri_ref().cloned().expect("a request has a target");
    let addr = uri.authority().expect("an address").as_str().parse().expect("an address");
    Connection::open(addr, Version::HTTP_11).await.ask(request, body).await
}

/// A program posts JSON.
pub(crate) async fn post(fixture: &Fixture, path: &str, body: &Value) -> Response {
    let request = http::Request::post(fixture.url(path)).header("content-type", "application/json");
    send(request, body.to_string()).await
}

/// A program posts a form.
pub(crate) async fn form(fixture: &Fixture, path: &str, body: &str) -> Response {
    let request =
        http::Request::post(fixture.url(path)).header("content-type", "application/x-www-form-urlencoded");
    send(request, body.to_owned()).await
}
