//! The embedded issuer's accounts: who signs in, by what right a token is issued, what ends a sign-in.
//!
//! It knows no HTTP. Every call takes the time; calls that check a password or ask the store do so on bounded threads off the
//! async workers, and refuse rather than queue without end. Dropping a call is safe at any moment: what the store has begun it
//! ends, and no place is lost.
//!
//! # Layout
//! - `config`, `ask`, `refusal`: plain data, in and out.
//! - `secret`, `root`: what clients hold, what is kept of it, what is derived from the secret of the deployment.
//! - `names`, `hashing`, `throttle`: names and passwords in one form, argon2id, how often one may try.
//! - `room`: the bound on blocking work.
//! - `login`, `session`, `users`: signing in and out, and the management of users.
//! - `grant`: the rights by which tokens are issued: refresh tokens, codes, API keys, guests.
//! - `issue`: what all of them end in.

mod ask;
mod config;
mod grant;
mod hashing;
mod issue;
mod login;
mod names;
mod refusal;
mod room;
mod root;
mod secret;
mod session;
mod throttle;
mod users;

pub use ask::{CodeExchange, CodeRequest, Introspection, Issued, Login, SignedIn, Wish};
pub use config::{AccountsConfig, Client, HashingConfig};
pub use refusal::AuthRefusal;
pub use secret::Secret;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    AuthEvent, AuthObserver, Issuer, IssuerConfig, KeyRing, Revocation, Revocations, Store, StoreError,
    UnixSeconds,
};
use hashing::Hasher;
use room::Room;
use root::Root;
use throttle::{ADDRESS, GUESTS, Logins, Networks};

/// Questions to the store that are answered at once.
const ASKED_AT_ONCE: usize = 16;
/// Questions to the store that wait; more are sent away.
const ASKING_MAX: usize = 1024;

/// The accounts: one per process, cheap to clone.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    store: Arc<Store>,
    asking: Room,
    ring: KeyRing,
    issuer: Issuer,
    revocations: Revocations,
    observer: Arc<dyn AuthObserver>,
    hasher: Hasher,
    root: Root,
    logins: Logins,
    login_networks: Networks,
    guests: Networks,
    config: AccountsConfig,
}

impl Accounts {
    /// Ready to work.
    pub fn new(
        store: Arc<Store>,
        ring: KeyRing,
        revocations: Revocations,
        observer: Arc<dyn AuthObserver>,
        config: AccountsConfig,
    ) -> Self {
        let mut own = IssuerConfig::new(config.issuer.clone(), config.audience.clone());
        own.ttl_s = config.access_token_ttl_s;
        Self(Arc::new(Inner {
            store,
            asking: Room::new(ASKED_AT_ONCE, ASKING_MAX),
            issuer: Issuer::new(ring.clone(), own),
            ring,
            revocations,
            observer,
            hasher: Hasher::new(config.hashing),
            root: Root::new(&config.secret),
            logins: Logins::new(config.hashing.at_once),
            login_networks: Networks::new(ADDRESS),
            guests: Networks::new(GUESTS),
            config,
        }))
    }

    /// The public keys to publish (RFC 7517 §5).
    pub fn jwks(&self) -> Value {
        let keys: Vec<Value> = self.0.ring.published().iter().map(crate::PublicKey::jwk).collect();
        json!({ "keys": keys })
    }

    /// Asks the store off the async workers.
    async fn ask<T: Send + 'static>(
        &self,
        now: UnixSeconds,
        question: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, AuthRefusal> {
        let store = Arc::clone(&self.0.store);
        let answer = self.0.asking.enter()?.run(move || question(&store)).await?;
        answer.map_err(|error| self.refusal(&error, now))
    }

    /// What the store's error means to whoever asked. Only operators are told the details.
    fn refusal(&self, error: &StoreError, now: UnixSeconds) -> AuthRefusal {
        match error {
            StoreError::NameTaken => AuthRefusal::NameTaken,
            StoreError::UnknownUser => AuthRefusal::UnknownUser,
            error => {
                self.tell(&AuthEvent::StoreFailed { error: &error.to_string() }, now);
                AuthRefusal::Unavailable
            }
        }
    }

    fn tell(&self, event: &AuthEvent<'_>, now: UnixSeconds) {
        self.0.observer.auth_event(event, now);
    }

    /// Puts a revocation in force that the store has written: running streams end now.
    fn withdraw(&self, revocation: Revocation, now: UnixSeconds) -> Result<(), AuthRefusal> {
        self.0.revocations.insert(revocation).map_err(|error| {
            self.tell(&AuthEvent::StoreFailed { error: &error.to_string() }, now);
            AuthRefusal::Unavailable
        })
    }
}

#[cfg(test)]
mod tests;
