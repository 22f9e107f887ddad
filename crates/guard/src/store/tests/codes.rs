use super::*;

on_each_engine!(
    a_code_is_good_once,
    a_second_use_during_the_first_ends_what_it_makes,
    codes_of_a_user_end_with_its_sessions,
);

fn grant() -> CodeGrant {
    CodeGrant {
        client_id: "app".to_owned(),
        redirect_uri: "https://app.example/back".to_owned(),
        code_challenge: "c".repeat(43),
        jkt: Some("jkt".to_owned()),
        sub: "user:ann".to_owned(),
        tier: Tier::User,
        scopes: Scope::InferRead.into(),
        expires_at: NOW.plus(60),
        parent: "s0".to_owned(),
    }
}

fn a_code_is_good_once(bed: &Bed) {
    let (store, other) = (bed.open(), bed.open());
    store.add_code(&digest("c"), &grant()).unwrap();
    assert_eq!(store.take_code(&digest("d"), NOW).unwrap(), TakenCode::Unknown);
    assert_eq!(store.take_code(&digest("c"), NOW).unwrap(), TakenCode::Good(grant()));
    add_session(&store, &session_of("user:ann", "s1"));
    assert_eq!(store.code_made(&digest("c"), "s1").unwrap(), None);
    let at = NOW.plus(5);
    assert_eq!(other.take_code(&digest("c"), at).unwrap(), TakenCode::Used(Some("s1".to_owned())));
    assert_eq!(store.session("s1").unwrap().unwrap().ended_at, Some(at));
    assert_eq!(all_revocations(&store, at), [session_revoked("s1", at)]);
    let unbound = CodeGrant { jkt: None, ..grant() };
    store.add_code(&digest("e"), &unbound).unwrap();
    assert_eq!(store.take_code(&digest("e"), NOW.plus(99)).unwrap(), TakenCode::Good(unbound));
}

fn a_second_use_during_the_first_ends_what_it_makes(bed: &Bed) {
    let store = bed.open();
    store.add_code(&digest("c"), &grant()).unwrap();
    assert!(matches!(store.take_code(&digest("c"), NOW).unwrap(), TakenCode::Good(_)));
    assert_eq!(store.take_code(&digest("c"), NOW.plus(1)).unwrap(), TakenCode::Used(None));
    add_session(&store, &session_of("user:ann", "s1"));
    assert_eq!(store.code_made(&digest("c"), "s1").unwrap(), Some(session_revoked("s1", NOW.plus(1))));
    assert_eq!(store.session("s1").unwrap().unwrap().ended_at, Some(NOW.plus(1)));
    assert_eq!(store.code_made(&digest("never"), "s1").unwrap(), None);
}

fn codes_of_a_user_end_with_its_sessions(bed: &Bed) {
    let store = bed.open();
    let ann = add_user(&store, "ann");
    for code in ["a", "b", "c"] {
        store.add_code(&digest(code), &grant()).unwrap();
        match code {
            "a" => drop(store.end_sessions_of(&ann.sub, NOW).unwrap()),
            "b" => drop(store.set_password(&ann.sub, "$argon2id$2", NOW).unwrap()),
            _ => drop(store.disable_user(&ann.sub, NOW).unwrap()),
        }
        assert_eq!(store.take_code(&digest(code), NOW).unwrap(), TakenCode::Used(None), "{code}");
    }
}
