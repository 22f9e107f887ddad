//! Signing keys and the files they need.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Home, text};

fn keys(home: &Home) -> Vec<(String, String)> {
    let listed = home.ok(&["keys", "list"]);
    let words = listed.lines().map(|line| line.split_whitespace().map(str::to_owned));
    words.map(|mut words| (words.next().unwrap(), words.next().unwrap())).collect()
}

#[test]
fn keys_are_made_rotated_and_revoked() {
    let home = Home::new("");
    let token = home.ok(&["token", "issue", "--sub", "ann"]);
    let first = keys(&home);
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].1, "active");
    home.ok(&["keys", "rotate"]);
    let states: Vec<String> = keys(&home).into_iter().map(|(_, state)| state).collect();
    assert!(states.contains(&"next".to_owned()) && states.contains(&"active".to_owned()), "{states:?}");
    home.ok_with(&["token", "inspect"], &token);
    home.ok(&["keys", "revoke", &first[0].0]);
    assert!(home.fails(&["token", "inspect"], &token, 1).contains("refused:"));
    let fresh = home.ok(&["token", "issue", "--sub", "ann"]);
    home.ok_with(&["token", "inspect"], &fresh);
    assert!(home.fails(&["keys", "revoke", "nobody"], "", 1).contains("keys list"));
    assert!(home.fails(&["keys", "revoke", "-a_name-with_hyphens"], "", 1).contains("keys list"));
    home.ok(&["token", "revoke", "--jti", "-a_name-with_hyphens"]);
    assert!(home.ok(&["keys", "revoke", "--help"]).contains("Withdraw a key"));
    let audit = format!("{:?}", home.audit());
    assert!(audit.contains("signing_key") && audit.contains("\"key\""), "{audit}");
}

#[test]
fn the_private_half_is_not_in_the_database() {
    let home = Home::new("");
    home.ok(&["token", "issue", "--sub", "ann"]);
    // What a PKCS#8 key on P-256 begins with, after its length: version 0, id-ecPublicKey, prime256v1.
    let start = [0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    for name in ["data/seseragi.db", "data/seseragi.db-wal"] {
        let bytes = fs::read(home.path(name)).unwrap_or_default();
        assert!(!bytes.windows(start.len()).any(|window| window == start), "{name} has a private key");
    }
}

#[test]
fn a_missing_key_encryption_key_stops_everything_until_the_keys_are_reset() {
    let home = Home::new("");
    let token = home.ok(&["token", "issue", "--sub", "ann"]);
    fs::remove_file(home.path("data/key-encryption.key")).unwrap();
    for command in [vec!["serve"], vec!["token", "issue", "--sub", "ann"]] {
        let said = home.fails(&command, "", 1);
        assert!(said.contains("key-encryption.key is missing") && said.contains("keys reset"), "{said}");
    }
    assert!(!home.path("data/key-encryption.key").exists(), "it was replaced silently");
    assert!(home.fails(&["keys", "reset"], "", 2).contains("--end-all-tokens"));
    home.ok(&["keys", "reset", "--end-all-tokens"]);
    let fresh = home.ok(&["token", "issue", "--sub", "ann"]);
    home.ok_with(&["token", "inspect"], &fresh);
    assert!(home.fails(&["token", "inspect"], &token, 1).contains("refused:"));
}

#[test]
fn another_key_encryption_key_opens_nothing() {
    let home = Home::new("");
    home.ok(&["token", "issue", "--sub", "ann"]);
    let key = home.path("data/key-encryption.key");
    let other = text(&key).replace(['a', 'b', 'c', 'd', 'e', 'f'], "Z");
    fs::write(&key, if other == text(&key) { "A".repeat(43) + "=" } else { other }).unwrap();
    let said = home.fails(&["serve"], "", 1);
    assert!(said.contains("does not open it"), "{said}");
}

#[test]
fn damaged_files_stop_the_start_and_are_left_as_they_are() {
    for (name, content, part) in [
        ("data/key-encryption.key", "not a key", "does not hold 32 bytes in base64"),
        (
            "data/seseragi.db",
            "this is no database, whatever its name says; it is long enough to be looked at",
            "damaged or not a database",
        ),
    ] {
        let home = Home::new("");
        home.ok(&["token", "issue", "--sub", "ann"]);
        let path = home.path(name);
        for leftover in ["data/seseragi.db-wal", "data/seseragi.db-shm"] {
            let _ = fs::remove_file(home.path(leftover));
        }
        fs::write(&path, content).unwrap();
        let said = home.fails(&["serve"], "", 1);
        assert!(said.contains(part), "{name}: {said}");
        assert_eq!(text(&path), content, "{name} was replaced");
    }
}

#[test]
fn files_that_others_may_read_stop_the_start() {
    for name in ["data/key-encryption.key", "data/seseragi.db", "data/audit.jsonl"] {
        let home = Home::new("");
        home.add_user("ann");
        fs::set_permissions(home.path(name), fs::Permissions::from_mode(0o640)).unwrap();
        let said = home.fails(&["serve"], "", 1);
        assert!(said.contains("chmod 600"), "{name}: {said}");
    }
}
