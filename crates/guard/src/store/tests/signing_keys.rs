use super::*;

on_each_engine!(what_differs_is_written, nothing_is_written_for_an_equal_list);

pub(super) fn key(kid: &str, state: KeyState) -> StoredKey {
    StoredKey {
        kid: kid.to_owned(),
        sealed: vec![0, 1, 255],
        point: vec![4; 65],
        state,
        created_at: NOW,
        changed_at: NOW,
    }
}

fn what_differs_is_written(bed: &Bed) {
    let (store, other) = (bed.open(), bed.open());
    let states = [KeyState::Active, KeyState::Next, KeyState::Retired, KeyState::Revoked];
    let all: Vec<_> =
        ["a", "b", "c", "d"].into_iter().zip(states).map(|(kid, state)| key(kid, state)).collect();
    assert_eq!(store.change_signing_keys(&mut |keys| keys.clone_from(&all)).unwrap(), all);
    assert_eq!(other.signing_keys().unwrap(), all);
    let changed = other
        .change_signing_keys(&mut |keys| {
            keys.retain(|key| key.kid != "c");
            keys[0].state = KeyState::Revoked;
            keys[0].sealed.clear();
            keys[0].changed_at = NOW.plus(9);
            keys.push(StoredKey { created_at: NOW.plus(9), ..key("0", KeyState::Active) });
        })
        .unwrap();
    assert_eq!(changed.iter().map(|key| &*key.kid).collect::<Vec<_>>(), ["a", "b", "d", "0"]);
    let revoked = StoredKey { sealed: vec![], changed_at: NOW.plus(9), ..key("a", KeyState::Revoked) };
    assert_eq!(changed[0], revoked);
    assert_eq!(store.signing_keys().unwrap(), changed);
}

fn nothing_is_written_for_an_equal_list(bed: &Bed) {
    let store = bed.open();
    assert_eq!(store.signing_keys().unwrap(), []);
    let list = [key("a", KeyState::Active)];
    store.change_signing_keys(&mut |keys| keys.extend(list.clone())).unwrap();
    // Were anything written now, it would fail.
    store.engine.batch("ALTER TABLE signing_key RENAME COLUMN changed_at TO changed").unwrap();
    assert!(store.change_signing_keys(&mut |_| ()).is_err());
    store.engine.batch("ALTER TABLE signing_key RENAME COLUMN changed TO changed_at").unwrap();
    assert_eq!(store.change_signing_keys(&mut |_| ()).unwrap(), list);
}
