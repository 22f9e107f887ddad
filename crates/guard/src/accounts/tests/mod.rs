//! Accounts on a real SQLite file; time is a parameter, so nothing waits.

mod api_keys;
mod codes;
mod guests;
mod keys;
mod login;
mod refresh;
mod sessions;
mod throttling;
mod users;

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};

use super::*;
use crate::test_folder::TestFolder;
use crate::{Principal, Scope, Scopes, SigningKey, Subject, Tier, User, inspect};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
const ISSUER: &str = "https://bridge.example";
const PASSWORD: &str = "tr0ub4dor and 3";

/// Cheap, because most tests are not about its cost.
const CHEAP: HashingConfig =
    HashingConfig { memory_kib: 64, passes: 1, lanes: 1, at_once: 100, waiting_max: 100 };

/// Accounts in a folder, and what they did.
struct World {
    folder: Arc<TestFolder>,
    accounts: Accounts,
    revocations: Revocations,
    told: Arc<Told>,
}

#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl AuthObserver for Told {
    fn auth_event(&self, event: &AuthEvent<'_>, _: UnixSeconds) {
        self.0.lock().unwrap().push(format!("{event:?}"));
    }
}

fn config() -> AccountsConfig {
    AccountsConfig {
        issuer: ISSUER.to_owned(),
        audience: "seseragi".to_owned(),
        access_token_ttl_s: 300,
        session_idle_s: 7 * 86_400,
        session_max_s: 30 * 86_400,
        refresh_grace_s: 10,
        guest_max_s: 3600,
        clients: vec![Client {
            id: "app".to_owned(),
            name: "An app".to_owned(),
            redirect_uris: vec!["https://app.example/cb".to_owned(), "http://127.0.0.1/cb".to_owned()],
            scopes: Scope::InferRead.into(),
        }],
        hashing: CHEAP,
        secret: [7; 32],
    }
}

impl World {
    fn new() -> Self {
        Self::with(config())
    }

    fn with(config: AccountsConfig) -> Self {
        Self::on(Arc::new(TestFolder::new()), config)
    }

    /// Another process with the same store.
    fn beside(&self) -> Self {
        Self::on(Arc::clone(&self.folder), self.accounts.0.config.clone())
    }

    fn on(folder: Arc<TestFolder>, config: AccountsConfig) -> Self {
        let store = Store::open_file(&folder.path("seseragi.db"), ISSUER).unwrap();
        let ring = KeyRing::of_one(SigningKey::generate().unwrap());
        let (revocations, told) = (Revocations::default(), Arc::<Told>::default());
        let observer: Arc<dyn AuthObserver> = told.clone();
        let accounts = Accounts::new(Arc::new(store), ring, revocations.clone(), observer, config);
        Self { folder, accounts, revocations, told }
    }

    /// The user Ann, who may infer and revoke.
    async fn ann(&self) -> User {
        let scopes = Scopes::from_list("infer:read admin:revoke");
        self.accounts.add_user("Ann", PASSWORD, scopes, Tier::User, NOW).await.unwrap()
    }

    async fn ann_signs_in(&self, now: UnixSeconds) -> SignedIn {
        self.accounts.login(ann(PASSWORD), now).await.unwrap()
    }

    fn store(&self) -> &Store {
        &self.accounts.0.store
    }

    /// Whether a token of this sign-in would be refused, and its streams cut.
    fn is_cut(&self, sid: &str) -> bool {
        self.revocations.covers(&principal("user:somebody", Some(sid)))
    }

    fn told(&self) -> String {
        self.told.0.lock().unwrap().join("\n")
    }

    fn times_told(&self, what: &str) -> usize {
        self.told.0.lock().unwrap().iter().filter(|event| event.contains(what)).count()
    }

    /// Breaks a table behind the back of the store.
    fn break_table(&self, name: &str) {
        let connection = rusqlite::Connection::open(self.folder.path("seseragi.db")).unwrap();
        connection.execute_batch(&format!("ALTER TABLE {name} RENAME TO broken_{name}")).unwrap();
    }
}

fn ann(password: &str) -> Login<'_> {
    Login {
        username: "ann",
        password,
        client_id: "console",
        address: None,
        device: None,
        key: None,
        scopes: None,
    }
}

fn address(text: &str) -> Option<IpAddr> {
    Some(text.parse().unwrap())
}

fn principal(sub: &str, sid: Option<&str>) -> Principal {
    Principal {
        subject: Subject::new(ISSUER, sub),
        sid: sid.map(Into::into),
        jti: None,
        kid: None,
        issued_at: NOW,
        expires_at: NOW.plus(300),
    }
}

fn claims(issued: &Issued) -> Map<String, Value> {
    inspect(&issued.access_token.token).claims.unwrap()
}

fn refresh_token(issued: &Issued) -> &str {
    issued.refresh_token.as_ref().unwrap().expose()
}
