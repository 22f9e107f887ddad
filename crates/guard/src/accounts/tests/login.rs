use super::*;
use crate::accounts::names::login_key;

#[tokio::test]
async fn a_sign_in_gives_a_cookie_and_tokens() {
    let world = World::new();
    let user = world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    let (session, issued) = (&signed_in.session, &signed_in.issued);
    assert_eq!((session.sub.as_str(), session.sid.len()), (&*user.sub, 26));
    assert_eq!(session.expires_at, NOW.plus(30 * 86_400));
    assert!(signed_in.cookie.expose().starts_with("ssr_session_"));
    assert!(refresh_token(issued).starts_with("ssr_refresh_"));
    assert!(!issued.dpop);
    let claims = claims(issued);
    for (name, value) in [("iss", ISSUER), ("sub", &user.sub), ("aud", "seseragi"), ("sid", &session.sid)] {
        assert_eq!(claims[name], value);
    }
    for (name, value) in [("client_id", "console"), ("scope", "infer:read admin:revoke"), ("lim", "user")] {
        assert_eq!(claims[name], value);
    }
    assert_eq!(claims.get("cnf"), None);
    assert_eq!(
        world.accounts.jwks()["keys"][0]["kid"],
        inspect(&issued.access_token.token).header.unwrap()["kid"]
    );
}

#[tokio::test]
async fn everything_is_told_but_no_secret() {
    let world = World::new();
    let user = world.ann().await;
    let signed_in = world.ann_signs_in(NOW).await;
    let wrong = ann("a wrong password");
    let _ = world.accounts.login(Login { username: "a password in the wrong field", ..wrong }, NOW).await;
    let told = world.told();
    assert!(told.contains(&format!("Login {{ result: Accepted, sub: Some({:?})", user.sub)), "{told}");
    assert!(told.contains("Login { result: Refused, sub: None"), "{told}");
    assert!(
        told.contains(&format!("jti: {:?}, by: \"password\"", signed_in.issued.access_token.jti)),
        "{told}"
    );
    let secrets = [
        signed_in.cookie.expose(),
        signed_in.device.expose(),
        refresh_token(&signed_in.issued),
        &signed_in.issued.access_token.token,
        PASSWORD,
        "a password in the wrong field",
        "a wrong password",
    ];
    let shown = format!("{told} {signed_in:?} {:?}", world.accounts.0.config);
    assert!(secrets.iter().all(|secret| !shown.contains(secret)), "{shown}");
    assert!(!shown.contains("7, 7"), "the secret of the deployment");
}

#[tokio::test]
async fn nobody_learns_who_exists() {
    let world = World::new();
    world.ann().await;
    let bob = world.accounts.add_user("bob", PASSWORD, Scopes::NONE, Tier::User, NOW).await.unwrap();
    world.accounts.disable_user(&bob.sub, NOW).await.unwrap();
    for (username, password) in
        [("ann", "wrong password"), ("nobody", PASSWORD), ("bob", PASSWORD), ("bob", "wrong")]
    {
        let before = world.accounts.0.hasher.computed();
        let login = Login { username, ..ann(password) };
        let refusal = world.accounts.login(login, NOW).await.unwrap_err();
        let computed = world.accounts.0.hasher.computed() - before;
        assert_eq!((refusal, computed), (AuthRefusal::Credentials, 1), "{username}");
    }
}

#[tokio::test]
async fn names_and_passwords_may_be_typed_in_many_ways() {
    let world = World::new();
    let scopes = Scope::InferRead.into();
    let user =
        world.accounts.add_user(" Zo\u{eb} ", "p\u{e4}ssw\u{f6}rter", scopes, Tier::User, NOW).await.unwrap();
    assert_eq!(user.name, "Zo\u{eb}");
    for (username, password) in
        [("zo\u{eb}", "p\u{e4}ssw\u{f6}rter"), ("ZOE\u{308}\t", "pa\u{308}sswo\u{308}rter")]
    {
        let login = Login { username, ..ann(password) };
        assert_eq!(world.accounts.login(login, NOW).await.unwrap().session.sub, user.sub);
    }
    let login = Login { username: "zo\u{eb}", ..ann("P\u{e4}ssw\u{f6}rter") };
    assert_eq!(world.accounts.login(login, NOW).await.unwrap_err(), AuthRefusal::Credentials);
}

#[tokio::test]
async fn what_cannot_be_a_name_or_a_password_costs_nothing() {
    let world = World::new();
    let long = "x".repeat(2000);
    let good = ann(PASSWORD);
    for (login, what) in [
        (Login { username: "", ..good }, "username"),
        (Login { username: "a\0b", ..good }, "username"),
        (Login { username: &long, ..good }, "username"),
        (Login { password: "", ..good }, "password"),
        (Login { password: &long, ..good }, "password"),
        (Login { client_id: "", ..good }, "client_id"),
    ] {
        let refusal = world.accounts.login(login, NOW).await.unwrap_err();
        assert_eq!(refusal, AuthRefusal::Request(what));
    }
    assert_eq!(world.accounts.0.hasher.computed(), 0);
}

#[tokio::test]
async fn only_whoever_has_the_password_learns_the_scopes() {
    let world = World::new();
    world.ann().await;
    let with = |password, scope: Scope| Login { scopes: Some(scope.into()), ..ann(password) };
    let refused = async |login| world.accounts.login(login, NOW).await.unwrap_err();
    assert_eq!(refused(with(PASSWORD, Scope::ReflectionRead)).await, AuthRefusal::Scope);
    assert_eq!(refused(with("wrong password", Scope::ReflectionRead)).await, AuthRefusal::Credentials);
    let signed_in = world.accounts.login(with(PASSWORD, Scope::InferRead), NOW).await.unwrap();
    assert_eq!(signed_in.session.scopes, Scope::InferRead.into());
    assert_eq!(claims(&signed_in.issued)["scope"], "infer:read");
}

