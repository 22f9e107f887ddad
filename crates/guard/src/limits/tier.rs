//! Tiers and their numbers.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

/// How much a caller may do, by name. Tokens carry the name (`lim`), the server's table has the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tier {
    /// Somebody unknown.
    Guest,
    /// A person who signed in.
    User,
    /// A program that serves many people.
    Server,
}

impl Tier {
    /// Every tier there is.
    pub const ALL: [Self; 3] = [Self::Guest, Self::User, Self::Server];

    /// The text of tokens and of the configuration: `guest`, `user`, `server`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::User => "user",
            Self::Server => "server",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Tier {
    type Err = UnknownTier;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|tier| tier.as_str() == text).ok_or(UnknownTier)
    }
}

/// The text names no tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("unknown tier: the tiers are guest, user and server")]
pub struct UnknownTier;

/// The numbers of one tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Generations of one subject that run at the same time; 0 forbids them.
    pub streams: u32,
    /// Model tokens that one generation may produce.
    pub max_output_tokens: u32,
    /// How long one generation may run.
    pub max_duration: Duration,
}

/// The numbers of every tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitsTable {
    /// Of [`Tier::Guest`]: by default 1 stream, 512 output tokens, 60 s.
    pub guest: Limits,
    /// Of [`Tier::User`]: by default 4 streams, 4096 output tokens, 300 s.
    pub user: Limits,
    /// Of [`Tier::Server`]: by default 64 streams, 8192 output tokens, 600 s.
    pub server: Limits,
}

impl LimitsTable {
    /// The numbers of this tier.
    pub const fn of(&self, tier: Tier) -> Limits {
        match tier {
            Tier::Guest => self.guest,
            Tier::User => self.user,
            Tier::Server => self.server,
        }
    }
}

impl Default for LimitsTable {
    fn default() -> Self {
        let limits = |streams, max_output_tokens, seconds| Limits {
            streams,
            max_output_tokens,
            max_duration: Duration::from_secs(seconds),
        };
        Self { guest: limits(1, 512, 60), user: limits(4, 4096, 300), server: limits(64, 8192, 600) }
    }
}
