//! The metrics of guard, and how its facts become metrics, log lines and audit lines.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use seseragi_guard::{AuthEvent, AuthObserver, Reason, Revocations, Revoked, UnixSeconds};

use super::observe::Telemetry;
use crate::audit::{self, AuditLog};

/// One second is what is promised, so it is a border of a bucket.
const CUT_S: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0];

/// Labels of a result.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfResult {
    result: &'static str,
}

/// Labels of what is told by one word.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfKind {
    kind: &'static str,
}

/// Labels of an external issuer, by its configured name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfIssuer {
    issuer: String,
}

/// Labels of a fetch.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfFetch {
    issuer: String,
    result: &'static str,
}

/// The metrics of guard. Cheap to clone.
#[derive(Clone)]
pub struct AuthMetrics {
    logins: Family<OfResult, Counter>,
    refreshes: Family<OfResult, Counter>,
    issued: Family<OfKind, Counter>,
    sessions_ended: Family<OfKind, Counter>,
    revocations: Family<OfKind, Counter>,
    cut: Histogram,
    streams_revoked: Counter,
    store_up: Gauge,
    store_failures: Counter,
    fetches: Family<OfFetch, Counter>,
    fetched: Arc<Mutex<HashMap<String, Instant>>>,
}

impl AuthMetrics {
    /// All at zero.
    pub(super) fn new() -> Self {
        Self {
            logins: Family::default(),
            refreshes: Family::default(),
            issued: Family::default(),
            sessions_ended: Family::default(),
            revocations: Family::default(),
            cut: Histogram::new(CUT_S),
            streams_revoked: Counter::default(),
            store_up: Gauge::default(),
            store_failures: Counter::default(),
            fetches: Family::default(),
            fetched: Arc::default(),
        }
    }

    /// What a revocation covers was ended, so long after it took effect.
    pub fn swept(&self, took: Duration) {
        self.cut.observe(took.as_secs_f64());
    }

    /// Whether the store answered at its last use.
    pub fn store_answers(&self, answers: bool) {
        self.store_up.set(answers.into());
    }

    pub(super) fn stream_revoked(&self) {
        self.streams_revoked.inc();
    }

    pub(super) fn register(&self, r: &mut Registry, revocations: Revocations, audit: Option<Arc<AuditLog>>) {
        r.register("login", "Attempts to sign in by password, by result", self.logins.clone());
        r.register("refresh", "Refresh tokens presented, by result", self.refreshes.clone());
        r.register("tokens_issued", "Access tokens issued, by the right they rest on", self.issued.clone());
        r.register("sessions_ended", "Sign-ins that ended before their time", self.sessions_ended.clone());
        r.register("revocations", "Revocations, by what they cover", self.revocations.clone());
        r.register_with_unit(
            "revocation_cut",
            "From a revocation's taking effect in this process to the end of the streams it covers",
            Unit::Seconds,
            self.cut.clone(),
        );
        r.register(
            "streams_revoked",
            "Generations that were ended by a revocation",
            self.streams_revoked.clone(),
        );
        r.register("store_up", "Whether the store answered at its last use", self.store_up.clone());
        r.register(
            "store_failures",
            "Sign-ins and grants that failed for the store",
            self.store_failures.clone(),
        );
        r.register("jwks_fetch", "Fetches of the key sets of external issuers", self.fetches.clone());
        let fetched = Arc::clone(&self.fetched);
        r.register_collector(Box::new(Live { revocations, audit, fetched }));
    }

    fn note(&self, event: &AuthEvent<'_>) {
        match event {
            AuthEvent::Login { result, .. } => {
                self.logins.get_or_create(&OfResult { result: audit::login(*result) }).inc();
            }
            AuthEvent::Refresh { result, .. } => {
                self.refreshes.get_or_create(&OfResult { result: audit::refresh(*result) }).inc();
            }
            AuthEvent::Issued { by, .. } => {
                self.issued.get_or_create(&OfKind { kind: by }).inc();
            }
            AuthEvent::SessionEnded { why, .. } => {
                self.sessions_ended.get_or_create(&OfKind { kind: why }).inc();
            }
            AuthEvent::Revoked { revocation, .. } => {
                self.revocations.get_or_create(&OfKind { kind: kind(&revocation.what) }).inc();
            }
            AuthEvent::KeysFetched { issuer, good, .. } => self.fetch(issuer, *good),
            AuthEvent::StoreFailed { .. } => {
                self.store_failures.inc();
            }
            AuthEvent::User { .. }
            | AuthEvent::ApiKey { .. }
            | AuthEvent::SigningKey { .. }
            | AuthEvent::Rejected { .. } => {}
        }
    }

    /// The names are those of the configuration, so the map is bounded by it.
    fn fetch(&self, issuer: &str, good: bool) {
        let result = if good { "good" } else { "failed" };
        self.fetches.get_or_create(&OfFetch { issuer: issuer.to_owned(), result }).inc();
        if good {
            let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
            fetched.insert(issuer.to_owned(), Instant::now());
        }
    }
}

const fn kind(what: &Revoked) -> &'static str {
    match what {
        Revoked::Subject { .. } => "subject",
        Revoked::Session { .. } => "session",
        Revoked::Token { .. } => "token",
        Revoked::Key { .. } => "key",
    }
}

impl AuthObserver for Telemetry {
    fn auth_event(&self, event: &AuthEvent<'_>, now: UnixSeconds) {
        self.auth_metrics().note(event);
        match event {
            AuthEvent::KeysFetched { issuer, good: false, error } => {
                tracing::warn!(
                    issuer,
                    error,
                    "the key set of an issuer cannot be used; the last good one stays"
                );
            }
            AuthEvent::KeysFetched { issuer, .. } => tracing::debug!(issuer, "key set fetched"),
            // Counted where the request is answered; here is only what an operator can do about it.
            AuthEvent::Rejected { reason: Reason::SubjectPlaceholder, issuer } if self.hints() => {
                tracing::warn!(
                    issuer,
                    "a token was refused because its subject is what an issuer writes when nobody is signed in, such \
                     as \"None\": let its view answer 401 before it signs"
                );
            }
            AuthEvent::StoreFailed { error } => tracing::error!(error, "the store failed"),
            _ => {}
        }
        if let Some(audit) = self.audit() {
            audit.take(event, now);
        }
    }
}

/// What is read at the time of a scrape.
struct Live {
    revocations: Revocations,
    audit: Option<Arc<AuditLog>>,
    fetched: Arc<Mutex<HashMap<String, Instant>>>,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Live")
    }
}

impl Collector for Live {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let in_force = ConstGauge::new(self.revocations.len() as i64);
        let kind = in_force.metric_type();
        let help = "Revocations that still cover something";
        in_force.encode(encoder.encode_descriptor("revocations_in_force", help, None, kind)?)?;
        let lost = ConstCounter::new(self.audit.as_ref().map_or(0, |audit| audit.lost()));
        let kind = lost.metric_type();
        let help = "Lines of the audit log that could not be written";
        lost.encode(encoder.encode_descriptor("audit_dropped", help, None, kind)?)?;
        self.encode_ages(&mut encoder)
    }
}

impl Live {
    fn encode_ages(&self, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let kind = ConstGauge::new(0.0).metric_type();
        let help = "Time since the key set of an issuer was fetched";
        let mut family = encoder.encode_descriptor("jwks_age", help, Some(&Unit::Seconds), kind)?;
        for (issuer, at) in fetched {
            let labels = OfIssuer { issuer };
            ConstGauge::new(at.elapsed().as_secs_f64()).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
