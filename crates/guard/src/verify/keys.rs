//! The keys of one issuer, wherever they come from. A key knows its algorithm; a token never chooses it
//! (RFC 8725 §3.1).

use std::sync::Arc;

use super::config::OwnKeys;
use super::external::{ExternalIssuer, KeySource, ReadKeys};
use crate::keyset::{KeySet, LiveKeySet, VerifyingKey};
use crate::{AuthObserver, FetchKeys, PublicKey};

/// Where the keys of an issuer are.
pub(super) enum Keys {
    /// Ours, which rotate.
    Own(OwnKeys),
    /// From the configuration.
    Fixed {
        /// The keys.
        set: Arc<KeySet>,
        /// Whether a token may go without `kid` if there is but one key.
        without_kid: bool,
    },
    /// From a URL.
    Live(Arc<LiveKeySet>),
}

/// The key that a token names, as it was when it was looked up. What it verified is good for as long as
/// [`Keys::still_has`] it.
pub(super) enum Key {
    /// One of ours.
    Own(PublicKey),
    /// The key of this name in this set; without a name, the only one. A set is never changed, only replaced.
    Of(Arc<KeySet>, Option<Arc<str>>),
}

/// What a key set at a URL needs.
#[derive(Clone)]
pub(crate) struct Fetcher {
    pub(crate) fetch: Arc<dyn FetchKeys>,
    pub(crate) observer: Arc<dyn AuthObserver>,
}

impl Keys {
    /// The keys of an issuer whose configuration was read.
    ///
    /// # Panics
    /// If there is a URL and nothing to fetch it with, which reading the configuration refuses.
    pub(super) fn read(external: &ExternalIssuer, read: ReadKeys, fetcher: Option<&Fetcher>) -> Self {
        match read {
            ReadKeys::Fixed(set) => {
                let named = |kid: &Option<String>| kid.is_some();
                let without_kid = match &external.keys {
                    KeySource::Hs256 { kid, .. } | KeySource::Pem { kid, .. } => !named(kid),
                    KeySource::JwksFile { .. } | KeySource::JwksUrl { .. } => true,
                };
                Self::Fixed { set: Arc::new(set), without_kid }
            }
            ReadKeys::Url(url, algorithms) => {
                let Fetcher { fetch, observer } =
                    fetcher.expect("a URL was read because it can be fetched").clone();
                let name = external.name.clone();
                Self::Live(Arc::new(LiveKeySet::new(name, url, algorithms, fetch, observer)))
            }
        }
    }

    /// The key of this name. A token without `kid` is good only where the configuration holds exactly one key and asks
    /// for no name.
    pub(super) fn find(&self, kid: Option<&Arc<str>>) -> Option<Key> {
        match self {
            Self::Own(keys) => keys.verifying(kid?).map(Key::Own),
            Self::Fixed { set, without_kid } if kid.is_some() || *without_kid => {
                Key::of(Arc::clone(set), kid)
            }
            Self::Fixed { .. } => None,
            Self::Live(live) => Key::of(live.current(), Some(kid?)),
        }
    }

    /// Whether a key found before would be found again.
    pub(super) fn still_has(&self, key: &Key) -> bool {
        match (self, key) {
            (Self::Own(keys), Key::Own(key)) => keys.verifying(key.kid()).as_ref() == Some(key),
            (Self::Fixed { set, .. }, Key::Of(of, _)) => Arc::ptr_eq(set, of),
            (Self::Live(live), Key::Of(of, _)) => Arc::ptr_eq(&live.current(), of),
            _ => false,
        }
    }

    /// The set to ask again when a key is not known.
    pub(super) const fn live(&self) -> Option<&Arc<LiveKeySet>> {
        if let Self::Live(live) = self { Some(live) } else { None }
    }
}

impl Key {
    fn of(set: Arc<KeySet>, kid: Option<&Arc<str>>) -> Option<Self> {
        let key = Self::Of(set, kid.cloned());
        let found = key.with(|_| ()).is_some();
        found.then_some(key)
    }

    fn with<T>(&self, look: impl FnOnce(&VerifyingKey) -> T) -> Option<T> {
        match self {
            Self::Own(key) => Some(look(&VerifyingKey::es256(key))),
            Self::Of(set, Some(kid)) => set.find(Some(kid)).map(look),
            Self::Of(set, None) => set.only().map(look),
        }
    }

    /// Whether `alg` of a header is the one algorithm of the key.
    pub(super) fn accepts_name(&self, alg: &str) -> bool {
        match self {
            Self::Own(_) => alg == "ES256",
            Self::Of(..) => self.with(|key| key.accepts_name(alg)) == Some(true),
        }
    }

    /// Whether this is the signature of `signed`, in canonical base64url.
    pub(super) fn verify(&self, signed: &[u8], signature: &str) -> bool {
        self.with(|key| key.verify(signed, signature)) == Some(true)
    }
}
