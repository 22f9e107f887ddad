//! `seseragi apikey`: keys for programs. A key is used in the place of an access token, or exchanged for one.

use clap::{Args, Subcommand};
use seseragi_guard::{ApiKey, Scope, Tier, UnixSeconds};

use super::{Failure, office};
use crate::admin::Order;
use crate::audit::moment;
use crate::config::Config;

const DAY_S: u64 = 86_400;

/// Make, list and revoke API keys for programs
#[derive(Subcommand)]
pub enum Apikey {
    /// Make a key and print its secret, once
    Create(Create),
    /// List all keys, without their secrets
    List,
    /// End a key for good: its tokens end, and their running streams are cut
    Revoke {
        /// The key's id, as `list` shows it
        id: String,
    },
}

/// What to put into a new key.
#[derive(Args)]
pub struct Create {
    /// What people call it
    #[arg(long)]
    name: String,
    /// What it may do; may be given more than once
    #[arg(long, default_value = "infer:read")]
    scope: Vec<Scope>,
    /// Which limits hold for it: guest, user or server
    #[arg(long, default_value = "server")]
    tier: Tier,
    /// After how many days it ends [default: never]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u64).range(1..=36_500))]
    expires: Option<u64>,
}

impl Apikey {
    /// Does it.
    pub fn run(self, config: &Config) -> Result<(), Failure> {
        match self {
            Self::Create(create) => office::perform(config, create.into_order(UnixSeconds::now())),
            Self::Revoke { id } => office::perform(config, Order::ApikeyRevoke { id }),
            Self::List => {
                let now = UnixSeconds::now();
                let keys = office::own_store(config)?.api_keys().map_err(Failure::start)?;
                keys.iter().for_each(|key| print(key, now));
                Ok(())
            }
        }
    }
}

impl Create {
    fn into_order(self, now: UnixSeconds) -> Order {
        Order::ApikeyCreate {
            name: self.name,
            scopes: self.scope.iter().map(ToString::to_string).collect(),
            tier: self.tier.to_string(),
            expires_at: self.expires.map(|days| now.plus(days * DAY_S).0),
        }
    }
}

fn print(key: &ApiKey, now: UnixSeconds) {
    let state = match (key.revoked_at, key.expires_at) {
        (Some(_), _) => "revoked",
        (None, Some(at)) if at <= now => "expired",
        _ => "active",
    };
    let used = key.last_used_at.map_or("never used".to_owned(), |at| format!("last used {}", moment(at)));
    println!("{}  {state:8} {:6} {}  {:?}  {used}", key.id, key.tier, key.scopes, key.name);
}
