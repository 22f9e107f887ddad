//! `seseragi token`: access tokens by hand. Tokens are secrets: they are printed or read, never arguments.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::{Map, Value};
use seseragi_guard::{Gate, IgnoreAuth, Scope, Tier, UnixSeconds, inspect};

use super::{Failure, office, secret};
use crate::admin::Order;
use crate::config::Config;
use crate::trust::{self, GateNeeds};

/// Issue, look into and revoke access tokens
#[derive(Subcommand)]
pub enum Token {
    /// Sign an access token and print it
    Issue(Issue),
    /// Show what a token says, and whether this gateway would accept it
    Inspect {
        /// A file with the token [default: standard input]
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Withdraw tokens before their time: running streams are cut within a second
    ///
    /// One token by --jti or --file, all of a sign-in by --sid, all of a subject by --sub. Our own sign-ins end as well.
    Revoke(Revoke),
}

/// What the token is to say.
#[derive(Args)]
pub struct Issue {
    /// For whom
    #[arg(long, value_name = "SUBJECT")]
    sub: String,
    /// What it may do; may be given more than once
    #[arg(long, default_value = "infer:read")]
    scope: Vec<Scope>,
    /// Which limits hold for it: guest, user or server
    #[arg(long, default_value = "user")]
    tier: Tier,
}

/// What is withdrawn.
#[derive(Args)]
pub struct Revoke {
    #[command(flatten)]
    what: What,
    /// Whose token it is: its iss, or the name of an [[auth.external]] [default: this gateway]
    #[arg(long, value_name = "ISSUER")]
    iss: Option<String>,
    /// With --sub: only what was issued up to this moment, in Unix seconds [default: now]
    #[arg(long, value_name = "SECONDS", requires = "sub")]
    before: Option<u64>,
}

/// One of these.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct What {
    /// The name of a token (its claim jti)
    #[arg(long, allow_hyphen_values = true)]
    jti: Option<String>,
    /// The name of a sign-in (the claim sid of its tokens)
    #[arg(long, allow_hyphen_values = true)]
    sid: Option<String>,
    /// A subject (the claim sub of its tokens)
    #[arg(long, value_name = "SUBJECT", allow_hyphen_values = true)]
    sub: Option<String>,
    /// A file with the token; -: standard input
    #[arg(long, value_name = "FILE", conflicts_with = "iss")]
    file: Option<PathBuf>,
}

impl Token {
    /// Does it.
    pub fn run(self, config: &Config) -> Result<(), Failure> {
        match self {
            Self::Issue(issue) => office::perform(config, issue.into_order()),
            Self::Inspect { file } => inspect_token(config, &secret::token(file.as_deref())?),
            Self::Revoke(revoke) => office::perform(config, revoke.into_order()?),
        }
    }
}

impl Issue {
    fn into_order(self) -> Order {
        let scopes = self.scope.iter().map(ToString::to_string).collect();
        Order::TokenIssue { sub: self.sub, scopes, tier: self.tier.to_string() }
    }
}

impl Revoke {
    fn into_order(self) -> Result<Order, Failure> {
        let iss = self.iss.unwrap_or_default();
        match self.what {
            What { jti: Some(jti), .. } => Ok(Order::RevokeToken { iss, jti }),
            What { sid: Some(sid), .. } => Ok(Order::RevokeSession { iss, sid }),
            What { sub: Some(sub), .. } => Ok(Order::RevokeSubject { iss, sub, before: self.before }),
            What { file, .. } => of_token(file.as_deref()),
        }
    }
}

/// The order to withdraw this token. It is not verified: who may revoke may revoke any.
fn of_token(file: Option<&Path>) -> Result<Order, Failure> {
    let found = inspect(&secret::token(file)?);
    let claims = found.claims.ok_or_else(|| Failure::start("this is no token: its claims cannot be read"))?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let jti = text("jti").ok_or_else(|| {
        Failure::start(
            "the token has no jti, so it cannot be named: revoke everything of its subject with --sub",
        )
    })?;
    let iss = text("iss").ok_or_else(|| {
        Failure::start("the token has no iss: revoke it with --jti and --iss NAME of its [[auth.external]]")
    })?;
    Ok(Order::RevokeToken { iss, jti })
}

fn inspect_token(config: &Config, token: &str) -> Result<(), Failure> {
    let found = inspect(token);
    show("header", found.header.as_ref())?;
    show("claims", found.claims.as_ref())?;
    found.faults.iter().for_each(|fault| println!("fault: {fault}"));
    let now = UnixSeconds::now();
    match gate(config, now)?.verify_token(token, now) {
        Ok(caller) => {
            println!("accepted: {} with {}, tier {}", caller.subject(), caller.scopes(), caller.tier());
            if caller.jkt().is_some() {
                println!("only together with a proof of its key (DPoP)");
            }
            Ok(())
        }
        Err(rejection) => Err(Failure::start(format!("refused: {rejection}"))),
    }
}

fn show(name: &str, part: Option<&Map<String, Value>>) -> Result<(), Failure> {
    if let Some(part) = part {
        println!("{name}: {}", serde_json::to_string_pretty(part).map_err(Failure::start)?);
    }
    Ok(())
}

/// The gate as the gateway has it, but for key sets that would have to be fetched first.
fn gate(config: &Config, now: UnixSeconds) -> Result<Gate, Failure> {
    let external = trust::external(config)?;
    trust::check(config, &external)?;
    let store = trust::store(config)?;
    let own = trust::own(config, &store, now)?;
    let revocations = trust::revocations(&store, now)?;
    let observer = Arc::new(IgnoreAuth);
    let (own, store) = (own.as_ref(), Some(&store));
    trust::gate(config, GateNeeds { external, own, store, revocations: &revocations, observer })
}
