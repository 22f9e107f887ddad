//! Who calls: from the headers of a request to a [`Caller`].

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use seseragi_guard::{Caller, Evidence, Rejection, Scope, UnixSeconds};

use crate::app::{App, Exposure};
use crate::cors::host;
use crate::denied::{DPOP, Denied};
use crate::web::{Cookie, Jar, is_local_host};

impl App {
    /// Who calls, with the right that the method needs. Cancel-safe.
    ///
    /// # Errors
    /// `Unauthenticated` or `PermissionDenied`; says no more than the caller may know.
    pub(crate) async fn caller(&self, head: &Parts, scope: Scope) -> Result<Caller, Denied> {
        let caller = self.who(head).await.map_err(|rejection| self.deny(rejection))?;
        caller.require(scope).map_err(|missing| self.deny_scope(missing))?;
        Ok(caller)
    }

    /// Who calls, whatever it may do. Only the configured header is read: no query, no body, no other header, and no
    /// claims that a front has decoded for us.
    pub(crate) async fn who(&self, head: &Parts) -> Result<Caller, Rejection> {
        let authorization = values(&head.headers, &self.identity.token_header);
        let proofs = values(&head.headers, &DPOP);
        let local_origin = (!proofs.is_empty()).then(|| self.local_origin(head)).flatten();
        let evidence = Evidence {
            authorization: &authorization,
            proofs: &proofs,
            binding_cookie: Jar::of(self, head).read(head, Cookie::Binding),
            method: head.method.as_str(),
            path: head.uri.path(),
            local_origin: local_origin.as_deref(),
        };
        self.gate.caller(&evidence, UnixSeconds::now()).await
    }

    /// The origin by which a client of this machine reached a loopback listener: it is right in a proof, whatever our
    /// public URL is. With any port, because tunnels and development servers have ports of their own.
    pub(crate) fn local_origin(&self, head: &Parts) -> Option<String> {
        let host = host(head).filter(|host| is_local_host(host));
        host.filter(|_| self.exposure == Exposure::Loopback).map(|host| format!("http://{host}"))
    }
}

/// All values of a header.
pub(crate) fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a [u8]> {
    headers.get_all(name).iter().map(HeaderValue::as_bytes).collect()
}
