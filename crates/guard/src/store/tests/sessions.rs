use super::*;

on_each_engine!(
    a_session_comes_back_as_it_was_written,
    a_cookie_finds_its_session_and_keeps_it_alive,
    a_session_ends_once,
    a_session_ends_with_its_parent,
    all_sessions_of_a_subject_end_together,
    what_ended_long_ago_is_forgotten,
);

fn a_session_comes_back_as_it_was_written(bed: &Bed) {
    let store = bed.open();
    let bindings = [Binding::None, Binding::Key("jkt".to_owned()), Binding::Cookie(digest("b"))];
    for (index, binding) in bindings.into_iter().enumerate() {
        let session = Session { binding, ..session_of("guest:1", &format!("s{index}")) };
        add_session(&store, &session);
        assert_eq!(bed.open().session(&session.sid).unwrap(), Some(session.clone()));
        let refresh = digest(&format!("r-{}", session.sid));
        assert_eq!(store.session_of_refresh(&refresh).unwrap(), Some(session));
    }
    assert_eq!(store.sessions_of("guest:1", NOW).unwrap().len(), 3);
    assert_eq!(store.session("s9").unwrap(), None);
    assert_eq!(store.session_of_refresh(&digest("r-s9")).unwrap(), None);
    let bare = NewSession { session: session_of("guest:2", "bare"), refresh: None, cookie: None };
    store.add_session(&bare).unwrap();
    assert!(store.add_session(&bare).is_err(), "a name is never used again");
}

fn a_cookie_finds_its_session_and_keeps_it_alive(bed: &Bed) {
    let store = bed.open();
    add_session(&store, &session_of("guest:1", "s1"));
    let used = |after: u64| {
        let found = store.session_of_cookie(&digest("c-s1"), NOW.plus(after)).unwrap().unwrap();
        assert_eq!(store.session("s1").unwrap().as_ref(), Some(&found), "after {after} s");
        found.last_used_at.since(NOW)
    };
    assert_eq!(
        [used(59), used(60), used(100), used(0), used(1059), used(2058)],
        [0, 60, 60, 60, 1059, 1059 + 999]
    );
    // Unused for 1000 s: dead, and a cookie does not wake it.
    let late = store.session_of_cookie(&digest("c-s1"), NOW.plus(2058 + 1000)).unwrap().unwrap();
    assert!(!late.is_live(NOW.plus(3058)));
    assert_eq!(used(3058), 2058);
    assert_eq!(store.session_of_cookie(&digest("c-s2"), NOW).unwrap(), None);
}

fn a_session_ends_once(bed: &Bed) {
    let store = bed.open();
    add_session(&store, &session_of("guest:1", "s1"));
    let revoked = store.end_session("s1", NOW.plus(1)).unwrap();
    assert_eq!(revoked, [session_revoked("s1", NOW.plus(1))]);
    let session = store.session("s1").unwrap().unwrap();
    assert_eq!(session.ended_at, Some(NOW.plus(1)));
    assert_eq!(revoked, [store.revocation_of(&session, NOW.plus(1))]);
    assert_eq!(store.end_session("s1", NOW.plus(2)).unwrap(), []);
    assert_eq!(store.end_session("s2", NOW).unwrap(), []);
    assert_eq!(all_revocations(&store, NOW), [session_revoked("s1", NOW.plus(1))]);
    let by_cookie = store.session_of_cookie(&digest("c-s1"), NOW.plus(100)).unwrap().unwrap();
    assert_eq!((by_cookie.is_live(NOW.plus(100)), by_cookie.last_used_at), (false, NOW));
}

fn all_sessions_of_a_subject_end_together(bed: &Bed) {
    let store = bed.open();
    for sid in ["s1", "s2", "s3"] {
        add_session(&store, &session_of("guest:1", sid));
    }
    add_session(&store, &session_of("guest:2", "s4"));
    store.end_session("s2", NOW).unwrap();
    let written = store.end_sessions_of("guest:1", NOW.plus(1)).unwrap();
    assert_eq!(written, ["s1", "s3"].map(|sid| session_revoked(sid, NOW.plus(1))));
    assert_eq!(store.sessions_of("guest:1", NOW.plus(1)).unwrap(), []);
    assert_eq!(store.sessions_of("guest:2", NOW.plus(1)).unwrap().len(), 1);
    assert_eq!(store.sessions_of("guest:2", NOW.plus(1000)).unwrap(), [], "unused for too long");
    assert_eq!(store.end_sessions_of("guest:1", NOW.plus(2)).unwrap(), []);
    assert_eq!(all_revocations(&store, NOW).len(), 3);
}

fn what_ended_long_ago_is_forgotten(bed: &Bed) {
    let store = bed.open();
    for sid in ["s1", "s2", "s3"] {
        add_session(&store, &session_of("guest:1", sid));
    }
    store.end_session("s1", NOW).unwrap();
    store.rotate(&rotation("r-s2"), NOW).unwrap();
    store.change_attempts(&[digest("ann")], &mut |all| all[0].changed_at = NOW).unwrap();
    assert_eq!(store.tidy(NOW.plus(900)).unwrap(), 0);
    // The used token goes after the time that the session may be unused.
    assert_eq!(store.tidy(NOW.plus(1001)).unwrap(), 1);
    assert_eq!(store.rotate(&rotation("r-s2"), NOW.plus(999)).unwrap(), Rotated::Unknown);
    assert!(matches!(store.rotate(&rotation("r-s2'"), NOW.plus(999)).unwrap(), Rotated::Fresh(_)));
    // s1, its revocation and the account of attempts.
    assert_eq!(store.tidy(NOW.plus(86_401)).unwrap(), 3 + 1);
    assert_eq!((store.session("s1").unwrap(), all_revocations(&store, NOW)), (None, vec![]));
    assert!(store.session("s2").unwrap().is_some());
    assert_eq!(store.tidy(NOW.plus(86_401 + 5000)).unwrap(), 2 + 3, "two sessions and their last tokens");
    assert_eq!(store.tidy(NOW.plus(1_000_000)).unwrap(), 0);
}

fn a_session_ends_with_its_parent(bed: &Bed) {
    let store = bed.open();
    let child = |sid: &str| Session { parent: Some("s1".to_owned()), ..session_of("guest:1", sid) };
    for session in [session_of("guest:1", "s1"), child("c2"), child("c1"), session_of("guest:1", "s2")] {
        add_session(&store, &session);
    }
    store.end_session("c2", NOW).unwrap();
    let revoked = ["s1", "c1"].map(|sid| session_revoked(sid, NOW.plus(1)));
    assert_eq!(store.end_session("s1", NOW.plus(1)).unwrap(), revoked);
    assert_eq!(store.session("c1").unwrap().unwrap().ended_at, Some(NOW.plus(1)));
    let late = NewSession { session: child("c3"), refresh: None, cookie: None };
    assert!(matches!(store.add_session(&late), Err(StoreError::UserChanged)));
    assert_eq!(store.sessions_of("guest:1", NOW.plus(1)).unwrap(), [session_of("guest:1", "s2")]);
}
