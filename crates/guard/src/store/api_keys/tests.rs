use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::*;
use crate::Scope;
use crate::test_folder::{TestFolder, mode, set_mode};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

fn new_key(name: &str) -> NewApiKey {
    NewApiKey { name: name.to_owned(), scopes: Scope::InferRead.into(), tier: Tier::Server, expires_at: None }
}

fn reason(result: Result<ApiKey, Rejection>) -> Reason {
    result.expect_err("refused").reason()
}

#[test]
fn two_connections_see_the_same_keys_at_once() {
    let folder = TestFolder::new();
    let path = folder.path("data/seseragi.db");
    let (server, cli) = (Database::open(&path).unwrap(), Database::open(&path).unwrap());
    let (key, secret) = cli.create(new_key("ci"), NOW).unwrap();
    let used = server.authenticate(secret.expose(), NOW).unwrap();
    assert_eq!(used, ApiKey { last_used_at: Some(NOW), ..key.clone() });
    assert_eq!(used.sub(), format!("key:{}", key.id));
    assert_eq!(cli.list().unwrap(), [used]);
    let revoked = cli.revoke(&key.id, NOW.plus(1)).unwrap();
    assert_eq!(revoked.revoked_at, Some(NOW.plus(1)));
    assert_eq!(reason(server.authenticate(secret.expose(), NOW.plus(1))), Reason::ApiKeyRevoked);
    assert_eq!(
        server.revoke(&key.id, NOW.plus(9)).unwrap().revoked_at,
        Some(NOW.plus(1)),
        "the first time counts"
    );
    for file in ["", "-wal", "-shm"] {
        assert_eq!(mode(Path::new(&format!("{}{file}", path.display()))), 0o600, "{file}");
    }
}

#[test]
fn only_the_whole_secret_opens() {
    let folder = TestFolder::new();
    let database = Database::open(&folder.path("a.db")).unwrap();
    let (key, secret) = database.create(new_key("a"), NOW).unwrap();
    let (_, other) = database.create(new_key("b"), NOW).unwrap();
    assert_eq!(reason(database.authenticate("", NOW)), Reason::ApiKeyMalformed);
    assert_eq!(reason(database.authenticate(&secret.expose()[1..], NOW)), Reason::ApiKeyMalformed);
    let unknown = ApiKeySecret::generate("000000000000");
    assert_eq!(reason(database.authenticate(unknown.expose(), NOW)), Reason::ApiKeyUnknown);
    // A right form and a known id, but another random part.
    let guessed = ApiKeySecret::generate(&key.id);
    assert_eq!(reason(database.authenticate(guessed.expose(), NOW)), Reason::ApiKeyUnknown);
    database.authenticate(other.expose(), NOW).unwrap();
}

#[test]
fn the_file_does_not_hold_the_secret() {
    let folder = TestFolder::new();
    let path = folder.path("a.db");
    let database = Database::open(&path).unwrap();
    let (_, secret) = database.create(new_key("a"), NOW).unwrap();
    drop(database);
    let random_part = &secret.expose()[22..65];
    for name in folder.names() {
        let content = fs::read(folder.path(&name)).unwrap();
        assert!(!content.windows(43).any(|window| window == random_part.as_bytes()), "{name}");
    }
}

#[test]
fn a_key_ends_at_its_time() {
    let folder = TestFolder::new();
    let database = Database::open(&folder.path("a.db")).unwrap();
    let new = NewApiKey { expires_at: Some(NOW.plus(10)), ..new_key("a") };
    let (_, secret) = database.create(new, NOW).unwrap();
    database.authenticate(secret.expose(), NOW.plus(9)).unwrap();
    assert_eq!(reason(database.authenticate(secret.expose(), NOW.plus(10))), Reason::ApiKeyExpired);
}

#[test]
fn use_is_noted_once_a_minute() {
    let folder = TestFolder::new();
    let database = Database::open(&folder.path("a.db")).unwrap();
    let (_, secret) = database.create(new_key("a"), NOW).unwrap();
    let noted = |now| {
        database.authenticate(secret.expose(), now).unwrap();
        database.list().unwrap()[0].last_used_at.unwrap()
    };
    assert_eq!(noted(NOW), NOW);
    assert_eq!(noted(NOW.plus(59)), NOW);
    assert_eq!(noted(NOW.plus(60)), NOW.plus(60));
    assert_eq!(noted(NOW), NOW.plus(60), "a clock that goes back writes nothing");
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = TestFolder::new();
    let database = Database::open(&folder.path("a.db")).unwrap();
    for name in ["", "a\nb", &"x".repeat(256)] {
        assert!(matches!(database.create(new_key(name), NOW), Err(StoreError::InvalidName)));
    }
    assert!(matches!(database.revoke("nobody", NOW), Err(StoreError::UnknownApiKey)));
    assert_eq!(database.list().unwrap(), []);
    database.create(new_key("日本語 '; DROP TABLE api_key; --"), NOW).unwrap();
    assert_eq!(database.list().unwrap().len(), 1);
}

#[test]
fn a_damaged_or_foreign_file_is_refused_and_kept() {
    let folder = TestFolder::new();
    let path = folder.path("a.db");
    let check = |expected: &str| {
        let before = fs::read(&path).unwrap();
        let error = Database::open(&path).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(fs::read(&path).unwrap() == before, "an existing file is never changed");
    };
    fs::write(&path, "this is not a database, whatever its name says").unwrap();
    set_mode(&path, 0o600);
    check("restore it from a backup");
    set_mode(&path, 0o640);
    check("chmod 600");
    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE cookies (a)").unwrap();
    set_mode(&path, 0o600);
    check("belongs to another program");
}

#[test]
fn a_damaged_page_is_noticed() {
    let folder = TestFolder::new();
    let path = folder.path("a.db");
    let database = Database::open(&path).unwrap();
    (0..100).for_each(|index| drop(database.create(new_key(&format!("key {index}")), NOW).unwrap()));
    drop(database);
    let mut content = fs::read(&path).unwrap();
    assert!(content.len() > 16_384);
    content[8192..12_288].fill(0x5a);
    fs::write(&path, content).unwrap();
    assert!(matches!(Database::open(&path), Err(StoreError::Corrupt(_))));
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let folder = TestFolder::new();
    let path = folder.path("a.db");
    drop(Database::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Database::open(&path), Err(StoreError::Newer(_))));
}

#[test]
fn many_processes_may_open_and_use_it_at_once() {
    let folder = TestFolder::new();
    let path = folder.path("a.db");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let path = &path;
            scope.spawn(move || {
                let database = Database::open(path).unwrap();
                for _ in 0..5 {
                    let (_, secret) = database.create(new_key(&format!("t{thread}")), NOW).unwrap();
                    database.authenticate(secret.expose(), NOW).unwrap();
                }
            });
        }
    });
    assert_eq!(Database::open(&path).unwrap().list().unwrap().len(), 40);
}
