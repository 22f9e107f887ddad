//! The [`Gate`]: everything that turns what a request brought into a [`Caller`].

mod api_keys;
mod cache;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use self::api_keys::ApiKeys;
use self::cache::Remembered;
use crate::verify::{Fetcher, Refused, Verified, Verifier, same_text};
use crate::{
    AuthEvent, AuthObserver, Caller, ConfigFaults, Dpop, FetchKeys, ProofTarget, Reason, Rejection,
    Revocations, Scheme, Store, UnixSeconds, VerifierConfig, credential,
};

/// Tokens remembered at once, about 1 KiB each.
const REMEMBERED_MAX: usize = 16_384;
/// For how long a token is not verified in full again, in seconds.
const REMEMBERED_S: u64 = 300;
/// What API keys of ours begin with. No token does: a token begins with the base64url of `{`.
const API_KEY_START: &str = "ssr_";

/// What one request brought to say who calls. Borrowed from its headers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// The values of the header that carries the access token (`Authorization` unless configured otherwise).
    pub authorization: &'a [&'a [u8]],
    /// The values of the `DPoP` header.
    pub proofs: &'a [&'a [u8]],
    /// The value of the cookie that tokens with `cnf.cbh` are bound to.
    pub binding_cookie: Option<&'a str>,
    /// The HTTP method, upper case.
    pub method: &'a str,
    /// The path without query.
    pub path: &'a str,
    /// See [`ProofTarget::local_origin`](crate::ProofTarget::local_origin).
    pub local_origin: Option<&'a str>,
}

/// What a gate is made of.
pub struct GateParts {
    /// Whose tokens are accepted.
    pub verifier: VerifierConfig,
    /// What checks proofs.
    pub dpop: Dpop,
    /// What was withdrawn.
    pub revocations: Revocations,
    /// Where API keys are looked up that are presented in place of a token. `None`: there are none.
    pub api_keys: Option<Arc<Store>>,
    /// What fetches the key sets of external issuers. `None`: a `jwks_url` is a fault.
    pub fetch: Option<Arc<dyn FetchKeys>>,
    /// Who is told of refusals.
    pub observer: Arc<dyn AuthObserver>,
    /// Whether good credentials are remembered for a while. It changes the cost of a call, never its answer.
    pub cache: bool,
}

/// Turns evidence into callers: one per process, shared by all workers.
pub struct Gate {
    verifier: Verifier,
    dpop: Dpop,
    revocations: Revocations,
    api_keys: Option<ApiKeys>,
    remembered: Remembered<Verified>,
    observer: Arc<dyn AuthObserver>,
}

impl Gate {
    /// A gate of these parts.
    ///
    /// # Errors
    /// Every fault of the verifier's configuration at once.
    pub fn new(parts: GateParts) -> Result<Self, ConfigFaults> {
        let GateParts { verifier: config, dpop, revocations, api_keys, fetch, observer, cache } = parts;
        let api_keys = api_keys.map(|store| ApiKeys::new(store, &config.own.issuer, cache));
        let fetcher = fetch.map(|fetch| Fetcher { fetch, observer: Arc::clone(&observer) });
        let verifier = Verifier::new(config, fetcher.as_ref())?;
        let remembered = Remembered::new(if cache { REMEMBERED_MAX } else { 0 }, REMEMBERED_S);
        Ok(Self { verifier, dpop, revocations, api_keys, remembered, observer })
    }

    /// Who calls. Waits only for the key set of an external issuer, when a token names a key that is not known yet, and
    /// for the store, when an API key is presented that is not remembered. Cancel-safe.
    ///
    /// # Errors
    /// The first [`Rejection`] met, in the order documented in `verify`. The observer was told of it.
    pub async fn caller(&self, evidence: &Evidence<'_>, now: UnixSeconds) -> Result<Caller, Rejection> {
        let judged = self.judge(evidence, now).await;
        judged.map_err(|refused| {
            let issuer = refused.rules.as_ref().map(|rules| rules.name());
            let event = AuthEvent::Rejected { reason: refused.rejection.reason(), issuer };
            self.observer.auth_event(&event, now);
            refused.rejection
        })
    }

