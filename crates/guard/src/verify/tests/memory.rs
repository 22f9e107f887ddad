//! A remembered token is asked again what may have changed: time, keys, revocations.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::forge::*;
use super::pair::{pair, token};
use crate::{
    AuthEvent, AuthObserver, Dpop, DpopConfig, Evidence, ExternalIssuer, FetchKeys, Fetched, Fetching, Gate,
    GateParts, IgnoreAuth, KeySource, Reason, Rejection, Revocation, Revocations, Revoked, Subject,
    UnixSeconds, VerifierConfig,
};

const THEIRS: &str = "https://idp.test";

fn gates(config: impl Fn() -> VerifierConfig) -> [Gate; 2] {
    [gate(config(), false), gate(config(), true)]
}

fn ours() -> VerifierConfig {
    VerifierConfig { own: WORLD.issuer.as_own_issuer(), external: Vec::new() }
}

fn reason(gate: &Gate, token: &str, now: UnixSeconds) -> Result<(), Reason> {
    gate.verify_token(token, now).map(drop).map_err(Rejection::reason)
}

#[test]
fn g23_a_revocation_is_in_force_at_once_for_what_is_remembered_too() {
    let until = NOW.plus(1000);
    let key = WORLD.issuer.key();
    let kid = key.kid();
    let of = |issuer: &str| {
        let issuer = || issuer.into();
        [
            Revoked::Subject { subject: Subject::new(issuer(), "alice"), before: NOW },
            Revoked::Session { issuer: issuer(), sid: "s1".into() },
            Revoked::Token { issuer: issuer(), jti: "j1".into() },
            Revoked::Key { issuer: issuer(), kid: kid.into() },
        ]
    };
    let token = signed_by_us(own_header(), with(own_claims(), "sid", "s1"));
    for gate in [0, 1].into_iter().flat_map(|index| of(ISSUER).map(move |what| (index, what))) {
        let (index, what) = gate;
        let gate = &gates(ours)[index];
        let others = of("https://other.test").into_iter();
        let later =
            Revoked::Subject { subject: Subject::new(ISSUER, "alice"), before: UnixSeconds(NOW.0 - 1) };
        for elsewhere in others.chain([later]) {
            assert_eq!(reason(gate, &token, NOW), Ok(()));
            gate.revocations().insert(Revocation { what: elsewhere, until }).unwrap();
        }
        assert_eq!(reason(gate, &token, NOW), Ok(()), "nothing of ours yet");
        gate.revocations().insert(Revocation { what: what.clone(), until }).unwrap();
        assert_eq!(reason(gate, &token, NOW), Err(Reason::Revoked), "{what:?}");
        assert_eq!(reason(gate, &token, NOW), Err(Reason::Revoked), "{what:?}");
    }
}

#[test]
fn g25_clock_jumps_change_no_answer() {
    let token = signed_by_us(own_header(), own_claims());
    let jumps = [0, 1, -5, 299, -6, 304, 305, 0, 600, -600, 5, -300, 304, 1_000_000, 0, 305, 200];
    let [forgetful, remembering] = gates(ours);
    for jump in jumps {
        let now = UnixSeconds(NOW.0.checked_add_signed(jump).unwrap());
        let expected = match jump {
            -4..=304 => Ok(()),
            -5 => Err(Reason::NotYetValid),
            305.. => Err(Reason::Expired),
            _ => Err(Reason::IssuedInFuture),
        };
        assert_eq!(reason(&forgetful, &token, now), expected, "{jump}");
        assert_eq!(reason(&remembering, &token, now), expected, "{jump}");
        assert_eq!(reason(&remembering, &token, now), expected, "{jump}");
    }
}

/// Serves whatever key set it was last given, and counts.
#[derive(Default)]
struct Shelf {
    set: Mutex<Vec<u8>>,
    fetches: AtomicUsize,
}

impl Shelf {
    fn put(&self, keys: impl Into<Value>) {
        *self.set.lock().unwrap() = json!({"keys": keys.into()}).to_string().into_bytes();
    }

    fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }
}

struct Fetcher(Arc<Shelf>);

impl FetchKeys for Fetcher {
    fn fetch<'a>(&'a self, url: &'a str) -> Fetching<'a> {
        assert_eq!(url, "https://idp.test/keys");
        self.0.fetches.fetch_add(1, Ordering::SeqCst);
        let body = self.0.set.lock().unwrap().clone();
        Box::pin(async { Ok(Fetched { body, max_age: None }) })
    }
}

