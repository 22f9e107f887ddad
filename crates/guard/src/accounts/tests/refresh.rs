//! Refresh tokens in every order in which owner and thief can come.

use std::collections::HashSet;

use super::*;

async fn refresh(world: &World, token: &str, now: UnixSeconds) -> Result<Issued, AuthRefusal> {
    world.accounts.refresh(token, None, Wish::default(), now).await
}

/// Ann's sign-in and its first refresh token.
async fn signed_in(world: &World) -> (SignedIn, String) {
    world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    let token = refresh_token(&signed_in.issued).to_owned();
    (signed_in, token)
}

#[tokio::test]
async fn a_refresh_token_is_followed_by_another() {
    let world = World::new();
    let (signed_in, mut token) = signed_in(&world).await;
    let mut seen = HashSet::from([token.clone()]);
    for round in 1..=5 {
        let issued = refresh(&world, &token, NOW.plus(round * 200)).await.unwrap();
        assert_eq!(claims(&issued)["sid"], *signed_in.session.sid);
        assert_eq!(claims(&issued)["iat"], NOW.0 + round * 200);
        token = refresh_token(&issued).to_owned();
        assert!(seen.insert(token.clone()));
    }
    assert_eq!(world.times_told("result: Rotated"), 5);
    assert_eq!(world.times_told("by: \"refresh_token\""), 5);
}

#[tokio::test]
async fn two_tabs_or_a_lost_answer_get_the_same_one_again() {
    let world = World::new();
    let (_, token) = signed_in(&world).await;
    let first = refresh(&world, &token, NOW).await.unwrap();
    let again = refresh(&world, &token, NOW.plus(9)).await.unwrap();
    assert_eq!(first.refresh_token, again.refresh_token);
    assert_ne!(first.access_token.jti, again.access_token.jti);
    assert_eq!((world.times_told("result: Rotated"), world.times_told("result: Grace")), (1, 1));
    assert!(refresh(&world, refresh_token(&again), NOW.plus(10)).await.is_ok());
}

#[tokio::test]
async fn a_hundred_at_once_make_one_child() {
    let world = World::new();
    let (_, token) = signed_in(&world).await;
    let all: Vec<_> = (0..100)
        .map(|_| {
            let (accounts, token) = (world.accounts.clone(), token.clone());
            tokio::spawn(async move { accounts.refresh(&token, None, Wish::default(), NOW).await.unwrap() })
        })
        .collect();
    let mut children = HashSet::new();
    for each in all {
        children.insert(refresh_token(&each.await.unwrap()).to_owned());
    }
    assert_eq!(children.len(), 1);
    assert_eq!((world.times_told("result: Rotated"), world.times_told("result: Grace")), (1, 99));
    let child = children.into_iter().next().unwrap();
    assert!(refresh(&world, &child, NOW.plus(300)).await.is_ok());
}

#[tokio::test]
async fn two_processes_with_one_token_make_one_child() {
    let world = World::new();
    let (_, mut token) = signed_in(&world).await;
    let beside = world.beside();
    for round in 1..=20 {
        let now = NOW.plus(round * 60);
        let (ours, theirs) = tokio::join!(refresh(&world, &token, now), refresh(&beside, &token, now));
        let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
        assert_eq!(ours.refresh_token, theirs.refresh_token);
        token = refresh_token(&ours).to_owned();
    }
    let total = |what| world.times_told(what) + beside.times_told(what);
    assert_eq!((total("result: Rotated"), total("result: Grace")), (20, 20));
}

/// The thief uses the stolen token first; the owner comes later and finds it used.
#[tokio::test]
async fn a_thief_who_comes_first_is_found_out_by_the_owner() {
    let world = World::new();
    let (signed_in, token) = signed_in(&world).await;
    let thief = refresh(&world, &token, NOW.plus(100)).await.unwrap();
    assert!(!world.is_cut(&signed_in.session.sid));
    assert_eq!(refresh(&world, &token, NOW.plus(200)).await.unwrap_err(), AuthRefusal::Grant);
    assert!(world.is_cut(&signed_in.session.sid), "streams end");
    let thief = refresh(&world, refresh_token(&thief), NOW.plus(201)).await;
    assert_eq!(thief.unwrap_err(), AuthRefusal::Grant);
    let session = world.accounts.session(signed_in.cookie.expose(), NOW.plus(201)).await;
    assert_eq!(session.unwrap_err(), AuthRefusal::SignedOut);
    assert_eq!((world.times_told("result: Reuse"), world.times_told("why: \"reuse\"")), (1, 1));
    let other_processes = world.store().revocations(NOW, NOW.plus(201)).unwrap();
    assert_eq!(other_processes.len(), 1);
}

