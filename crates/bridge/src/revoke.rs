//! Withdrawing rights while they are used: what is revoked is written down, refused from then on, and cut.
//!
//! Whoever runs the bridge also sweeps the hub at every change of the revocations: sign-outs, other processes and the
//! command line withdraw rights, too.

use std::sync::Arc;

use seseragi_flow::StreamId;
use seseragi_guard::{Revocation, Revocations, Store, StoreError, UnixSeconds};
use tokio::sync::Semaphore;

use crate::app::App;

/// How many requests ask the store at once; more are told to try again.
static ASKING: Semaphore = Semaphore::const_new(32);

/// Why nothing was revoked, or not for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotRevoked {
    /// The store does not answer.
    Store,
    /// There are too many revocations in force.
    Full,
}

impl App {
    /// Ends a stream or a reading that has just begun, if its right was withdrawn while the request was on its way.
    pub(crate) fn end_if_revoked(&self, stream_id: StreamId) {
        let revocations = self.gate.revocations();
        if !revocations.is_empty() {
            self.hub.end_revoked(stream_id, &|principal| revocations.covers(principal));
        }
    }

    /// Puts a revocation in force and cuts what it covers. It is written down first, so that no restart forgets what
    /// somebody was told is done; `also` is done with it. How many streams ended.
    pub(crate) async fn withdraw(
        &self,
        revocation: Revocation,
        now: UnixSeconds,
        also: impl FnOnce(&Store) -> Result<Vec<Revocation>, StoreError> + Send + 'static,
    ) -> Result<usize, NotRevoked> {
        let mut in_force = vec![revocation.clone()];
        if let Some(store) = &self.store {
            in_force.extend(
                asking(store, move |store| {
                    let more = also(store)?;
                    store.add_revocation(&revocation, now)?;
                    Ok(more)
                })
                .await?,
            );
        }
        let these = Revocations::default();
        for revocation in &in_force {
            these.insert(revocation.clone()).map_err(|_| NotRevoked::Full)?;
        }
        // Counted before the watcher of all revocations can be faster; what begins in between is its business.
        let ended = self.hub.sweep(&|principal| these.covers(principal));
        for revocation in in_force {
            self.gate.revocations().insert(revocation).map_err(|_| NotRevoked::Full)?;
        }
        let revocations = self.gate.revocations();
        Ok(ended + self.hub.sweep(&|principal| revocations.covers(principal)))
    }
}

/// The store blocks, so it is asked off the worker.
async fn asking<T: Send + 'static>(
    store: &Arc<Store>,
    ask: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, NotRevoked> {
    // The place goes with the work: it is not free before the store has answered, even if the client leaves.
    let place = ASKING.try_acquire().map_err(|_| NotRevoked::Store)?;
    let store = Arc::clone(store);
    let asked = tokio::task::spawn_blocking(move || {
        let _place = place;
        ask(&store)
    });
    match asked.await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => {
            tracing::error!(%error, "a revocation could not be written down: nothing was revoked");
            Err(NotRevoked::Store)
        }
        Err(_) => Err(NotRevoked::Store),
    }
}
