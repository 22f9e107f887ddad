//! `seseragi keys`: the keys that sign access tokens.

use clap::Subcommand;
use seseragi_guard::{KeyRing, KeyState, Revocation, Revoked, UnixSeconds};

use super::{Failure, office};
use crate::admin::Order;
use crate::audit::moment;
use crate::config::Config;
use crate::trust::Issuers;

/// List, rotate and revoke the keys that sign access tokens
#[derive(Subcommand)]
pub enum Keys {
    /// List all keys: next (published, does not sign yet), active (signs), retired (still verifies), revoked
    List,
    /// Have a new key follow the active one; nobody has to sign in again
    Rotate {
        /// Do not wait for others to see the new key: it signs in two seconds. Verifiers that keep our key set for longer
        /// (Envoy: five minutes) refuse its tokens until they look again
        #[arg(long)]
        at_once: bool,
    },
    /// Withdraw a key that somebody else may have: all its tokens end, their running streams are cut
    Revoke {
        /// The key's name, as `list` shows it
        // A thumbprint may begin with a hyphen.
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
    /// Withdraw all keys because the key-encryption key is lost; the next start makes a new one
    Reset {
        /// Say that you mean it: all access tokens end
        #[arg(long, required = true)]
        end_all_tokens: bool,
    },
}

impl Keys {
    /// Does it.
    pub fn run(self, config: &Config) -> Result<(), Failure> {
        match self {
            Self::List => list(config),
            Self::Rotate { at_once } => office::perform(config, Order::KeysRotate { at_once }),
            Self::Revoke { kid } => office::perform(config, Order::KeysRevoke { kid }),
            Self::Reset { .. } => reset(config),
        }
    }
}

fn list(config: &Config) -> Result<(), Failure> {
    for key in office::own_store(config)?.signing_keys().map_err(Failure::start)? {
        let (state, when) = match key.state {
            KeyState::Next => ("next", "signs from"),
            KeyState::Active => ("active", "since"),
            KeyState::Retired => ("retired", "since"),
            KeyState::Revoked => ("revoked", "since"),
        };
        println!("{}  {state:8} {when} {}  made {}", key.kid, moment(key.changed_at), moment(key.created_at));
    }
    Ok(())
}

/// On the store itself: a gateway cannot run without its key-encryption key, and those that still run see it.
fn reset(config: &Config) -> Result<(), Failure> {
    let (store, now) = (office::own_store(config)?, UnixSeconds::now());
    let issuers = Issuers::of(config);
    let revoked = KeyRing::reset(&store, now).map_err(Failure::start)?;
    for kid in &revoked {
        let what = Revoked::Key { issuer: issuers.own().iss.clone(), kid: kid.as_str().into() };
        let revocation = Revocation { what, until: now.plus(issuers.own().life_s) };
        store.add_revocation(&revocation, now).map_err(Failure::start)?;
    }
    println!("{} signing keys are revoked; the next start of a gateway makes a new one", revoked.len());
    Ok(())
}
