//! A listener with the bridge behind it, and what tests ask it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderName;
use seseragi_bridge::{
    App, Bridge, Cors, Exposure, Guests, Identity, IpNet, OnExpiry, RequestObserver, Route, Routes,
};
use seseragi_flow::{Hub, HubOptions, MemoryStore, Runtime};
use seseragi_guard::{
    Accounts, AccountsConfig, Admission, Client as Program, Confirmation, Dpop, DpopConfig, ExternalIssuer,
    Gate, GateParts, Grant, HashingConfig, IgnoreAuth, Issuer, IssuerConfig, KeyRing, KeySource, LimitsTable,
    NewApiKey, OwnIssuer, OwnKeys, Revocations, Scope, Scopes, SigningKey, Store, Tier, UnixSeconds,
    VerifierConfig,
};
use seseragi_net::{ListenOptions, Server, Workers, listen};
use seseragi_proto::infer::{Delivery, OnDisconnect, StreamRequest};
use seseragi_testkit::client::{Client, Dialect};
use seseragi_testkit::{Recorder, limits};

/// The longest prompt here, in bytes.
pub(crate) const MAX_PROMPT_BYTES: usize = 1000;
/// Our own issuer, and the origin of our pages.
pub(crate) const ISSUER: &str = "https://gateway.test";
/// The public URL of a gateway that is for its own machine.
pub(crate) const LOCAL_ISSUER: &str = "http://127.0.0.1:8080";
/// Another issuer, which may revoke what it has given out.
pub(crate) const OTHER: &str = "https://other.test";
pub(crate) const AUDIENCE: &str = "infer";
/// The password of every user here.
pub(crate) const PASSWORD: &str = "correct horse battery staple";
/// A registered program.
pub(crate) const PROGRAM: &str = "notes";
/// Where its codes go.
pub(crate) const CALLBACK: &str = "https://notes.test/callback";

/// How a fixture is set.
pub(crate) struct Setup {
    pub(crate) limits: LimitsTable,
    /// Whether this gateway issues tokens itself.
    pub(crate) embedded: bool,
    pub(crate) issuer_url: &'static str,
    pub(crate) exposure: Exposure,
    /// Whether proofs of calls need a nonce.
    pub(crate) nonce: bool,
    pub(crate) on_expiry: OnExpiry,
    pub(crate) token_header: HeaderName,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) origins: Vec<&'static str>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            limits: limits(64, 100_000, Duration::from_secs(600)),
            embedded: true,
            issuer_url: ISSUER,
            exposure: Exposure::Loopback,
            nonce: false,
            on_expiry: OnExpiry::Continue,
            token_header: http::header::AUTHORIZATION,
            trusted_proxies: Vec::new(),
            origins: vec!["http://localhost:*"],
        }
    }
}

/// A running listener.
pub(crate) struct Fixture {
    pub(crate) app: Arc<App>,
    pub(crate) addr: SocketAddr,
    pub(crate) facts: Facts,
    pub(crate) events: Recorder,
    pub(crate) store: Arc<Store>,
    pub(crate) issuer: Issuer,
    /// The other issuer.
    pub(crate) other: Issuer,
    _server: Server,
    _workers: Workers,
    folder: Folder,
}

impl Fixture {
    pub(crate) fn new(runtime: impl Runtime) -> Self {
        Self::with(runtime, Setup::default())
    }

    pub(crate) fn limited(runtime: impl Runtime, limits: LimitsTable) -> Self {
        Self::with(runtime, Setup { limits, ..Setup::default() })
    }

