//! What the gate asks of the store: API keys in place of tokens, and our own keys as they rotate.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::forge::*;
use crate::test_folder::TestFolder;
use crate::{
    Dpop, DpopConfig, Evidence, Gate, GateParts, Grant, IgnoreAuth, Issuer, IssuerConfig, KeyEncryptionKey,
    KeyRing, NewApiKey, OwnIssuer, OwnKeys, Reason, Rejection, Revocations, RotationConfig, Scope, Scopes,
    Store, Tier, UnixSeconds, VerifierConfig,
};

struct Place {
    store: Arc<Store>,
    _folder: TestFolder,
}

impl Place {
    fn new() -> Self {
        let folder = TestFolder::new();
        let store = Store::open_file(&folder.path("seseragi.db"), ISSUER).unwrap();
        Self { store: Arc::new(store), _folder: folder }
    }

    fn gate(&self, keys: OwnKeys, api_keys: bool, cache: bool) -> Gate {
        let own = OwnIssuer { issuer: ISSUER.to_owned(), audience: AUDIENCE.to_owned(), keys };
        let parts = GateParts {
            verifier: VerifierConfig { own, external: Vec::new() },
            dpop: Dpop::new(DpopConfig::default()),
            revocations: Revocations::default(),
            api_keys: api_keys.then(|| Arc::clone(&self.store)),
            fetch: None,
            observer: Arc::new(IgnoreAuth),
            cache,
        };
        Gate::new(parts).unwrap()
    }

    fn api_key(&self, expires_at: Option<UnixSeconds>) -> (String, String) {
        let scopes = Scopes::from(Scope::InferRead);
        let new = NewApiKey { name: "ci".to_owned(), scopes, tier: Tier::Server, expires_at };
        let (key, secret) = self.store.add_api_key(new, NOW).unwrap();
        (key.id, secret.expose().to_owned())
    }
}

async fn called(gate: &Gate, header: &str, now: UnixSeconds) -> Result<String, Reason> {
    let authorization: &[&[u8]] = &[header.as_bytes()];
    let evidence = Evidence { authorization, method: "POST", path: "/x", ..Evidence::default() };
    let caller = gate.caller(&evidence, now).await.map_err(Rejection::reason)?;
    assert_eq!((caller.subject().issuer(), caller.tier()), (ISSUER, Tier::Server));
    assert_eq!(caller.scopes(), Scope::InferRead.into());
    Ok(caller.subject().sub().to_owned())
}

#[tokio::test]
async fn an_api_key_may_be_presented_in_place_of_a_token() {
    let place = Place::new();
    let (id, secret) = place.api_key(None);
    let header = format!("Bearer {secret}");
    for cache in [false, true] {
        let gate = place.gate(OwnKeys::Fixed(Vec::new()), true, cache);
        for _ in 0..3 {
            assert_eq!(called(&gate, &header, NOW).await, Ok(format!("key:{id}")));
        }
        assert_eq!(called(&gate, &format!("DPoP {secret}"), NOW).await, Err(Reason::ProofUnbound));
        let typo = format!("{header}x");
        assert_eq!(called(&gate, &typo, NOW).await, Err(Reason::ApiKeyMalformed));
        let (_, foreign) = Place::new().api_key(None);
        assert_eq!(called(&gate, &format!("Bearer {foreign}"), NOW).await, Err(Reason::ApiKeyUnknown));
    }
    let without = place.gate(OwnKeys::Fixed(Vec::new()), false, true);
    assert_eq!(called(&without, &header, NOW).await, Err(Reason::TokenMalformed));
}

#[tokio::test]
async fn an_api_key_ends_when_it_says_and_when_it_is_revoked() {
    let place = Place::new();
    for cache in [false, true] {
        let gate = place.gate(OwnKeys::Fixed(Vec::new()), true, cache);
        let (_, short) = place.api_key(Some(NOW.plus(10)));
        let header = format!("Bearer {short}");
        assert!(called(&gate, &header, NOW.plus(9)).await.is_ok());
        assert_eq!(called(&gate, &header, NOW.plus(10)).await, Err(Reason::ApiKeyExpired));
        let (id, secret) = place.api_key(None);
        let header = format!("Bearer {secret}");
        assert!(called(&gate, &header, NOW).await.is_ok());
        let (_, revocation) = place.store.revoke_api_key(&id, NOW.plus(1)).unwrap();
        // Without the registry it is known at the next look-up, a minute later at most.
        let remembered = called(&gate, &header, NOW.plus(59)).await;
        assert_eq!(remembered.is_ok(), cache);
        assert_eq!(called(&gate, &header, NOW.plus(60)).await, Err(Reason::ApiKeyRevoked));
        let (id, secret) = place.api_key(None);
        let header = format!("Bearer {secret}");
        assert!(called(&gate, &header, NOW).await.is_ok());
        gate.revocations().insert(revocation).unwrap();
        assert!(called(&gate, &header, NOW).await.is_ok(), "another key");
        let (_, revocation) = place.store.revoke_api_key(&id, NOW.plus(1)).unwrap();
        gate.revocations().insert(revocation).unwrap();
        assert_eq!(called(&gate, &header, NOW.plus(1)).await, Err(Reason::ApiKeyRevoked), "at once");
    }
}

