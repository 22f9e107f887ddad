//! A data folder with a configuration, commands run on it, and a gateway that runs on it.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// Passwords of these tests: they must never be seen anywhere.
pub(crate) const PASSWORD: &str = "canary-of-a-password-7Jw2";

const CONFIG: &str = r#"
data_dir = "data"
[listen]
address = "127.0.0.1:0"
workers = 1
[metrics]
address = ""
[[models]]
name = "echo"
runtime = "echo"
"#;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A folder with `seseragi.toml` in it. Removed with it.
pub(crate) struct Home(PathBuf);

impl Home {
    /// A fresh one; `more` is added to the configuration.
    pub(crate) fn new(more: &str) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("seseragi-it-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("seseragi.toml"), format!("{CONFIG}{more}")).unwrap();
        Self(path)
    }

    /// A path within it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A command, run to its end, with this text on standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // A command that fails before it reads closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// A command that must succeed; what it printed.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        self.ok_with(arguments, "")
    }

    /// [`Home::ok`] with a text on standard input.
    pub(crate) fn ok_with(&self, arguments: &[&str], input: &str) -> String {
        let done = self.run_with(arguments, input);
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    /// A command that must fail with this exit code; what it said.
    pub(crate) fn fails(&self, arguments: &[&str], input: &str, code: i32) -> String {
        let done = self.run_with(arguments, input);
        let said = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
        said
    }

    /// Adds a user with the password of these tests.
    pub(crate) fn add_user(&self, name: &str) {
        self.ok_with(&["user", "add", name, "--password-file", "-"], &format!("{PASSWORD}\n"));
    }

    /// The lines of the audit log.
    pub(crate) fn audit(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("data/audit.jsonl")).unwrap();
        assert!(!text.contains(PASSWORD), "a password is in the audit log");
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The permission bits of a file.
    pub(crate) fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o777
    }

    /// A gateway that runs on this folder.
    pub(crate) fn serve(&self) -> Gateway {
        let mut child = self.command(&["serve"]).stdin(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = lines.by_ref().map_while(Result::ok).find(|line| line.contains("is listening on http://"));
        let Some(said) = said else {
            let done = child.wait_with_output().unwrap();
            panic!("it did not start: {}", String::from_utf8_lossy(&done.stderr));
        };
        let address = said.rsplit("http://").next().unwrap().to_owned();
        // What it says later is read to its end, so that it never waits for us.
        let errors = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || std::io::read_to_string(errors).unwrap_or_default());
        std::thread::spawn(move || lines.for_each(drop));
        Gateway { child, address, log: Some(log) }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seseragi"));
        let ours: Vec<_> = std::env::vars_os().filter(|(name, _)| !is_ours(name)).collect();
        command.args(arguments).current_dir(&self.0).env_clear().envs(ours);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

fn is_ours(name: &std::ffi::OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("SESERAGI_"))
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running gateway; killed when it is dropped.
pub(crate) struct Gateway {
    child: Child,
    /// Where it listens.
    pub(crate) address: String,
    log: Option<std::thread::JoinHandle<String>>,
}

impl Gateway {
    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once; what it logged.
    pub(crate) fn kill(&mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.log.take().map(|log| log.join().unwrap()).unwrap_or_default()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A file's text.
pub(crate) fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}
