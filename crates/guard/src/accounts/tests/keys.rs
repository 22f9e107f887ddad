//! Tokens that are bound to a key or a cookie, from the sign-in to the gate.

use super::*;
use crate::{
    Dpop, DpopConfig, Evidence, Gate, GateParts, OwnIssuer, OwnKeys, ProofTarget, ProvenKey, Reason,
    TestProver, VerifierConfig,
};

const PATH: &str = "/auth/token";

fn dpop() -> Dpop {
    Dpop::new(DpopConfig { origins: vec![ISSUER.to_owned()], ..DpopConfig::default() })
}

/// The key of a client that has proved to have it.
fn proven(client: &TestProver) -> ProvenKey {
    let target =
        ProofTarget { method: "POST", path: PATH, local_origin: None, access_token: None, nonce: false };
    dpop().prove(&client.proof("POST", &format!("{ISSUER}{PATH}"), None, None, NOW), &target, NOW).unwrap()
}

fn gate(world: &World) -> Gate {
    let keys = OwnKeys::Ring(world.accounts.0.ring.clone());
    let own = OwnIssuer { issuer: ISSUER.to_owned(), audience: "seseragi".to_owned(), keys };
    let observer: Arc<dyn AuthObserver> = world.told.clone();
    let parts = GateParts {
        verifier: VerifierConfig { own, external: Vec::new() },
        dpop: dpop(),
        revocations: world.revocations.clone(),
        api_keys: None,
        fetch: None,
        observer,
        cache: true,
    };
    Gate::new(parts).unwrap()
}

/// What the gate says to a call with this token.
async fn call(
    gate: &Gate,
    issued: &Issued,
    client: Option<&TestProver>,
    cookie: Option<&str>,
) -> Result<String, Reason> {
    let token = &issued.access_token.token;
    let scheme = if issued.dpop { "DPoP" } else { "Bearer" };
    let authorization = format!("{scheme} {token}");
    let proof = client.map(|client| client.proof("POST", &format!("{ISSUER}/x"), Some(token), None, NOW));
    let proofs: Vec<&[u8]> = proof.iter().map(|proof| proof.as_bytes()).collect();
    let evidence = Evidence {
        authorization: &[authorization.as_bytes()],
        proofs: &proofs,
        binding_cookie: cookie,
        method: "POST",
        path: "/x",
        local_origin: None,
    };
    let caller = gate.caller(&evidence, NOW).await;
    caller.map(|caller| caller.subject().sub().to_owned()).map_err(|rejection| rejection.reason())
}

#[tokio::test]
async fn a_sign_in_with_a_key_is_good_with_that_key_only() {
    let world = World::new();
    let user = world.ann().await;
    let (client, thief) = (TestProver::new_es256(), TestProver::new_es256());
    let (key, other) = (proven(&client), proven(&thief));
    let signed_in = world.accounts.login(Login { key: Some(&key), ..ann(PASSWORD) }, NOW).await.unwrap();
    assert!(signed_in.issued.dpop);
    assert_eq!(claims(&signed_in.issued)["cnf"]["jkt"], client.thumbprint());
    let gate = gate(&world);
    assert_eq!(call(&gate, &signed_in.issued, Some(&client), None).await, Ok(user.sub));
    assert_eq!(call(&gate, &signed_in.issued, Some(&thief), None).await, Err(Reason::ProofKeyMismatch));
    assert_eq!(call(&gate, &signed_in.issued, None, None).await, Err(Reason::ProofRequired));

    let token = refresh_token(&signed_in.issued);
    let with = |key| Wish { key, ..Wish::default() };
    for key in [None, Some(&other)] {
        let stolen = world.accounts.refresh(token, None, with(key), NOW).await;
        assert_eq!(stolen.unwrap_err(), AuthRefusal::Grant);
    }
    assert_eq!(world.times_told("result: Refused"), 2);
    let refreshed = world.accounts.refresh(token, None, with(Some(&key)), NOW.plus(100)).await.unwrap();
    assert_eq!((refreshed.dpop, &claims(&refreshed)["cnf"]["jkt"]), (true, &client.thumbprint().into()));
    let found = world.accounts.introspect_refresh(refresh_token(&refreshed), NOW).await.unwrap().unwrap();
    assert_eq!(found.jkt.as_deref(), Some(client.thumbprint()));
    // The cookie alone gives what only the key can use.
    let cookie = signed_in.cookie.expose();
    let bound = world.accounts.issue_for_cookie(cookie, with(None), NOW).await.unwrap();
    assert_eq!(claims(&bound)["cnf"]["jkt"], client.thumbprint());
    let stolen = world.accounts.issue_for_cookie(cookie, with(Some(&other)), NOW).await;
    assert_eq!(stolen.unwrap_err(), AuthRefusal::SignedOut);
}

#[tokio::test]
async fn a_thief_without_the_key_learns_nothing_and_ends_nothing() {
    let world = World::new();
    world.ann().await;
    let key = proven(&TestProver::new_es256());
    let signed_in = world.accounts.login(Login { key: Some(&key), ..ann(PASSWORD) }, NOW).await.unwrap();
    let token = refresh_token(&signed_in.issued);
    let own = Wish { key: Some(&key), ..Wish::default() };
    world.accounts.refresh(token, None, own, NOW).await.unwrap();
    let wide = Wish { scopes: Some(Scope::ReflectionRead.into()), ..Wish::default() };
    let stolen = world.accounts.refresh(token, None, wide, NOW.plus(100)).await;
    assert_eq!(stolen.unwrap_err(), AuthRefusal::Grant, "not Scope");
    assert!(!world.is_cut(&signed_in.session.sid));
}

