//! What is allowed and yet deserves a second look: said once, at start.

use seseragi_bridge::Guests;

use crate::config::{Config, IssuerMode};

/// The signing key of releases before signing keys were kept in the database.
const OLD_KEY_FILE: &str = "signing-key.p8";

/// Says it.
pub fn warn(config: &Config) {
    let auth = &config.auth;
    let public = !config.address.ip().is_loopback();
    for each in auth.external.iter().filter(|each| each.audiences.is_empty()) {
        tracing::warn!(issuer = each.name, "aud is not checked: tokens for other services work here, too");
    }
    if public && auth.guests == Guests::Everybody {
        tracing::warn!("auth.guests is \"everybody\": whoever reaches this address may use the models");
    }
    if auth.issuer == IssuerMode::External {
        return;
    }
    if auth.key_file.is_none() {
        let hint = if config.postgres_url_file.is_none() {
            "the key-encryption key lies beside the database: who copies the data folder can sign tokens; move it \
             elsewhere and name it in auth.key_file"
        } else {
            "the key-encryption key is in the data folder: gateways that share a database need the same one; name it \
             in auth.key_file"
        };
        tracing::warn!("{hint}");
    }
    if public && auth.issuer_url.starts_with("http://") {
        tracing::warn!(
            issuer_url = auth.issuer_url,
            "auth.issuer_url is plain http on a network address: passwords and tokens can be read on the way; serve by \
             HTTPS and name the https URL"
        );
    }
    let old = config.data_dir.join(OLD_KEY_FILE);
    if old.exists() {
        tracing::warn!(file = %old.display(), "signing keys are in the database now: delete this file of an earlier release");
    }
}
