//! The data folder, and that one gateway at a time runs on it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::commands::Failure;
use crate::config::Config;

/// Locked for as long as a gateway runs; holds its process id for people.
const LOCK_FILE: &str = "gateway.lock";

/// The data folder of a running gateway. Dropping it, or the end of the process, frees it for the next.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Takes the folder of this configuration for this process.
    ///
    /// # Errors
    /// If it cannot be made or used, or another gateway runs on it.
    pub fn take(config: &Config) -> Result<Self, Failure> {
        let path = folder(config)?.to_owned();
        let lock = path.join(LOCK_FILE);
        let failed = |error| Failure::start(format!("{} cannot be used: {error}", lock.display()));
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&lock)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(taken(&path, &mut file)),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(failed)?;
        Ok(Self { path, _lock: file })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn taken(folder: &Path, lock: &mut File) -> Failure {
    let mut id = String::new();
    // Only for the sentence; without it the sentence is less exact.
    let _ = lock.take(20).read_to_string(&mut id);
    Failure::start(format!(
        "another gateway (process {}) runs on the data folder {}: stop it, or give this one a folder of its own with \
         --data-dir",
        id.trim(),
        folder.display()
    ))
}

/// The data folder, made if it is not there: for its owner only.
///
/// # Errors
/// If it cannot be made.
pub fn folder(config: &Config) -> Result<&Path, Failure> {
    let path = config.data_dir.as_path();
    if !path.is_dir() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| {
            Failure::start(format!("the data folder {} cannot be made: {error}", path.display()))
        })?;
    }
    Ok(path)
}
