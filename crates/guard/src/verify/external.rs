//! An issuer other than ourselves, as it is configured.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::faults::ConfigFaults;
use super::weak_secret::weakness;
use crate::keyset::{Alg, KeySet, VerifyingKey};
use crate::{Scopes, Tier};

/// No access token may live longer than a day.
const MAX_AGE_S_MAX: u64 = 86_400;
/// What a shared secret signs with.
const SHARED: [Alg; 3] = [Alg::HS256, Alg::HS384, Alg::HS512];
/// Clocks further apart than this are broken.
const CLOCK_SKEW_S_MAX: u64 = 300;

/// Another issuer: a web framework, an identity provider.
#[derive(Clone)]
pub struct ExternalIssuer {
    /// What logs, and subjects of tokens without `iss`, call it: 1 to 64 of `a-z`, `0-9`, `-`.
    pub name: String,
    /// The `iss` its tokens must carry, byte by byte. `None`: they carry none; allowed for one issuer only.
    pub issuer: Option<String>,
    /// Where its keys come from.
    pub keys: KeySource,
    /// What it signs with, by the names of RFC 7518 and RFC 9864. There is no default for public keys: with two
    /// algorithms that fit one key, a token could choose. Empty for a shared secret: HS256.
    pub algorithms: Vec<String>,
    /// The audience must be one of these. Empty: not checked, so its tokens for other services work here too; warn
    /// about it.
    pub audiences: Vec<String>,
    /// The claim with the audience: `aud`, or `client_id` where access tokens have no `aud`.
    pub audience_claim: String,
    /// The values of `typ` it uses for access tokens, compared byte by byte; an absent `typ` counts as `JWT`.
    pub typ: Vec<String>,
    /// The claim with the subject: a string; a whole number is fine if this is not `sub`.
    pub sub_claim: String,
    /// The claim with the scopes: a space-delimited string or an array of strings.
    pub scope_claim: String,
    /// The scopes of tokens without that claim.
    pub default_scopes: Scopes,
    /// The claim with the tier, if tokens have one. A value that names no tier counts as none.
    pub tier_claim: Option<String>,
    /// The tier of callers whose token names none.
    pub tier: Tier,
    /// Claims that must be there with exactly these values, such as `token_type = "access"`.
    pub required_claims: BTreeMap<String, Value>,
    /// How long its tokens may live, in seconds: 1 to 86,400. Without `iat` it is counted from now.
    pub max_age_s: u64,
    /// How far its clock may be from ours, in seconds: 0 to 300.
    pub clock_skew_s: u64,
    /// Whether its tokens have to be bound to a key. One that is bound always needs a proof.
    pub dpop: DpopPolicy,
    /// Whether its tokens may carry `admin:revoke`; it is left out of them otherwise.
    pub admin: bool,
}

/// Where the keys of an issuer come from: one source each.
#[derive(Clone)]
pub enum KeySource {
    /// A secret it shares with us, for HS256 unless `algorithms` names HS384 or HS512.
    Hs256 {
        /// As long as the hash at least, and not one that everybody tries first.
        secret: Vec<u8>,
        /// The `kid` its tokens must carry. `None`: they carry none.
        kid: Option<String>,
    },
    /// A public key in PEM (SubjectPublicKeyInfo).
    Pem {
        /// The content of the file.
        text: String,
        /// The `kid` its tokens must carry. `None`: they carry none.
        kid: Option<String>,
    },
    /// A key set (RFC 7517 §5) in a file.
    JwksFile {
        /// The content of the file.
        content: Vec<u8>,
    },
    /// A key set at a URL, fetched and kept fresh.
    JwksUrl {
        /// `https`, or `http` for a loopback host.
        url: String,
    },
}

/// Whether tokens have to be bound to a key (RFC 9449).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DpopPolicy {
    /// Tokens may be bound or not.
    #[default]
    Optional,
    /// Tokens without `cnf.jkt` are refused.
    Required,
}

/// The keys of an issuer once they were read.
pub(super) enum ReadKeys {
    Fixed(KeySet),
    Url(String, Vec<Alg>),
}

impl ExternalIssuer {
    /// An issuer with the defaults: tokens without `iss`; claims `aud`, `sub` and `scope`; typ `JWT`; no default
    /// scopes; at most 3600 s of life, 30 s of skew, tier user.
    pub fn new(name: impl Into<String>, keys: KeySource) -> Self {
        Self {
            name: name.into(),
            issuer: None,
            keys,
            algorithms: Vec::new(),
            audiences: Vec::new(),
            audience_claim: "aud".to_owned(),
            typ: vec!["JWT".to_owned()],
            sub_claim: "sub".to_owned(),
            scope_claim: "scope".to_owned(),
            default_scopes: Scopes::NONE,
            tier_claim: None,
            tier: Tier::User,
            required_claims: BTreeMap::new(),
            max_age_s: 3600,
            clock_skew_s: 30,
            dpop: DpopPolicy::Optional,
            admin: false,
        }
    }

    /// What stands for the issuer in a [`Subject`](crate::Subject).
    pub(super) fn subject_issuer(&self) -> &str {
        self.issuer.as_deref().unwrap_or(&self.name)
    }

