//! The settings, typed, with their defaults and ranges. The file `seseragi.toml` at the root of the repository
//! documents each of them; a test holds the two together.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use seseragi_bridge::Guests;
use seseragi_flow::Retention;
use seseragi_guard::{ExternalIssuer, Limits, LimitsTable, Tier};
use seseragi_net::ListenOptions;

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
    /// Who issues tokens.
    pub issuer: IssuerMode,
    /// The `iss` of our tokens. Not made from the address, so that every command signs and accepts the same.
    pub issuer_url: String,
    /// The `aud` of our tokens.
    pub audience: String,
    /// How long our tokens live.
    pub access_token_ttl_s: u32,
    /// Who may be a guest.
    pub guests: Guests,
    /// Other issuers.
    pub external: Vec<ExternalIssuerConfig>,
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

/// Who issues tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerMode {
    /// This program.
    Embedded,
    /// Only others.
    External,
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

/// Another issuer; its secret is still where the configuration says.
#[derive(Debug)]
pub struct ExternalIssuerConfig {
    /// Everything but the secret.
    pub issuer: ExternalIssuer,
    /// The file that holds the secret.
    pub secret_file: PathBuf,
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
        let auth = root.section("auth");
        let external = external(&auth);
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
            issuer: auth
                .choice("issuer", &[("embedded", IssuerMode::Embedded), ("external", IssuerMode::External)]),
            issuer_url: auth.text("issuer_url", "http://127.0.0.1:8080"),
            audience: auth.text("audience", "seseragi"),
            access_token_ttl_s: auth.number("access_token_ttl_s", 300, 30..=3600) as u32,
            guests: auth.choice(
                "guests",
                &[("local", Guests::Local), ("off", Guests::Off), ("everybody", Guests::Everybody)],
            ),
            external,
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
        auth.done();
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

fn external(auth: &Section<'_>) -> Vec<ExternalIssuerConfig> {
    let issuer = |section: Section<'_>| {
        let mut issuer = ExternalIssuer::new(section.text("name", ""), Vec::new());
        issuer.issuer = Some(section.text("issuer", "")).filter(|text| !text.is_empty());
        issuer.audiences = section.texts("audiences", &[]);
        issuer.sub_claim = section.text("sub_claim", "sub");
        issuer.scope_claim = section.text("scope_claim", "scope");
        issuer.max_age_s = section.number("max_age_s", 3600, 1..=DAY_S);
        issuer.clock_skew_s = section.number("clock_skew_s", 30, 0..=300);
        issuer.tier =
            section.choice("tier", &[("user", Tier::User), ("guest", Tier::Guest), ("server", Tier::Server)]);
        let claims = section.values("required_claims").into_iter();
        issuer.required_claims =
            claims.filter_map(|(name, value)| Some((name, serde_json::to_value(value).ok()?))).collect();
        let secret_file = PathBuf::from(section.text("hs256_secret_file", ""));
        if secret_file.as_os_str().is_empty() {
            section.fault("hs256_secret_file", "name the file that holds the secret shared with this issuer");
        }
        section.done();
        ExternalIssuerConfig { issuer, secret_file }
    };
    auth.sections("external").into_iter().map(issuer).collect()
}
