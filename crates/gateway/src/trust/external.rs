//! Other issuers: their files read, everything checked, before anything is made in the data folder.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use seseragi_guard::{ConfigFault, ConfigFaults, DpopPolicy, ExternalIssuer, KeySource};

use crate::commands::Failure;
use crate::config::{Config, DpopRule, ExternalConfig, KeySource as Place};

/// Files of public keys are no longer than a key set may be.
const BYTES_MAX: u64 = 256 * 1024;

/// The issuers of the configuration, their keys read.
pub type External = Vec<ExternalIssuer>;

/// Reads all of them; every file that cannot be used is one line.
///
/// # Errors
/// All faults.
pub fn external(config: &Config) -> Result<External, Failure> {
    let read =
        config.auth.external.iter().enumerate().map(|(index, each)| {
            one(each).map_err(|(key, why)| format!("auth.external[{index}].{key}: {why}"))
        });
    let (good, bad): (Vec<_>, Vec<_>) = read.partition(Result::is_ok);
    let faults: Vec<String> = bad.into_iter().filter_map(Result::err).collect();
    if faults.is_empty() {
        Ok(good.into_iter().filter_map(Result::ok).collect())
    } else {
        Err(Failure::config(faults.join("\n")))
    }
}

fn one(each: &ExternalConfig) -> Result<ExternalIssuer, (&'static str, String)> {
    let mut issuer = ExternalIssuer::new(each.name.clone(), keys(each)?);
    issuer.issuer.clone_from(&each.issuer);
    issuer.algorithms.clone_from(&each.algorithms);
    issuer.audiences.clone_from(&each.audiences);
    issuer.audience_claim.clone_from(&each.audience_claim);
    issuer.typ.clone_from(&each.typ);
    issuer.sub_claim.clone_from(&each.sub_claim);
    issuer.scope_claim.clone_from(&each.scope_claim);
    issuer.default_scopes = each.default_scopes;
    issuer.tier_claim.clone_from(&each.tier_claim);
    issuer.tier = each.tier;
    issuer.required_claims.clone_from(&each.required_claims);
    issuer.max_age_s = each.max_age_s;
    issuer.clock_skew_s = each.clock_skew_s;
    issuer.admin = each.admin;
    issuer.dpop = match each.dpop {
        DpopRule::Optional => DpopPolicy::Optional,
        DpopRule::Required => DpopPolicy::Required,
    };
    Ok(issuer)
}

fn keys(each: &ExternalConfig) -> Result<KeySource, (&'static str, String)> {
    let kid = each.kid.clone();
    match &each.keys {
        Some(Place::Secret(path)) => {
            let secret = secret(path).map_err(|why| ("hs256_secret_file", why))?;
            Ok(KeySource::Hs256 { secret, kid })
        }
        Some(Place::Pem(path)) => {
            let text = read(path).and_then(|bytes| String::from_utf8(bytes).map_err(|_| is_no_text(path)));
            Ok(KeySource::Pem { text: text.map_err(|why| ("public_key_file", why))?, kid })
        }
        Some(Place::JwksFile(path)) => {
            Ok(KeySource::JwksFile { content: read(path).map_err(|why| ("jwks_file", why))? })
        }
        Some(Place::JwksUrl(url)) => Ok(KeySource::JwksUrl { url: url.clone() }),
        None => Err(("hs256_secret_file", "say where its keys are".to_owned())),
    }
}

fn is_no_text(path: &Path) -> String {
    format!("{} is no PEM file", path.display())
}

/// A secret of a file that only its owner may read.
///
/// # Errors
/// A sentence that names the file and never quotes the secret.
pub(super) fn secret(path: &Path) -> Result<Vec<u8>, String> {
    let refuse = |why: String| format!("the secret file {}: {why}", path.display());
    let mode = fs::metadata(path).map_err(|error| refuse(error.to_string()))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(refuse(format!("others may read it (mode {:o}): chmod 600", mode & 0o777)));
    }
    let mut secret = read(path)?;
    // Editors end files with a line break that nobody means to be part of a secret.
    while secret.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        secret.pop();
    }
    Ok(secret)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    use std::io::Read as _;
    let refuse = |why: String| format!("the file {}: {why}", path.display());
    let file = fs::File::open(path).map_err(|error| refuse(error.to_string()))?;
    let mut content = Vec::new();
    file.take(BYTES_MAX + 1).read_to_end(&mut content).map_err(|error| refuse(error.to_string()))?;
    if content.len() as u64 > BYTES_MAX {
        Err(refuse("it is too long to be a key".to_owned()))
    } else {
        Ok(content)
    }
}

/// Guard's faults with the names of our settings, one per line.
pub(super) fn in_settings(faults: &ConfigFaults) -> String {
    let line = |fault: &ConfigFault| {
        let path = match fault.path.as_str() {
            "own.issuer" => "issuer_url".to_owned(),
            "own.audience" => "audience".to_owned(),
            other => renamed(other),
        };
        format!("auth.{path}: {}", fault.hint)
    };
    faults.0.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn renamed(path: &str) -> String {
    let names =
        [(".secret", ".hs256_secret_file"), (".public_key", ".public_key_file"), (".jwks", ".jwks_file")];
    let found = names.iter().find_map(|(theirs, ours)| Some(path.strip_suffix(theirs)?.to_owned() + ours));
    found.unwrap_or_else(|| path.to_owned())
}
