//! How a command is carried out: by the gateway that runs on the data folder, or here if none does.

use std::sync::Arc;

use seseragi_guard::{AuthEvent, AuthObserver, Store, UnixSeconds};

use super::Failure;
use crate::admin::{Answer, Office, OfficeParts, Order, ask};
use crate::audit::AuditLog;
use crate::config::{Config, IssuerMode};
use crate::trust::{self, Issuers};

/// Carries out an order and prints its answer: what was said on standard error if there is a secret, which alone goes to
/// standard output, so that it can be piped.
///
/// # Errors
/// One sentence.
pub fn perform(config: &Config, order: Order) -> Result<(), Failure> {
    // A token is made here, because it is to say what the configuration of the command says.
    let asked = if matches!(order, Order::TokenIssue { .. }) { None } else { ask(&config.data_dir, &order) };
    let answered = match asked {
        Some(answered) => answered.map_err(Failure::start)?,
        None => alone(config, order)?,
    };
    print(&answered);
    Ok(())
}

fn print(answer: &Answer) {
    match &answer.secret {
        Some(secret) => {
            eprintln!("{}", answer.said);
            println!("{}", secret.0);
        }
        None => println!("{}", answer.said),
    }
}

/// The store for a command that only reads, or changes what no gateway holds in memory.
///
/// # Errors
/// If issuing is left to others, or the store cannot be opened.
pub fn own_store(config: &Config) -> Result<Arc<Store>, Failure> {
    if config.auth.issuer == IssuerMode::External {
        return Err(Failure::config("auth.issuer is external: users, tokens and keys are kept elsewhere"));
    }
    trust::store(config)
}

fn alone(config: &Config, order: Order) -> Result<Answer, Failure> {
    let now = UnixSeconds::now();
    let audit = trust::audit(config, trust::folder(config)?)?;
    let observer: Arc<dyn AuthObserver> = Arc::new(Noted(audit.clone()));
    let office = Office::new(parts(config, &order, observer, now)?);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::start)?;
    let done = runtime.block_on(office.perform(order, now));
    if let Some(audit) = audit {
        audit.close();
    }
    done.map_err(Failure::start)
}

/// Orders about signing keys are carried out even if the keys there cannot be opened: they are the remedy.
fn parts(
    config: &Config,
    order: &Order,
    observer: Arc<dyn AuthObserver>,
    now: UnixSeconds,
) -> Result<OfficeParts, Failure> {
    let store = trust::store(config)?;
    let revocations = trust::revocations(&store, now)?;
    let issuers = Issuers::of(config);
    let vault = trust::vault(config, &store)?;
    let about_keys = matches!(order, Order::KeysRotate { .. } | Order::KeysRevoke { .. });
    let own = if about_keys { None } else { trust::own(config, &store, now)? };
    let accounts = own.as_ref().map(|own| trust::accounts(config, &store, own, &revocations, &observer));
    Ok(OfficeParts { store, vault, ring: own.map(|own| own.ring), accounts, revocations, issuers, observer })
}

/// Only the audit log: nobody reads the metrics of a command.
struct Noted(Option<Arc<AuditLog>>);

impl AuthObserver for Noted {
    fn auth_event(&self, event: &AuthEvent<'_>, now: UnixSeconds) {
        if let Some(audit) = &self.0 {
            audit.take(event, now);
        }
    }
}
