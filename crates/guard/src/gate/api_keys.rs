//! API keys that are presented in place of an access token.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::cache::Remembered;
use crate::{ApiKey, Caller, Principal, Reason, Rejection, Revocations, Store, Subject, UnixSeconds};

/// Look-ups at once. Each blocks a thread.
const LOOKUPS_MAX: usize = 8;
/// Look-ups that wait for one of those. More are refused: the store does not keep up.
const WAITING_MAX: usize = 256;
/// Keys remembered at once.
const REMEMBERED_MAX: usize = 4096;
/// For how long a key is not looked up again, in seconds.
const REMEMBERED_S: u64 = 60;

/// The API keys of the store, each look-up off the async workers.
pub(super) struct ApiKeys {
    store: Arc<Store>,
    issuer: Arc<str>,
    remembered: Remembered<Caller>,
    lookups: Arc<Semaphore>,
    waiting: Semaphore,
}

impl ApiKeys {
    pub(super) fn new(store: Arc<Store>, issuer: &str, cache: bool) -> Self {
        Self {
            store,
            issuer: issuer.into(),
            remembered: Remembered::new(if cache { REMEMBERED_MAX } else { 0 }, REMEMBERED_S),
            lookups: Arc::new(Semaphore::new(LOOKUPS_MAX)),
            waiting: Semaphore::new(LOOKUPS_MAX + WAITING_MAX),
        }
    }

    /// Who calls with this key. Cancel-safe: a look-up that has begun ends by itself.
    pub(super) async fn caller(
        &self,
        secret: &str,
        revocations: &Revocations,
        now: UnixSeconds,
    ) -> Result<Arc<Caller>, Rejection> {
        let still_good = |caller: &Caller| now < caller.expires_at();
        let caller = match self.remembered.find(secret, now, still_good) {
            Some(caller) => caller,
            None => {
                let caller = Arc::new(self.caller_of(&self.look_up(secret, now).await?));
                self.remembered.keep(secret, &caller, now);
                caller
            }
        };
        if revocations.covers(caller.principal()) {
            return Err(Reason::ApiKeyRevoked.into());
        }
        Ok(caller)
    }

    async fn look_up(&self, secret: &str, now: UnixSeconds) -> Result<ApiKey, Rejection> {
        let unavailable = || Rejection::from(Reason::StoreUnavailable);
        let _place = self.waiting.try_acquire().map_err(|_| unavailable())?;
        let permit = Arc::clone(&self.lookups).acquire_owned().await.map_err(|_| unavailable())?;
        let (store, secret) = (Arc::clone(&self.store), secret.to_owned());
        let lookup = tokio::task::spawn_blocking(move || {
            let found = store.authenticate_api_key(&secret, now);
            drop(permit);
            found
        });
        lookup.await.map_err(|_| unavailable())?
    }

    /// A key is as old as the moment it was made, so that a revocation of its subject covers it.
    fn caller_of(&self, key: &ApiKey) -> Caller {
        let principal = Principal {
            subject: Subject::new(Arc::clone(&self.issuer), key.sub()),
            sid: None,
            jti: None,
            kid: None,
            issued_at: key.created_at,
            expires_at: key.expires_at.unwrap_or(UnixSeconds(u64::MAX)),
        };
        Caller {
            principal: Arc::new(principal),
            client_id: None,
            jkt: None,
            cbh: None,
            scopes: key.scopes,
            tier: key.tier,
        }
    }
}
