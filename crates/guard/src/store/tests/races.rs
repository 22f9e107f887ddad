//! Many at once: threads on several stores of one database, each store with connections of its own, as processes have.

use std::sync::Barrier;

use super::rotation::{tokens, unused};
use super::*;

on_each_engine!(
    a_hundred_with_one_token_get_one_child,
    a_hundred_without_grace_end_the_family,
    a_rotation_and_an_end_leave_nothing_alive,
    a_sign_in_and_a_change_of_the_user_leave_nothing_alive,
    eight_migrate_at_once,
    eight_make_one_key,
    attempts_are_counted_one_by_one,
    a_code_is_good_for_one,
);

/// Runs `work` on as many threads as there are numbers, all at the same time.
fn at_once<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(threads);
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads)
            .map(|index| {
                let (barrier, work) = (&barrier, &work);
                scope.spawn(move || {
                    barrier.wait();
                    work(index)
                })
            })
            .collect();
        started.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn a_hundred_with_one_token_get_one_child(bed: &Bed) {
    let stores = [bed.open(), bed.open()];
    add_session(&stores[0], &session_of("guest:1", "s1"));
    let mut token = "r-s1".to_owned();
    for round in 1..=3 {
        let all = at_once(100, |index| stores[index % 2].rotate(&rotation(&token), NOW).unwrap());
        let fresh = all.iter().filter(|one| matches!(one, Rotated::Fresh(_))).count();
        let grace = all.iter().filter(|one| matches!(one, Rotated::Grace(_))).count();
        assert_eq!((fresh, grace), (1, 99));
        assert_eq!((tokens(&stores[0], "s1"), unused(&stores[0], "s1")), (round + 1, 1));
        token.push('\'');
    }
    assert!(matches!(stores[1].rotate(&rotation("r-s1"), NOW.plus(10)).unwrap(), Rotated::Reuse(..)));
    assert!(matches!(stores[0].rotate(&rotation(&token), NOW.plus(10)).unwrap(), Rotated::Ended(_)));
}

fn a_hundred_without_grace_end_the_family(bed: &Bed) {
    let stores = [bed.open(), bed.open()];
    add_session(&stores[0], &session_of("guest:1", "s1"));
    let strict = || Rotation { grace_s: 0, ..rotation("r-s1") };
    let all = at_once(100, |index| stores[index % 2].rotate(&strict(), NOW).unwrap());
    let count = |wanted: fn(&Rotated) -> bool| all.iter().filter(|one| wanted(one)).count();
    assert_eq!(count(|one| matches!(one, Rotated::Fresh(_))), 1);
    assert_eq!(count(|one| matches!(one, Rotated::Reuse(..))), 1);
    assert_eq!(count(|one| matches!(one, Rotated::Ended(_))), 98);
    assert!(matches!(stores[0].rotate(&rotation("r-s1'"), NOW).unwrap(), Rotated::Ended(_)));
    assert_eq!(all_revocations(&stores[0], NOW), [session_revoked("s1", NOW)]);
}

fn a_rotation_and_an_end_leave_nothing_alive(bed: &Bed) {
    let stores = [bed.open(), bed.open()];
    for round in 0..20 {
        let sid = format!("s{round}");
        add_session(&stores[0], &session_of("guest:1", &sid));
        let token = format!("r-{sid}");
        at_once(2, |index| match index {
            0 => drop(stores[0].rotate(&rotation(&token), NOW).unwrap()),
            _ => assert!(!stores[1].end_session(&sid, NOW).unwrap().is_empty()),
        });
        for token in [format!("{token}'"), token] {
            let found = stores[0].rotate(&rotation(&token), NOW).unwrap();
            assert!(matches!(found, Rotated::Ended(_) | Rotated::Unknown), "{found:?}");
        }
        assert_eq!(unused(&stores[0], &sid), 1);
    }
}

fn a_sign_in_and_a_change_of_the_user_leave_nothing_alive(bed: &Bed) {
    let stores = [bed.open(), bed.open()];
    for round in 0..20 {
        let ann = add_user(&stores[0], &format!("ann{round}"));
        let sid = format!("s{round}");
        at_once(2, |index| match index {
            0 => {
                let session = session_of(&ann.sub, &sid);
                let done = stores[0].add_session(&NewSession { session, refresh: None, cookie: None });
                assert!(matches!(done, Ok(()) | Err(StoreError::UserChanged)), "{done:?}");
            }
            _ if round % 2 == 0 => drop(stores[1].disable_user(&ann.sub, NOW.plus(1)).unwrap()),
            _ => drop(stores[1].set_password(&ann.sub, "$argon2id$2", NOW.plus(1)).unwrap()),
        });
        assert_eq!(stores[0].sessions_of(&ann.sub, NOW.plus(1)).unwrap(), []);
    }
}

fn eight_migrate_at_once(bed: &Bed) {
    let stores = at_once(8, |index| {
        let store = bed.open();
        add_user(&store, &format!("user {index}"));
        store
    });
    assert_eq!(stores[0].users().unwrap().len(), 8);
}

fn eight_make_one_key(bed: &Bed) {
    let stores: Vec<_> = (0..8).map(|_| bed.open()).collect();
    let seen = at_once(8, |index| {
        stores[index]
            .change_signing_keys(&mut |keys| {
                if keys.is_empty() {
                    keys.push(signing_keys::key(&format!("k{index}"), KeyState::Active));
                }
            })
            .unwrap()
    });
    assert_eq!(seen[0].len(), 1);
    assert!(seen.iter().all(|keys| *keys == seen[0]), "{:?}", seen.iter().map(Vec::len).collect::<Vec<_>>());
}

fn attempts_are_counted_one_by_one(bed: &Bed) {
    let stores: Vec<_> = (0..4).map(|_| bed.open()).collect();
    let names = ["account", "address", "device"].map(digest);
    at_once(8, |index| {
        let mut names = names;
        names.rotate_left(index % 3);
        for _ in 0..10 {
            stores[index % 4]
                .change_attempts(&names, &mut |all| all.iter_mut().for_each(|one| one.failures += 1))
                .unwrap();
        }
    });
    stores[0].change_attempts(&names, &mut |all| assert!(all.iter().all(|one| one.failures == 80))).unwrap();
}

fn a_code_is_good_for_one(bed: &Bed) {
    let stores = [bed.open(), bed.open()];
    let grant = CodeGrant {
        client_id: String::new(),
        redirect_uri: String::new(),
        code_challenge: String::new(),
        jkt: None,
        sub: "guest:1".to_owned(),
        tier: Tier::Guest,
        scopes: Scopes::NONE,
        expires_at: NOW,
        parent: "s0".to_owned(),
    };
    for round in 0..10 {
        let code = digest(&format!("c{round}"));
        stores[0].add_code(&code, &grant).unwrap();
        let all = at_once(16, |index| stores[index % 2].take_code(&code, NOW).unwrap());
        assert_eq!(all.iter().filter(|one| matches!(one, TakenCode::Good(_))).count(), 1);
    }
}
