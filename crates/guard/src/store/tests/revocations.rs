use super::*;

on_each_engine!(
    every_kind_comes_back,
    the_wider_reach_counts,
    only_what_is_new_and_in_force_is_read,
    a_writer_with_a_slow_clock_is_heard,
);

fn every_kind_comes_back(bed: &Bed) {
    let store = bed.open();
    let issuer = || "https://other.example".into();
    let all = [
        Revoked::Subject { subject: Subject::new(issuer(), "ann"), before: NOW },
        Revoked::Session { issuer: issuer(), sid: "x".into() },
        Revoked::Token { issuer: issuer(), jti: "x".into() },
        Revoked::Key { issuer: issuer(), kid: "x".into() },
    ]
    .map(|what| Revocation { what, until: NOW.plus(100) });
    for (index, revocation) in all.iter().enumerate() {
        store.add_revocation(revocation, NOW.plus(index as u64)).unwrap();
    }
    assert_eq!(all_revocations(&bed.open(), NOW), all);
}

fn the_wider_reach_counts(bed: &Bed) {
    let store = bed.open();
    let revoke = |before: u64, until: u64, at: u64| {
        let what = Revoked::Subject { subject: Subject::new("i", "ann"), before: NOW.plus(before) };
        store.add_revocation(&Revocation { what, until: NOW.plus(until) }, NOW.plus(at)).unwrap();
        let all = store.revocations(NOW.plus(at), NOW).unwrap();
        let [Revocation { what: Revoked::Subject { before, .. }, until }] = &*all else { panic!("{all:?}") };
        (before.since(NOW), until.since(NOW))
    };
    assert_eq!(revoke(10, 100, 0), (10, 100));
    assert_eq!(revoke(5, 200, 20), (10, 200), "told again, because it changed");
    assert_eq!(revoke(50, 150, 30), (50, 200));
}

fn only_what_is_new_and_in_force_is_read(bed: &Bed) {
    let store = bed.open();
    for (sid, at) in [("s1", 0), ("s2", 10)] {
        let revocation = session_revoked(sid, NOW.plus(at));
        store.add_revocation(&revocation, NOW.plus(at)).unwrap();
    }
    let read = |since, now| store.revocations(NOW.plus(since), NOW.plus(now)).unwrap().len();
    assert_eq!([read(0, 0), read(1, 0), read(10, 0), read(11, 0)], [2, 1, 1, 0]);
    assert_eq!([read(0, IN_FORCE_S), read(0, IN_FORCE_S + 10)], [1, 0]);
}

fn a_writer_with_a_slow_clock_is_heard(bed: &Bed) {
    let (store, other) = (bed.open(), bed.open());
    let write = |sid: &str, at: UnixSeconds| {
        let revocation = session_revoked(sid, NOW);
        other.add_revocation(&revocation, at).unwrap();
        revocation
    };
    assert_eq!(store.revocations_after(0, NOW).unwrap(), (vec![], 0));
    let first = write("s1", NOW);
    assert_eq!(store.revocations_after(0, NOW).unwrap(), (vec![first.clone()], 1));
    assert_eq!(store.revocations_after(1, NOW).unwrap(), (vec![], 1));
    let late = write("s2", UnixSeconds(NOW.0 - 600));
    assert_eq!(store.revocations_after(1, NOW).unwrap(), (vec![late.clone()], 2));
    // Told again when it is written again; and all, if the numbers have gone back.
    write("s1", NOW);
    assert_eq!(store.revocations_after(2, NOW).unwrap(), (vec![first.clone()], 3));
    assert_eq!(store.revocations_after(99, NOW).unwrap(), (vec![late, first], 3));
    assert_eq!(store.revocations_after(0, NOW.plus(IN_FORCE_S)).unwrap(), (vec![], 3));
}
