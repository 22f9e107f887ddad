//! What is done again and again beside the requests: taking over what other processes revoked and rotated, cutting what
//! lost its right, forgetting what has ended.

use std::sync::Arc;
use std::time::{Duration, Instant};

use seseragi_flow::Hub;
use seseragi_guard::{Revocations, Store, StoreError, UnixSeconds};
use tokio::time::{MissedTickBehavior, interval};

use super::parts::Own;
use crate::telemetry::AuthMetrics;

/// A revocation of another gateway must end streams here within a second.
const POLL: Duration = Duration::from_millis(500);
/// As often as revocations are looked for: a key revoked elsewhere must not go on signing here. And a rotation at once
/// takes two seconds.
const TICK: Duration = POLL;
const TIDY: Duration = Duration::from_secs(600);
const FORGET: Duration = Duration::from_secs(60);

/// Keeps house.
pub struct House {
    /// What others write to.
    pub store: Arc<Store>,
    /// Our signing keys, if we issue.
    pub own: Option<Own>,
    /// What is in force here.
    pub revocations: Revocations,
    /// What runs here.
    pub hub: Hub,
    /// Takes what was done.
    pub metrics: AuthMetrics,
}

impl House {
    /// Keeps it for as long as it is polled; never ends. Work on the store that has begun goes on after that.
    pub async fn keep(&self) {
        tokio::join!(self.cut(), self.poll(), self.tick(), self.tidy(), self.forget());
    }

    /// Cuts what lost its right, at every change.
    async fn cut(&self) {
        let mut changes = self.revocations.changes();
        while changes.changed().await.is_ok() {
            let began = Instant::now();
            let ended = self.hub.sweep(&|principal| self.revocations.covers(principal));
            self.metrics.swept(began.elapsed());
            tracing::debug!(ended, "revoked: running streams were looked through");
        }
    }

    /// Takes over what other processes revoked. All that is in force at first: what was written while this one started, too.
    async fn poll(&self) {
        let mut every = every(POLL);
        let (mut read, mut answers) = (0, true);
        loop {
            every.tick().await;
            let polled = self.ask(move |store| store.revocations_after(read, UnixSeconds::now())).await;
            if polled.is_ok() != answers {
                answers = polled.is_ok();
                say(&polled);
            }
            self.metrics.store_answers(answers);
            let Ok((found, up_to)) = polled else { continue };
            read = up_to;
            for revocation in found {
                if let Err(error) = self.revocations.insert(revocation) {
                    tracing::error!(%error, "a revocation of another process is not in force here");
                }
            }
        }
    }

    /// Takes over what other processes did to the signing keys, and does what is due.
    async fn tick(&self) {
        let Some(own) = &self.own else { return };
        let mut every = every(TICK);
        let mut good = true;
        loop {
            every.tick().await;
            let (own, store) = (own.clone(), Arc::clone(&self.store));
            let ticked = tokio::task::spawn_blocking(move || {
                own.ring.tick(&store, &own.vault.kek, &own.vault.rotation, UnixSeconds::now())
            });
            match ticked.await {
                Ok(Err(error)) if good => {
                    good = false;
                    tracing::error!(%error, "the signing keys cannot be kept up to date; those known stay in use");
                }
                Ok(Ok(())) => good = true,
                Ok(Err(_)) | Err(_) => {}
            }
        }
    }

    /// Deletes what has ended long ago, a little at a time.
    async fn tidy(&self) {
        let mut every = every(TIDY);
        loop {
            every.tick().await;
            while let Ok(1..) = self.ask(|store| store.tidy(UnixSeconds::now())).await {}
        }
    }

    async fn forget(&self) {
        let mut every = every(FORGET);
        loop {
            every.tick().await;
            self.revocations.forget(UnixSeconds::now());
        }
    }

    /// Asks the store, which blocks, off this thread.
    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, String> {
        let store = Arc::clone(&self.store);
        let asked = tokio::task::spawn_blocking(move || ask(&store)).await;
        asked.map_err(|_| "it broke in the middle".to_owned())?.map_err(|error| error.to_string())
    }
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut every = interval(period);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    every
}

fn say<T>(polled: &Result<T, String>) {
    match polled {
        Ok(_) => tracing::info!("the store answers again"),
        Err(error) => {
            tracing::error!(
                error,
                "the store does not answer: sign-ins fail, and what others revoke is not known here"
            );
        }
    }
}
