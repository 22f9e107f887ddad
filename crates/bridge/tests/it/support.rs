//! A listener with the bridge behind it, and what tests ask it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use seseragi_bridge::{App, Bridge, Cors, Exposure, Guests, RequestObserver, Route, Routes};
use seseragi_flow::{Hub, HubOptions, MemoryStore, Runtime};
use seseragi_guard::{
    Admission, Grant, Issuer, IssuerConfig, LimitsTable, Scope, Scopes, SigningKey, Tier, UnixSeconds,
    Verifier, VerifierConfig,
};
use seseragi_net::{ListenOptions, Server, Workers, listen};
use seseragi_proto::infer::{Delivery, OnDisconnect, StreamRequest};
use seseragi_testkit::client::{Client, Dialect};
use seseragi_testkit::{Recorder, limits};

/// The longest prompt here, in bytes.
pub(crate) const MAX_PROMPT_BYTES: usize = 1000;
const ISSUER: &str = "https://gateway.test";
const AUDIENCE: &str = "infer";

/// A running listener.
pub(crate) struct Fixture {
    pub(crate) app: Arc<App>,
    pub(crate) addr: SocketAddr,
    pub(crate) facts: Facts,
    pub(crate) events: Recorder,
    _server: Server,
    _workers: Workers,
}

impl Fixture {
    pub(crate) fn new(runtime: impl Runtime) -> Self {
        Self::limited(runtime, limits(64, 100_000, Duration::from_secs(600)))
    }

    pub(crate) fn limited(runtime: impl Runtime, limits: LimitsTable) -> Self {
        let (facts, events) = (Facts::default(), Recorder::default());
        let issuer = issuer();
        let own = issuer.as_own_issuer();
        let verifier = Verifier::new(VerifierConfig { own, external: Vec::new() });
        let app = Arc::new(App {
            verifier: verifier.expect("the configuration is sound"),
            issuer: Some(issuer),
            api_keys: None,
            admission: Admission::new(limits),
            hub: Hub::new(Arc::new(MemoryStore), Arc::new(events.clone()), HubOptions::default()),
            routes: routes(runtime),
            cors: Cors::new(["http://localhost:*"]).expect("an origin"),
            guests: Guests::Local,
            exposure: Exposure::Loopback,
            max_prompt_bytes: MAX_PROMPT_BYTES,
            console: serde_json::json!({}),
            observer: Arc::new(facts.clone()),
        });
        let workers = Workers::start(2).expect("workers start");
        let kept = app.hub.clone();
        workers.handle(0).spawn(async move { kept.keep_house().await });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let service = Bridge::new(Arc::clone(&app));
        let server = listen(listener, &workers, service, ListenOptions::default()).expect("it listens");
        Self { app, addr: server.local_addr(), facts, events, _server: server, _workers: workers }
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
        sign(self.app.issuer.as_ref().expect("there is one"), sub, scopes, at)
    }

    /// How many generations run.
    pub(crate) fn live(&self) -> usize {
        self.app.hub.live()
    }
}

/// An issuer like that of every listener here, with a key of its own.
pub(crate) fn issuer() -> Issuer {
    Issuer::new(SigningKey::generate().expect("a key"), IssuerConfig::new(ISSUER, AUDIENCE))
}

pub(crate) fn sign(issuer: &Issuer, sub: &str, scopes: Scopes, at: UnixSeconds) -> String {
    let grant = Grant { sub, scopes: &scopes, tier: Tier::User, client_id: "test", sid: None };
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
