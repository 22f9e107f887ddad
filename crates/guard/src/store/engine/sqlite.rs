//! The database file: opened, checked, brought to the current schema, and asked.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, Value as SqlValue, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql, Transaction, TransactionBehavior, params_from_iter};

use super::row::{Fault, Param, Row, Value};
use super::{Tx, migrations};
use crate::private_file;
use crate::store::StoreError;

/// "SSRG": tells our files from other SQLite files (`PRAGMA application_id`).
const APPLICATION_ID: i32 = 0x5353_5247;
/// How long one process waits for another that writes.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// One file with one connection of this process; the command line uses the same file at once with its own.
pub(in crate::store) struct Sqlite {
    connection: Mutex<Connection>,
    path: PathBuf,
    place: String,
    found: usize,
}

impl Sqlite {
    /// Opens the file, which is made if it is not there (mode 0600), checks it and brings it up to date.
    ///
    /// The whole file is checked for damage, which takes about a millisecond per few megabytes.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
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
        let found = migrate(&mut connection, path)?;
        check_integrity(&connection, path)?;
        let place = path.display().to_string();
        Ok(Self { connection: Mutex::new(connection), path: path.to_owned(), place, found })
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) const fn found(&self) -> usize {
        self.found
    }

    /// The write lock is taken first, so that what is read stays true until it is written.
    pub(super) fn transaction<T>(
        &self,
        work: &mut dyn FnMut(&mut Tx<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let connection = self.connection();
        let mut whole = || {
            let transaction = Transaction::new_unchecked(&connection, TransactionBehavior::Immediate)?;
            let done = work(&mut Tx::Sqlite(&transaction))?;
            transaction.commit()?;
            Ok(done)
        };
        whole().map_err(|fault| self.explain(fault))
    }

    pub(super) fn alone<T>(
        &self,
        work: &mut dyn FnMut(&mut Tx<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        work(&mut Tx::Sqlite(&self.connection())).map_err(|fault| self.explain(fault))
    }

    /// A panic elsewhere leaves the connection usable: what was not committed is rolled back.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn explain(&self, fault: Fault) -> StoreError {
        match fault {
            Fault::Sqlite(error) => explain(&self.path, error),
            Fault::Store(error) => error,
            Fault::Shape | Fault::Postgres(_) => StoreError::Corrupt(self.path.clone()),
        }
    }
}

pub(super) fn rows(connection: &Connection, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Fault> {
    let mut statement = connection.prepare(&in_dialect(sql))?;
    let columns = statement.column_count();
    let read = statement.query_map(params_from_iter(params), |row| {
        (0..columns)
            .map(|column| row.get_ref(column).map(Value::from))
            .collect::<Result<_, _>>()
            .map(Row::new)
    })?;
    Ok(read.collect::<Result<_, _>>()?)
}

pub(super) fn execute(connection: &Connection, sql: &str, params: &[Param<'_>]) -> Result<usize, Fault> {
    Ok(connection.prepare(&in_dialect(sql))?.execute(params_from_iter(params))?)
}

/// A statement of ours in the words of SQLite: our texts hold no other `$`.
fn in_dialect(sql: &str) -> String {
    sql.replace('$', "?").replace(" FOR UPDATE SKIP LOCKED", "").replace(" FOR UPDATE", "")
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Text(Some(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Int(Some(number)) => ToSqlOutput::Owned(SqlValue::Integer(*number)),
            Self::Bytes(Some(bytes)) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Text(None) | Self::Int(None) | Self::Bytes(None) => ToSqlOutput::Owned(SqlValue::Null),
        })
    }
}

/// A real number and text that is not UTF-8 were never written by us; they become what no column of ours is.
impl From<ValueRef<'_>> for Value {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null | ValueRef::Real(_) => Self::Null,
            ValueRef::Integer(number) => Self::Int(number),
            ValueRef::Text(text) => {
                std::str::from_utf8(text).map_or(Self::Null, |text| Self::Text(text.to_owned()))
            }
            ValueRef::Blob(bytes) => Self::Bytes(bytes.to_vec()),
        }
    }
}

fn explain(path: &Path, error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt(path.to_owned()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Busy { place: path.display().to_string() }
        }
        _ => StoreError::Failed { place: path.display().to_string(), source: Box::new(error) },
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
    let done = usize::try_from(version).ok().filter(|done| *done <= migrations::NEWEST);
    done.ok_or_else(|| StoreError::Newer { place: path.display().to_string() })
}

/// Returns how many migrations the file had seen before.
fn migrate(connection: &mut Connection, path: &Path) -> Result<usize, StoreError> {
    let explain = |error| explain(path, error);
    // The write lock is taken first, so that of two processes that start at once one migrates and the other
    // sees it.
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
    let done = migrations_done(&transaction, path)?;
    for step in migrations::for_sqlite(done) {
        transaction.execute_batch(&step).map_err(explain)?;
    }
    if done < migrations::NEWEST {
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(explain)?;
        transaction.pragma_update(None, "user_version", migrations::NEWEST as i32).map_err(explain)?;
    }
    transaction.commit().map(|()| done).map_err(explain)
}

fn check_integrity(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let verdict = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match verdict.map_err(|error| explain(path, error))? {
        verdict if verdict == "ok" => Ok(()),
        _ => Err(StoreError::Corrupt(path.to_owned())),
    }
}
