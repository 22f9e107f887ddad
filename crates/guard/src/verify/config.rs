//! Which issuers are trusted, and for what. Plain data; `Verifier::new` checks it and reports every fault at
//! once.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use serde_json::Value;
use thiserror::Error;

use super::secret::weakness;
use crate::{PublicKey, Tier};

/// No access token may live longer than a day.
const MAX_AGE_S_MAX: u64 = 86_400;
/// Clocks further apart than this are broken.
const CLOCK_SKEW_S_MAX: u64 = 300;

/// Who may issue tokens for us.
#[derive(Clone, Debug)]
pub struct VerifierConfig {
    /// Ourselves.
    pub own: OwnIssuer,
    /// Others, each with a secret it shares with us; their issuers and names must all differ.
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
    /// The keys that may have signed them. None: no token of ours is accepted.
    pub keys: Vec<PublicKey>,
}

/// Another issuer that signs with HS256 and a secret it shares with us, such as a web framework.
#[derive(Clone)]
pub struct ExternalIssuer {
    /// What logs, and subjects of tokens without `iss`, call it: 1 to 64 of `a-z`, `0-9`, `-`.
    pub name: String,
    /// The `iss` its tokens must carry, byte by byte. `None`: they carry none; allowed for one issuer only.
    pub issuer: Option<String>,
    /// The shared secret: at least 32 bytes and not one that everybody tries first.
    pub secret: Vec<u8>,
    /// The `kid` its tokens must carry. `None`: they carry none.
    pub kid: Option<String>,
    /// `aud` must name one of these. Empty: not checked, so its tokens for other services work here too; warn about it.
    pub audiences: Vec<String>,
    /// The claim with the subject: a string; a whole number is fine if this is not `sub`.
    pub sub_claim: String,
    /// The claim with the scopes: a space-delimited string or an array of strings.
    pub scope_claim: String,
    /// Claims that must be there with exactly these values, such as `token_type = "access"`.
    pub required_claims: BTreeMap<String, Value>,
    /// The values of `typ` it uses for access tokens, compared byte by byte; an absent `typ` passes, too.
    pub typ: Vec<String>,
    /// How long its tokens may live, in seconds: 1 to 86,400. Without `iat` it is counted from now.
    pub max_age_s: u64,
    /// How far its clock may be from ours, in seconds: 0 to 300.
    pub clock_skew_s: u64,
    /// The tier of all its callers.
    pub tier: Tier,
}

impl OwnIssuer {
    /// How long our tokens may live, in seconds, whatever the issuer was told.
    pub(crate) const MAX_AGE_S: u64 = 3600;
    /// How far the clocks of our own machines may be apart, in seconds.
    pub(super) const CLOCK_SKEW_S: u64 = 5;
}

impl ExternalIssuer {
    /// An issuer with the defaults: tokens without `iss`, `kid` and `aud`; claims `sub` and `scope`; typ
    /// `JWT`; at most 3600 s of life, 30 s of skew, tier user.
    pub fn new(name: impl Into<String>, secret: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            issuer: None,
            secret: secret.into(),
            kid: None,
            audiences: Vec::new(),
            sub_claim: "sub".to_owned(),
            scope_claim: "scope".to_owned(),
            required_claims: BTreeMap::new(),
            typ: vec!["JWT".to_owned()],
            max_age_s: 3600,
            clock_skew_s: 30,
            tier: Tier::User,
        }
    }

    /// What stands for the issuer in a [`Subject`](crate::Subject).
    pub(super) fn subject_issuer(&self) -> &str {
        self.issuer.as_deref().unwrap_or(&self.name)
    }

    fn faults(&self, path: &str, faults: &mut ConfigFaults) {
        let name_fits = self.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        faults.unless(
            name_fits && (1..=64).contains(&self.name.len()),
            path,
            "name",
            "must be 1 to 64 of a-z, 0-9 and -",
        );
        faults.unless(
            self.issuer.as_deref() != Some(""),
            path,
            "issuer",
            "must not be empty: leave it out for tokens without iss",
        );
        if let Some(weakness) = weakness(&self.secret) {
            faults.add(path, "secret", format!("{weakness}: make one with `openssl rand -base64 48`"));
        }
        faults.unless(!self.sub_claim.is_empty(), path, "sub_claim", "must name a claim");
        faults.unless(!self.scope_claim.is_empty(), path, "scope_claim", "must name a claim");
        faults.unless((1..=MAX_AGE_S_MAX).contains(&self.max_age_s), path, "max_age_s", "must be 1 to 86400");
        faults.unless(self.clock_skew_s <= CLOCK_SKEW_S_MAX, path, "clock_skew_s", "must be 0 to 300");
    }
}

/// The secret is not shown.
impl fmt::Debug for ExternalIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalIssuer")
            .field("name", &self.name)
            .field("issuer", &self.issuer)
            .field("audiences", &self.audiences)
            .finish_non_exhaustive()
    }
}

impl VerifierConfig {
    /// Checks everything.
    pub(super) fn check(&self) -> Result<(), ConfigFaults> {
        let mut faults = ConfigFaults(Vec::new());
        faults.unless(!self.own.issuer.is_empty(), "own", "issuer", "must not be empty");
        faults.unless(!self.own.audience.is_empty(), "own", "audience", "must not be empty");
        let mut issuers = HashSet::from([&*self.own.issuer]);
        let (mut names, mut secrets) = (HashSet::new(), HashSet::new());
        let mut without_issuer = 0;
        for (index, external) in self.external.iter().enumerate() {
            let path = format!("external[{index}]");
            external.faults(&path, &mut faults);
            without_issuer += usize::from(external.issuer.is_none());
            faults.unless(
                without_issuer < 2 || external.issuer.is_some(),
                &path,
                "issuer",
                "only one issuer may go without",
            );
            let first = issuers.insert(external.subject_issuer());
            faults.unless(first, &path, "issuer", "another issuer has the same iss or name");
            faults.unless(names.insert(&external.name), &path, "name", "another issuer has it");
            faults.unless(
                secrets.insert(&external.secret),
                &path,
                "secret",
                "another issuer has it: each could sign for the other",
            );
        }
        if faults.0.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// One thing to mend in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// Where: `own.issuer`, `external[1].secret`.
    pub path: String,
    /// What must be true there. Never quotes a secret.
    pub hint: String,
}

/// All that is wrong with a configuration; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct ConfigFaults(pub Vec<ConfigFault>);

impl ConfigFaults {
    fn add(&mut self, path: &str, key: &str, hint: impl Into<String>) {
        self.0.push(ConfigFault { path: format!("{path}.{key}"), hint: hint.into() });
    }

    fn unless(&mut self, holds: bool, path: &str, key: &str, hint: &str) {
        if !holds {
            self.add(path, key, hint);
        }
    }
}

/// One line per fault.
impl fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, ConfigFault { path, hint }) in self.0.iter().enumerate() {
            write!(f, "{}{path} {hint}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}
