//! The file of the audit log: appended to, put aside when it is full, readable by its owner only.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// How many full files are kept.
const KEPT: u32 = 4;

/// The open file.
#[derive(Debug)]
pub(super) struct AuditFile {
    path: PathBuf,
    file: File,
    bytes: u64,
    bytes_max: u64,
}

impl AuditFile {
    /// Opens the file, which is made if it is not there. It is put aside before it is longer than `bytes_max`.
    pub(super) fn open(path: &Path, bytes_max: u64) -> io::Result<Self> {
        let file = open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), file, bytes, bytes_max })
    }

    /// Appends one line at once: commands that append beside a gateway are never mixed into it.
    pub(super) fn append(&mut self, line: &str) -> io::Result<()> {
        let bytes = line.len() as u64 + 1;
        self.follow()?;
        if self.bytes > 0 && self.bytes + bytes > self.bytes_max {
            self.put_aside()?;
        }
        self.file.write_all(format!("{line}\n").as_bytes())?;
        self.bytes += bytes;
        Ok(())
    }

    /// Looks at what is under our name now: another process may have appended to it or put it aside.
    fn follow(&mut self) -> io::Result<()> {
        let ours = self.file.metadata()?;
        match fs::metadata(&self.path) {
            Ok(named) if (named.dev(), named.ino()) == (ours.dev(), ours.ino()) => self.bytes = named.len(),
            _ => {
                self.file = open(&self.path)?;
                self.bytes = self.file.metadata()?.len();
            }
        }
        Ok(())
    }

    fn put_aside(&mut self) -> io::Result<()> {
        for number in (1..KEPT).rev() {
            match fs::rename(self.aside(number), self.aside(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::rename(&self.path, self.aside(1))?;
        self.file = open(&self.path)?;
        self.bytes = 0;
        Ok(())
    }

    /// `audit.jsonl.1` is the newest.
    fn aside(&self, number: u32) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(format!(".{number}"));
        PathBuf::from(name)
    }
}

fn open(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(io::Error::other("others may read it: chmod 600"));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_folder::TestFolder;

    #[test]
    fn full_files_are_put_aside_and_four_are_kept() {
        let folder = TestFolder::new();
        let path = folder.path("audit.jsonl");
        let mut file = AuditFile::open(&path, 20).unwrap();
        for number in 0..14 {
            file.append(&format!("line {number:04}")).unwrap();
        }
        let read = |name: &str| fs::read_to_string(folder.path(name)).unwrap();
        assert_eq!(read("audit.jsonl"), "line 0012\nline 0013\n");
        assert_eq!(read("audit.jsonl.1"), "line 0010\nline 0011\n");
        assert_eq!(read("audit.jsonl.4"), "line 0004\nline 0005\n");
        assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 5);
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }

    #[test]
    fn it_goes_on_where_it_ended() {
        let folder = TestFolder::new();
        let path = folder.path("audit.jsonl");
        AuditFile::open(&path, 20).unwrap().append("line 0000").unwrap();
        AuditFile::open(&path, 20).unwrap().append("line 0001").unwrap();
        AuditFile::open(&path, 20).unwrap().append("line 0002").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "line 0002\n");
    }

    #[test]
    fn it_follows_when_another_process_puts_the_file_aside() {
        let folder = TestFolder::new();
        let path = folder.path("audit.jsonl");
        let (mut ours, mut theirs) =
            (AuditFile::open(&path, 20).unwrap(), AuditFile::open(&path, 20).unwrap());
        ours.append("line 0000").unwrap();
        theirs.append("line 0001").unwrap();
        theirs.append("line 0002").unwrap();
        ours.append("line 0003").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "line 0002\nline 0003\n");
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let folder = TestFolder::new();
        let path = folder.path("audit.jsonl");
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(AuditFile::open(&path, 20).unwrap_err().to_string().contains("chmod 600"));
    }
}
