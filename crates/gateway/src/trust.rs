//! What the program trusts: its own key, other issuers' secrets, and the database of API keys.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use seseragi_guard::{
    ConfigFault, ConfigFaults, Database, Issuer, IssuerConfig, OwnIssuer, SigningKey, Verifier,
    VerifierConfig,
};

use crate::commands::Failure;
use crate::config::{Config, IssuerMode};

/// The signing key in the data folder.
const KEY_FILE: &str = "signing-key.p8";
/// The database in the data folder.
const DATABASE_FILE: &str = "seseragi.db";

/// Makes the data folder if it is not there: for its owner only.
pub fn data_dir(config: &Config) -> Result<&Path, Failure> {
    let dir = config.data_dir.as_path();
    if !dir.is_dir() {
        fs::create_dir_all(dir)
            .and_then(|()| fs::set_permissions(dir, fs::Permissions::from_mode(0o700)))
            .map_err(|error| {
                Failure::start(format!("the data folder {} cannot be made: {error}", dir.display()))
            })?;
    }
    Ok(dir)
}

/// Our own issuer, unless the configuration leaves issuing to others.
pub fn issuer(config: &Config) -> Result<Option<Issuer>, Failure> {
    if config.issuer == IssuerMode::External {
        return Ok(None);
    }
    let key = SigningKey::load_or_create(&data_dir(config)?.join(KEY_FILE)).map_err(Failure::start)?;
    let mut own = IssuerConfig::new(config.issuer_url.clone(), config.audience.clone());
    own.ttl_s = config.access_token_ttl_s;
    Ok(Some(Issuer::new(key, own)))
}

/// The database of API keys, unless issuing is left to others.
pub fn database(config: &Config) -> Result<Option<Database>, Failure> {
    if config.issuer == IssuerMode::External {
        return Ok(None);
    }
    let path = data_dir(config)?.join(DATABASE_FILE);
    Database::open(&path).map(Some).map_err(Failure::start)
}

/// The verifier of our own tokens and of those of the configured issuers.
pub fn verifier(config: &Config, issuer: Option<&Issuer>) -> Result<Verifier, Failure> {
    let own = issuer.map_or_else(
        || OwnIssuer {
            issuer: config.issuer_url.clone(),
            audience: config.audience.clone(),
            keys: Vec::new(),
        },
        Issuer::as_own_issuer,
    );
    let mut external = Vec::new();
    for each in &config.external {
        let mut issuer = each.issuer.clone();
        issuer.secret = secret(&each.secret_file)?;
        external.push(issuer);
    }
    Verifier::new(VerifierConfig { own, external }).map_err(|faults| Failure::config(in_settings(&faults)))
}

/// Whether the issuers can be used, before anything is made in the data folder.
pub fn check(config: &Config) -> Result<(), Failure> {
    verifier(config, None).map(drop)
}

/// Says what is allowed and yet deserves a second look.
pub fn warn(config: &Config) {
    for issuer in config.external.iter().map(|each| &each.issuer).filter(|i| i.audiences.is_empty()) {
        tracing::warn!(issuer = issuer.name, "aud is not checked: tokens for other services work here, too");
    }
}

/// Guard's faults with the names of our settings, one per line.
fn in_settings(faults: &ConfigFaults) -> String {
    let line = |fault: &ConfigFault| {
        let path = match fault.path.as_str() {
            "own.issuer" => "issuer_url".to_owned(),
            "own.audience" => "audience".to_owned(),
            other => other.replace(".secret", ".hs256_secret_file"),
        };
        format!("auth.{path}: {}", fault.hint)
    };
    faults.0.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn secret(path: &PathBuf) -> Result<Vec<u8>, Failure> {
    let refuse = |why: String| Failure::config(format!("the secret file {}: {why}", path.display()));
    let mode = fs::metadata(path).map_err(|error| refuse(error.to_string()))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(refuse(format!("others may read it (mode {:o}): chmod 600", mode & 0o777)));
    }
    let mut secret = fs::read(path).map_err(|error| refuse(error.to_string()))?;
    // Editors end files with a line break that nobody means to be part of a secret.
    while secret.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        secret.pop();
    }
    Ok(secret)
}