    pub(crate) fn with(runtime: impl Runtime, setup: Setup) -> Self {
        let (facts, events, folder) = (Facts::default(), Recorder::default(), Folder::new());
        let store = Store::open_file(&folder.path("store.db"), setup.issuer_url).expect("a store opens");
        let (store, revocations) = (Arc::new(store), Revocations::default());
        let ring = KeyRing::of_one(SigningKey::generate().expect("a key"));
        let other = issuer_of(OTHER);
        let own = OwnIssuer {
            issuer: setup.issuer_url.to_owned(),
            audience: AUDIENCE.to_owned(),
            keys: if setup.embedded { OwnKeys::Ring(ring.clone()) } else { OwnKeys::Fixed(Vec::new()) },
        };
        let gate = Gate::new(GateParts {
            verifier: VerifierConfig { own, external: vec![external(&other)] },
            dpop: Dpop::new(DpopConfig {
                origins: vec![setup.issuer_url.to_owned()],
                require_nonce: setup.nonce,
                ..DpopConfig::default()
            }),
            revocations: revocations.clone(),
            api_keys: setup.embedded.then(|| Arc::clone(&store)),
            fetch: None,
            observer: Arc::new(IgnoreAuth),
            cache: true,
        });
        let accounts = Accounts::new(
            Arc::clone(&store),
            ring.clone(),
            revocations,
            Arc::new(IgnoreAuth),
            accounts(setup.issuer_url),
        );
        let app = Arc::new(App {
            gate: gate.expect("the configuration is sound"),
            accounts: setup.embedded.then_some(accounts),
            store: Some(Arc::clone(&store)),
            identity: Identity {
                issuer_url: setup.issuer_url.to_owned(),
                audience: AUDIENCE.to_owned(),
                authorization_servers: vec![setup.issuer_url.to_owned()],
                token_header: setup.token_header,
                secure_cookies: None,
                on_expiry: setup.on_expiry,
            },
            admission: Admission::new(setup.limits),
            hub: Hub::new(Arc::new(MemoryStore), Arc::new(events.clone()), HubOptions::default()),
            routes: routes(runtime),
            cors: Cors::new(setup.origins).expect("origins"),
            guests: Guests::Local,
            exposure: setup.exposure,
            trusted_proxies: setup.trusted_proxies,
            max_prompt_bytes: MAX_PROMPT_BYTES,
            console: serde_json::json!({}),
            observer: Arc::new(facts.clone()),
            audit: Arc::new(IgnoreAuth),
        });
        let workers = Workers::start(2).expect("workers start");
        let (kept, cut) = (app.hub.clone(), Arc::clone(&app));
        workers.handle(0).spawn(async move { kept.keep_house().await });
        workers.handle(0).spawn(async move { cut_revoked(&cut).await });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let service = Bridge::new(Arc::clone(&app));
        let server = listen(listener, &workers, service, ListenOptions::default()).expect("it listens");
        Self {
            app,
            addr: server.local_addr(),
            facts,
            events,
            store,
            issuer: Issuer::new(ring, IssuerConfig::new(setup.issuer_url, AUDIENCE)),
            other,
            _server: server,
            _workers: workers,
            folder,
        }
    }

    /// A client with a token of ann.
    pub(crate) fn client(&self, dialect: Dialect) -> Client {
        self.client_of("ann", dialect)
    }

    pub(crate) fn client_of(&self, sub: &str, dialect: Dialect) -> Client {
        let token = self.token(sub, Scope::InferRead.into(), UnixSeconds::now());
        Client::new(self.addr, dialect).with_token(token)
    }

    /// An access token that was issued at that time.
    pub(crate) fn token(&self, sub: &str, scopes: Scopes, at: UnixSeconds) -> String {
        sign(&self.issuer, sub, scopes, at)
    }

    /// A token that is bound to the key of this thumbprint.
    pub(crate) fn bound_token(&self, jkt: &str) -> String {
        let cnf = Some(Confirmation::Jkt(jkt));
        let scopes = Scopes::from(Scope::InferRead);
        let grant =
            Grant { sub: "ann", scopes: &scopes, tier: Tier::User, client_id: "test", sid: None, cnf };
        self.issuer.issue(grant, UnixSeconds::now()).expect("it can be written").token
    }

    /// An API key with these scopes.
    pub(crate) fn api_key(&self, scopes: Scopes) -> String {
        let new = NewApiKey { name: "server".to_owned(), scopes, tier: Tier::Server, expires_at: None };
        let (_, secret) = self.store.add_api_key(new, UnixSeconds::now()).expect("it is written");
        secret.expose().to_owned()
    }

    /// Takes API keys away under the running store, as a damaged disk would.
    pub(crate) fn break_store(&self) {
        let file = rusqlite::Connection::open(self.folder.path("store.db")).expect("the file opens");
        file.execute_batch("ALTER TABLE api_key RENAME TO gone").expect("it can be broken");
    }

