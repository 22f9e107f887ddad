//! From facts to metrics and logs.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use seseragi_bridge::RequestObserver;
use seseragi_flow::{Blame, Event, Finish, Finished, Observer};

use super::auth::AuthMetrics;
use super::metrics::{Metrics, OfCall, OfEnd, OfModel, OfReason, OfWire};
use crate::audit::AuditLog;

/// The most refused origins that are logged, once each.
const MAX_LOGGED_ORIGINS: usize = 100;

/// Takes the facts of guard, flow and bridge.
pub struct Telemetry {
    metrics: Metrics,
    audit: Option<Arc<AuditLog>>,
    logged_origins: Mutex<HashSet<String>>,
    hinted: AtomicBool,
}

impl Telemetry {
    /// Feeds these metrics, and the audit log if there is one.
    #[must_use]
    pub fn new(metrics: Metrics, audit: Option<Arc<AuditLog>>) -> Self {
        Self { metrics, audit, logged_origins: Mutex::default(), hinted: AtomicBool::new(false) }
    }

    pub(super) const fn auth_metrics(&self) -> &AuthMetrics {
        &self.metrics.auth
    }

    /// `true` once.
    pub(super) fn hints(&self) -> bool {
        !self.hinted.swap(true, Ordering::Relaxed)
    }

    pub(super) fn audit(&self) -> Option<&AuditLog> {
        self.audit.as_deref()
    }

    fn finished(&self, done: &Finished<'_>) {
        let model = || done.model.to_owned();
        let blame = done.blame.map_or("none", Blame::as_str);
        self.metrics
            .ended
            .get_or_create(&OfEnd { model: model(), finish: done.finish.as_str(), blame })
            .inc();
        let of_model = OfModel { model: model() };
        self.metrics.duration.get_or_create(&of_model).observe(done.elapsed.as_secs_f64());
        self.metrics.output_tokens.get_or_create(&of_model).inc_by(done.output_tokens.into());
        if done.finish == Finish::Revoked {
            self.metrics.auth.stream_revoked();
        }
        if matches!(done.finish, Finish::Interrupted | Finish::Failed) && done.deltas > 0 {
            self.metrics.broken.get_or_create(&of_model).inc();
        }
        log_finished(done);
    }
}

/// The one line of a stream. No prompt, no text, no credential.
fn log_finished(done: &Finished<'_>) {
    tracing::info!(
        stream_id = %done.stream_id,
        model = done.model,
        finish = done.finish.as_str(),
        reason = done.reason,
        blame = done.blame.map_or("none", Blame::as_str),
        deltas = done.deltas,
        output_tokens = done.output_tokens,
        bytes = done.bytes,
        first_delta_ms = done.first_delta.map(|d| d.as_millis() as u64),
        elapsed_ms = done.elapsed.as_millis() as u64,
        "stream ended"
    );
}

impl Observer for Telemetry {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Started { model, .. } => {
                self.metrics.started.get_or_create(&OfModel { model: (*model).to_owned() }).inc();
            }
            Event::FirstDelta { model, wire, elapsed } => {
                let labels = OfWire { model: (*model).to_owned(), wire };
                self.metrics.first_delta.get_or_create(&labels).observe(elapsed.as_secs_f64());
            }
            Event::Attached { behind, .. } => {
                self.metrics.attached.inc();
                self.metrics.resumed.inc_by(u64::from(*behind > 0));
            }
            Event::Detached { .. } => {
                self.metrics.detached.inc();
            }
            Event::Finished(done) => self.finished(done),
        }
    }

    /// Three relaxed additions per write, however many deltas it carries.
    fn flushed(&self, deltas: u32, bytes: usize) {
        self.metrics.flushes.inc();
        self.metrics.deltas.inc_by(deltas.into());
        self.metrics.delta_bytes.inc_by(bytes as u64);
    }
}

impl RequestObserver for Telemetry {
    fn answered(&self, wire: &'static str, method: &'static str, status: &'static str) {
        self.metrics.calls.get_or_create(&OfCall { wire, method, status }).inc();
    }

    fn rejected(&self, reason: &'static str) {
        self.metrics.rejections.get_or_create(&OfReason { reason }).inc();
        tracing::debug!(reason, "credential refused");
    }

    fn refused(&self, reason: &'static str) {
        self.metrics.refusals.get_or_create(&OfReason { reason }).inc();
        tracing::debug!(reason, "request refused");
    }

    fn origin_refused(&self, origin: &str) {
        let mut logged = self.logged_origins.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.len() < MAX_LOGGED_ORIGINS && logged.insert(origin.to_owned()) {
            let line = format!("[cors] origins = [{origin:?}]");
            tracing::warn!(origin, allow_with = line, "pages of this origin may not call");
        }
    }
}
