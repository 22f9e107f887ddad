//! `seseragi apikey`: keys for programs. A key is exchanged for access tokens at `POST /auth/issue`.

use clap::{Args, Subcommand};
use seseragi_guard::{ApiKey, ApiKeyStore as _, NewApiKey, Scope, Scopes, Tier, UnixSeconds};

use super::Failure;
use crate::config::Config;
use crate::trust;

const DAY_S: u64 = 86_400;

/// Make, list and revoke API keys for programs
#[derive(Subcommand)]
pub enum Apikey {
    /// Make a key and print its secret, once
    Create(Create),
    /// List all keys, without their secrets
    List,
    /// End a key for good
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
    /// What its tokens may do; may be given more than once
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
    /// Works on the database directly: a running gateway sees the change at the next use.
    pub fn run(self, config: &Config) -> Result<(), Failure> {
        let database = trust::database(config)?;
        let database =
            database.ok_or_else(|| Failure::config("auth.issuer is external: there are no API keys here"))?;
        let now = UnixSeconds::now();
        match self {
            Self::Create(create) => {
                let (key, secret) = database.create(create.into_key(now), now).map_err(Failure::start)?;
                eprintln!("API key {} ({}); the secret is shown this once:", key.id, key.name);
                println!("{}", secret.expose());
            }
            Self::List => database.list().map_err(Failure::start)?.iter().for_each(|key| print(key, now)),
            Self::Revoke { id } => {
                let key = database.revoke(&id, now).map_err(Failure::start)?;
                println!(
                    "{} ({}) is revoked; tokens issued with it end within {} s",
                    key.id, key.name, config.access_token_ttl_s
                );
            }
        }
        Ok(())
    }
}

impl Create {
    fn into_key(self, now: UnixSeconds) -> NewApiKey {
        let names: Vec<&str> = self.scope.iter().map(|scope| scope.as_str()).collect();
        NewApiKey {
            name: self.name,
            scopes: Scopes::from_names(names),
            tier: self.tier,
            expires_at: self.expires.map(|days| UnixSeconds(now.0 + days * DAY_S)),
        }
    }
}

fn print(key: &ApiKey, now: UnixSeconds) {
    let state = match (key.revoked_at, key.expires_at) {
        (Some(_), _) => "revoked",
        (None, Some(at)) if at <= now => "expired",
        _ => "active",
    };
    let used =
        key.last_used_at.map_or("never used".to_owned(), |at| format!("last used at {} (Unix time)", at.0));
    println!("{}  {state:8} {:6} {}  {}  {used}", key.id, key.tier.as_str(), key.scopes, key.name);
}