    /// A user with the password of all; its `sub`.
    pub(crate) async fn user(&self, name: &str) -> String {
        let accounts = self.app.accounts.as_ref().expect("there are accounts");
        let scopes = Scopes::from(Scope::InferRead);
        accounts
            .add_user(name, PASSWORD, scopes, Tier::User, UnixSeconds::now())
            .await
            .expect("it is added")
            .sub
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// How many generations run.
    pub(crate) fn live(&self) -> usize {
        self.app.hub.live()
    }
}

/// What the program runs beside its listener.
async fn cut_revoked(app: &App) {
    let revocations = app.gate.revocations();
    let mut changes = revocations.changes();
    while changes.changed().await.is_ok() {
        app.hub.sweep(&|principal| revocations.covers(principal));
    }
}

fn accounts(issuer: &str) -> AccountsConfig {
    let program = Program {
        id: PROGRAM.to_owned(),
        name: "Notes <b>".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned(), "http://127.0.0.1/cb".to_owned()],
        scopes: Scope::InferRead.into(),
    };
    AccountsConfig {
        issuer: issuer.to_owned(),
        audience: AUDIENCE.to_owned(),
        access_token_ttl_s: 300,
        session_idle_s: 3600,
        session_max_s: 7200,
        refresh_grace_s: 10,
        guest_max_s: 3600,
        clients: vec![program],
        // Cheap: these tests are not about passwords.
        hashing: HashingConfig { memory_kib: 64, passes: 1, lanes: 1, at_once: 64, waiting_max: 32 },
        secret: [7; 32],
    }
}

fn external(other: &Issuer) -> ExternalIssuer {
    let content = other.key().jwks().to_string().into_bytes();
    ExternalIssuer {
        issuer: Some(OTHER.to_owned()),
        algorithms: vec!["ES256".to_owned()],
        audiences: vec![AUDIENCE.to_owned()],
        typ: vec!["at+jwt".to_owned()],
        admin: true,
        ..ExternalIssuer::new("other", KeySource::JwksFile { content })
    }
}

/// An issuer like that of every listener here, with a key of its own.
pub(crate) fn issuer() -> Issuer {
    issuer_of(ISSUER)
}

fn issuer_of(name: &str) -> Issuer {
    let ring = KeyRing::of_one(SigningKey::generate().expect("a key"));
    Issuer::new(ring, IssuerConfig::new(name, AUDIENCE))
}

pub(crate) fn sign(issuer: &Issuer, sub: &str, scopes: Scopes, at: UnixSeconds) -> String {
    let grant =
        Grant { sub, scopes: &scopes, tier: Tier::User, client_id: "test", sid: Some("sid-1"), cnf: None };
    issuer.issue(grant, at).expect("it can be written").token
}

fn routes(runtime: impl Runtime) -> Routes {
    let route = Route {
        model: "test".into(),
        upstream_model: "upstream".into(),
        description: "a script".to_owned(),
        runtime: Arc::new(runtime),
    };
    Routes::new(vec![route], "test".into())
}

/// A folder of one test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("seseragi-bridge-{}", seseragi_guard::random_text());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).expect("a folder can be made");
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new(&self.0).join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Remembers what the bridge told about requests.
#[derive(Clone, Default)]
pub(crate) struct Facts(Arc<Mutex<Vec<String>>>);

impl Facts {
    pub(crate) fn told(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, fact: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fact);
    }
}

impl RequestObserver for Facts {
    fn answered(&self, wire: &'static str, method: &'static str, status: &'static str) {
        self.add(format!("answered {wire} {method} {status}"));
    }

    fn rejected(&self, reason: &'static str) {
        self.add(format!("rejected {reason}"));
    }

    fn refused(&self, reason: &'static str) {
        self.add(format!("refused {reason}"));
    }

    fn origin_refused(&self, origin: &str) {
        self.add(format!("origin_refused {origin}"));
    }
}

pub(crate) fn ask(prompt: &str) -> StreamRequest {
    StreamRequest { prompt: prompt.to_owned(), ..Default::default() }
}

/// A request of a client of ours, that comes back after a disconnect or not.
pub(crate) fn ask_with(on_disconnect: OnDisconnect) -> StreamRequest {
    let delivery = Delivery { on_disconnect: on_disconnect.into(), ..Default::default() };
    StreamRequest { delivery: Some(delivery), ..ask("question") }
}

/// Waits until `condition` holds, but not for ever.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..2500 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("waited too long: {what}");
}