/// A reason, and the name of the issuer.
type Refusal = (Reason, Option<String>);

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<Refusal>>>);

impl AuthObserver for Told {
    fn auth_event(&self, event: &AuthEvent<'_>, _: UnixSeconds) {
        if let AuthEvent::Rejected { reason, issuer } = event {
            self.0.lock().unwrap().push((*reason, issuer.map(str::to_owned)));
        }
    }
}

fn live_gate(cache: bool, observer: Arc<dyn AuthObserver>) -> (Gate, Arc<Shelf>) {
    let shelf = Arc::new(Shelf::default());
    let mut external = ExternalIssuer::new("idp", KeySource::JwksUrl { url: format!("{THEIRS}/keys") });
    external.issuer = Some(THEIRS.to_owned());
    external.algorithms = vec!["ES256".to_owned(), "ES384".to_owned()];
    let mut verifier = ours();
    verifier.external.push(external);
    let parts = GateParts {
        verifier,
        dpop: Dpop::new(DpopConfig::default()),
        revocations: Revocations::default(),
        api_keys: None,
        fetch: Some(Arc::new(Fetcher(Arc::clone(&shelf)))),
        observer,
        cache,
    };
    (Gate::new(parts).unwrap(), shelf)
}

fn key(alg: &str, kid: &str) -> Value {
    with(with(pair(alg).jwk(), "kid", kid), "alg", alg)
}

fn theirs(alg: &str, kid: &str) -> String {
    let claims = json!({"iss": THEIRS, "sub": "u1", "exp": NOW.0 + 3000, "iat": NOW.0});
    token(alg, json!({"kid": kid}), claims)
}

async fn called(gate: &Gate, token: &str, now: UnixSeconds) -> Result<(), Reason> {
    let header = format!("Bearer {token}");
    let evidence =
        Evidence { authorization: &[header.as_bytes()], method: "POST", path: "/x", ..Evidence::default() };
    gate.caller(&evidence, now).await.map(drop).map_err(Rejection::reason)
}

#[tokio::test]
async fn a_key_that_leaves_the_set_takes_its_tokens_with_it() {
    for cache in [false, true] {
        let (gate, shelf) = live_gate(cache, Arc::new(IgnoreAuth));
        let (first, second) = (theirs("ES256", "k1"), theirs("ES384", "k2"));
        shelf.put([key("ES256", "k1")]);
        assert_eq!(called(&gate, &first, NOW).await, Ok(()), "fetched when it was needed");
        assert_eq!(called(&gate, &first, NOW).await, Ok(()));
        assert_eq!(shelf.fetches(), 1);
        shelf.put([key("ES384", "k2")]);
        assert_eq!(called(&gate, &first, NOW.plus(40)).await, Ok(()), "nobody has said otherwise");
        assert_eq!(called(&gate, &second, NOW.plus(40)).await, Ok(()), "a new key");
        assert_eq!(shelf.fetches(), 2);
        assert_eq!(called(&gate, &first, NOW.plus(40)).await, Err(Reason::KeyUnknown));
        assert_eq!(called(&gate, &second, NOW.plus(40)).await, Ok(()));
        // The same name, another key.
        shelf.put([key("ES384", "k3"), with(with(pair("EdDSA").jwk(), "kid", "k2"), "alg", "EdDSA")]);
        assert_eq!(called(&gate, &theirs("ES384", "k3"), NOW.plus(80)).await, Ok(()));
        assert_eq!(called(&gate, &second, NOW.plus(80)).await, Err(Reason::KeyUnknown));
    }
}

#[tokio::test]
async fn g26_many_unknown_kids_are_one_fetch() {
    let (gate, shelf) = live_gate(true, Arc::new(IgnoreAuth));
    shelf.put([key("ES256", "k1")]);
    for number in 0..200 {
        let spray = theirs("ES256", &format!("spray-{number}"));
        assert_eq!(called(&gate, &spray, NOW).await, Err(Reason::KeyUnknown));
    }
    assert_eq!(shelf.fetches(), 1);
    assert_eq!(called(&gate, &theirs("ES256", "k1"), NOW).await, Ok(()));
    // A token without kid asks for nothing, whoever it is of; neither does one of an issuer with fixed keys.
    let bare = token("ES256", json!({}), json!({"iss": THEIRS, "sub": "u", "exp": NOW.0 + 60}));
    assert_eq!(called(&gate, &bare, NOW.plus(100)).await, Err(Reason::KeyUnknown));
    let own = signed_by_us(with(own_header(), "kid", "x"), own_claims());
    assert_eq!(called(&gate, &own, NOW.plus(100)).await, Err(Reason::KeyUnknown));
    // Nor does looking at a token without letting anybody in.
    assert_eq!(reason(&gate, &theirs("ES256", "k9"), NOW.plus(100)), Err(Reason::KeyUnknown));
    assert_eq!(shelf.fetches(), 1);
}

