//! The authorization code flow of a registered program.

use super::*;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const PLACE: &str = "http://127.0.0.1:49152/cb";

fn request() -> CodeRequest<'static> {
    CodeRequest { client_id: "app", redirect_uri: PLACE, code_challenge: CHALLENGE, jkt: None, scopes: None }
}

fn exchange(code: &Secret) -> CodeExchange<'_> {
    CodeExchange {
        code: code.expose(),
        client_id: "app",
        redirect_uri: PLACE,
        code_verifier: VERIFIER,
        key: None,
    }
}

/// Ann, signed in at our own page, and a code for the program.
async fn with_code(world: &World) -> (SignedIn, Secret) {
    world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    let code = world.accounts.authorize(signed_in.cookie.expose(), request(), NOW).await.unwrap();
    (signed_in, code)
}

async fn exchanged(
    world: &World,
    exchange: CodeExchange<'_>,
    now: UnixSeconds,
) -> Result<Issued, AuthRefusal> {
    world.accounts.exchange_code(exchange, Wish::default(), now).await
}

#[tokio::test]
async fn a_code_becomes_a_sign_in_of_the_program() {
    let world = World::new();
    let (signed_in, code) = with_code(&world).await;
    assert!(code.expose().starts_with("ssr_code_"));
    let issued = exchanged(&world, exchange(&code), NOW.plus(59)).await.unwrap();
    let claims = claims(&issued);
    assert_eq!(
        (&claims["client_id"], &claims["sub"]),
        (&"app".into(), &signed_in.session.sub.clone().into())
    );
    assert_eq!(claims["scope"], "infer:read", "what both the user and the program may");
    assert_ne!(claims["sid"], *signed_in.session.sid);
    assert_eq!(world.times_told("by: \"authorization_code\""), 1);
    let refreshed = world
        .accounts
        .refresh(refresh_token(&issued), Some("app"), Wish::default(), NOW.plus(60))
        .await
        .unwrap();
    let sid = claims["sid"].as_str().unwrap();
    assert!(!world.is_cut(sid));
    // Signing out at our page ends the sign-ins of the programs that were let in from it.
    world.accounts.logout(signed_in.cookie.expose(), NOW.plus(61)).await.unwrap();
    assert!(world.is_cut(sid) && world.is_cut(&signed_in.session.sid));
    let again = world.accounts.refresh(refresh_token(&refreshed), None, Wish::default(), NOW.plus(90)).await;
    assert_eq!(again.unwrap_err(), AuthRefusal::Grant);
}

#[tokio::test]
async fn a_code_is_void_once_the_sign_in_it_was_made_from_has_ended() {
    let world = World::new();
    let (signed_in, code) = with_code(&world).await;
    world.accounts.logout(signed_in.cookie.expose(), NOW).await.unwrap();
    assert_eq!(exchanged(&world, exchange(&code), NOW.plus(1)).await.unwrap_err(), AuthRefusal::Grant);
    assert_eq!(world.store().sessions_of(&signed_in.session.sub, NOW).unwrap(), []);
}

#[tokio::test]
async fn a_program_is_signed_in_no_longer_than_the_person() {
    let world = World::new();
    let (signed_in, _) = with_code(&world).await;
    let cookie = signed_in.cookie.expose();
    // Used every few days, so that only the end at most counts.
    for day in [5, 10, 15, 20, 25] {
        world.accounts.session(cookie, NOW.plus(day * 86_400)).await.unwrap();
    }
    let now = NOW.plus(25 * 86_400);
    let code = world.accounts.authorize(cookie, request(), now).await.unwrap();
    let issued = exchanged(&world, exchange(&code), now).await.unwrap();
    let found = world.accounts.introspect_refresh(refresh_token(&issued), now).await.unwrap().unwrap();
    assert_eq!(found.expires_at, signed_in.session.expires_at);
}

#[tokio::test]
async fn a_used_refresh_token_of_the_person_ends_the_programs_as_well() {
    let world = World::new();
    let (signed_in, code) = with_code(&world).await;
    let issued = exchanged(&world, exchange(&code), NOW).await.unwrap();
    let token = refresh_token(&signed_in.issued);
    world.accounts.refresh(token, None, Wish::default(), NOW).await.unwrap();
    assert!(world.accounts.refresh(token, None, Wish::default(), NOW.plus(60)).await.is_err());
    assert!(world.is_cut(claims(&issued)["sid"].as_str().unwrap()));
}

#[tokio::test]
async fn a_code_is_for_a_registered_program_at_its_own_place() {
    let world = World::new();
    world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    let asked =
        async |cookie: &str, request| world.accounts.authorize(cookie, request, NOW).await.unwrap_err();
    let cookie = signed_in.cookie.expose();
    let good = request();
    let cases = [
        (CodeRequest { client_id: "other", ..good }, AuthRefusal::Client),
        (CodeRequest { redirect_uri: "https://evil.example/cb", ..good }, AuthRefusal::Redirect),
        (
            CodeRequest { code_challenge: VERIFIER.trim_end_matches('k'), ..good },
            AuthRefusal::Request("code_challenge"),
        ),
        (CodeRequest { jkt: Some("x"), ..good }, AuthRefusal::Request("dpop_jkt")),
        (CodeRequest { scopes: Some(Scope::AdminRevoke.into()), ..good }, AuthRefusal::Scope),
    ];
    for (request, refusal) in cases {
        assert_eq!(asked(cookie, request).await, refusal);
    }
    assert_eq!(asked("ssr_session_x", good).await, AuthRefusal::SignedOut);
    assert_eq!(world.accounts.client("app", PLACE).unwrap().name, "An app");
}

