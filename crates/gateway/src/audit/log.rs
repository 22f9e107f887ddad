//! The thread that writes, and the queue in front of it.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use seseragi_guard::{AuthEvent, LoginResult, UnixSeconds};

use super::file::AuditFile;
use super::line::{line, refused};
use super::refused::Refused;

/// Lines that wait for the disk.
const QUEUE: usize = 1024;
/// A file is put aside before it is longer.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Takes facts and writes them behind the back of requests.
#[derive(Debug)]
pub struct AuditLog {
    lines: Mutex<Option<SyncSender<String>>>,
    refused: Mutex<Refused>,
    lost: Arc<AtomicU64>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl AuditLog {
    /// Opens the file and starts the writer.
    ///
    /// # Errors
    /// If the file cannot be opened as it must be.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = AuditFile::open(path, BYTES_MAX)?;
        let (lines, waiting) = sync_channel(QUEUE);
        let lost = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&lost);
        let writer = std::thread::Builder::new().name("audit".to_owned());
        let writer = writer.spawn(move || write(file, &waiting, &counted))?;
        Ok(Self {
            lines: Mutex::new(Some(lines)),
            refused: Mutex::default(),
            lost,
            writer: Mutex::new(Some(writer)),
        })
    }

    /// Takes one fact. Never waits for the disk.
    pub fn take(&self, event: &AuthEvent<'_>, now: UnixSeconds) {
        self.refused(event, now);
        if !matches!(event, AuthEvent::Login { result: LoginResult::Refused, .. })
            && let Some(line) = line(event, now)
        {
            self.write(line);
        }
    }

    /// Gathers refused sign-ins, and tells of them when it is time.
    fn refused(&self, event: &AuthEvent<'_>, now: UnixSeconds) {
        let mut gathering = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let mut told = gathering.turn(now);
        if let AuthEvent::Login { result: LoginResult::Refused, address, .. } = event {
            told.extend(gathering.count(*address));
        }
        drop(gathering);
        told.into_iter().for_each(|(address, count)| self.write(refused(address, count, now)));
    }

    fn write(&self, line: String) {
        tracing::info!(target: "audit", "{line}");
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = lines.as_ref().is_some_and(|lines| lines.try_send(line).is_ok());
        if !taken && self.lost.fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::error!("the audit log does not keep up: lines are dropped");
        }
    }

    /// Lines that could not be written since the start.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Writes what waits and ends the writer; what is taken later is lost.
    pub fn close(&self) {
        let rest = self.refused.lock().unwrap_or_else(PoisonError::into_inner).rest();
        rest.into_iter().for_each(|(address, count)| self.write(refused(address, count, UnixSeconds::now())));
        drop(self.lines.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A writer that panicked has nothing more to say.
        writer.map(JoinHandle::join).map(Result::ok);
    }
}

/// A line is written to its end before the next is taken; a full disk loses lines and is said.
fn write(mut file: AuditFile, waiting: &Receiver<String>, lost: &AtomicU64) {
    for line in waiting {
        if let Err(error) = file.append(&line) {
            lost.fetch_add(1, Ordering::Relaxed);
            tracing::error!(%error, "the audit log cannot be written");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_folder::TestFolder;
    use seseragi_guard::Change;

    #[test]
    fn closing_it_writes_what_waits() {
        let folder = TestFolder::new();
        let log = AuditLog::open(&folder.path("audit.jsonl")).unwrap();
        for number in 0..100 {
            let sub = format!("user:{number}");
            log.take(&AuthEvent::User { sub: &sub, change: Change::Created }, UnixSeconds(0));
        }
        log.close();
        let lost = log.lost();
        let text = std::fs::read_to_string(folder.path("audit.jsonl")).unwrap();
        assert_eq!((text.lines().count(), lost), (100, 0));
    }

    #[test]
    fn whoever_guesses_passwords_rolls_nothing_away() {
        let folder = TestFolder::new();
        let log = AuditLog::open(&folder.path("audit.jsonl")).unwrap();
        log.take(&AuthEvent::User { sub: "user:a", change: Change::Created }, UnixSeconds(60));
        for second in 60..120 {
            for result in [LoginResult::Refused, LoginResult::Throttled, LoginResult::Busy] {
                let address = Some("203.0.113.9".parse().unwrap());
                (0..100).for_each(|_| {
                    log.take(&AuthEvent::Login { result, sub: None, address }, UnixSeconds(second));
                });
            }
        }
        log.close();
        let text = std::fs::read_to_string(folder.path("audit.jsonl")).unwrap();
        let counts: Vec<u64> = text
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).unwrap()["count"].as_u64().unwrap_or(0)
            })
            .collect();
        assert_eq!((counts, log.lost()), (vec![0, 1, 5999], 0));
    }

    #[test]
    fn a_writer_that_stands_loses_lines_and_counts_them() {
        // Nobody takes lines out of this queue.
        let (lines, waiting) = sync_channel(2);
        let lost = Arc::new(AtomicU64::new(0));
        let log = AuditLog {
            lines: Mutex::new(Some(lines)),
            refused: Mutex::default(),
            lost,
            writer: Mutex::new(None),
        };
        for _ in 0..5 {
            log.take(&AuthEvent::User { sub: "a", change: Change::Created }, UnixSeconds(0));
        }
        assert_eq!((log.lost(), waiting.try_iter().count()), (3, 2));
    }
}
