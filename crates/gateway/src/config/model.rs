//! The settings, typed, with their defaults and ranges. The file `seseragi.toml` at the root of the repository
//! documents each of them; a test holds the two together.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use seseragi_flow::Retention;
use seseragi_guard::{Limits, LimitsTable};
use seseragi_net::ListenOptions;

use super::auth::AuthConfig;
use super::models::{ModelConfig, models};
use super::source::Section;

/// All settings.
#[derive(Debug)]
pub struct Config {
    /// Where keys and databases live.
    pub data_dir: PathBuf,
    /// Where clients connect.
    pub address: SocketAddr,
    /// Threads that serve connections.
    pub workers: usize,
    /// How connections are served.
    pub listen: ListenOptions,
    /// Where metrics are read; `None`: nowhere.
    pub metrics: Option<SocketAddr>,
    /// How logs are written.
    pub log_format: LogFormat,
    /// Which logs are written, in the syntax of `tracing`'s `EnvFilter`.
    pub log_level: String,
    /// Who is trusted.
    pub auth: AuthConfig,
    /// The file with the URL of the Postgres database; `None`: SQLite in the data folder.
    pub postgres_url_file: Option<PathBuf>,
    /// Origins whose pages may call.
    pub origins: Vec<String>,
    /// What each tier may do.
    pub limits: LimitsTable,
    /// The longest prompt.
    pub max_prompt_bytes: usize,
    /// The most generations at once.
    pub max_live: usize,
    /// What is kept of finished streams.
    pub retention: Retention,
    /// How long running streams may go on after a stop.
    pub grace: Duration,
    /// The model of requests that name none.
    pub default_model: String,
    /// The models.
    pub models: Vec<ModelConfig>,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people on a terminal, as JSON elsewhere.
    Auto,
    /// For people.
    Pretty,
    /// One JSON object per line.
    Json,
}

const DAY_S: u64 = 86_400;
const GIB: u64 = 1 << 30;

impl Config {
    /// Reads everything; faults are noted in the section's source.
    pub(super) fn read(root: &Section<'_>) -> Self {
        let data_dir = PathBuf::from(root.text("data_dir", "data"));
        let models = models(root);
        let default_model = root.text("default_model", models.first().map_or("", |m| &m.name));
        if !models.iter().any(|m| m.name == default_model) {
            let names: Vec<&str> = models.iter().map(|m| m.name.as_str()).collect();
            root.fault(
                "default_model",
                format!("there is no model of this name; there is: {}", names.join(", ")),
            );
        }
        let (address, workers, listen) = listening(&root.section("listen"));
        let metrics = metrics(&root.section("metrics"));
        let log = root.section("log");
        let log_format = log.choice(
            "format",
            &[("auto", LogFormat::Auto), ("pretty", LogFormat::Pretty), ("json", LogFormat::Json)],
        );
        let log_level = log.text("level", "info");
        log.done();
        let auth = AuthConfig::read(root);
        let postgres_url_file = store(&root.section("store"));
        let cors = root.section("cors");
        let origins = cors.texts("origins", &[]);
        if let Err(error) = seseragi_bridge::Cors::new(origins.iter().map(String::as_str)) {
            cors.fault("origins", error.to_string());
        }
        cors.done();
        let limits = root.section("limits");
        let streams = root.section("streams");
        let config = Self {
            data_dir,
            address,
            workers,
            listen,
            metrics,
            log_format,
            log_level,
            auth,
            postgres_url_file,
            origins,
            limits: tiers(&limits),
            max_prompt_bytes: limits.number("max_prompt_bytes", 256 * 1024, 1..=4 * 1024 * 1024) as usize,
            max_live: limits.number("max_live", 20_000, 1..=1_000_000) as usize,
            retention: Retention {
                keep: Duration::from_secs(streams.number("keep_s", 600, 0..=DAY_S)),
                max_bytes: streams.number("keep_bytes", 256 << 20, 0..=64 * GIB) as usize,
                max_streams: streams.number("keep_streams", 100_000, 0..=10_000_000) as usize,
                max_per_subject: streams.number("keep_streams_per_subject", 4096, 1..=10_000_000) as usize,
            },
            grace: Duration::from_secs(streams.number("shutdown_grace_s", 30, 0..=3600)),
            default_model,
            models,
        };
        limits.done();
        streams.done();
        root.done();
        config
    }
}

fn listening(section: &Section<'_>) -> (SocketAddr, usize, ListenOptions) {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let address = match address(section, "127.0.0.1:8080") {
        Ok(Some(address)) => address,
        Ok(None) => {
            section.fault("address", "write where clients connect: IP:PORT, such as 127.0.0.1:8080");
            nowhere
        }
        Err(Noted) => nowhere,
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = match section.number("workers", 0, 0..=512) {
        0 => cores,
        wanted => wanted as usize,
    };
    let defaults = ListenOptions::default();
    let max_connections =
        section.number("max_connections", defaults.max_connections as u64, 1..=1_000_000) as usize;
    section.done();
    (address, workers, ListenOptions { max_connections, ..defaults })
}

fn metrics(section: &Section<'_>) -> Option<SocketAddr> {
    let metrics = address(section, "127.0.0.1:9464").unwrap_or(None);
    section.done();
    metrics
}

/// The fault is noted already.
struct Noted;

/// The setting `address`; `None` if it is the empty text.
fn address(section: &Section<'_>, default: &str) -> Result<Option<SocketAddr>, Noted> {
    let text = section.text("address", default);
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        section.fault("address", format!("{text:?} is no address: write IP:PORT, such as {default}"));
        Noted
    })
}

fn tiers(limits: &Section<'_>) -> LimitsTable {
    let defaults = LimitsTable::default();
    let tier = |name: &str, default: Limits| {
        let section = limits.section(name);
        let limits = Limits {
            streams: section.number("streams", default.streams.into(), 0..=100_000) as u32,
            max_output_tokens: section.number(
                "max_output_tokens",
                default.max_output_tokens.into(),
                1..=1_000_000,
            ) as u32,
            max_duration: Duration::from_secs(section.number(
                "max_duration_s",
                default.max_duration.as_secs(),
                1..=DAY_S,
            )),
        };
        section.done();
        limits
    };
    LimitsTable {
        guest: tier("guest", defaults.guest),
        user: tier("user", defaults.user),
        server: tier("server", defaults.server),
    }
}

/// The URL holds a password, so it has a file of its own.
fn store(section: &Section<'_>) -> Option<PathBuf> {
    let file = section.file("postgres_url_file");
    section.done();
    file
}
