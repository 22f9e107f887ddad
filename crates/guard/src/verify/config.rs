//! Which issuers are trusted, and for what. Plain data; [`Gate::new`](crate::Gate::new) checks it and reports every fault at
//! once.

use std::collections::HashSet;

use super::external::{ExternalIssuer, KeySource, ReadKeys};
use super::faults::ConfigFaults;
use crate::{KeyRing, PublicKey};

/// Who may issue tokens for us.
#[derive(Clone, Debug)]
pub struct VerifierConfig {
    /// Ourselves.
    pub own: OwnIssuer,
    /// Others; their issuers and names must all differ.
    pub external: Vec<ExternalIssuer>,
}

/// Our own issuer, whose tokens follow RFC 9068: `typ at+jwt`, ES256, with iss, sub, aud, exp, iat, jti and
/// client_id.
#[derive(Clone, Debug)]
pub struct OwnIssuer {
    /// The `iss` of our tokens: a URL, compared byte by byte.
    pub issuer: String,
    /// The `aud` that our tokens must name.
    pub audience: String,
    /// The keys that may have signed them.
    pub keys: OwnKeys,
}

/// Our own keys.
#[derive(Clone, Debug)]
pub enum OwnKeys {
    /// Those of the ring, as it is at the moment of each verification.
    Ring(KeyRing),
    /// These. None: no token of ours is accepted.
    Fixed(Vec<PublicKey>),
}

impl OwnKeys {
    /// The key of this name, if it verifies now.
    pub(super) fn verifying(&self, kid: &str) -> Option<PublicKey> {
        match self {
            Self::Ring(ring) => ring.verifying(kid),
            Self::Fixed(keys) => keys.iter().find(|key| key.kid() == kid).cloned(),
        }
    }
}

impl OwnIssuer {
    /// How long our tokens may live, in seconds, whatever the issuer was told.
    pub(crate) const MAX_AGE_S: u64 = 3600;
    /// How far the clocks of our own machines may be apart, in seconds.
    pub(super) const CLOCK_SKEW_S: u64 = 5;
}

impl VerifierConfig {
    /// Checks everything and reads the keys: those of each external issuer, in their order.
    pub(super) fn read(&self, can_fetch: bool) -> Result<Vec<ReadKeys>, ConfigFaults> {
        let mut faults = ConfigFaults(Vec::new());
        faults.unless(!self.own.issuer.is_empty(), "own", "issuer", "must not be empty");
        faults.unless(!self.own.audience.is_empty(), "own", "audience", "must not be empty");
        let mut apart = Apart::new(&self.own);
        let read = self.external.iter().enumerate().map(|(index, external)| {
            let path = format!("external[{index}]");
            let keys = external.read(&path, &mut faults);
            apart.check(external, &path, &mut faults);
            if let KeySource::JwksUrl { url } = &external.keys {
                faults.unless(
                    is_fetchable(url),
                    &path,
                    "jwks_url",
                    "must be https, or http for a loopback host",
                );
                faults.unless(can_fetch, &path, "jwks_url", "cannot be fetched by this program");
            }
            keys
        });
        let read: Option<Vec<_>> = read.collect::<Vec<_>>().into_iter().collect();
        match read {
            Some(keys) if faults.0.is_empty() => Ok(keys),
            _ => Err(faults),
        }
    }
}

/// What tells issuers apart.
struct Apart<'a> {
    issuers: HashSet<&'a str>,
    names: HashSet<&'a str>,
    secrets: HashSet<&'a [u8]>,
    one_without_issuer: bool,
}

impl<'a> Apart<'a> {
    fn new(own: &'a OwnIssuer) -> Self {
        Self {
            issuers: HashSet::from([&*own.issuer]),
            names: HashSet::new(),
            secrets: HashSet::new(),
            one_without_issuer: false,
        }
    }

    fn check(&mut self, external: &'a ExternalIssuer, path: &str, faults: &mut ConfigFaults) {
        if external.issuer.is_none() {
            faults.unless(!self.one_without_issuer, path, "issuer", "only one issuer may go without");
            self.one_without_issuer = true;
        }
        let first = self.issuers.insert(external.subject_issuer());
        faults.unless(first, path, "issuer", "another issuer has the same iss or name");
        faults.unless(self.names.insert(&external.name), path, "name", "another issuer has it");
        if let KeySource::Hs256 { secret, .. } = &external.keys {
            let first = self.secrets.insert(secret);
            faults.unless(first, path, "secret", "another issuer has it: each could sign for the other");
        }
    }
}

/// Whether nobody on the way can change what comes from this URL.
fn is_fetchable(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return url.len() > 8 && url.starts_with("https://") };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => host,
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
