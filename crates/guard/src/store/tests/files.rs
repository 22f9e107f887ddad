//! What only a file can be: exposed, damaged, of another program.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::*;
use crate::test_folder::{TestFolder, mode, set_mode};

fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open_file(path, ISSUER)
}

/// A file as the first version of this program wrote it, with one API key.
const FIRST_VERSION: &str = "
    CREATE TABLE api_key (
        id TEXT PRIMARY KEY, name TEXT NOT NULL,
        secret_sha256 BLOB NOT NULL UNIQUE CHECK (length(secret_sha256) = 32), scopes TEXT NOT NULL,
        tier TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, revoked_at INTEGER, last_used_at INTEGER
    ) STRICT;
    INSERT INTO api_key VALUES ('012345678901', 'ci', zeroblob(32), 'infer:read', 'server', 1, NULL, NULL, NULL);
    PRAGMA application_id = 0x53535247; PRAGMA user_version = 1; PRAGMA journal_mode = wal;";

#[test]
fn a_file_of_the_first_version_is_brought_up_to_date() {
    let folder = TestFolder::new();
    let path = folder.path("a.db");
    Connection::open(&path).unwrap().execute_batch(FIRST_VERSION).unwrap();
    set_mode(&path, 0o600);
    let store = open(&path).unwrap();
    assert_eq!(store.api_keys().unwrap()[0].name, "ci");
    add_user(&store, "ann");
    drop(store);
    assert_eq!(open(&path).unwrap().users().unwrap().len(), 1);
}

#[test]
fn the_files_are_private_and_their_folder_is_made() {
    let folder = TestFolder::new();
    let path = folder.path("data/a.db");
    let store = open(&path).unwrap();
    add_user(&store, "ann");
    for file in ["", "-wal", "-shm"] {
        assert_eq!(mode(Path::new(&format!("{}{file}", path.display()))), 0o600, "{file}");
    }
    assert_eq!(mode(&folder.path("data")), 0o700);
    assert_eq!(format!("{store:?}"), format!("Store {{ place: {:?}, .. }}", path.display().to_string()));
}

#[test]
fn the_file_does_not_hold_a_secret() {
    let folder = TestFolder::new();
    let store = open(&folder.path("a.db")).unwrap();
    let new = NewApiKey {
        name: "a".to_owned(),
        scopes: Scope::InferRead.into(),
        tier: Tier::Server,
        expires_at: None,
    };
    let (_, secret) = store.add_api_key(new, NOW).unwrap();
    drop(store);
    let random_part = &secret.expose()[22..65];
    for name in folder.names() {
        let content = fs::read(folder.path(&name)).unwrap();
        assert!(!content.windows(43).any(|window| window == random_part.as_bytes()), "{name}");
    }
}

#[test]
fn a_damaged_or_foreign_file_is_refused_and_kept() {
    let folder = TestFolder::new();
    let path = folder.path("a.db");
    let check = |expected: &str| {
        let before = fs::read(&path).unwrap();
        let error = open(&path).unwrap_err().to_string();
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
    let store = open(&path).unwrap();
    (0..100).for_each(|index| drop(add_user(&store, &format!("user {index}"))));
    drop(store);
    let mut content = fs::read(&path).unwrap();
    assert!(content.len() > 16_384);
    content[8192..12_288].fill(0x5a);
    fs::write(&path, content).unwrap();
    assert!(matches!(open(&path), Err(StoreError::Corrupt(_))));
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let folder = TestFolder::new();
    let path = folder.path("a.db");
    drop(open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(open(&path), Err(StoreError::Newer { .. })));
}

#[test]
fn a_folder_or_a_place_without_access_is_said() {
    let folder = TestFolder::new();
    let error = open(&folder.path("")).unwrap_err().to_string();
    assert!(error.contains("open or create"), "{error}");
}