#[tokio::test]
async fn whoever_finds_no_place_is_told_so_and_not_counted() {
    let hashing = HashingConfig { at_once: 1, waiting_max: 0, ..CHEAP };
    let world = World::with(AccountsConfig { hashing, ..config() });
    world.ann().await;
    let try_it = || world.accounts.login(ann("wrong password"), NOW);
    let (first, second) = tokio::join!(try_it(), try_it());
    assert_eq!((first.unwrap_err(), second.unwrap_err()), (AuthRefusal::Credentials, AuthRefusal::Busy));
    assert_eq!(world.times_told("result: Busy"), 1);
    for _ in 0..4 {
        assert_eq!(try_it().await.unwrap_err(), AuthRefusal::Credentials);
    }
    assert_eq!(try_it().await.unwrap_err(), AuthRefusal::Throttled(12));
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_no_place_taken() {
    let hashing = HashingConfig { memory_kib: 8192, at_once: 1, waiting_max: 5, ..CHEAP };
    let world = World::with(AccountsConfig { hashing, ..config() });
    world.ann().await;
    let started = world.accounts.0.hasher.computed();
    let go = |name: &'static str| {
        let accounts = world.accounts.clone();
        tokio::spawn(async move { accounts.login(Login { username: name, ..ann(PASSWORD) }, NOW).await })
    };
    let tasks: Vec<_> = ["ann", "a", "b", "c"].into_iter().map(go).collect();
    while world.accounts.0.hasher.computed() == started {
        tokio::task::yield_now().await;
    }
    for task in tasks {
        task.abort();
    }
    while world.accounts.0.hasher.free() != (6, 1) {
        tokio::task::yield_now().await;
    }
    world.ann_signs_in(NOW).await;
}

#[tokio::test]
async fn a_password_is_hashed_again_when_hashes_became_dearer() {
    let world = World::new();
    world.ann().await;
    let phc = |world: &World| world.store().user_by_login("ann").unwrap().unwrap().phc;
    let old = phc(&world);
    world.ann_signs_in(NOW).await;
    assert_eq!(phc(&world), old);
    let hashing = HashingConfig { memory_kib: 128, ..CHEAP };
    let dearer = World::on(Arc::clone(&world.folder), AccountsConfig { hashing, ..config() });
    let wrong = dearer.accounts.login(ann("wrong password"), NOW).await;
    assert_eq!((wrong.unwrap_err(), phc(&dearer)), (AuthRefusal::Credentials, old));
    dearer.ann_signs_in(NOW).await;
    let new = phc(&dearer);
    assert!(new.contains("m=128,"), "{new}");
    dearer.ann_signs_in(NOW).await;
    assert_eq!(phc(&dearer), new);
    let user = dearer.store().user_by_login("ann").unwrap().unwrap().user;
    assert_eq!(user.password_changed_at, user.created_at);
}

/// Between the look at the password and the session, in the same second, something happens to the user.
#[tokio::test]
async fn a_user_that_changes_meanwhile_is_not_signed_in() {
    for disabled in [true, false] {
        let world = World::new();
        let user = world.ann().await;
        let login = ann(PASSWORD);
        let seen = world.store().user_by_login(&login_key("ann").unwrap()).unwrap().unwrap();
        let candidate = world.accounts.candidate(&login).unwrap();
        if disabled {
            world.accounts.disable_user(&user.sub, NOW).await.unwrap();
        } else {
            world.accounts.set_password(&user.sub, "another password", NOW).await.unwrap();
        }
        let begun = world.accounts.begin(&login, candidate, seen, NOW).await;
        assert_eq!(begun.unwrap_err(), AuthRefusal::Credentials);
        assert_eq!(world.store().sessions_of(&user.sub, NOW).unwrap(), []);
    }
}

#[tokio::test]
async fn without_the_store_nobody_signs_in_and_operators_are_told() {
    let world = World::new();
    world.ann().await;
    world.break_table("session");
    assert_eq!(world.accounts.login(ann(PASSWORD), NOW).await.unwrap_err(), AuthRefusal::Unavailable);
    assert_eq!(world.times_told("StoreFailed"), 1);
    assert_eq!(world.times_told("Accepted"), 0);
}

/// Prints how long wrong passwords take for somebody and for nobody: `cargo test --release -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "a measurement"]
async fn how_long_somebody_and_nobody_take() {
    let hashing = HashingConfig { at_once: 100, ..HashingConfig::default() };
    let world = World::with(AccountsConfig { hashing, ..config() });
    world.ann().await;
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..200_u64 {
        for (which, username) in ["ann", "nobody"].into_iter().enumerate() {
            let login = Login { username, ..ann("wrong password") };
            let start = std::time::Instant::now();
            // A day later all attempts are forgotten.
            let refusal = world.accounts.login(login, NOW.plus(round * 86_400)).await.unwrap_err();
            times[which].push(start.elapsed().as_micros());
            assert_eq!(refusal, AuthRefusal::Credentials);
        }
    }
    times.iter_mut().for_each(|times| times.sort_unstable());
    let [somebody, nobody] = times.map(|times| times[times.len() / 2]);
    println!("median of 200: somebody {somebody} µs, nobody {nobody} µs");
}
