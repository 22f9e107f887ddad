//! The database file: opened, checked, and brought to the current schema.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use thiserror::Error;

use crate::{FileProblem, private_file};

/// "SSRG": tells our files from other SQLite files (`PRAGMA application_id`).
const APPLICATION_ID: i32 = 0x5353_5247;
/// How long one process waits for another that writes.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// Each entry brings the schema one version further; entries are never changed.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE api_key (
        id            TEXT    PRIMARY KEY,
        name          TEXT    NOT NULL,
        secret_sha256 BLOB    NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
        scopes        TEXT    NOT NULL,
        tier          TEXT    NOT NULL,
        created_at    INTEGER NOT NULL,
        expires_at    INTEGER,
        revoked_at    INTEGER,
        last_used_at  INTEGER
    ) STRICT;
"];

/// Our embedded database. The server and the command line use the same file at once, each with its own
/// connection.
///
/// All calls block (microseconds, but up to 5 s while another process writes): keep them off the async
/// workers.
#[derive(Debug)]
pub struct Database {
    connection: Mutex<Connection>,
    path: PathBuf,
}

/// The database did not do what it was asked for.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file cannot be opened or created as it must be.
    #[error("database: {0}")]
    File(#[from] FileProblem),
    /// The content is damaged or is no database.
    #[error(
        "database: {} is damaged or not a database: restore it from a backup, or move it away (with its -wal and \
         -shm files) to start with an empty one; all API keys in it are then gone", .0.display()
    )]
    Corrupt(PathBuf),
    /// A database of another program.
    #[error("database: {} belongs to another program: give another path", .0.display())]
    Foreign(PathBuf),
    /// Written by a newer version of this program.
    #[error("database: {} was written by a newer version of seseragi: upgrade this one", .0.display())]
    Newer(PathBuf),
    /// Another process held the write lock for more than 5 s.
    #[error("database: {} is in use by another process for too long: try again", .0.display())]
    Busy(PathBuf),
    /// Anything else the database reported.
    #[error("database: {} failed: {source}", .path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// There is no API key of this id.
    #[error("there is no API key with this id: `seseragi apikey list` shows them")]
    UnknownApiKey,
    /// The name of a new API key is empty, too long, or has control characters.
    #[error("the name of an API key must have 1 to 255 bytes and no control characters")]
    InvalidName,
}

impl Database {
    /// Opens the file, which is made if it is not there (mode 0600), checks it and brings it up to date.
    ///
    /// The whole file is checked for damage, which takes about a millisecond per few megabytes.
    ///
    /// # Errors
    /// [`StoreError`] if the file is accessible to others, damaged, foreign, newer than this program, or
    /// cannot be used.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        private_file::make_folder_of(path)?;
        // SQLite would make the file as the umask says; its -wal and -shm files then take over the mode of
        // the file.
        private_file::touch(path)?;
        let explain = |error| explain(path, error);
        let mut connection = Connection::open(path).map_err(explain)?;
        connection.busy_timeout(BUSY_WAIT).map_err(explain)?;
        // One snapshot: another process may be migrating.
        let snapshot = connection.unchecked_transaction().map_err(explain)?;
        migrations_done(&snapshot, path)?;
        drop(snapshot);
        prepare(&connection).map_err(explain)?;
        migrate(&mut connection, path)?;
        check_integrity(&connection, path)?;
        Ok(Self { connection: Mutex::new(connection), path: path.to_owned() })
    }

    /// The one connection of this process. A panic elsewhere leaves it usable: statements are atomic.
    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn explain(&self, error: rusqlite::Error) -> StoreError {
        explain(&self.path, error)
    }
}

fn explain(path: &Path, error: rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt(path),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy(path),
        _ => StoreError::Failed { path, source: error },
    }
}

/// WAL lets readers go on while another process writes; FULL makes a revocation survive a power cut.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)
}

/// How many migrations the file has seen, if it is one of ours or empty. Changes nothing.
fn migrations_done(connection: &Connection, path: &Path) -> Result<usize, StoreError> {
    let explain = |error| explain(path, error);
    let number =
        |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0)).map_err(explain);
    let (application, version) = (number("application_id")?, number("user_version")?);
    let sql = "SELECT count(*) FROM sqlite_schema";
    let tables: i64 = connection.query_row(sql, [], |row| row.get(0)).map_err(explain)?;
    if application != APPLICATION_ID && (application, version, tables) != (0, 0, 0) {
        return Err(StoreError::Foreign(path.to_owned()));
    }
    let done = usize::try_from(version).ok().filter(|done| *done <= MIGRATIONS.len());
    done.ok_or_else(|| StoreError::Newer(path.to_owned()))
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let explain = |error| explain(path, error);
    // The write lock is taken first, so that of two processes that start at once one migrates and the other
    // sees it.
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
    let done = migrations_done(&transaction, path)?;
    for migration in &MIGRATIONS[done..] {
        transaction.execute_batch(migration).map_err(explain)?;
    }
    if done < MIGRATIONS.len() {
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(explain)?;
        transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i32).map_err(explain)?;
    }
    transaction.commit().map_err(explain)
}

fn check_integrity(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let verdict = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match verdict.map_err(|error| explain(path, error))? {
        verdict if verdict == "ok" => Ok(()),
        _ => Err(StoreError::Corrupt(path.to_owned())),
    }
}