/// The owner has used it already when the thief comes: what the thief did is not known, so all ends.
#[tokio::test]
async fn a_thief_who_comes_second_gets_nothing() {
    let world = World::new();
    let (signed_in, token) = signed_in(&world).await;
    let owner = refresh(&world, &token, NOW.plus(100)).await.unwrap();
    let owner = refresh(&world, refresh_token(&owner), NOW.plus(400)).await.unwrap();
    assert_eq!(refresh(&world, &token, NOW.plus(401)).await.unwrap_err(), AuthRefusal::Grant);
    assert!(world.is_cut(&signed_in.session.sid));
    assert_eq!(refresh(&world, refresh_token(&owner), NOW.plus(402)).await.unwrap_err(), AuthRefusal::Grant);
    // Once more is no news.
    assert_eq!(refresh(&world, &token, NOW.plus(403)).await.unwrap_err(), AuthRefusal::Grant);
    assert_eq!((world.times_told("result: Reuse"), world.times_told("why: \"reuse\"")), (1, 1));
}

/// Both within the grace time: they share the successor, and the next time they are told apart.
#[tokio::test]
async fn a_thief_in_the_grace_time_is_found_out_one_step_later() {
    let world = World::new();
    let (signed_in, token) = signed_in(&world).await;
    let owner = refresh(&world, &token, NOW).await.unwrap();
    let thief = refresh(&world, &token, NOW.plus(5)).await.unwrap();
    assert_eq!(owner.refresh_token, thief.refresh_token);
    assert!(refresh(&world, refresh_token(&owner), NOW.plus(300)).await.is_ok());
    assert!(refresh(&world, refresh_token(&thief), NOW.plus(600)).await.is_err());
    assert!(world.is_cut(&signed_in.session.sid));
}

#[tokio::test]
async fn the_end_of_the_grace_time_is_exact() {
    for (seconds, good) in [(9, true), (10, false)] {
        let world = World::new();
        let (_, token) = signed_in(&world).await;
        refresh(&world, &token, NOW).await.unwrap();
        assert_eq!(refresh(&world, &token, NOW.plus(seconds)).await.is_ok(), good, "{seconds}");
    }
}

#[tokio::test]
async fn a_restart_changes_nothing() {
    let world = World::new();
    let (_, token) = signed_in(&world).await;
    let before = refresh(&world, &token, NOW).await.unwrap();
    let folder = Arc::clone(&world.folder);
    drop(world);
    let world = World::on(folder, config());
    let again = refresh(&world, &token, NOW.plus(3)).await.unwrap();
    assert_eq!(before.refresh_token, again.refresh_token);
    assert!(refresh(&world, refresh_token(&before), NOW.plus(300)).await.is_ok());
    assert_eq!(refresh(&world, &token, NOW.plus(301)).await.unwrap_err(), AuthRefusal::Grant);
}

#[tokio::test]
async fn signing_out_wins_against_a_refresh_at_the_same_time() {
    let world = World::new();
    world.ann().await;
    for _ in 0..20 {
        let signed_in = world.ann_signs_in(NOW).await;
        let token = refresh_token(&signed_in.issued).to_owned();
        let refreshing = refresh(&world, &token, NOW);
        let (refreshed, out) =
            tokio::join!(refreshing, world.accounts.logout(signed_in.cookie.expose(), NOW));
        out.unwrap();
        assert!(world.is_cut(&signed_in.session.sid), "whatever was issued is worth nothing");
        if let Ok(issued) = refreshed {
            assert_eq!(refresh(&world, refresh_token(&issued), NOW).await.unwrap_err(), AuthRefusal::Grant);
        }
        assert_eq!(refresh(&world, &token, NOW).await.unwrap_err(), AuthRefusal::Grant);
    }
}

