//! Names and passwords as people type them, brought to one form.

use unicode_normalization::UnicodeNormalization as _;

use super::AuthRefusal;
use crate::verify::is_name;

/// Passwords that are tried first, lower case, one per line: only such as are long enough to be chosen at all.
const COMMON: &str = include_str!("common_passwords.txt");
/// A new password in bytes, normalised.
const PASSWORD_BYTES: std::ops::RangeInclusive<usize> = 8..=256;
/// A password as it is typed; more is not looked at.
const TYPED_BYTES_MAX: usize = 1024;

/// The name as it is shown: without spaces around it; 1 to 255 bytes, no control characters.
pub(super) fn shown(name: &str) -> Option<&str> {
    Some(name.trim()).filter(|name| is_name(name))
}

/// The name as it is compared: one for all ways to type it (NFKC, lower case). `None` if nobody can be called that.
pub(super) fn login_key(name: &str) -> Option<String> {
    let lower = shown(name)?.nfkc().collect::<String>().to_lowercase();
    let key: String = lower.nfkc().collect();
    shown(&key).map(str::to_owned)
}

/// The password as it is hashed (NFC: keyboards differ in how they write the same letter). `None` for one that nobody can
/// have: nothing, or far too long.
pub(super) fn typed_password(password: &str) -> Option<String> {
    let fits = (1..=TYPED_BYTES_MAX).contains(&password.len());
    fits.then(|| password.nfc().collect())
}

/// A new password for the user of this name, as it is hashed.
///
/// # Errors
/// [`AuthRefusal::Password`] if it is too short, too long, common, or the name.
pub(super) fn new_password(password: &str, name: &str) -> Result<String, AuthRefusal> {
    let faulty = |why| Err(AuthRefusal::Password(why));
    let Some(typed) = typed_password(password).filter(|typed| PASSWORD_BYTES.contains(&typed.len())) else {
        return faulty("must have 8 to 256 bytes");
    };
    let lower = typed.to_lowercase();
    if COMMON.lines().any(|common| common == lower) {
        return faulty("is one of the most common ones: attackers try it first");
    }
    if login_key(&typed).is_some_and(|key| Some(key) == login_key(name)) {
        return faulty("must not be the name");
    }
    Ok(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_key() {
        for typed in ["Ann", " ann\t", "ANN", "Ａｎｎ"] {
            assert_eq!(login_key(typed).as_deref(), Some("ann"), "{typed:?}");
        }
        assert_eq!(login_key("Ünal"), login_key("u\u{308}nal"));
        assert_ne!(login_key("аnn"), login_key("ann"), "Cyrillic is another name");
        for bad in ["", "  ", "a\nb", "a\u{202e}b", &"x".repeat(256)] {
            assert_eq!(login_key(bad), None, "{bad:?}");
        }
        // One character that becomes 18 when it is normalised.
        assert_eq!(login_key(&"\u{fdfa}".repeat(80)), None);
    }

    #[test]
    fn a_new_password_is_long_enough_and_not_guessed_at_once() {
        let fault = |password: &str| match new_password(password, "ann.smith") {
            Err(AuthRefusal::Password(why)) => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(new_password("tr0ub4dor", "ann"), Ok("tr0ub4dor".to_owned()));
        assert!(fault("1234567").contains("8 to 256"));
        assert!(fault(&"x".repeat(257)).contains("8 to 256"));
        assert!(fault(&"x".repeat(100_000)).contains("8 to 256"));
        assert!(fault("Password1").contains("common"));
        assert!(fault("ANN.Smith").contains("name"));
        assert!(new_password("\u{e4}\u{e4}\u{e4}\u{e4}", "ann").is_ok(), "bytes, not characters");
        assert_eq!(new_password("a\u{308}bcdefgh", "x"), new_password("\u{e4}bcdefgh", "x"));
    }

    #[test]
    fn the_list_is_as_documented() {
        let lines: Vec<_> = COMMON.lines().collect();
        assert!(lines.len() >= 200, "{}", lines.len());
        for line in &lines {
            assert!(line.len() >= 8 && *line == line.to_lowercase() && *line == line.trim(), "{line}");
        }
        let unique: std::collections::HashSet<_> = lines.iter().collect();
        assert_eq!(unique.len(), lines.len());
    }
}