#[tokio::test]
async fn refusals_are_told_with_the_name_of_the_issuer() {
    let told = Told::default();
    let (gate, shelf) = live_gate(true, Arc::new(told.clone()));
    shelf.put([key("ES256", "k1")]);
    let good = signed_by_us(own_header(), own_claims());
    called(&gate, &good, NOW).await.unwrap();
    called(&gate, "x", NOW).await.unwrap_err();
    called(&gate, &signed_by_us(own_header(), with(own_claims(), "aud", "x")), NOW).await.unwrap_err();
    called(&gate, &signed_by_us(own_header(), with(own_claims(), "iss", "x")), NOW).await.unwrap_err();
    called(&gate, &theirs("ES384", "k1"), NOW).await.unwrap_err();
    called(&gate, &theirs("ES256", "nobody"), NOW).await.unwrap_err();
    let what = Revoked::Token { issuer: ISSUER.into(), jti: "j1".into() };
    gate.revocations().insert(Revocation { what, until: NOW.plus(9) }).unwrap();
    called(&gate, &good, NOW).await.unwrap_err();
    reason(&gate, &good, NOW).unwrap_err();
    let own = Some("own".to_owned());
    let theirs = Some("idp".to_owned());
    let expected = [
        (Reason::TokenMalformed, None),
        (Reason::AudienceInvalid, own.clone()),
        (Reason::IssuerUnknown, None),
        (Reason::AlgorithmForbidden, theirs.clone()),
        (Reason::KeyUnknown, theirs),
        (Reason::Revoked, own),
    ];
    assert_eq!(*told.0.lock().unwrap(), expected);
}

#[tokio::test(start_paused = true)]
async fn key_sets_are_kept_fresh_while_the_gate_is_asked_to() {
    let (gate, shelf) = live_gate(true, Arc::new(IgnoreAuth));
    shelf.put([key("ES256", "k1")]);
    let two_minutes = std::time::Duration::from_secs(120);
    assert!(tokio::time::timeout(two_minutes, gate.keep_keys_fresh()).await.is_err(), "it goes on");
    assert_eq!(shelf.fetches(), 1, "before anybody asked");
    assert_eq!(reason(&gate, &theirs("ES256", "k1"), NOW), Ok(()));
    // Nothing to keep: it ends.
    gates(ours)[0].keep_keys_fresh().await;
}

#[test]
fn a_gate_that_cannot_fetch_refuses_a_url_and_one_that_can_refuses_a_bad_one() {
    let faults = |url: &str, fetch: bool| {
        let external = ExternalIssuer {
            issuer: Some(THEIRS.to_owned()),
            algorithms: vec!["ES256".to_owned()],
            ..ExternalIssuer::new("idp", KeySource::JwksUrl { url: url.to_owned() })
        };
        let parts = GateParts {
            verifier: VerifierConfig { own: WORLD.issuer.as_own_issuer(), external: vec![external] },
            dpop: Dpop::new(DpopConfig::default()),
            revocations: Revocations::default(),
            api_keys: None,
            fetch: fetch.then(|| Arc::new(Fetcher(Arc::default())) as Arc<dyn FetchKeys>),
            observer: Arc::new(IgnoreAuth),
            cache: true,
        };
        Gate::new(parts)
            .map(drop)
            .map_err(|faults| faults.0.into_iter().map(|fault| fault.path).collect::<Vec<_>>())
    };
    let bad = Err(vec!["external[0].jwks_url".to_owned()]);
    for good in ["https://a.test/k", "http://127.0.0.1:8080/k", "http://localhost/k", "http://[::1]:9/k"] {
        assert_eq!(faults(good, true), Ok(()), "{good}");
        assert_eq!(faults(good, false), bad, "{good}");
    }
    for url in [
        "http://a.test/k",
        "http://127.0.0.1.evil.test/k",
        "ftp://a.test",
        "",
        "https://",
        "file:///etc/passwd",
        "http://localhost@evil.test/",
    ] {
        assert_eq!(faults(url, true), bad, "{url}");
    }
}
