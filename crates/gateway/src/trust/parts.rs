//! The parts of guard, opened and put together as the configuration says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use seseragi_guard::{
    Accounts, AccountsConfig, AuthObserver, Dpop, DpopConfig, Gate, GateParts, IgnoreAuth, KeyEncryptionKey,
    KeyRing, OwnIssuer, OwnKeys, Revocations, RotationConfig, Store, UnixSeconds, VerifierConfig,
};

use super::external::{External, in_settings, secret};
use super::fetch::fetch;
use super::folder::folder;
use crate::audit::AuditLog;
use crate::commands::Failure;
use crate::config::{Config, IssuerMode};

/// The database in the data folder.
const DATABASE_FILE: &str = "seseragi.db";
/// The key-encryption key in the data folder.
const KEY_FILE: &str = "key-encryption.key";
/// Proofs remembered against replay.
const REPLAYS_MAX: usize = 1_000_000;

/// How signing keys are sealed and follow each other.
#[derive(Clone, Debug)]
pub struct Vault {
    /// What seals them.
    pub kek: KeyEncryptionKey,
    /// How they follow each other.
    pub rotation: RotationConfig,
}

/// What only the embedded issuer has.
#[derive(Clone, Debug)]
pub struct Own {
    /// What keeps the signing keys.
    pub vault: Vault,
    /// The signing keys.
    pub ring: KeyRing,
}

/// The store, brought up to date. Without users of our own it only keeps revocations.
///
/// # Errors
/// If it cannot be opened as it must be.
pub fn store(config: &Config) -> Result<Arc<Store>, Failure> {
    let issuer = &config.auth.issuer_url;
    let opened = match &config.postgres_url_file {
        None => Store::open_file(&folder(config)?.join(DATABASE_FILE), issuer),
        Some(path) => {
            let wrong = |why| Failure::config(format!("store.postgres_url_file: {why}"));
            let url = String::from_utf8(secret(path).map_err(wrong)?);
            let url = url.map_err(|_| wrong(format!("{} holds no text", path.display())))?;
            Store::open_postgres(url.trim(), issuer)
        }
    };
    opened.map(Arc::new).map_err(Failure::start)
}

/// What keeps our signing keys, unless issuing is left to others.
///
/// # Errors
/// If the key-encryption key cannot be used, or is missing although the store has keys sealed by it.
pub fn vault(config: &Config, store: &Store) -> Result<Option<Vault>, Failure> {
    if config.auth.issuer == IssuerMode::External {
        return Ok(None);
    }
    let path = match &config.auth.key_file {
        Some(path) => path.clone(),
        None => folder(config)?.join(KEY_FILE),
    };
    let kek = KeyEncryptionKey::load_or_create(&path, store).map_err(Failure::start)?;
    let mut rotation = RotationConfig::for_tokens_of(config.auth.access_token_ttl_s);
    rotation.rotate_after_s = config.auth.key_rotation_days * 86_400;
    Ok(Some(Vault { kek, rotation }))
}

/// Our signing keys, unless issuing is left to others; the first one is made if there is none.
///
/// # Errors
/// If they cannot be opened.
pub fn own(config: &Config, store: &Store, now: UnixSeconds) -> Result<Option<Own>, Failure> {
    let Some(vault) = vault(config, store)? else { return Ok(None) };
    let ring = KeyRing::open(store, &vault.kek, &vault.rotation, now).map_err(Failure::start)?;
    Ok(Some(Own { vault, ring }))
}

/// What was revoked before this start and still counts.
///
/// # Errors
/// If the store fails, or holds more than can be in force.
pub fn revocations(store: &Store, now: UnixSeconds) -> Result<Revocations, Failure> {
    let revocations = Revocations::default();
    for revocation in store.revocations(UnixSeconds(0), now).map_err(Failure::start)? {
        revocations.insert(revocation).map_err(Failure::start)?;
    }
    Ok(revocations)
}

/// The accounts of the embedded issuer.
pub fn accounts(
    config: &Config,
    store: &Arc<Store>,
    own: &Own,
    revocations: &Revocations,
    observer: &Arc<dyn AuthObserver>,
) -> Accounts {
    let auth = &config.auth;
    let config = AccountsConfig {
        issuer: auth.issuer_url.clone(),
        audience: auth.audience.clone(),
        access_token_ttl_s: auth.access_token_ttl_s,
        session_idle_s: auth.session_idle_s,
        session_max_s: auth.session_max_s,
        refresh_grace_s: auth.refresh_grace_s,
        guest_max_s: auth.guest_max_s,
        clients: auth.clients.clone(),
        hashing: auth.hashing,
        secret: own.vault.kek.derive("accounts"),
    };
    Accounts::new(Arc::clone(store), own.ring.clone(), revocations.clone(), Arc::clone(observer), config)
}

/// What a gate is made of beside the configuration.
pub struct GateNeeds<'a> {
    /// Other issuers, their keys read.
    pub external: External,
    /// Our keys, if we issue.
    pub own: Option<&'a Own>,
    /// Where API keys are looked up, if we have any.
    pub store: Option<&'a Arc<Store>>,
    /// What was withdrawn.
    pub revocations: &'a Revocations,
    /// Who is told of refusals.
    pub observer: Arc<dyn AuthObserver>,
}

/// The gate.
///
/// # Errors
/// All faults of the issuers, by the names of our settings.
pub fn gate(config: &Config, needs: GateNeeds<'_>) -> Result<Gate, Failure> {
    let auth = &config.auth;
    let keys = match needs.own {
        Some(own) => OwnKeys::Ring(own.ring.clone()),
        None => OwnKeys::Fixed(Vec::new()),
    };
    let own = OwnIssuer { issuer: auth.issuer_url.clone(), audience: auth.audience.clone(), keys };
    let parts = GateParts {
        verifier: VerifierConfig { own, external: needs.external },
        dpop: Dpop::new(DpopConfig {
            origins: auth.dpop_origins.clone(),
            require_nonce: auth.dpop_nonce,
            replays_max: REPLAYS_MAX,
        }),
        revocations: needs.revocations.clone(),
        api_keys: needs.store.map(Arc::clone),
        fetch: fetch(config)?,
        observer: needs.observer,
        cache: true,
    };
    Gate::new(parts).map_err(|faults| Failure::config(in_settings(&faults)))
}

/// Whether the issuers can be used, before anything is made in the data folder.
///
/// # Errors
/// All faults.
pub fn check(config: &Config, external: &External) -> Result<(), Failure> {
    let revocations = Revocations::default();
    let (own, store, observer) = (None, None, Arc::new(IgnoreAuth));
    gate(config, GateNeeds { external: external.clone(), own, store, revocations: &revocations, observer })
        .map(drop)
}

/// The audit log, if one is wanted.
///
/// # Errors
/// If its file cannot be used.
pub fn audit(config: &Config, folder: &Path) -> Result<Option<Arc<AuditLog>>, Failure> {
    let Some(path): Option<PathBuf> = config.auth.audit_log.as_ref().map(|path| folder.join(path)) else {
        return Ok(None);
    };
    let opened = AuditLog::open(&path);
    opened.map(|log| Some(Arc::new(log))).map_err(|error| {
        Failure::start(format!("auth.audit_log: {} cannot be used: {error}", path.display()))
    })
}