#[tokio::test]
async fn a_token_of_a_browser_may_be_bound_by_itself() {
    let world = World::new();
    let user = world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    let cookie = signed_in.cookie.expose();
    let client = TestProver::new_es256();
    let key = proven(&client);
    let gate = gate(&world);
    let with_key = Wish { key: Some(&key), cookie: Some([1; 32]), ..Wish::default() };
    let issued = world.accounts.issue_for_cookie(cookie, with_key, NOW).await.unwrap();
    assert_eq!(call(&gate, &issued, Some(&client), None).await, Ok(user.sub.clone()));
    let with_cookie = Wish { cookie: Some(secret::sha256(b"value")), ..Wish::default() };
    let issued = world.accounts.issue_for_cookie(cookie, with_cookie, NOW).await.unwrap();
    assert!(!issued.dpop);
    let looked_at = gate.verify_token(&issued.access_token.token, NOW).unwrap();
    assert_eq!(looked_at.cookie_hash(), claims(&issued)["cnf"]["cbh"].as_str());
    assert_eq!(call(&gate, &issued, None, Some("value")).await, Ok(user.sub));
    assert_eq!(call(&gate, &issued, None, Some("other")).await, Err(Reason::CookieMismatch));
}

#[tokio::test]
async fn signing_out_closes_the_gate() {
    let world = World::new();
    let user = world.ann().await;
    let gate = gate(&world);
    let signed_in = world.ann_signs_in(NOW).await;
    assert_eq!(call(&gate, &signed_in.issued, None, None).await, Ok(user.sub));
    world.accounts.logout(signed_in.cookie.expose(), NOW).await.unwrap();
    assert_eq!(call(&gate, &signed_in.issued, None, None).await, Err(Reason::Revoked));
}

#[tokio::test]
async fn a_code_for_a_key_is_good_with_that_key_only() {
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let world = World::new();
    world.ann().await;
    let cookie = world.ann_signs_in(NOW).await.cookie;
    let client = TestProver::new_es256();
    let (key, other) = (proven(&client), proven(&TestProver::new_es256()));
    let request = CodeRequest {
        client_id: "app",
        redirect_uri: "https://app.example/cb",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        jkt: Some(client.thumbprint()),
        scopes: None,
    };
    for (key, good) in [(Some(&key), true), (Some(&other), false), (None, false)] {
        let code = world.accounts.authorize(cookie.expose(), request, NOW).await.unwrap();
        let exchange = CodeExchange {
            code: code.expose(),
            client_id: "app",
            redirect_uri: "https://app.example/cb",
            code_verifier: VERIFIER,
            key,
        };
        let issued = world.accounts.exchange_code(exchange, Wish::default(), NOW).await;
        assert_eq!(issued.as_ref().is_ok_and(|issued| issued.dpop), good);
        assert!(good || issued.unwrap_err() == AuthRefusal::Grant);
    }
}

#[tokio::test]
async fn a_code_of_a_sign_in_with_a_key_is_good_with_a_key_only() {
    let world = World::new();
    world.ann().await;
    let (own, of_app) = (proven(&TestProver::new_es256()), proven(&TestProver::new_es256()));
    let signed_in = world.accounts.login(Login { key: Some(&own), ..ann(PASSWORD) }, NOW).await.unwrap();
    let request = CodeRequest {
        client_id: "app",
        redirect_uri: "https://app.example/cb",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        jkt: None,
        scopes: None,
    };
    for (key, good) in [(None, false), (Some(&of_app), true)] {
        let code = world.accounts.authorize(signed_in.cookie.expose(), request, NOW).await.unwrap();
        let exchange = CodeExchange {
            code: code.expose(),
            client_id: "app",
            redirect_uri: "https://app.example/cb",
            code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            key,
        };
        let issued = world.accounts.exchange_code(exchange, Wish::default(), NOW).await;
        assert_eq!(issued.as_ref().is_ok_and(|issued| issued.dpop), good);
        assert!(good || issued.unwrap_err() == AuthRefusal::Grant);
    }
}

#[tokio::test]
async fn a_guest_with_a_key_stays_with_it() {
    let world = World::new();
    let (client, gate) = (TestProver::new_es256(), gate(&world));
    let (key, other) = (proven(&client), proven(&TestProver::new_es256()));
    let with = |key| Wish { key, ..Wish::default() };
    let first = world.accounts.guest(None, with(Some(&key)), None, NOW).await.unwrap();
    assert_eq!(call(&gate, &first, Some(&client), None).await, Ok(first.sub.clone()));
    let returning = gate.verify_token(&first.access_token.token, NOW).unwrap();
    for wish in [with(Some(&key)), with(None)] {
        let again = world.accounts.guest(Some(&returning), wish, None, NOW).await.unwrap();
        assert_eq!((&again.sub, &claims(&again)["cnf"]["jkt"]), (&first.sub, &client.thumbprint().into()));
    }
    let thief = world.accounts.guest(Some(&returning), with(Some(&other)), None, NOW).await.unwrap();
    assert_ne!(thief.sub, first.sub);
}
