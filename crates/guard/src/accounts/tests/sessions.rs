use super::*;
use crate::Caller;

async fn refused(world: &World, cookie: &str, now: UnixSeconds) -> AuthRefusal {
    world.accounts.issue_for_cookie(cookie, Wish::default(), now).await.unwrap_err()
}

#[tokio::test]
async fn a_cookie_gives_access_tokens_and_no_refresh_token() {
    let world = World::new();
    world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    let cookie = signed_in.cookie.expose();
    let wish = Wish { scopes: Some(Scope::InferRead.into()), cookie: Some([1; 32]), ..Wish::default() };
    let issued = world.accounts.issue_for_cookie(cookie, wish, NOW).await.unwrap();
    assert_eq!((issued.refresh_token.as_ref(), &issued.sub), (None, &signed_in.session.sub));
    let claims = claims(&issued);
    assert_eq!((&claims["sid"], &claims["scope"]), (&signed_in.session.sid.into(), &"infer:read".into()));
    assert_eq!(claims["cnf"]["cbh"].as_str().unwrap().len(), 43);
    let (session, user) = world.accounts.session(cookie, NOW).await.unwrap();
    assert_eq!((session.client_id, user.unwrap().name), ("console".to_owned(), "Ann".to_owned()));
    let wish = Wish { scopes: Some(Scope::ReflectionRead.into()), ..Wish::default() };
    let wide = world.accounts.issue_for_cookie(cookie, wish, NOW).await;
    assert_eq!(wide.unwrap_err(), AuthRefusal::Scope);
}

#[tokio::test]
async fn nothing_else_is_a_cookie() {
    let world = World::new();
    world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    let refresh = refresh_token(&signed_in.issued).to_owned();
    let other = Secret::random(secret::Kind::Session);
    let as_cookie = refresh.replace("refresh", "session");
    for text in ["", "x", &refresh, &as_cookie, other.expose(), &signed_in.session.sid] {
        assert_eq!(refused(&world, text, NOW).await, AuthRefusal::SignedOut);
    }
    let as_refresh = signed_in.cookie.expose().replace("session", "refresh");
    let refreshed = world.accounts.refresh(&as_refresh, None, Wish::default(), NOW).await;
    assert_eq!(refreshed.unwrap_err(), AuthRefusal::Grant);
}

#[tokio::test]
async fn a_sign_in_ends_unused_and_in_any_case() {
    let world = World::new();
    world.ann().await;
    let day = |days: u64| NOW.plus(days * 86_400);
    let idle = world.ann_signs_in(NOW).await;
    let used = world.ann_signs_in(NOW).await;
    let end = UnixSeconds(day(7).0 - 1);
    assert!(world.accounts.session(used.cookie.expose(), end).await.is_ok());
    assert_eq!(refused(&world, idle.cookie.expose(), day(7)).await, AuthRefusal::SignedOut);
    for days in [12, 18, 24] {
        assert!(world.accounts.session(used.cookie.expose(), day(days)).await.is_ok(), "{days}");
    }
    assert!(world.accounts.session(used.cookie.expose(), UnixSeconds(day(30).0 - 1)).await.is_ok());
    assert_eq!(refused(&world, used.cookie.expose(), day(30)).await, AuthRefusal::SignedOut);
}

#[tokio::test]
async fn signing_out_ends_cookie_refresh_token_and_streams() {
    let world = World::new();
    world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    let other = world.ann_signs_in(NOW).await;
    assert!(!world.is_cut(&signed_in.session.sid));
    for _ in 0..2 {
        world.accounts.logout(signed_in.cookie.expose(), NOW.plus(1)).await.unwrap();
    }
    assert!(world.is_cut(&signed_in.session.sid) && !world.is_cut(&other.session.sid));
    assert_eq!(refused(&world, signed_in.cookie.expose(), NOW.plus(1)).await, AuthRefusal::SignedOut);
    let refresh = refresh_token(&signed_in.issued);
    let refreshed = world.accounts.refresh(refresh, None, Wish::default(), NOW.plus(1)).await;
    assert_eq!(refreshed.unwrap_err(), AuthRefusal::Grant);
    assert_eq!(world.times_told("why: \"logout\""), 1);
    assert_eq!(world.times_told("result: Expired"), 1);
    assert!(world.accounts.session(other.cookie.expose(), NOW.plus(1)).await.is_ok());
    for unknown in ["", Secret::random(secret::Kind::Session).expose()] {
        world.accounts.logout(unknown, NOW).await.unwrap();
    }
    // Other processes read it from the store.
    let written = world.store().revocations(NOW, NOW.plus(1)).unwrap();
    assert_eq!(written.len(), 1);
}

#[tokio::test]
async fn a_revoked_refresh_token_ends_the_sign_in() {
    let world = World::new();
    world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    let first = refresh_token(&signed_in.issued);
    let next = world.accounts.refresh(first, None, Wish::default(), NOW).await.unwrap();
    // The used one as well: whoever has it wants the sign-in to end.
    for token in [first, refresh_token(&next), "unknown", Secret::random(secret::Kind::Refresh).expose()] {
        world.accounts.revoke_refresh(token, NOW).await.unwrap();
    }
    assert!(world.is_cut(&signed_in.session.sid));
    assert_eq!(refused(&world, signed_in.cookie.expose(), NOW).await, AuthRefusal::SignedOut);
    assert_eq!(world.times_told("why: \"revoked\""), 1);
}

#[tokio::test]
async fn one_access_token_can_be_revoked() {
    let world = World::new();
    let caller = |issuer: &str| {
        let mut caller = Caller::testing(issuer, "user:a", Scope::InferRead.into(), Tier::User)
            .testing_session("s", NOW.plus(300));
        let mut principal = (**caller.principal()).clone();
        principal.jti = Some("t1".into());
        caller.principal = Arc::new(principal);
        caller
    };
    world.accounts.revoke_access(&caller("https://other"), NOW).await.unwrap();
    assert!(world.revocations.is_empty());
    world.accounts.revoke_access(&caller(ISSUER), NOW).await.unwrap();
    assert!(world.revocations.covers(caller(ISSUER).principal()));
    assert!(!world.revocations.covers(&principal("user:a", Some("s"))), "nothing else of the sign-in");
    assert_eq!(world.times_told("Revoked"), 1);
    let written = world.store().revocations(NOW, NOW.plus(300)).unwrap();
    assert_eq!(written.len(), 1);
}

#[tokio::test]
async fn what_the_store_did_not_end_is_not_called_ended() {
    let world = World::new();
    world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    world.break_table("revocation");
    let logout = world.accounts.logout(signed_in.cookie.expose(), NOW).await;
    assert_eq!(logout.unwrap_err(), AuthRefusal::Unavailable);
    assert!(!world.is_cut(&signed_in.session.sid));
    assert!(world.accounts.session(signed_in.cookie.expose(), NOW).await.is_ok());
}