#[tokio::test]
async fn a_flood_of_look_ups_is_refused_and_passes() {
    let place = Place::new();
    let (_, secret) = place.api_key(None);
    let header = format!("Bearer {secret}");
    let gate = Arc::new(place.gate(OwnKeys::Fixed(Vec::new()), true, false));
    let calls: Vec<_> = (0..600)
        .map(|_| {
            let (gate, header) = (Arc::clone(&gate), header.clone());
            tokio::spawn(async move { called(&gate, &header, NOW).await.map(drop) })
        })
        .collect();
    let mut verdicts = Vec::new();
    for call in calls {
        verdicts.push(call.await.unwrap());
    }
    let count = |wanted: Result<(), Reason>| verdicts.iter().filter(|found| **found == wanted).count();
    let (good, busy) = (count(Ok(())), count(Err(Reason::StoreUnavailable)));
    assert_eq!(good + busy, 600);
    assert!(good >= 264 && busy > 0, "{good} good, {busy} busy");
    assert!(called(&gate, &header, NOW).await.is_ok(), "it has passed");
}

/// Rotates every quarter of an hour.
const ROTATION: RotationConfig = RotationConfig { rotate_after_s: 900, publish_ahead_s: 300, retain_s: 320 };

fn token(issuer: &Issuer, now: UnixSeconds) -> String {
    let scopes = Scopes::from(Scope::InferRead);
    let (sub, client_id, tier) = ("alice", "web", Tier::User);
    issuer.issue(Grant { sub, scopes: &scopes, tier, client_id, sid: None, cnf: None }, now).unwrap().token
}

#[test]
fn g26_a_hundred_rotations_refuse_no_good_token() {
    let place = Place::new();
    let kek = KeyEncryptionKey::generate();
    let ring = KeyRing::open(&place.store, &kek, &ROTATION, NOW).unwrap();
    let issuer = Issuer::new(ring.clone(), IssuerConfig::new(ISSUER, AUDIENCE));
    let gates = [false, true].map(|cache| place.gate(OwnKeys::Ring(ring.clone()), false, cache));
    let (mut kids, mut recent) = (HashSet::new(), VecDeque::new());
    let mut now = NOW;
    while kids.len() <= 100 {
        ring.tick(&place.store, &kek, &ROTATION, now).unwrap();
        kids.insert(ring.active().kid().to_owned());
        recent.push_back(token(&issuer, now));
        for gate in &gates {
            for token in &recent {
                assert!(gate.verify_token(token, now).is_ok(), "{:?}", gate.verify_token(token, now));
            }
        }
        now = now.plus(60);
        // The oldest is then 300 s old and ends.
        if recent.len() == 5 {
            let ended = recent.pop_front().unwrap();
            let expired = gates[1].verify_token(&ended, now.plus(5)).unwrap_err();
            assert_eq!(expired.reason(), Reason::Expired);
        }
        assert!(now.since(NOW) < 200_000, "it does not rotate");
    }
}

#[test]
fn a_key_that_is_revoked_takes_its_tokens_with_it_at_once() {
    let place = Place::new();
    let kek = KeyEncryptionKey::generate();
    let ring = KeyRing::open(&place.store, &kek, &ROTATION, NOW).unwrap();
    let issuer = Issuer::new(ring.clone(), IssuerConfig::new(ISSUER, AUDIENCE));
    let gates = [false, true].map(|cache| place.gate(OwnKeys::Ring(ring.clone()), false, cache));
    let verdicts = |token: &str| {
        gates.each_ref().map(|gate| gate.verify_token(token, NOW).map(drop).map_err(Rejection::reason))
    };
    let (before, kid) = (token(&issuer, NOW), ring.active().kid().to_owned());
    assert_eq!((verdicts(&before), verdicts(&before)), ([Ok(()); 2], [Ok(()); 2]));
    KeyRing::revoke(&place.store, &kek, &ROTATION, &kid, NOW).unwrap();
    ring.tick(&place.store, &kek, &ROTATION, NOW).unwrap();
    assert_eq!(verdicts(&before), [Err(Reason::KeyUnknown); 2]);
    assert_eq!(verdicts(&token(&issuer, NOW)), [Ok(()); 2]);
}
