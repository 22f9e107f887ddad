//! The rules of the embedded issuer: plain data.

use std::fmt;
use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use crate::Scopes;

/// The rules of the embedded issuer.
#[derive(Clone)]
pub struct AccountsConfig {
    /// The `iss` of the tokens: our public URL.
    pub issuer: String,
    /// The `aud` of the tokens.
    pub audience: String,
    /// How long an access token lives, in seconds.
    pub access_token_ttl_s: u32,
    /// How long a sign-in lasts unused, in seconds: 7 days by default.
    pub session_idle_s: u64,
    /// How long a sign-in lasts at most, in seconds: 30 days by default.
    pub session_max_s: u64,
    /// How long a used refresh token gives the same successor again, in seconds: 10.
    pub refresh_grace_s: u64,
    /// How long a guest's sign-in lasts, in seconds: one hour. After that a guest becomes a new one.
    pub guest_max_s: u64,
    /// Programs that may use the authorization code flow.
    pub clients: Vec<Client>,
    /// How passwords are hashed.
    pub hashing: HashingConfig,
    /// The secret of the deployment: the same for all gateways of one store, and for as long as the store. Successors of
    /// refresh tokens and device cookies are derived from it. `Debug` does not show it.
    pub secret: [u8; 32],
}

impl fmt::Debug for AccountsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountsConfig")
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .field("clients", &self.clients)
            .field("hashing", &self.hashing)
            .finish_non_exhaustive()
    }
}

/// A registered program (public client) of the authorization code flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// What people are told it is called.
    pub name: String,
    /// Where codes may be sent: compared byte by byte, but for the port of a loopback address (RFC 8252 §7.3).
    pub redirect_uris: Vec<String>,
    /// What its tokens may do at most.
    pub scopes: Scopes,
}

/// How passwords are hashed (argon2id, RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashingConfig {
    /// Memory in KiB: 19,456 by default; at most 1 GiB, at least 8 per lane.
    pub memory_kib: u32,
    /// Passes: 2 by default; 1 to 64.
    pub passes: u32,
    /// Lanes: 1 by default; 1 to 16.
    pub lanes: u32,
    /// Passwords hashed at once: one per core.
    pub at_once: usize,
    /// How many more may wait: 32.
    pub waiting_max: usize,
}

impl Default for HashingConfig {
    fn default() -> Self {
        let at_once = available_parallelism().map_or(1, NonZeroUsize::get);
        Self { memory_kib: 19_456, passes: 2, lanes: 1, at_once, waiting_max: 32 }
    }
}
