//! The [`App`]: everything that the request path needs, wired once at start.

use std::sync::Arc;

use http::HeaderName;
use seseragi_flow::Hub;
use seseragi_guard::{Accounts, Admission, AuthObserver, Gate, Store};

use crate::address::IpNet;
use crate::cors::Cors;
use crate::routes::Routes;

/// Everything that the request path needs.
pub struct App {
    /// Checks credentials.
    pub gate: Gate,
    /// Signs in and issues tokens, unless another program does.
    pub accounts: Option<Accounts>,
    /// Where a revocation is kept, so that it outlives the process and others learn of it. Without it revocations are
    /// of this process only.
    pub store: Option<Arc<Store>>,
    /// What we are called, and how clients bring their credentials.
    pub identity: Identity,
    /// Decides how much may run.
    pub admission: Admission,
    /// The generations.
    pub hub: Hub,
    /// The models.
    pub routes: Routes,
    /// Which pages of other origins may call.
    pub cors: Cors,
    /// Who may be a guest.
    pub guests: Guests,
    /// What the listener is.
    pub exposure: Exposure,
    /// Whose word about a client's address and scheme is taken (`X-Forwarded-For`, `X-Forwarded-Proto`).
    pub trusted_proxies: Vec<IpNet>,
    /// The longest prompt, in bytes.
    pub max_prompt_bytes: usize,
    /// What the console is told: version, questions, the model's note.
    pub console: serde_json::Value,
    /// Takes facts about requests.
    pub observer: Arc<dyn RequestObserver>,
    /// Takes facts for the audit log.
    pub audit: Arc<dyn AuthObserver>,
}

/// What we are called, and how clients bring their credentials.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Our public URL, and the `iss` of our own tokens: exactly as these say it, so nothing is ever trimmed. Without
    /// query, fragment and a slash at its end.
    pub issuer_url: String,
    /// The `aud` of tokens for us.
    pub audience: String,
    /// Where clients get tokens for us (RFC 9728 §2): issuer identifiers, our own among them if we issue.
    pub authorization_servers: Vec<String>,
    /// The header that carries access tokens: `authorization`, or another one where a front overwrites that. Only this
    /// one is read.
    pub token_header: HeaderName,
    /// Whether cookies are `Secure` with the `__Host-` prefix. `None`: unless a client of this machine comes by plain
    /// HTTP.
    pub secure_cookies: Option<bool>,
    /// What the end of a token does to streams that are read with it.
    pub on_expiry: OnExpiry,
}

impl Identity {
    /// Our scheme, host and port: the origin of pages of ours, as clients see it.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.split().0
    }

    /// The host of our public URL, with its port if it has one.
    pub(crate) fn host(&self) -> &str {
        self.origin().split_once("://").map_or("", |(_, host)| host)
    }

    /// Where our protected resource metadata is (RFC 9728 §3.1): the well-known part stands before a path.
    #[must_use]
    pub fn resource_metadata_url(&self) -> String {
        let (origin, path) = self.split();
        format!("{origin}{RESOURCE_METADATA}{path}")
    }

    /// Whether this is where a kind of metadata is looked for: at its well-known path, or at that with the path of our
    /// own URL behind it (RFC 8414 §3.1, RFC 9728 §3.1).
    pub(crate) fn is_metadata(&self, path: &str, well_known: &str) -> bool {
        let behind = path.strip_prefix(well_known);
        behind.is_some_and(|behind| behind.is_empty() || behind == self.split().1)
    }

    fn split(&self) -> (&str, &str) {
        let url = &self.issuer_url;
        let host = url.find("://").map_or(0, |at| at + 3);
        url.split_at(url[host..].find('/').map_or(url.len(), |slash| host + slash))
    }
}

/// Where protected resource metadata is found on our origin.
pub(crate) const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource";

/// What the end of a token does to streams that are read with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnExpiry {
    /// Nothing: a token is checked when a stream is opened or resumed. What runs goes on to its end or to the longest
    /// duration.
    #[default]
    Continue,
    /// The reader is told `expired` and its connection ends; with a fresh token it may resume.
    Cut,
}

/// Who may sign in as a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guests {
    /// Nobody.
    Off,
    /// Whoever sits at this machine: loopback listener and peer, local `Host` and public URL, and no proxy in between.
    Local,
    /// Everybody who reaches the listener.
    Everybody,
}

/// Where the listener can be reached from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// This machine only.
    Loopback,
    /// Other machines too.
    Network,
}

/// Takes facts about requests. Called on their path: it must not block.
pub trait RequestObserver: Send + Sync + 'static {
    /// A call was answered: by which wire, which method, with which gRPC status.
    fn answered(&self, wire: &'static str, method: &'static str, status: &'static str);

    /// A credential was refused; the reason is one of guard's stable codes.
    fn rejected(&self, reason: &'static str);

    /// A request was refused for a limit; the reason is one of guard's stable codes.
    fn refused(&self, reason: &'static str);

    /// A page of another origin was turned away.
    fn origin_refused(&self, origin: &str);

    /// A cookie is about to be set that any plain-HTTP page of this host could read or overwrite. Told once per process.
    fn insecure_cookies(&self) {
        tracing::warn!(
            "sign-in by plain HTTP: cookies are set without Secure and __Host-. Fit for this machine only; \
             serve by HTTPS and set auth.issuer_url to the https URL"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(issuer_url: &str) -> Identity {
        Identity {
            issuer_url: issuer_url.to_owned(),
            audience: "infer".to_owned(),
            authorization_servers: Vec::new(),
            token_header: http::header::AUTHORIZATION,
            secure_cookies: None,
            on_expiry: OnExpiry::Continue,
        }
    }

    #[test]
    fn the_metadata_stands_between_origin_and_path() {
        for (url, expected) in [
            ("https://a.example", "https://a.example/.well-known/oauth-protected-resource"),
            ("https://a.example:8443/x/y", "https://a.example:8443/.well-known/oauth-protected-resource/x/y"),
        ] {
            assert_eq!(identity(url).resource_metadata_url(), expected);
        }
        assert_eq!(identity("https://a.example:8443/x").origin(), "https://a.example:8443");
        let with_path = identity("https://a.example/x");
        for (path, found) in [("/w", true), ("/w/x", true), ("/w/", false), ("/w/y", false), ("/wx", false)] {
            assert_eq!(with_path.is_metadata(path, "/w"), found, "{path}");
        }
    }
}