#[tokio::test]
async fn a_code_that_is_presented_wrongly_is_used_up() {
    let other = "x".repeat(43);
    for wrong in 0..3 {
        let world = World::new();
        let (_, code) = with_code(&world).await;
        let good = exchange(&code);
        let bad = match wrong {
            0 => CodeExchange { code_verifier: &other, ..good },
            1 => CodeExchange { redirect_uri: "http://127.0.0.1:49153/cb", ..good },
            _ => CodeExchange { redirect_uri: "https://app.example/cb", ..good },
        };
        assert_eq!(exchanged(&world, bad, NOW).await.unwrap_err(), AuthRefusal::Grant);
        assert_eq!(exchanged(&world, good, NOW).await.unwrap_err(), AuthRefusal::Grant);
    }
    let world = World::new();
    let (_, code) = with_code(&world).await;
    let good = exchange(&code);
    // What has no chance to be good uses nothing up.
    let other_program = CodeExchange { client_id: "other", ..good };
    assert_eq!(exchanged(&world, other_program, NOW).await.unwrap_err(), AuthRefusal::Client);
    let short = CodeExchange { code_verifier: "short", ..good };
    assert_eq!(exchanged(&world, short, NOW).await.unwrap_err(), AuthRefusal::Request("code_verifier"));
    assert!(exchanged(&world, good, NOW).await.is_ok());
}

#[tokio::test]
async fn a_code_of_another_program_is_not_good() {
    let mut two = config();
    two.clients.push(Client { id: "other".to_owned(), ..two.clients[0].clone() });
    let world = World::with(two);
    let (_, code) = with_code(&world).await;
    let stolen = CodeExchange { client_id: "other", ..exchange(&code) };
    assert_eq!(exchanged(&world, stolen, NOW).await.unwrap_err(), AuthRefusal::Grant);
}

#[tokio::test]
async fn a_code_lives_for_a_minute() {
    let world = World::new();
    let (_, code) = with_code(&world).await;
    assert_eq!(exchanged(&world, exchange(&code), NOW.plus(60)).await.unwrap_err(), AuthRefusal::Grant);
    let unknown = Secret::random(secret::Kind::Code);
    assert_eq!(exchanged(&world, exchange(&unknown), NOW).await.unwrap_err(), AuthRefusal::Grant);
}

#[tokio::test]
async fn a_second_use_ends_what_was_made_from_the_first() {
    let world = World::new();
    let (signed_in, code) = with_code(&world).await;
    let issued = exchanged(&world, exchange(&code), NOW).await.unwrap();
    let sid = claims(&issued)["sid"].as_str().unwrap().to_owned();
    assert!(!world.is_cut(&sid));
    assert_eq!(exchanged(&world, exchange(&code), NOW.plus(1)).await.unwrap_err(), AuthRefusal::Grant);
    assert!(world.is_cut(&sid), "streams end");
    assert!(!world.is_cut(&signed_in.session.sid), "the person stays signed in");
    let refreshed = world.accounts.refresh(refresh_token(&issued), None, Wish::default(), NOW.plus(2)).await;
    assert_eq!(refreshed.unwrap_err(), AuthRefusal::Grant);
    assert_eq!(world.times_told("why: \"reuse\""), 1);
}

#[tokio::test]
async fn of_two_at_once_none_keeps_anything() {
    for _ in 0..20 {
        let world = World::new();
        let (_, code) = with_code(&world).await;
        let beside = world.beside();
        let both = [exchanged(&world, exchange(&code), NOW), exchanged(&beside, exchange(&code), NOW)];
        let [first, second] = both;
        let (first, second) = tokio::join!(first, second);
        assert!(first.is_err() || second.is_err());
        for issued in [first, second].into_iter().flatten() {
            let refreshed = world.accounts.refresh(refresh_token(&issued), None, Wish::default(), NOW).await;
            assert_eq!(refreshed.unwrap_err(), AuthRefusal::Grant);
            let sid = claims(&issued)["sid"].as_str().unwrap().to_owned();
            assert!(world.is_cut(&sid) || beside.is_cut(&sid));
        }
    }
}

#[tokio::test]
async fn a_code_is_worth_nothing_once_its_user_may_not_sign_in() {
    for disabled in [true, false] {
        let world = World::new();
        let (signed_in, code) = with_code(&world).await;
        let sub = &signed_in.session.sub;
        if disabled {
            world.accounts.disable_user(sub, NOW).await.unwrap();
        } else {
            world.accounts.set_password(sub, "another password", NOW).await.unwrap();
        }
        assert_eq!(exchanged(&world, exchange(&code), NOW).await.unwrap_err(), AuthRefusal::Grant);
        assert_eq!(world.store().sessions_of(sub, NOW).unwrap(), []);
    }
}
