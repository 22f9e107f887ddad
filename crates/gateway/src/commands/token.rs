//! `seseragi token`: access tokens by hand. Tokens are secrets: they are printed or read, never arguments.

use std::io::Read as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use seseragi_guard::{Grant, Scope, Scopes, Tier, UnixSeconds, inspect};

use super::Failure;
use crate::config::Config;
use crate::trust;

/// No access token is longer.
const MAX_TOKEN_BYTES: u64 = 16 * 1024;

/// Issue and look into access tokens
#[derive(Subcommand)]
pub enum Token {
    /// Sign an access token with the key in the data folder and print it
    Issue(Issue),
    /// Show what a token says, and whether this gateway would accept it
    Inspect {
        /// A file with the token [default: standard input]
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
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

impl Token {
    /// Issues or inspects.
    pub fn run(self, config: &Config) -> Result<(), Failure> {
        match self {
            Self::Issue(issue) => issue.run(config),
            Self::Inspect { file } => inspect_token(config, &read(file)?),
        }
    }
}

impl Issue {
    fn run(&self, config: &Config) -> Result<(), Failure> {
        let issuer = trust::issuer(config)?;
        let issuer =
            issuer.ok_or_else(|| Failure::config("auth.issuer is external: tokens are issued elsewhere"))?;
        let names: Vec<&str> = self.scope.iter().map(|scope| scope.as_str()).collect();
        let scopes = Scopes::from_names(names);
        let grant = Grant { sub: &self.sub, scopes: &scopes, tier: self.tier, client_id: "cli", sid: None };
        let issued = issuer.issue(grant, UnixSeconds::now()).map_err(Failure::start)?;
        eprintln!("an access token for {}, {}; valid for {} s:", self.sub, scopes, issued.expires_in_s);
        println!("{}", issued.token);
        Ok(())
    }
}

fn inspect_token(config: &Config, token: &str) -> Result<(), Failure> {
    let found = inspect(token);
    let parts = [("header", &found.header), ("claims", &found.claims)];
    for (name, part) in parts {
        if let Some(part) = part {
            println!("{name}: {}", serde_json::to_string_pretty(part).map_err(Failure::start)?);
        }
    }
    found.faults.iter().for_each(|fault| println!("fault: {fault}"));
    let issuer = trust::issuer(config)?;
    match trust::verifier(config, issuer.as_ref())?.verify(token, UnixSeconds::now()) {
        Ok(caller) => {
            println!(
                "accepted: {} with {}, tier {}",
                caller.subject(),
                caller.scopes(),
                caller.tier().as_str()
            );
            Ok(())
        }
        Err(rejection) => Err(Failure::start(format!("refused: {rejection}"))),
    }
}

fn read(file: Option<PathBuf>) -> Result<String, Failure> {
    let mut text = String::new();
    let read = match file {
        Some(path) => {
            std::fs::File::open(path).and_then(|f| f.take(MAX_TOKEN_BYTES).read_to_string(&mut text))
        }
        None => std::io::stdin().take(MAX_TOKEN_BYTES).read_to_string(&mut text),
    };
    read.map_err(|error| Failure::start(format!("the token cannot be read: {error}")))?;
    Ok(text.trim().to_owned())
}
