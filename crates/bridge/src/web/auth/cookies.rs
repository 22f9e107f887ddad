//! Our cookies: which there are, how they are called, and how they are set.
//!
//! With HTTPS their names begin with `__Host-` (RFC 6265bis §4.1.3.2), so that no other host and no plain-HTTP page can
//! set them. A client of this machine that comes by plain HTTP gets them without; browsers would not keep them otherwise.

use std::sync::Once;

use http::HeaderValue;
use http::header::COOKIE;
use http::request::Parts;

use super::local::is_local_host;
use crate::app::App;
use crate::cors::host;

/// Told once per process: more would drown it.
static WARNED: Once = Once::new();

/// The cookies there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// A sign-in.
    Session,
    /// A device that has signed in before.
    Device,
    /// What tokens with `cnf.cbh` are bound to.
    Binding,
}

impl Cookie {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Session => ("__Host-seseragi_session", "seseragi_session"),
            Self::Device => ("__Host-seseragi_device", "seseragi_device"),
            Self::Binding => ("__Host-seseragi_binding", "seseragi_binding"),
        }
    }
}

/// The cookies of one request, in the one form that fits how it came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jar {
    secure: bool,
}

impl Jar {
    /// The jar of a request.
    pub(crate) fn of(app: &App, head: &Parts) -> Self {
        let plain_and_local = || !app.is_https(head) && host(head).is_some_and(is_local_host);
        Self { secure: app.identity.secure_cookies.unwrap_or_else(|| !plain_and_local()) }
    }

    /// The value of a cookie that came exactly once: of two, one was planted.
    pub(crate) fn read(self, head: &Parts, cookie: Cookie) -> Option<&str> {
        let lines = head.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(name, _)| *name == self.name(cookie)).map(|(_, value)| value);
        values.next().filter(|value| !value.is_empty()).filter(|_| values.next().is_none())
    }

    /// The header that sets a cookie, for so many seconds or as long as the browser runs.
    pub(super) fn set(
        self,
        app: &App,
        cookie: Cookie,
        value: &str,
        max_age_s: Option<u64>,
    ) -> Option<HeaderValue> {
        if !self.secure {
            WARNED.call_once(|| app.observer.insecure_cookies());
        }
        let age = max_age_s.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
        let secure = if self.secure { "; Secure" } else { "" };
        let line = format!("{}={value}; Path=/{age}; HttpOnly; SameSite=Strict{secure}", self.name(cookie));
        HeaderValue::from_str(&line).ok()
    }

    /// The header that takes a cookie back.
    pub(super) fn clear(self, app: &App, cookie: Cookie) -> Option<HeaderValue> {
        self.set(app, cookie, "", Some(0))
    }

    const fn name(self, cookie: Cookie) -> &'static str {
        let (secure, plain) = cookie.names();
        if self.secure { secure } else { plain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(secure: bool, lines: &[&str]) -> Option<String> {
        let request =
            lines.iter().fold(http::Request::get("/"), |request, line| request.header(COOKIE, *line));
        let head = request.body(()).expect("a request").into_parts().0;
        Jar { secure }.read(&head, Cookie::Session).map(str::to_owned)
    }

    #[test]
    fn only_the_one_name_that_fits_is_read_and_only_once() {
        assert_eq!(read(true, &["a=b; __Host-seseragi_session=x"]).as_deref(), Some("x"));
        assert_eq!(read(true, &["a=b", "__Host-seseragi_session=x"]).as_deref(), Some("x"));
        assert_eq!(read(false, &["seseragi_session=x;other=y"]).as_deref(), Some("x"));
        assert_eq!(read(true, &["seseragi_session=x"]), None, "no prefix, no proof of who set it");
        assert_eq!(read(false, &["__Host-seseragi_session=x"]), None);
        assert_eq!(read(true, &["__Host-seseragi_session=x; __Host-seseragi_session=y"]), None);
        assert_eq!(read(true, &["__Host-seseragi_session=x", "__Host-seseragi_session=x"]), None);
        assert_eq!(read(true, &["__Host-seseragi_session="]), None);
    }
}
