//! Files that only their owner may read: the signing key and the database.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// What is wrong with a file that must be private. The text says what to do.
#[derive(Debug, Error)]
pub enum FileProblem {
    /// The operating system refused.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Group or others have some access to the file.
    #[error("{} is accessible to others (mode {mode:03o}): if nobody has copied it, run chmod 600 on it", .path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The path names a folder, a device or a pipe.
    #[error("{} is not a regular file: give the path of a file", .0.display())]
    NotAFile(PathBuf),
    /// The file is longer than such a file can be.
    #[error("{} is too large to be what it should be: check the path", .0.display())]
    TooLarge(PathBuf),
}

impl FileProblem {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}

/// Makes the folder of `path`, for its owner only, if it is not there.
pub(crate) fn make_folder_of(path: &Path) -> Result<(), FileProblem> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(FileProblem::io("create the folder", folder)),
        _ => Ok(()),
    }
}

/// The content of a private file of at most `bytes_max` bytes; `None` if there is no such file.
pub(crate) fn read(path: &Path, bytes_max: u64) -> Result<Option<Vec<u8>>, FileProblem> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(FileProblem::io("open", path))?,
    };
    // The opened file is checked, not the path: the path may name another file by now.
    check(path, &file.metadata().map_err(FileProblem::io("examine", path))?)?;
    let mut content = Vec::new();
    file.take(bytes_max + 1).read_to_end(&mut content).map_err(FileProblem::io("read", path))?;
    if content.len() as u64 > bytes_max {
        Err(FileProblem::TooLarge(path.to_owned()))
    } else {
        Ok(Some(content))
    }
}

/// Creates `path` with this content at once and durably, unless it is there already.
///
/// The content is written to a temporary file beside it and then linked to its name: a link never replaces a
/// file, so of two processes that start at once exactly one wins, and nobody ever sees half a file. `false`
/// if the file was there.
pub(crate) fn create(path: &Path, content: &[u8]) -> Result<bool, FileProblem> {
    let temporary = temporary_beside(path);
    let result = write_new(&temporary, content).and_then(|()| match fs::hard_link(&temporary, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(FileProblem::io("link to its name the file", path)(error)),
    });
    // Best effort: what stays is a private file of a random name.
    let _ = fs::remove_file(&temporary);
    if matches!(result, Ok(true)) {
        sync_folder_of(path)?;
    }
    result
}

/// Makes sure `path` is there, possibly empty, and private.
pub(crate) fn touch(path: &Path) -> Result<(), FileProblem> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(FileProblem::io("open or create", path))?;
    check(path, &file.metadata().map_err(FileProblem::io("examine", path))?)
}

fn check(path: &Path, metadata: &Metadata) -> Result<(), FileProblem> {
    let mode = metadata.permissions().mode() & 0o777;
    if !metadata.is_file() {
        return Err(FileProblem::NotAFile(path.to_owned()));
    }
    if mode & 0o077 != 0 { Err(FileProblem::Exposed { path: path.to_owned(), mode }) } else { Ok(()) }
}

fn temporary_beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", crate::id::random_name()));
    path.with_file_name(name)
}

fn write_new(path: &Path, content: &[u8]) -> Result<(), FileProblem> {
    let written =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).and_then(|mut file| {
            file.write_all(content)?;
            file.sync_all()
        });
    written.map_err(FileProblem::io("write", path))
}

fn sync_folder_of(path: &Path) -> Result<(), FileProblem> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(FileProblem::io("sync the folder", folder))
}
