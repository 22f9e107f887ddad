//! The verifier: finds the issuer a token names and applies that issuer's rules.

use std::collections::HashMap;
use std::sync::Arc;

use super::claims::Claims;
use super::config::VerifierConfig;
use super::confirmation::Confirmation;
use super::faults::ConfigFaults;
use super::header::Header;
use super::keys::{Fetcher, Key, Keys};
use super::parts::Parts;
use super::rules::Rules;
use crate::keyset::LiveKeySet;
use crate::{Caller, Reason, Rejection, UnixSeconds};

/// Verifies access tokens. Without I/O, shared by all workers.
#[derive(Debug)]
pub(crate) struct Verifier {
    by_issuer: HashMap<String, Arc<Rules>>,
    without_issuer: Option<Arc<Rules>>,
}

/// A token whose signature and claims are good. What it is bound to, and whether it was revoked, is not yet checked.
pub(crate) struct Verified {
    pub(crate) caller: Caller,
    pub(crate) confirmation: Confirmation,
    rules: Arc<Rules>,
    key: Key,
}

/// A token that is not good, and by whose rules.
pub(crate) struct Refused {
    pub(crate) rejection: Rejection,
    pub(crate) rules: Option<Arc<Rules>>,
    /// The key that nobody knows yet, and where it might be.
    pub(crate) unknown_key: Option<(Arc<LiveKeySet>, Arc<str>)>,
}

impl Verifier {
    /// A verifier that trusts the issuers of `config` and nobody else. Key sets are not yet fetched: see
    /// [`LiveKeySet`].
    ///
    /// # Errors
    /// Every fault of the configuration at once.
    pub(crate) fn new(config: VerifierConfig, fetcher: Option<&Fetcher>) -> Result<Self, ConfigFaults> {
        let all_keys = config.read(fetcher.is_some())?;
        let own = Arc::new(Rules::own(&config.own));
        let mut verifier =
            Self { by_issuer: HashMap::from([(config.own.issuer, own)]), without_issuer: None };
        for (external, read) in config.external.into_iter().zip(all_keys) {
            let issuer = external.issuer.clone();
            let keys = Keys::read(&external, read, fetcher);
            let rules = Arc::new(Rules::external(external, keys));
            match issuer {
                Some(issuer) => drop(verifier.by_issuer.insert(issuer, rules)),
                None => verifier.without_issuer = Some(rules),
            }
        }
        Ok(verifier)
    }

    /// The key sets that have to be kept fresh.
    pub(crate) fn live_keys(&self) -> impl Iterator<Item = &Arc<LiveKeySet>> {
        self.by_issuer.values().chain(&self.without_issuer).filter_map(|rules| rules.keys().live())
    }

    /// Steps 2 and 4 to 9: whose token this is at the time `now`. What it is bound to is not yet checked.
    ///
    /// Costs one signature check (about 60 µs for ES256, 4 µs for HS256) and is safe on attacker-chosen bytes. What the
    /// token says about time, audience and permissions is looked at only once its signature is known to be good.
    pub(crate) fn examine(&self, token: &str, now: UnixSeconds) -> Result<Verified, Refused> {
        let parts = Parts::split(token)?;
        let header = Header::parse(&parts.header)?;
        let claims = Claims::parse(&parts.claims)?;
        let rules = self.rules_of(&claims)?;
        let refuse = |rejection| Refused { rejection, rules: Some(Arc::clone(rules)), unknown_key: None };
        rules.check_form(token, &header).map_err(refuse)?;
        let Some(key) = rules.keys().find(header.kid.as_ref()) else {
            let unknown_key = rules.keys().live().cloned().zip(header.kid);
            return Err(Refused { unknown_key, ..refuse(Reason::KeyUnknown.into()) });
        };
        rules.check_signature(&key, &header, &parts).map_err(refuse)?;
        let (caller, confirmation) = rules.caller(&header, &claims, now).map_err(refuse)?;
        Ok(Verified { caller, confirmation, rules: Arc::clone(rules), key })
    }

    /// The issuer is chosen by an `iss` nobody has verified yet. That is safe because only keys of that
    /// issuer count.
    fn rules_of(&self, claims: &Claims) -> Result<&Arc<Rules>, Rejection> {
        match claims.issuer()? {
            Some(issuer) => self.by_issuer.get(issuer).ok_or_else(|| Reason::IssuerUnknown.into()),
            None => self.without_issuer.as_ref().ok_or_else(|| Reason::IssuerMissing.into()),
        }
    }
}

impl Verified {
    /// Whether it would be good again at `now`, as long as that is not before the moment it was examined.
    pub(crate) fn still_good(&self, now: UnixSeconds) -> bool {
        let end = self.caller.expires_at().plus(self.rules.clock_skew_s());
        now < end && self.rules.keys().still_has(&self.key)
    }

    /// Refused after all, for what is not in the token itself.
    pub(crate) fn refuse(&self, rejection: Rejection) -> Refused {
        Refused { rejection, rules: Some(Arc::clone(&self.rules)), unknown_key: None }
    }
}

impl From<Rejection> for Refused {
    fn from(rejection: Rejection) -> Self {
        Self { rejection, rules: None, unknown_key: None }
    }
}
