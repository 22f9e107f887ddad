//! What operators see: logs and metrics. The only place that knows their names; domain crates tell facts.

mod auth;
mod log;
mod metrics;
mod observe;
mod page;

pub use auth::AuthMetrics;
pub use log::start as start_logs;
pub use metrics::{Lent, Metrics, ModelStats, ReadStats};
pub use observe::Telemetry;
pub use page::serve as serve_metrics;
