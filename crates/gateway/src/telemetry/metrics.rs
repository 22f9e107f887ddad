//! The metrics, by their stable names. Labels are bounded: never a subject, a stream or an address.

use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use seseragi_flow::Hub;
use seseragi_guard::Revocations;

use super::auth::AuthMetrics;
use crate::audit::AuditLog;

/// 0.6 s is the objective for the first delta, so it is a border of a bucket.
const FIRST_DELTA_S: [f64; 16] =
    [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0];
const DURATION_S: [f64; 12] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 600.0];

/// Labels of a model.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OfModel {
    /// Its public name, from the configuration.
    pub model: String,
}

/// Labels of a model on a wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OfWire {
    /// The model's public name.
    pub model: String,
    /// The wire.
    pub wire: &'static str,
}

/// Labels of an end.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OfEnd {
    /// The model's public name.
    pub model: String,
    /// Why it ended.
    pub finish: &'static str,
    /// Whose fault it was; `none` if it was none.
    pub blame: &'static str,
}

/// Labels of a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OfCall {
    /// The wire.
    pub wire: &'static str,
    /// The method.
    pub method: &'static str,
    /// The gRPC status, or `streaming` for a stream that was opened.
    pub status: &'static str,
}

/// Labels of a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OfReason {
    /// The stable reason.
    pub reason: &'static str,
}

/// All metrics that events feed.
#[derive(Clone)]
pub struct Metrics {
    pub(super) started: Family<OfModel, Counter>,
    pub(super) ended: Family<OfEnd, Counter>,
    pub(super) broken: Family<OfModel, Counter>,
    pub(super) first_delta: FirstDelta,
    pub(super) duration: Family<OfModel, Histogram, fn() -> Histogram>,
    pub(super) output_tokens: Family<OfModel, Counter>,
    pub(super) attached: Counter,
    pub(super) resumed: Counter,
    pub(super) detached: Counter,
    pub(super) flushes: Counter,
    pub(super) deltas: Counter,
    pub(super) delta_bytes: Counter,
    pub(super) calls: Family<OfCall, Counter>,
    pub(super) rejections: Family<OfReason, Counter>,
    pub(super) refusals: Family<OfReason, Counter>,
    /// Those of guard.
    pub auth: AuthMetrics,
}

type FirstDelta = Family<OfWire, Histogram, fn() -> Histogram>;

/// What a runtime counts by itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct ModelStats {
    /// Output tokens made since the start; grows only while the model works.
    pub tokens: u64,
    /// Jobs that run now.
    pub active: u64,
    /// Jobs that wait.
    pub queued: u64,
}

/// Reads a runtime's counts.
pub type ReadStats = Box<dyn Fn() -> ModelStats + Send + Sync>;

/// What is counted elsewhere and read at every scrape.
pub struct Lent {
    /// The running generations.
    pub hub: Hub,
    /// The runtimes, by the public names of their models.
    pub models: Vec<(String, ReadStats)>,
    /// The revocations in force.
    pub revocations: Revocations,
    /// The audit log, if there is one.
    pub audit: Option<Arc<AuditLog>>,
}

impl Metrics {
    /// The registry of everything; what is lent is read at every scrape.
    pub fn registry(&self, lent: Lent) -> Registry {
        let mut registry = Registry::with_prefix("seseragi");
        let r = &mut registry;
        r.register("streams_started", "Generations that began", self.started.clone());
        r.register("streams", "Generations that ended, by finish and blame", self.ended.clone());
        r.register("stream_broken", "Generations that broke after text was delivered", self.broken.clone());
        r.register_with_unit(
            "stream_first_delta",
            "From the request's head to its first delta handed to the connection",
            Unit::Seconds,
            self.first_delta.clone(),
        );
        r.register_with_unit(
            "stream_duration",
            "From a generation's start to its end",
            Unit::Seconds,
            self.duration.clone(),
        );
        r.register("output_tokens", "Output tokens of ended generations", self.output_tokens.clone());
        r.register("readers", "Readers that attached, new streams included", self.attached.clone());
        r.register(
            "stream_resumes",
            "Readers that attached behind the newest position or after the start",
            self.resumed.clone(),
        );
        r.register("detached", "Connections that ended although their stream did not", self.detached.clone());
        r.register("flushes", "Writes of text to connections", self.flushes.clone());
        r.register("deltas", "Deltas handed to connections", self.deltas.clone());
        r.register_with_unit(
            "deltas_text",
            "Text handed to connections",
            Unit::Bytes,
            self.delta_bytes.clone(),
        );
        r.register("calls", "Calls answered, by wire, method and status", self.calls.clone());
        r.register("auth_rejections", "Refused credentials, by reason", self.rejections.clone());
        r.register("limit_refusals", "Requests refused for a limit, by reason", self.refusals.clone());
        self.auth.register(r, lent.revocations, lent.audit);
        r.register_collector(Box::new(Live { hub: lent.hub, models: lent.models }));
        registry
    }

    /// Metrics with the buckets of the objectives.
    #[must_use]
    pub fn new() -> Self {
        Self {
            started: Family::default(),
            ended: Family::default(),
            broken: Family::default(),
            first_delta: Family::new_with_constructor(|| Histogram::new(FIRST_DELTA_S)),
            duration: Family::new_with_constructor(|| Histogram::new(DURATION_S)),
            output_tokens: Family::default(),
            attached: Counter::default(),
            resumed: Counter::default(),
            detached: Counter::default(),
            flushes: Counter::default(),
            deltas: Counter::default(),
            delta_bytes: Counter::default(),
            calls: Family::default(),
            rejections: Family::default(),
            refusals: Family::default(),
            auth: AuthMetrics::new(),
        }
    }
}

/// One of a runtime's counts.
type Pick = fn(&ModelStats) -> u64;

/// What is read at the time of a scrape.
struct Live {
    hub: Hub,
    models: Vec<(String, ReadStats)>,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Live")
    }
}

impl Collector for Live {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let active = ConstGauge::new(self.hub.live() as i64);
        let kind = active.metric_type();
        active.encode(encoder.encode_descriptor(
            "streams_active",
            "Generations that run now",
            None,
            kind,
        )?)?;
        self.encode_models(&mut encoder)
    }
}

impl Live {
    fn encode_models(&self, encoder: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let stats: Vec<_> = self.models.iter().map(|(name, read)| (name, read())).collect();
        let gauges: [(&str, &str, Pick); 2] = [
            ("model_jobs_active", "Jobs that a runtime works on", |s| s.active),
            ("model_jobs_queued", "Jobs that wait at a runtime", |s| s.queued),
        ];
        for (name, help, pick) in gauges {
            let kind = ConstGauge::new(0_i64).metric_type();
            let mut family = encoder.encode_descriptor(name, help, None, kind)?;
            for (model, stats) in &stats {
                let labels = OfModel { model: (*model).clone() };
                ConstGauge::new(pick(stats) as i64).encode(family.encode_family(&labels)?)?;
            }
        }
        let kind = ConstCounter::new(0_u64).metric_type();
        let mut family =
            encoder.encode_descriptor("model_tokens", "Output tokens that a runtime has made", None, kind)?;
        for (model, stats) in &stats {
            let labels = OfModel { model: (*model).clone() };
            ConstCounter::new(stats.tokens).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
