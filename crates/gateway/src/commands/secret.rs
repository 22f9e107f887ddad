//! Secrets of the command line's user: from a prompt, a file or standard input, never from arguments.

use std::fs::File;
use std::io::{Read as _, stdin};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::Failure;

/// Passwords are at most 256 bytes and tokens 8 KiB; more is a mistake.
const BYTES_MAX: u64 = 16 * 1024;

/// A new password: asked for twice at the terminal, or read from a file, `-` being standard input.
///
/// # Errors
/// If it cannot be read, or both are not the same.
pub fn new_password(file: Option<&Path>) -> Result<String, Failure> {
    let Some(path) = file else { return asked_twice() };
    let text = if path == Path::new("-") { from_stdin("password")? } else { from_file(path, "password")? };
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.contains(['\n', '\r']) {
        return Err(Failure::start("a password is one line"));
    }
    Ok(line.to_owned())
}

/// A token: read from a file, `-` or none being standard input. White space around it does not count.
///
/// # Errors
/// If it cannot be read.
pub fn token(file: Option<&Path>) -> Result<String, Failure> {
    let text = match file {
        Some(path) if path != Path::new("-") => from_file(path, "token")?,
        _ => from_stdin("token")?,
    };
    Ok(text.trim().to_owned())
}

fn asked_twice() -> Result<String, Failure> {
    let ask = |what: &str| {
        rpassword::prompt_password(what).map_err(|error| {
            let hint = "give it by --password-file FILE, or by --password-file - on standard input";
            Failure::start(format!("there is no terminal to ask for the password ({error}): {hint}"))
        })
    };
    let password = ask("Password (8 to 256 bytes): ")?;
    if ask("Again: ")? == password { Ok(password) } else { Err(Failure::start("both are not the same")) }
}

fn from_file(path: &Path, what: &str) -> Result<String, Failure> {
    let failed =
        |error| Failure::start(format!("the {what} cannot be read from {}: {error}", path.display()));
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_file() && metadata.permissions().mode() & 0o077 != 0 {
        eprintln!(
            "seseragi: {} can be read by others: chmod 600 it, or delete it after this",
            path.display()
        );
    }
    let mut text = String::new();
    file.take(BYTES_MAX).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

fn from_stdin(what: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let read = stdin().take(BYTES_MAX).read_to_string(&mut text);
    read.map_err(|error| Failure::start(format!("the {what} cannot be read from standard input: {error}")))?;
    Ok(text)
}
