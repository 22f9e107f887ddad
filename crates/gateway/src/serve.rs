//! `seseragi serve`: everything wired together, from start to the last stream.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use seseragi_bridge::{App, Bridge, Cors, Exposure, Guests, Routes};
use seseragi_flow::{Hub, HubOptions, MemoryStore};
use seseragi_guard::{Admission, ApiKeyStore};
use seseragi_net::{DrainReason, Server, Workers};
use tokio::signal::unix::{SignalKind, signal};

use crate::commands::Failure;
use crate::config::Config;
use crate::models::{self, Model};
use crate::telemetry::{Metrics, Telemetry, serve_metrics};
use crate::trust;

/// How long connections may take to close after their last stream has ended.
const CLOSE_GRACE: Duration = Duration::from_secs(5);
/// The origins that are always welcome on a loopback address: development servers of this machine.
const LOCAL_ORIGINS: [&str; 2] = ["http://localhost:*", "http://127.0.0.1:*"];

/// Runs the gateway until SIGTERM or SIGINT; then drains. A second signal ends it at once.
///
/// # Errors
/// One sentence if something cannot be started; nothing is left half-started then.
pub fn serve(config: &Config) -> Result<(), Failure> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::start)?;
    let clients = bind("listen.address", config.address)?;
    let operators = config.metrics.map(|address| bind("metrics.address", address)).transpose()?;
    let models = models::build(&config.models)?;
    let metrics = Metrics::new();
    let telemetry = Arc::new(Telemetry::new(metrics.clone()));
    let app = Arc::new(app(config, &models, &telemetry)?);
    let workers = Workers::start(config.workers).map_err(Failure::start)?;
    let bridge = Bridge::new(Arc::clone(&app));
    let stats = models.into_iter().map(|m| (m.route.model.to_string(), m.stats)).collect();
    let registry = metrics.registry(app.hub.clone(), stats);
    let ready = {
        let app = Arc::clone(&app);
        move || app.routes.iter().all(|route| route.runtime.is_ready())
    };
    let operators = operators
        .map(|listener| serve_metrics(listener, &workers, registry, ready))
        .transpose()
        .map_err(Failure::start)?;
    let server = seseragi_net::listen(clients, &workers, bridge.clone(), config.listen.clone())
        .map_err(Failure::start)?;
    trust::warn(config);
    announce(config, server.local_addr(), operators.as_ref().map(Server::local_addr));
    let left = runtime.block_on(run(&app, &bridge, &server, config.grace));
    drop(server);
    workers.shutdown(CLOSE_GRACE);
    left
}

fn app(config: &Config, models: &[Model], telemetry: &Arc<Telemetry>) -> Result<App, Failure> {
    trust::check(config)?;
    let issuer = trust::issuer(config)?;
    let verifier = trust::verifier(config, issuer.as_ref())?;
    let database = trust::database(config)?;
    let exposure = if config.address.ip().is_loopback() { Exposure::Loopback } else { Exposure::Network };
    let local = LOCAL_ORIGINS.into_iter().filter(|_| exposure == Exposure::Loopback);
    let cors = Cors::new(local.chain(config.origins.iter().map(String::as_str))).map_err(Failure::config)?;
    let options = HubOptions { max_live: config.max_live, retention: config.retention };
    let hub = Hub::new(Arc::new(MemoryStore), Arc::clone(telemetry) as _, options);
    let routes = models.iter().map(|m| m.route.clone()).collect();
    Ok(App {
        verifier,
        issuer,
        api_keys: database.map(|database| Arc::new(database) as Arc<dyn ApiKeyStore>),
        admission: Admission::new(config.limits),
        hub,
        routes: Routes::new(routes, config.default_model.as_str().into()),
        cors,
        guests: config.guests,
        exposure,
        max_prompt_bytes: config.max_prompt_bytes,
        console: models::console_info(&config.default_model, &config.models),
        observer: Arc::clone(telemetry) as _,
    })
}

fn bind(setting: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| {
        let hint = match error.kind() {
            std::io::ErrorKind::AddrInUse => "something else listens there; stop it or choose another port",
            std::io::ErrorKind::PermissionDenied => "ports below 1024 need a permission; choose a higher one",
            _ => "choose another address",
        };
        Failure::start(format!("{setting} {address}: {error}; {hint}"))
    })
}

/// Says where we listen: the addresses that were really bound, so that port 0 can be used.
fn announce(config: &Config, address: SocketAddr, metrics: Option<SocketAddr>) {
    let operators = metrics.map(tracing::field::display);
    tracing::info!(%address, workers = config.workers, metrics = operators, "listening");
    println!("せせらぎ Seseragi is listening on http://{address}");
    if address.ip().is_loopback() {
        let program = std::env::args().next().unwrap_or_else(|| "seseragi".to_owned());
        println!(
            "  open it in a browser, or run: {program} chat --url http://{address} \"What is Seseragi?\""
        );
    } else if config.guests != Guests::Everybody {
        println!("  guests are not welcome on this address: hand out access tokens or API keys");
    }
    if let Some(metrics) = metrics {
        println!("  metrics: http://{metrics}/metrics");
    }
}

/// From the first request to the last.
async fn run(app: &App, bridge: &Bridge, server: &Server, grace: Duration) -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::start)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::start)?;
    bridge.serving().await;
    tokio::select! {
        () = app.hub.keep_house() => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!(streams = app.hub.live(), connections = server.connections(), ?grace, "draining");
    tokio::select! {
        () = drain(app, bridge, server, grace) => Ok(()),
        () = app.hub.keep_house() => Ok(()),
        _ = terminate.recv() => Err(Failure::start("stopped by a second signal")),
        _ = interrupt.recv() => Err(Failure::start("stopped by a second signal")),
    }
}

/// No new work; running streams get their end, at the latest after `grace`; then connections close.
async fn drain(app: &App, bridge: &Bridge, server: &Server, grace: Duration) {
    bridge.not_serving().await;
    server.stop_accepting();
    server.drain(DrainReason::Shutdown);
    let interrupted = app.hub.drain(grace).await;
    if tokio::time::timeout(CLOSE_GRACE, server.closed()).await.is_err() {
        tracing::warn!(connections = server.connections(), "connections did not close; ending them");
        server.kill();
    }
    tracing::info!(interrupted, "stopped");
}
