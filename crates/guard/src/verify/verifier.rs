//! The verifier: finds the issuer a token names and applies that issuer's rules.

use std::collections::HashMap;

use super::claims::Claims;
use super::config::{ConfigFaults, VerifierConfig};
use super::header::Header;
use super::parts::Parts;
use super::rules::Rules;
use crate::{Caller, Reason, Rejection, UnixSeconds};

/// Verifies access tokens. Immutable, without I/O, shared by all workers.
#[derive(Debug)]
pub struct Verifier {
    by_issuer: HashMap<String, Rules>,
    without_issuer: Option<Rules>,
}

impl Verifier {
    /// A verifier that trusts the issuers of `config` and nobody else.
    ///
    /// # Errors
    /// Every fault of the configuration at once.
    pub fn new(config: VerifierConfig) -> Result<Self, ConfigFaults> {
        config.check()?;
        let mut verifier = Self { by_issuer: HashMap::new(), without_issuer: None };
        verifier.by_issuer.insert(config.own.issuer.clone(), Rules::own(&config.own));
        for external in config.external {
            match external.issuer.clone() {
                Some(issuer) => drop(verifier.by_issuer.insert(issuer, Rules::external(external))),
                None => verifier.without_issuer = Some(Rules::external(external)),
            }
        }
        Ok(verifier)
    }

    /// The caller this token stands for at the time `now`.
    ///
    /// Costs one signature check (about 80 µs for ES256, 5 µs for HS256) and is safe on attacker-chosen
    /// bytes. What the token says about time, audience and permissions is looked at only once its signature
    /// is known to be good.
    ///
    /// # Errors
    /// The first [`Rejection`] met, in the order documented in the module.
    pub fn verify(&self, token: &str, now: UnixSeconds) -> Result<Caller, Rejection> {
        let parts = Parts::split(token)?;
        let header = Header::parse(&parts.header)?;
        let claims = Claims::parse(&parts.claims)?;
        let rules = self.rules_of(&claims)?;
        rules.check_size(token)?;
        rules.check_signature(&header, &parts)?;
        rules.caller(&header, &claims, now)
    }

    /// The issuer is chosen by an `iss` nobody has verified yet. That is safe because only keys of that
    /// issuer count.
    fn rules_of(&self, claims: &Claims) -> Result<&Rules, Rejection> {
        match claims.issuer()? {
            Some(issuer) => self.by_issuer.get(issuer).ok_or_else(|| Reason::IssuerUnknown.into()),
            None => self.without_issuer.as_ref().ok_or_else(|| Reason::IssuerMissing.into()),
        }
    }
}
