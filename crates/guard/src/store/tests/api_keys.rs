use super::*;
use crate::Rejection;

on_each_engine!(
    two_connections_see_the_same_keys_at_once,
    only_the_whole_secret_opens,
    a_key_ends_at_its_time,
    use_is_noted_once_a_minute,
    what_cannot_be_done_is_said,
);

fn new_key(name: &str) -> NewApiKey {
    NewApiKey { name: name.to_owned(), scopes: Scope::InferRead.into(), tier: Tier::Server, expires_at: None }
}

fn reason(result: Result<ApiKey, Rejection>) -> Reason {
    result.expect_err("refused").reason()
}

fn two_connections_see_the_same_keys_at_once(bed: &Bed) {
    let (server, cli) = (bed.open(), bed.open());
    let (key, secret) = cli.add_api_key(new_key("ci"), NOW).unwrap();
    let used = server.authenticate_api_key(secret.expose(), NOW).unwrap();
    assert_eq!(used, ApiKey { last_used_at: Some(NOW), ..key.clone() });
    assert_eq!(used.sub(), format!("key:{}", key.id));
    assert_eq!(cli.api_keys().unwrap(), [used]);
    let (revoked, revocation) = cli.revoke_api_key(&key.id, NOW.plus(1)).unwrap();
    assert_eq!(revoked.revoked_at, Some(NOW.plus(1)));
    assert_eq!(revocation, subject_revoked(&key.sub(), NOW.plus(1)));
    assert_eq!(all_revocations(&server, NOW), [revocation]);
    let refused = server.authenticate_api_key(secret.expose(), NOW.plus(1));
    assert_eq!(reason(refused), Reason::ApiKeyRevoked);
    let (again, _) = server.revoke_api_key(&key.id, NOW.plus(9)).unwrap();
    assert_eq!(again.revoked_at, Some(NOW.plus(1)), "the first time counts");
}

fn only_the_whole_secret_opens(bed: &Bed) {
    let store = bed.open();
    let (key, secret) = store.add_api_key(new_key("a"), NOW).unwrap();
    let (_, other) = store.add_api_key(new_key("b"), NOW).unwrap();
    assert_eq!(reason(store.authenticate_api_key("", NOW)), Reason::ApiKeyMalformed);
    assert_eq!(reason(store.authenticate_api_key(&secret.expose()[1..], NOW)), Reason::ApiKeyMalformed);
    let unknown = ApiKeySecret::generate("000000000000");
    assert_eq!(reason(store.authenticate_api_key(unknown.expose(), NOW)), Reason::ApiKeyUnknown);
    // A right form and a known id, but another random part.
    let guessed = ApiKeySecret::generate(&key.id);
    assert_eq!(reason(store.authenticate_api_key(guessed.expose(), NOW)), Reason::ApiKeyUnknown);
    store.authenticate_api_key(other.expose(), NOW).unwrap();
}

fn a_key_ends_at_its_time(bed: &Bed) {
    let store = bed.open();
    let new = NewApiKey { expires_at: Some(NOW.plus(10)), ..new_key("a") };
    let (_, secret) = store.add_api_key(new, NOW).unwrap();
    store.authenticate_api_key(secret.expose(), NOW.plus(9)).unwrap();
    assert_eq!(reason(store.authenticate_api_key(secret.expose(), NOW.plus(10))), Reason::ApiKeyExpired);
}

fn use_is_noted_once_a_minute(bed: &Bed) {
    let store = bed.open();
    let (_, secret) = store.add_api_key(new_key("a"), NOW).unwrap();
    let noted = |now| {
        store.authenticate_api_key(secret.expose(), now).unwrap();
        store.api_keys().unwrap()[0].last_used_at.unwrap()
    };
    assert_eq!(noted(NOW), NOW);
    assert_eq!(noted(NOW.plus(59)), NOW);
    assert_eq!(noted(NOW.plus(60)), NOW.plus(60));
    assert_eq!(noted(NOW), NOW.plus(60), "a clock that goes back writes nothing");
}

fn what_cannot_be_done_is_said(bed: &Bed) {
    let store = bed.open();
    for name in ["", "a\nb", &"x".repeat(256)] {
        assert!(matches!(store.add_api_key(new_key(name), NOW), Err(StoreError::InvalidName)));
    }
    assert!(matches!(store.revoke_api_key("nobody", NOW), Err(StoreError::UnknownApiKey)));
    assert_eq!(store.api_keys().unwrap(), []);
    store.add_api_key(new_key("日本語 '; DROP TABLE api_key; --"), NOW).unwrap();
    assert_eq!(store.api_keys().unwrap().len(), 1);
}