    /// The caller of an access token, **without looking at what the token is bound to**: for introspection and for
    /// people who look at their own token. Never let anybody in by this. A key that is not known yet is not fetched, and
    /// the observer is not told.
    ///
    /// # Errors
    /// The first [`Rejection`] met.
    pub fn verify_token(&self, token: &str, now: UnixSeconds) -> Result<Caller, Rejection> {
        self.token(token, now).map(|verified| verified.caller.clone()).map_err(|refused| refused.rejection)
    }

    /// Keeps the key sets of external issuers fresh, for as long as it is polled. Run it once beside the gate. Ends at
    /// once if there are none.
    pub async fn keep_keys_fresh(&self) {
        let mut all: Vec<Pin<Box<dyn Future<Output = ()> + Send + '_>>> = Vec::new();
        for keys in self.verifier.live_keys() {
            all.push(Box::pin(keys.keep_fresh()));
        }
        std::future::poll_fn(|context| {
            all.retain_mut(|one| one.as_mut().poll(context).is_pending());
            if all.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Checks proofs.
    pub const fn dpop(&self) -> &Dpop {
        &self.dpop
    }

    /// What was withdrawn.
    pub const fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    async fn judge(&self, evidence: &Evidence<'_>, now: UnixSeconds) -> Result<Caller, Refused> {
        let (scheme, text) = credential(evidence.authorization.iter().copied())?;
        if let Some(api_keys) = self.api_keys.as_ref().filter(|_| text.starts_with(API_KEY_START)) {
            if scheme == Scheme::Dpop {
                return Err(Rejection::from(Reason::ProofUnbound).into());
            }
            let caller = api_keys.caller(text, &self.revocations, now).await?;
            return Ok(Caller::clone(&caller));
        }
        let verified = match self.token(text, now) {
            Err(Refused { unknown_key: Some((keys, kid)), .. }) if keys.refresh_for(&kid, now).await => {
                self.token(text, now)?
            }
            other => other?,
        };
        self.check_binding(&verified, scheme, text, evidence, now)
            .map_err(|rejection| verified.refuse(rejection))?;
        Ok(verified.caller.clone())
    }

    /// Steps 2 to 10, or what is left of them for a token that was good a moment ago.
    fn token(&self, token: &str, now: UnixSeconds) -> Result<Arc<Verified>, Refused> {
        let found = self.remembered.find(token, now, |verified| verified.still_good(now));
        let verified = match found {
            Some(verified) => verified,
            None => {
                let verified = Arc::new(self.verifier.examine(token, now)?);
                self.remembered.keep(token, &verified, now);
                verified
            }
        };
        if self.revocations.covers(verified.caller.principal()) {
            return Err(verified.refuse(Reason::Revoked.into()));
        }
        Ok(verified)
    }

    /// Step 11. Every time anew: a proof is good once.
    fn check_binding(
        &self,
        verified: &Verified,
        scheme: Scheme,
        token: &str,
        evidence: &Evidence<'_>,
        now: UnixSeconds,
    ) -> Result<(), Rejection> {
        verified.confirmation.check_cookie(evidence.binding_cookie)?;
        let jkt = match (&verified.confirmation.jkt, scheme) {
            (None, Scheme::Bearer) => return Ok(()),
            (None, Scheme::Dpop) => return Err(Reason::ProofUnbound.into()),
            (Some(_), Scheme::Bearer) => return Err(Reason::ProofRequired.into()),
            (Some(jkt), Scheme::Dpop) => jkt,
        };
        let proof = match evidence.proofs {
            [] => return Err(Reason::ProofRequired.into()),
            [proof] => std::str::from_utf8(proof).map_err(|_| Reason::ProofMalformed)?,
            _ => return Err(Reason::ProofRepeated.into()),
        };
        let target = ProofTarget {
            method: evidence.method,
            path: evidence.path,
            local_origin: evidence.local_origin,
            access_token: Some(token),
            nonce: self.dpop.requires_nonce(),
        };
        let key = self.dpop.prove(proof, &target, now)?;
        if same_text(key.thumbprint(), jkt) { Ok(()) } else { Err(Reason::ProofKeyMismatch.into()) }
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}
