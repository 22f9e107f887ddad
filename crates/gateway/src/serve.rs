//! `seseragi serve`: everything wired together, from start to the last stream.

use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use seseragi_bridge::{App, Bridge, Cors, Exposure, Guests, Identity, Routes};
use seseragi_flow::{Hub, HubOptions, MemoryStore};
use seseragi_guard::{Accounts, Admission, AuthObserver, Gate, Store, UnixSeconds};
use seseragi_net::{DrainReason, Server, Workers};
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::admin::{AdminSocket, Office, OfficeParts};
use crate::commands::Failure;
use crate::config::{Config, IssuerMode};
use crate::models::{self, Model};
use crate::telemetry::{Lent, Metrics, Telemetry, serve_metrics};
use crate::trust::{self, DataFolder, External, GateNeeds, House, Issuers, Own};

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
    let external = trust::external(config)?;
    trust::check(config, &external)?;
    let folder = DataFolder::take(config)?;
    let audit = trust::audit(config, folder.path())?;
    let metrics = Metrics::new();
    let telemetry = Arc::new(Telemetry::new(metrics.clone(), audit.clone()));
    let trusted = Trusted::open(config, external, &telemetry)?;
    let hub = hub(config, &telemetry);
    let behind = trusted.behind(config, &hub, &metrics, &telemetry);
    let app = Arc::new(app(config, &models, &telemetry, trusted, hub)?);
    let workers = Workers::start(config.workers).map_err(Failure::start)?;
    let bridge = Bridge::new(Arc::clone(&app));
    let lent = Lent {
        hub: app.hub.clone(),
        models: models.into_iter().map(|m| (m.route.model.to_string(), m.stats)).collect(),
        revocations: app.gate.revocations().clone(),
        audit: audit.clone(),
    };
    let registry = metrics.registry(lent);
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
    let socket = admin_socket(&runtime, &folder);
    announce(config, server.local_addr(), operators.as_ref().map(Server::local_addr));
    let beside = beside(&app, &behind, socket);
    let left = runtime.block_on(run(&app, &bridge, &server, config.grace, beside));
    drop(server);
    workers.shutdown(CLOSE_GRACE);
    if let Some(audit) = audit {
        audit.close();
    }
    left
}

/// What guard needs, opened.
struct Trusted {
    store: Arc<Store>,
    own: Option<Own>,
    accounts: Option<Accounts>,
    gate: Gate,
}

/// What works behind the requests.
struct Behind {
    house: House,
    office: Office,
}

impl Trusted {
    fn open(config: &Config, external: External, telemetry: &Arc<Telemetry>) -> Result<Self, Failure> {
        let now = UnixSeconds::now();
        let observer: Arc<dyn AuthObserver> = Arc::clone(telemetry) as _;
        let store = trust::store(config)?;
        let own = trust::own(config, &store, now)?;
        let revocations = &trust::revocations(&store, now)?;
        let accounts = own.as_ref().map(|own| trust::accounts(config, &store, own, revocations, &observer));
        let needs = GateNeeds {
            external,
            own: own.as_ref(),
            store: own.is_some().then_some(&store),
            revocations,
            observer,
        };
        let gate = trust::gate(config, needs)?;
        Ok(Self { store, own, accounts, gate })
    }

    fn behind(&self, config: &Config, hub: &Hub, metrics: &Metrics, telemetry: &Arc<Telemetry>) -> Behind {
        let revocations = self.gate.revocations().clone();
        let office = Office::new(OfficeParts {
            store: Arc::clone(&self.store),
            vault: self.own.as_ref().map(|own| own.vault.clone()),
            ring: self.own.as_ref().map(|own| own.ring.clone()),
            accounts: self.accounts.clone(),
            revocations: revocations.clone(),
            issuers: Issuers::of(config),
            observer: Arc::clone(telemetry) as _,
        });
        let (store, own, hub) = (Arc::clone(&self.store), self.own.clone(), hub.clone());
        Behind { house: House { store, own, revocations, hub, metrics: metrics.auth.clone() }, office }
    }
}