#[tokio::test]
async fn another_program_cannot_use_it_and_does_not_use_it_up() {
    let world = World::new();
    let (signed_in, token) = signed_in(&world).await;
    let other = world.accounts.refresh(&token, Some("other"), Wish::default(), NOW).await;
    assert_eq!(other.unwrap_err(), AuthRefusal::Grant);
    assert!(!world.is_cut(&signed_in.session.sid));
    let own = world.accounts.refresh(&token, Some("console"), Wish::default(), NOW.plus(100)).await;
    assert!(own.is_ok());
    assert_eq!((world.times_told("result: Refused"), world.times_told("result: Rotated")), (1, 1));
}

#[tokio::test]
async fn fewer_scopes_may_be_wanted_and_more_use_nothing_up() {
    let world = World::new();
    let (_, token) = signed_in(&world).await;
    let with = |scopes: &str| Wish { scopes: Some(Scopes::from_list(scopes)), ..Wish::default() };
    let wide = world.accounts.refresh(&token, None, with("infer:read reflection:read"), NOW).await;
    assert_eq!(wide.unwrap_err(), AuthRefusal::Scope);
    assert_eq!(world.times_told("Refresh {"), 0);
    let narrow = world.accounts.refresh(&token, None, with("infer:read"), NOW.plus(100)).await.unwrap();
    assert_eq!(narrow.scopes, Scope::InferRead.into());
    let all = refresh(&world, refresh_token(&narrow), NOW.plus(200)).await.unwrap();
    assert_eq!(claims(&all)["scope"], "infer:read admin:revoke", "the sign-in keeps what it may");
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused() {
    let world = World::new();
    let (signed_in, token) = signed_in(&world).await;
    let access = &signed_in.issued.access_token.token;
    let unknown = Secret::random(secret::Kind::Refresh);
    for text in
        ["", "x", access, signed_in.cookie.expose(), unknown.expose(), &token[1..], &format!("{token}A")]
    {
        assert_eq!(refresh(&world, text, NOW).await.unwrap_err(), AuthRefusal::Grant, "{text}");
    }
    assert_eq!(world.times_told("result: Refused"), 7);
    assert!(refresh(&world, &token, NOW).await.is_ok());
}

#[tokio::test]
async fn a_sign_in_that_nobody_uses_cannot_be_refreshed() {
    let world = World::new();
    let (_, token) = signed_in(&world).await;
    assert_eq!(refresh(&world, &token, NOW.plus(7 * 86_400)).await.unwrap_err(), AuthRefusal::Grant);
    assert_eq!(world.times_told("result: Expired"), 1);
}

#[tokio::test]
async fn an_introspection_tells_what_a_living_one_is_worth() {
    let world = World::new();
    let (signed_in, token) = signed_in(&world).await;
    let asked = async |text: &str, now| world.accounts.introspect_refresh(text, now).await.unwrap();
    let found = asked(&token, NOW).await.unwrap();
    assert_eq!((found.kind, found.sid.as_deref()), ("refresh_token", Some(&*signed_in.session.sid)));
    assert_eq!((found.sub, found.jkt), (signed_in.session.sub.clone(), None));
    assert_eq!((found.issued_at, found.expires_at), (NOW, NOW.plus(7 * 86_400)));
    assert_eq!(asked(&token, NOW.plus(7 * 86_400)).await, None);
    assert_eq!(asked("x", NOW).await, None);
    let next = refresh(&world, &token, NOW).await.unwrap();
    assert!(asked(&token, NOW.plus(9)).await.is_some());
    assert_eq!(asked(&token, NOW.plus(10)).await, None, "it was used");
    let next = asked(refresh_token(&next), NOW.plus(10)).await;
    assert_eq!(next.unwrap().sid.as_deref(), Some(&*signed_in.session.sid));
    assert_eq!(asked(Secret::random(secret::Kind::Refresh).expose(), NOW).await, None);
    world.accounts.logout(signed_in.cookie.expose(), NOW).await.unwrap();
    assert_eq!(asked(&token, NOW).await, None);
}

#[tokio::test]
async fn without_the_store_nothing_is_issued() {
    let world = World::new();
    let (_, token) = signed_in(&world).await;
    world.break_table("refresh_token");
    assert_eq!(refresh(&world, &token, NOW).await.unwrap_err(), AuthRefusal::Unavailable);
    assert_eq!(world.times_told("StoreFailed"), 1);
}
