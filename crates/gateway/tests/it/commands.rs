//! Commands without a running gateway.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Home, PASSWORD};

#[test]
fn users_are_added_listed_disabled_and_enabled() {
    let home = Home::new("");
    home.add_user("Tomoko");
    let listed = home.ok(&["user", "list"]);
    assert!(
        listed.starts_with("user:") && listed.contains("\"Tomoko\"") && listed.ends_with("active"),
        "{listed}"
    );
    home.ok(&["user", "disable", "Tomoko"]);
    assert!(home.ok(&["user", "list"]).contains("disabled 2"));
    home.ok(&["user", "enable", "tomoko"]);
    home.ok_with(&["user", "password", "Tomoko", "--password-file", "-"], "another-password-of-hers");
    let events: Vec<String> = home
        .audit()
        .iter()
        .filter(|l| l["event"] == "user")
        .map(|l| l["change"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(events, ["created", "disabled", "enabled", "changed"]);
    assert_eq!(
        (home.mode("data/audit.jsonl"), home.mode("data/seseragi.db"), home.mode("data")),
        (0o600, 0o600, 0o700)
    );
    assert_eq!(home.mode("data/key-encryption.key"), 0o600);
}

#[test]
fn what_cannot_be_a_user_is_refused() {
    let home = Home::new("");
    let add = |name: &str, input: &str| home.fails(&["user", "add", name, "--password-file", "-"], input, 1);
    assert!(add("a", "short").contains("password"));
    assert!(add("a", "two\nlines of it").contains("one line"));
    assert!(add("", PASSWORD).contains("username"));
    home.add_user("a");
    assert!(add("A", PASSWORD).contains("already"));
    assert!(home.fails(&["user", "disable", "nobody"], "", 1).contains("there is no user"));
    assert!(home.fails(&["user", "add", "b"], "", 1).contains("--password-file"), "there is no terminal");
    assert!(home.fails(&["user", "add", "b", "--password", "x"], "", 2).contains("unexpected argument"));
}

#[test]
fn a_password_file_that_others_can_read_is_said() {
    let home = Home::new("");
    fs::write(home.path("password"), PASSWORD).unwrap();
    fs::set_permissions(home.path("password"), fs::Permissions::from_mode(0o644)).unwrap();
    let done = home.run_with(&["user", "add", "a", "--password-file", "password"], "");
    assert!(done.status.success());
    assert!(String::from_utf8(done.stderr).unwrap().contains("can be read by others"));
}

#[test]
fn a_token_is_issued_accepted_and_revoked_by_itself() {
    let home = Home::new("");
    let token = home.ok(&["token", "issue", "--sub", "ann"]);
    let seen = home.ok_with(&["token", "inspect"], &token);
    assert!(seen.contains("accepted: http://127.0.0.1:8080 ann with infer:read, tier user"), "{seen}");
    home.ok_with(&["token", "revoke", "--file", "-"], &token);
    let seen = home.fails(&["token", "inspect"], &token, 1);
    assert!(seen.contains("refused: revoked"), "{seen}");
    let other = home.ok(&["token", "issue", "--sub", "ann"]);
    home.ok_with(&["token", "inspect"], &other);
    home.ok(&["token", "revoke", "--sub", "ann"]);
    assert!(home.fails(&["token", "inspect"], &other, 1).contains("refused: revoked"));
    let audit = home.audit();
    let said: Vec<&str> = audit.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(said.iter().filter(|event| **event == "issued").count(), 2, "{said:?}");
    assert_eq!(said.iter().filter(|event| **event == "revoked").count(), 2, "{said:?}");
    let text = format!("{audit:?}");
    assert!(
        !text.contains(&token) && !text.contains(token.rsplit('.').next().unwrap()),
        "a token is in the audit log"
    );
}

#[test]
fn what_is_revoked_must_be_named_well() {
    let home = Home::new("[[auth.external]]\nname = \"django\"\nhs256_secret_file = \"secret\"\n");
    fs::write(home.path("secret"), "a shared secret of this test, long enough").unwrap();
    fs::set_permissions(home.path("secret"), fs::Permissions::from_mode(0o600)).unwrap();
    assert!(home.fails(&["token", "revoke"], "", 2).contains("--jti"));
    assert!(
        home.fails(&["token", "revoke", "--jti", "a", "--sid", "b"], "", 2).contains("cannot be used with")
    );
    let said = home.fails(&["token", "revoke", "--jti", "a", "--iss", "nobody"], "", 1);
    assert!(said.contains("there is: http://127.0.0.1:8080, django"), "{said}");
    home.ok(&["token", "revoke", "--sub", "7", "--iss", "django"]);
    assert!(home.fails(&["token", "revoke", "--file", "-"], "no token", 1).contains("this is no token"));
    // {"alg":"HS256"} and {"sub":"7","jti":"x"}
    let said = home.fails(
        &["token", "revoke", "--file", "-"],
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3IiwianRpIjoieCJ9.AA",
        1,
    );
    assert!(said.contains("no iss"), "{said}");
}

#[test]
fn api_keys_are_made_listed_and_revoked() {
    let home = Home::new("");
    let secret = home.ok(&["apikey", "create", "--name", "billing", "--expires", "30"]);
    assert!(secret.starts_with("ssr_live_"), "{secret}");
    let listed = home.ok(&["apikey", "list"]);
    assert!(
        listed.contains("active") && listed.contains("\"billing\"") && !listed.contains(&secret),
        "{listed}"
    );
    let id = listed.split(' ').next().unwrap();
    home.ok(&["apikey", "revoke", id]);
    assert!(home.ok(&["apikey", "list"]).contains("revoked"));
    assert!(home.fails(&["apikey", "revoke", "nobody"], "", 1).contains("apikey list"));
    let audit = format!("{:?}", home.audit());
    assert!(audit.contains("api_key") && !audit.contains(&secret), "{audit}");
}

#[test]
fn a_migration_says_what_it_did() {
    let home = Home::new("");
    let first = home.ok(&["migrate"]);
    assert!(first.contains("made, with the schema of version"), "{first}");
    assert!(home.ok(&["migrate"]).contains("up to date"));
}

#[test]
fn without_users_of_our_own_commands_say_so() {
    let home = Home::new(
        "[auth]\nissuer = \"external\"\n[[auth.external]]\nname = \"django\"\nhs256_secret_file = \"secret\"\n",
    );
    fs::write(home.path("secret"), "a shared secret of this test, long enough").unwrap();
    fs::set_permissions(home.path("secret"), fs::Permissions::from_mode(0o600)).unwrap();
    for (command, input) in [
        (vec!["user", "list"], ""),
        (vec!["user", "add", "a", "--password-file", "-"], PASSWORD),
        (vec!["keys", "list"], ""),
        (vec!["keys", "rotate"], ""),
        (vec!["token", "issue", "--sub", "a"], ""),
        (vec!["apikey", "list"], ""),
    ] {
        let done = home.run_with(&command, input);
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(!done.status.success() && said.contains("auth.issuer is external"), "{command:?}: {said}");
    }
    home.ok(&["token", "revoke", "--sub", "7", "--iss", "django"]);
    assert!(!home.path("data/key-encryption.key").exists(), "a key was made that nobody needs");
}