    /// Everything that is wrong with it alone, and its keys if they can be read.
    pub(super) fn read(&self, path: &str, faults: &mut ConfigFaults) -> Option<ReadKeys> {
        let name_fits = self.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let name_fits = name_fits && (1..=64).contains(&self.name.len());
        faults.unless(name_fits, path, "name", "must be 1 to 64 of a-z, 0-9 and -");
        faults.unless(
            self.issuer.as_deref() != Some(""),
            path,
            "issuer",
            "must not be empty: leave it out for tokens without iss",
        );
        let keys = self.read_keys(path, faults);
        for (key, claim) in [
            ("audience_claim", &self.audience_claim),
            ("sub_claim", &self.sub_claim),
            ("scope_claim", &self.scope_claim),
        ] {
            faults.unless(!claim.is_empty(), path, key, "must name a claim");
        }
        faults.unless(self.tier_claim.as_deref() != Some(""), path, "tier_claim", "must name a claim");
        faults.unless(
            !self.typ.is_empty(),
            path,
            "typ",
            "must hold at least one type, such as JWT or at+jwt",
        );
        faults.unless((1..=MAX_AGE_S_MAX).contains(&self.max_age_s), path, "max_age_s", "must be 1 to 86400");
        faults.unless(self.clock_skew_s <= CLOCK_SKEW_S_MAX, path, "clock_skew_s", "must be 0 to 300");
        keys
    }

    fn read_keys(&self, path: &str, faults: &mut ConfigFaults) -> Option<ReadKeys> {
        let algorithms = self.read_algorithms(path, faults)?;
        let read = match &self.keys {
            KeySource::Hs256 { secret, kid } => shared_secret(secret, kid.as_deref(), algorithms[0]),
            KeySource::Pem { text, kid } => {
                let set = KeySet::from_pem(text, kid.as_deref().map(Into::into), &algorithms);
                set.map(ReadKeys::Fixed).map_err(|fault| fault.to_string())
            }
            KeySource::JwksFile { content } => {
                KeySet::parse(content, &algorithms).map(ReadKeys::Fixed).map_err(|fault| fault.to_string())
            }
            KeySource::JwksUrl { url } => Ok(ReadKeys::Url(url.clone(), algorithms)),
        };
        read.map_err(|hint| faults.add(path, self.keys.setting(), hint)).ok()
    }

    /// The algorithms, all known, and of the kind that the source of keys can have.
    fn read_algorithms(&self, path: &str, faults: &mut ConfigFaults) -> Option<Vec<Alg>> {
        let (mut algorithms, mut good) = (Vec::new(), true);
        for name in &self.algorithms {
            match name.parse::<Alg>() {
                Ok(alg) => algorithms.push(alg),
                Err(unknown) => {
                    faults.add(path, "algorithms", format!("must hold known names only: {unknown}"));
                    good = false;
                }
            }
        }
        if self.algorithms.is_empty() && matches!(self.keys, KeySource::Hs256 { .. }) {
            return Some(vec![Alg::HS256]);
        }
        let shared = algorithms.iter().filter(|alg| SHARED.contains(alg)).count();
        let hint = match &self.keys {
            _ if !good => return None,
            KeySource::Hs256 { .. } if algorithms.len() != 1 || shared != 1 => {
                "must be left out, or name one of HS256, HS384 and HS512: the key is a shared secret"
            }
            _ if algorithms.is_empty() => {
                "must name what the issuer signs with, such as RS256 or ES256: there is no default"
            }
            KeySource::Hs256 { .. } => return Some(algorithms),
            _ if shared > 0 => {
                "must not name HS256, HS384 or HS512: what everybody may know is no shared secret"
            }
            _ => return Some(algorithms),
        };
        faults.add(path, "algorithms", hint);
        None
    }
}

fn shared_secret(secret: &[u8], kid: Option<&str>, alg: Alg) -> Result<ReadKeys, String> {
    const MAKE_ONE: &str = "make one with `openssl rand -base64 48`";
    if let Some(weakness) = weakness(secret, key_bytes_min(alg)) {
        return Err(format!("{weakness}: {MAKE_ONE}"));
    }
    let key = VerifyingKey::shared(alg, secret, kid.map(Into::into));
    let set = KeySet::of(vec![key.ok_or("is too short for its algorithm")?]);
    set.map(ReadKeys::Fixed).map_err(|fault| fault.to_string())
}

/// A key is at least as long as the hash of its algorithm (RFC 7518 §3.2).
const fn key_bytes_min(alg: Alg) -> usize {
    match alg {
        Alg::HS384 => 48,
        Alg::HS512 => 64,
        _ => 32,
    }
}

impl KeySource {
    /// What faults call it.
    pub(super) const fn setting(&self) -> &'static str {
        match self {
            Self::Hs256 { .. } => "secret",
            Self::Pem { .. } => "public_key",
            Self::JwksFile { .. } => "jwks",
            Self::JwksUrl { .. } => "jwks_url",
        }
    }
}

/// The keys are not shown.
impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeySource({})", self.setting())
    }
}

/// The keys are not shown.
impl fmt::Debug for ExternalIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalIssuer")
            .field("name", &self.name)
            .field("issuer", &self.issuer)
            .field("keys", &self.keys)
            .field("audiences", &self.audiences)
            .finish_non_exhaustive()
    }
}
