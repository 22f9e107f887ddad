//! `seseragi user`: the people who can sign in.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use seseragi_guard::{Scope, Tier, UnixSeconds};

use super::{Failure, office, secret};
use crate::admin::{Order, SecretText, named};
use crate::audit::moment;
use crate::config::Config;

/// Add, list, disable and enable users, and set their passwords
#[derive(Subcommand)]
pub enum User {
    /// Add somebody who can sign in; the password is asked for
    Add {
        /// The name to sign in with; upper and lower case count as the same
        name: String,
        /// What the user's tokens may do; may be given more than once
        #[arg(long, default_value = "infer:read")]
        scope: Vec<Scope>,
        /// Which limits hold: guest, user or server
        #[arg(long, default_value = "user")]
        tier: Tier,
        /// Read the password from this file instead; -: from standard input
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// List all users
    List,
    /// Disable a user: all sign-ins end and running streams are cut
    Disable {
        /// The user's name, or the sub of its tokens
        name: String,
    },
    /// Let a disabled user sign in again
    Enable {
        /// The user's name, or the sub of its tokens
        name: String,
    },
    /// Set a user's password, which ends all its sign-ins; the password is asked for
    Password {
        /// The user's name, or the sub of its tokens
        name: String,
        /// Read the password from this file instead; -: from standard input
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// List the sign-ins of a user that have not ended
    Sessions {
        /// The user's name, or the sub of its tokens
        name: String,
    },
    /// Sign a user out everywhere: all sign-ins end and running streams are cut
    SignOut {
        /// The user's name, or the sub of its tokens
        name: String,
    },
}

impl User {
    /// Does it.
    pub fn run(self, config: &Config) -> Result<(), Failure> {
        let password = |file: Option<&Path>| secret::new_password(file).map(SecretText);
        let order = match self {
            Self::List => return list(config),
            Self::Sessions { name } => return sessions(config, &name),
            Self::Add { name, scope, tier, password_file } => Order::UserAdd {
                name,
                password: password(password_file.as_deref())?,
                scopes: scope.iter().map(ToString::to_string).collect(),
                tier: tier.to_string(),
            },
            Self::Password { name, password_file } => {
                Order::UserPassword { name, password: password(password_file.as_deref())? }
            }
            Self::Disable { name } => Order::UserDisable { name },
            Self::Enable { name } => Order::UserEnable { name },
            Self::SignOut { name } => Order::UserSignOut { name },
        };
        office::perform(config, order)
    }
}

fn list(config: &Config) -> Result<(), Failure> {
    let users = office::own_store(config)?.users().map_err(Failure::start)?;
    for user in users {
        let state = user.disabled_at.map_or("active".to_owned(), |at| format!("disabled {}", moment(at)));
        println!(
            "{}  {:6} {}  {:?}  added {}  {state}",
            user.sub,
            user.tier,
            user.scopes,
            user.name,
            moment(user.created_at)
        );
    }
    Ok(())
}

fn sessions(config: &Config, name: &str) -> Result<(), Failure> {
    let (store, now) = (office::own_store(config)?, UnixSeconds::now());
    let users = store.users().map_err(Failure::start)?;
    let user = named(&users, name).map_err(Failure::start)?;
    for session in store.sessions_of(&user.sub, now).map_err(Failure::start)? {
        let [since, used, ends] = [session.created_at, session.last_used_at, session.expires_at].map(moment);
        println!("{}  {}  since {since}  last used {used}  ends {ends}", session.sid, session.client_id);
    }
    Ok(())
}
