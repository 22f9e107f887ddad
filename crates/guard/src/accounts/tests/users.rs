use super::*;

#[tokio::test]
async fn a_new_user_has_a_name_of_its_own_and_a_password_that_is_not_guessed() {
    let world = World::new();
    let user = world.ann().await;
    assert_eq!((user.sub.starts_with("user:"), user.sub.len()), (true, 31));
    let add = async |name: &str, password: &str| {
        world.accounts.add_user(name, password, Scopes::NONE, Tier::User, NOW).await.map(|user| user.name)
    };
    assert_eq!(add("ＡＮＮ ", PASSWORD).await, Err(AuthRefusal::NameTaken));
    assert_eq!(add("", PASSWORD).await, Err(AuthRefusal::Request("username")));
    assert_eq!(add("a\nb", PASSWORD).await, Err(AuthRefusal::Request("username")));
    assert!(matches!(add("bob", "short").await, Err(AuthRefusal::Password(_))));
    assert!(matches!(add("bob", "iloveyou").await, Err(AuthRefusal::Password(_))));
    assert!(matches!(add("bob.miller", "BOB.Miller").await, Err(AuthRefusal::Password(_))));
    assert_eq!(add("bob", PASSWORD).await, Ok("bob".to_owned()));
    let phc = world.store().user_by_login("bob").unwrap().unwrap().phc;
    assert!(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    assert_eq!(world.accounts.user(&user.sub).await.unwrap().unwrap(), user);
    assert_eq!(world.accounts.user("user:x").await, Ok(None));
    assert_eq!(world.times_told("change: Created"), 2);
}

#[tokio::test]
async fn another_password_ends_all_sign_ins() {
    let world = World::new();
    let user = world.ann().await;
    let before = [world.ann_signs_in(NOW).await, world.ann_signs_in(NOW).await];
    let set = |password| world.accounts.set_password(&user.sub, password, NOW.plus(1));
    assert!(matches!(set("ann").await, Err(AuthRefusal::Password(_))));
    assert!(world.revocations.is_empty(), "nothing changed");
    set("another password").await.unwrap();
    for signed_in in &before {
        assert!(world.is_cut(&signed_in.session.sid));
        let session = world.accounts.session(signed_in.cookie.expose(), NOW.plus(1)).await;
        assert_eq!(session.unwrap_err(), AuthRefusal::SignedOut);
    }
    let old = world.accounts.login(ann(PASSWORD), NOW.plus(2)).await;
    assert_eq!(old.unwrap_err(), AuthRefusal::Credentials);
    let new = world.accounts.login(ann("another password"), NOW.plus(2)).await.unwrap();
    assert!(!world.is_cut(&new.session.sid));
    assert_eq!(world.times_told("why: \"password_changed\""), 2);
    let unknown = world.accounts.set_password("user:x", "another password", NOW).await;
    assert_eq!(unknown, Err(AuthRefusal::UnknownUser));
}

#[tokio::test]
async fn a_disabled_user_is_cut_off_at_once() {
    let world = World::new();
    let user = world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    world.accounts.disable_user(&user.sub, NOW.plus(1)).await.unwrap();
    assert!(world.is_cut(&signed_in.session.sid));
    assert!(world.revocations.covers(&principal(&user.sub, None)), "also what has no sign-in");
    let refresh = refresh_token(&signed_in.issued);
    let refreshed = world.accounts.refresh(refresh, None, Wish::default(), NOW.plus(1)).await;
    assert_eq!(refreshed.unwrap_err(), AuthRefusal::Grant);
    let login = world.accounts.login(ann(PASSWORD), NOW.plus(2)).await;
    assert_eq!(login.unwrap_err(), AuthRefusal::Credentials);
    assert_eq!(world.times_told("change: Disabled"), 1);
    assert_eq!(world.times_told("why: \"user_disabled\""), 1);
    assert_eq!(world.accounts.disable_user("user:x", NOW).await, Err(AuthRefusal::UnknownUser));
    world.store().enable_user(&user.sub).unwrap();
    let again = world.ann_signs_in(NOW.plus(60)).await;
    assert!(!world.is_cut(&again.session.sid));
}
