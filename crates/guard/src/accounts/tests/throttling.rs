use super::*;

/// The answers to wrong passwords, one after the other.
async fn answers(world: &World, login: Login<'_>, times: usize, now: UnixSeconds) -> Vec<AuthRefusal> {
    let mut answers = Vec::new();
    for _ in 0..times {
        answers.push(world.accounts.login(login, now).await.unwrap_err());
    }
    answers
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_right_password_does_not_help() {
    let world = World::new();
    world.ann().await;
    assert_eq!(answers(&world, ann("wrong password"), 5, NOW).await, [AuthRefusal::Credentials; 5]);
    let computed = world.accounts.0.hasher.computed();
    assert_eq!(answers(&world, ann(PASSWORD), 3, NOW).await, [AuthRefusal::Throttled(12); 3]);
    assert_eq!(world.accounts.0.hasher.computed(), computed, "the password was not looked at");
    assert_eq!(world.times_told("result: Throttled"), 3);
    // The twelve seconds go on, however often somebody tries.
    let later = NOW.plus(11);
    assert_eq!(answers(&world, ann(PASSWORD), 3, later).await, [AuthRefusal::Throttled(1); 3]);
    world.ann_signs_in(NOW.plus(12)).await;
    // A success wipes the account clean.
    let wrong = answers(&world, ann("wrong password"), 6, NOW.plus(12)).await;
    assert_eq!(wrong[..5], [AuthRefusal::Credentials; 5]);
    assert_eq!(wrong[5], AuthRefusal::Throttled(12));
}

#[tokio::test]
async fn unknown_names_are_throttled_like_known_ones() {
    let world = World::new();
    world.ann().await;
    let mut series = Vec::new();
    for username in ["ann", "nobody"] {
        let mut of_one = Vec::new();
        for second in 0..200 {
            let login = Login { username, ..ann("wrong password") };
            of_one.extend(answers(&world, login, 1, NOW.plus(second)).await);
        }
        series.push(of_one);
    }
    assert_eq!(series[0], series[1]);
    let looked_at = series[0].iter().filter(|answer| **answer == AuthRefusal::Credentials);
    assert_eq!(looked_at.count(), 9, "5, then after 12, 24, 48 and 96 s");
}

#[tokio::test]
async fn many_at_once_are_no_way_around() {
    let world = World::new();
    world.ann().await;
    let tries = (0..40).map(|_| {
        let accounts = world.accounts.clone();
        tokio::spawn(async move { accounts.login(ann("wrong password"), NOW).await.unwrap_err() })
    });
    let tries: Vec<_> = tries.collect();
    let mut looked_at = 0;
    for each in tries {
        looked_at += usize::from(each.await.unwrap() == AuthRefusal::Credentials);
    }
    assert_eq!(looked_at, 5);
}

#[tokio::test]
async fn attempts_are_counted_across_a_restart_and_across_processes() {
    let world = World::new();
    world.ann().await;
    answers(&world, ann("wrong password"), 3, NOW).await;
    let beside = world.beside();
    answers(&beside, ann("wrong password"), 2, NOW).await;
    drop((world.accounts.clone(), beside.accounts.clone()));
    let again = world.beside();
    assert_eq!(answers(&again, ann(PASSWORD), 1, NOW).await, [AuthRefusal::Throttled(12)]);
}

#[tokio::test]
async fn the_owner_gets_in_while_somebody_hammers_the_account() {
    let world = World::new();
    world.ann().await;
    let device = world.ann_signs_in(NOW).await.device;
    let attacker = Login { address: address("203.0.113.9"), ..ann("wrong password") };
    for second in 0..600 {
        let _ = world.accounts.login(attacker, NOW.plus(second)).await;
    }
    let now = NOW.plus(600);
    let owner = Login { address: address("198.51.100.1"), ..ann(PASSWORD) };
    let elsewhere = world.accounts.login(owner, now).await.unwrap_err();
    assert!(matches!(elsewhere, AuthRefusal::Throttled(_)), "{elsewhere:?}");
    let known = Login { device: Some(device.expose()), ..owner };
    let signed_in = world.accounts.login(known, now).await.unwrap();
    assert_eq!(signed_in.device, device, "it stays the same device");
    // Which does not help the attacker.
    let still = world.accounts.login(attacker, now).await.unwrap_err();
    assert!(matches!(still, AuthRefusal::Throttled(_)), "{still:?}");
}

#[tokio::test]
async fn a_device_has_few_attempts_as_well_and_is_known_at_its_account_only() {
    let world = World::new();
    world.ann().await;
    world.accounts.add_user("bob", PASSWORD, Scopes::NONE, Tier::User, NOW).await.unwrap();
    let device = world.ann_signs_in(NOW).await.device;
    let known = |password| Login { device: Some(device.expose()), ..ann(password) };
    let mine = answers(&world, known("wrong password"), 6, NOW).await;
    assert_eq!((mine[4], mine[5]), (AuthRefusal::Credentials, AuthRefusal::Throttled(12)));
    world.ann_signs_in(NOW).await;
    answers(&world, Login { username: "bob", ..ann("wrong password") }, 5, NOW).await;
    let at_bob = Login { username: "bob", ..known(PASSWORD) };
    assert_eq!(answers(&world, at_bob, 1, NOW).await, [AuthRefusal::Throttled(12)]);
    let forged = Login { username: "bob", device: Some("v1.AAAAAAAAAAAAAAAAAAAAAA.AAAA"), ..ann(PASSWORD) };
    assert_eq!(answers(&world, forged, 1, NOW).await, [AuthRefusal::Throttled(12)]);
}

#[tokio::test]
async fn a_network_that_tries_many_names_is_slowed_down_alone() {
    let world = World::new();
    world.ann().await;
    let names: Vec<_> = (0..30).map(|number| format!("name {number}")).collect();
    for (host, username) in names.iter().enumerate() {
        let host = format!("2001:db8::{host:x}");
        let login = Login { username, address: address(&host), ..ann("wrong password") };
        assert_eq!(answers(&world, login, 1, NOW).await, [AuthRefusal::Credentials]);
    }
    let same_network = Login { address: address("2001:db8::ffff"), ..ann(PASSWORD) };
    assert_eq!(answers(&world, same_network, 1, NOW).await, [AuthRefusal::Throttled(2)]);
    let other_network = Login { address: address("2001:db8:0:1::1"), ..ann(PASSWORD) };
    assert!(world.accounts.login(other_network, NOW).await.is_ok());
    // A success is one attempt of its network and wipes nothing of it.
    assert!(world.accounts.login(same_network, NOW.plus(2)).await.is_ok());
    assert_eq!(answers(&world, same_network, 1, NOW.plus(2)).await, [AuthRefusal::Throttled(2)]);
}

#[tokio::test]
async fn all_together_are_bounded() {
    let hashing = HashingConfig { at_once: 1, ..CHEAP };
    let world = World::with(AccountsConfig { hashing, ..config() });
    for number in 0..8 {
        let username = format!("name {number}");
        let login = Login { username: &username, ..ann("wrong password") };
        assert_eq!(answers(&world, login, 1, NOW).await, [AuthRefusal::Credentials]);
    }
    assert_eq!(answers(&world, ann("wrong password"), 1, NOW).await, [AuthRefusal::Throttled(1)]);
    assert_eq!(answers(&world, ann("wrong password"), 1, NOW.plus(1)).await, [AuthRefusal::Credentials]);
}

#[tokio::test]
async fn one_network_does_not_spend_what_is_everybodys() {
    let hashing = HashingConfig { at_once: 1, ..CHEAP };
    let world = World::with(AccountsConfig { hashing, ..config() });
    world.ann().await;
    let device = world.ann_signs_in(NOW).await.device;
    let attacker = Login { address: address("203.0.113.9"), ..ann("wrong password") };
    let owner = Login { address: address("198.51.100.1"), ..ann(PASSWORD) };
    for second in 1..=60 {
        for number in 0..20 {
            let username = format!("name {second} {number}");
            let _ = world.accounts.login(Login { username: &username, ..attacker }, NOW.plus(second)).await;
        }
    }
    // Twenty a second, and still there is room for somebody who comes from elsewhere in the same second.
    world.accounts.login(owner, NOW.plus(60)).await.unwrap();
    let known = Login { device: Some(device.expose()), ..owner };
    for host in 0..20 {
        let host = format!("192.0.2.{host}");
        let _ = world.accounts.login(Login { address: address(&host), ..attacker }, NOW.plus(61)).await;
    }
    assert_eq!(answers(&world, owner, 1, NOW.plus(61)).await, [AuthRefusal::Throttled(1)]);
    world.accounts.login(known, NOW.plus(61)).await.unwrap();
}