fn hub(config: &Config, telemetry: &Arc<Telemetry>) -> Hub {
    let options = HubOptions { max_live: config.max_live, retention: config.retention };
    Hub::new(Arc::new(MemoryStore), Arc::clone(telemetry) as _, options)
}

fn app(
    config: &Config,
    models: &[Model],
    telemetry: &Arc<Telemetry>,
    trusted: Trusted,
    hub: Hub,
) -> Result<App, Failure> {
    let exposure = if config.address.ip().is_loopback() { Exposure::Loopback } else { Exposure::Network };
    let local = LOCAL_ORIGINS.into_iter().filter(|_| exposure == Exposure::Loopback);
    let cors = Cors::new(local.chain(config.origins.iter().map(String::as_str))).map_err(Failure::config)?;
    let routes = models.iter().map(|m| m.route.clone()).collect();
    Ok(App {
        gate: trusted.gate,
        accounts: trusted.accounts,
        store: Some(trusted.store),
        identity: identity(config),
        admission: Admission::new(config.limits),
        hub,
        routes: Routes::new(routes, config.default_model.as_str().into()),
        cors,
        guests: config.auth.guests,
        exposure,
        trusted_proxies: config.auth.trusted_proxies.clone(),
        max_prompt_bytes: config.max_prompt_bytes,
        console: models::console_info(&config.default_model, &config.models),
        observer: Arc::clone(telemetry) as _,
        audit: Arc::clone(telemetry) as _,
    })
}

/// Where tokens for us come from: ourselves if we issue, and every other issuer that has an address.
fn identity(config: &Config) -> Identity {
    let auth = &config.auth;
    let own = (auth.issuer == IssuerMode::Embedded).then(|| auth.issuer_url.clone());
    let others = auth.external.iter().filter_map(|each| each.issuer.clone());
    let others = others.filter(|iss| iss.starts_with("https://") || iss.starts_with("http://"));
    Identity {
        issuer_url: auth.issuer_url.clone(),
        audience: auth.audience.clone(),
        authorization_servers: own.into_iter().chain(others).collect(),
        token_header: auth.token_header.clone(),
        secure_cookies: None,
        on_expiry: auth.on_expiry,
    }
}

/// What runs beside the requests, until it is dropped.
async fn beside(app: &App, behind: &Behind, socket: Option<AdminSocket>) {
    let orders = async {
        if let Some(socket) = socket {
            socket.serve(&behind.office).await;
        }
    };
    tokio::join!(behind.house.keep(), app.gate.keep_keys_fresh(), orders);
}

/// Without it commands work on the store, and their effect takes half a second.
fn admin_socket(runtime: &Runtime, folder: &DataFolder) -> Option<AdminSocket> {
    let _context = runtime.enter();
    AdminSocket::bind(folder.path())
        .inspect_err(
            |error| tracing::warn!(%error, "there is no admin socket: commands work on the database"),
        )
        .ok()
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
    } else if config.auth.guests != Guests::Everybody {
        println!("  guests are not welcome on this address: hand out access tokens or API keys");
    }
    if let Some(metrics) = metrics {
        println!("  metrics: http://{metrics}/metrics");
    }
}

/// From the first request to the last.
async fn run(
    app: &App,
    bridge: &Bridge,
    server: &Server,
    grace: Duration,
    beside: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let mut beside = pin!(beside);
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::start)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::start)?;
    bridge.serving().await;
    tokio::select! {
        () = app.hub.keep_house() => {}
        () = &mut beside => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!(streams = app.hub.live(), connections = server.connections(), ?grace, "draining");
    tokio::select! {
        () = drain(app, bridge, server, grace) => Ok(()),
        () = app.hub.keep_house() => Ok(()),
        // Also while it drains: a revocation still ends what it covers.
        () = &mut beside => Ok(()),
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
