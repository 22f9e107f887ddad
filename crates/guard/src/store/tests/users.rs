use super::*;

on_each_engine!(
    a_user_is_found_by_sub_and_by_name,
    a_name_belongs_to_one,
    a_password_that_is_set_ends_every_session,
    a_rehash_changes_nothing_else,
    a_disabled_user_is_out,
    an_unknown_user_is_said_to_be,
    a_text_with_nul_is_unknown_and_not_kept,
    a_sign_in_under_way_does_not_undo_a_change,
);

fn a_user_is_found_by_sub_and_by_name(bed: &Bed) {
    let store = bed.open();
    let ann = add_user(&store, "Ann 日本'; DROP TABLE account; --");
    let bob = add_user(&store, "Bob");
    let other = bed.open();
    assert_eq!(other.users().unwrap(), [ann.clone(), bob.clone()]);
    assert_eq!(other.user("user:Bob").unwrap(), Some(bob.clone()));
    assert_eq!(other.user("user:bob").unwrap(), None, "case counts");
    let found = other.user_by_login(&ann.name.to_lowercase()).unwrap().unwrap();
    assert_eq!((found.user, &*found.phc), (ann, "$argon2id$1"));
    assert!(other.user_by_login("carl").unwrap().is_none());
}

fn a_name_belongs_to_one(bed: &Bed) {
    let store = bed.open();
    let ann = add_user(&store, "Ann");
    let new = NewUser {
        sub: "user:2",
        name: "ANN",
        login_key: "ann",
        phc: "$argon2id$2",
        tier: Tier::Server,
        scopes: Scopes::NONE,
    };
    assert!(matches!(store.add_user(new, NOW), Err(StoreError::NameTaken)));
    assert_eq!(store.users().unwrap(), [ann]);
    assert_eq!(store.user_by_login("ann").unwrap().unwrap().phc, "$argon2id$1");
}

fn a_password_that_is_set_ends_every_session(bed: &Bed) {
    let store = bed.open();
    let ann = add_user(&store, "ann");
    for sid in ["s2", "s1"] {
        add_session(&store, &session_of(&ann.sub, sid));
    }
    add_session(&store, &session_of("user:bob", "s3"));
    assert_eq!(store.end_session("s2", NOW).unwrap().len(), 1);
    let at = NOW.plus(5);
    let written = store.set_password(&ann.sub, "$argon2id$2", at).unwrap();
    assert_eq!(written, [session_revoked("s1", at)]);
    let found = store.user_by_login("ann").unwrap().unwrap();
    assert_eq!(found.phc, "$argon2id$2");
    assert_eq!(found.user, User { password_changed_at: at, ..ann });
    assert!(matches!(store.rotate(&rotation("r-s1"), at).unwrap(), Rotated::Ended(_)));
    assert!(matches!(store.rotate(&rotation("r-s3"), at).unwrap(), Rotated::Fresh(_)), "another's");
    assert_eq!(all_revocations(&store, at), [session_revoked("s2", NOW), session_revoked("s1", at)]);
}

fn a_rehash_changes_nothing_else(bed: &Bed) {
    let store = bed.open();
    let ann = add_user(&store, "ann");
    add_session(&store, &session_of(&ann.sub, "s1"));
    store.rehash(&ann.sub, "$argon2id$1", "$argon2id$9").unwrap();
    store.rehash(&ann.sub, "$argon2id$1", "$argon2id$late").unwrap();
    let found = store.user_by_login("ann").unwrap().unwrap();
    assert_eq!((&*found.phc, found.user), ("$argon2id$9", ann));
    assert!(store.session("s1").unwrap().unwrap().is_live(NOW));
}

fn a_disabled_user_is_out(bed: &Bed) {
    let store = bed.open();
    let ann = add_user(&store, "ann");
    add_session(&store, &session_of(&ann.sub, "s1"));
    let at = NOW.plus(7);
    let written = store.disable_user(&ann.sub, at).unwrap();
    assert_eq!(written, [subject_revoked(&ann.sub, at), session_revoked("s1", at)]);
    assert_eq!(all_revocations(&store, at).len(), 2);
    assert_eq!(store.user(&ann.sub).unwrap().unwrap().disabled_at, Some(at));
    assert!(!store.session("s1").unwrap().unwrap().is_live(at));
    store.disable_user(&ann.sub, at.plus(3)).unwrap();
    assert_eq!(store.user(&ann.sub).unwrap().unwrap().disabled_at, Some(at), "the first time counts");
    store.enable_user(&ann.sub).unwrap();
    assert_eq!(store.user(&ann.sub).unwrap(), Some(ann));
    assert!(!store.session("s1").unwrap().unwrap().is_live(at), "what was ended stays ended");
}

fn an_unknown_user_is_said_to_be(bed: &Bed) {
    let store = bed.open();
    assert!(matches!(store.set_password("user:1", "x", NOW), Err(StoreError::UnknownUser)));
    assert!(matches!(store.disable_user("user:1", NOW), Err(StoreError::UnknownUser)));
    assert!(matches!(store.enable_user("user:1"), Err(StoreError::UnknownUser)));
    assert_eq!(all_revocations(&store, NOW), [], "nothing was written");
}

fn a_text_with_nul_is_unknown_and_not_kept(bed: &Bed) {
    let store = bed.open();
    add_user(&store, "ann");
    assert!(store.user_by_login("ann\0").unwrap().is_none());
    assert_eq!(store.session("\0").unwrap(), None);
    let session = session_of("user:ann", "s\0");
    let new = NewSession { session, refresh: None, cookie: None };
    assert!(matches!(store.add_session(&new), Err(StoreError::Nul)));
}

fn a_sign_in_under_way_does_not_undo_a_change(bed: &Bed) {
    let store = bed.open();
    let ann = add_user(&store, "ann");
    let begin = |sid: &str, at: UnixSeconds| {
        let session = Session { created_at: at, last_used_at: at, ..session_of(&ann.sub, sid) };
        store.add_session(&NewSession { session, refresh: None, cookie: None })
    };
    begin("s1", NOW).unwrap();
    store.set_password(&ann.sub, "$argon2id$2", NOW.plus(2)).unwrap();
    assert!(matches!(begin("s2", NOW.plus(1)), Err(StoreError::UserChanged)), "with the old password");
    begin("s3", NOW.plus(2)).unwrap();
    store.disable_user(&ann.sub, NOW.plus(3)).unwrap();
    assert!(matches!(begin("s4", NOW.plus(4)), Err(StoreError::UserChanged)));
    assert_eq!(store.sessions_of(&ann.sub, NOW.plus(4)).unwrap(), []);
}
