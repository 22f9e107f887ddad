//! What the [`Store`](super::Store)'s statements run on: SQLite or Postgres behind four verbs.
//!
//! Statements are written once, with `$1` placeholders, in the SQL that both understand; `FOR UPDATE` stands where
//! Postgres must lock a row and is left out for SQLite, whose writers have the whole file. Only the types of the columns
//! differ, in [`migrations`].
//!
//! Invariant: no text with a NUL is ever kept (Postgres cannot), and whoever asks for one finds nothing.

mod migrations;
mod postgres;
mod row;
mod sqlite;
mod tls;
mod url;

use std::path::Path;

pub(super) use self::row::{Fault, Param, Row, params};
#[cfg(test)]
pub(super) use self::url::parse as parse_url;
use self::{postgres::Postgres, sqlite::Sqlite};
use super::StoreError;

/// An open database.
pub(super) enum Engine {
    /// A file of this machine.
    Sqlite(Sqlite),
    /// A server.
    Postgres(Box<Postgres>),
}

/// Where statements run: in a transaction, or alone.
pub(super) enum Tx<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut postgres::Connection),
}

impl Engine {
    pub(super) fn open_file(path: &Path) -> Result<Self, StoreError> {
        Sqlite::open(path).map(Self::Sqlite)
    }

    pub(super) fn open_postgres(url: &str) -> Result<Self, StoreError> {
        Ok(Self::Postgres(Box::new(Postgres::open(url)?)))
    }

    /// The file or the server, without any password.
    pub(super) fn place(&self) -> &str {
        match self {
            Self::Sqlite(engine) => engine.place(),
            Self::Postgres(engine) => engine.place(),
        }
    }

    /// The version of the schema that was found when it was opened, and the one it has now.
    pub(super) fn versions(&self) -> (usize, usize) {
        let found = match self {
            Self::Sqlite(engine) => engine.found(),
            Self::Postgres(engine) => engine.found(),
        };
        (found, migrations::NEWEST)
    }

    /// Runs `work` in one transaction: all of it happens, or nothing. `work` is run again from its beginning when the
    /// database could not serialize it with another, or went away before it was committed.
    pub(super) fn transaction<T>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.transaction(&mut work),
            Self::Postgres(engine) => engine.transaction(&mut work),
        }
    }

    /// Runs `work`, which is one statement that may be run twice without harm, without a transaction around it.
    pub(super) fn alone<T>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.alone(&mut work),
            Self::Postgres(engine) => engine.alone(&mut work),
        }
    }
}

impl Tx<'_> {
    /// The rows of a statement.
    pub(super) fn rows(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Fault> {
        if params.iter().any(Param::holds_nul) {
            return Ok(Vec::new());
        }
        match self {
            Self::Sqlite(connection) => sqlite::rows(connection, sql, params),
            Self::Postgres(connection) => connection.rows(sql, params),
        }
    }

    /// The only row of a statement, if there is one.
    pub(super) fn row(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Option<Row>, Fault> {
        Ok(self.rows(sql, params)?.into_iter().next())
    }

    /// How many rows a statement changed.
    pub(super) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<usize, Fault> {
        if params.iter().any(Param::holds_nul) {
            return Err(StoreError::Nul.into());
        }
        match self {
            Self::Sqlite(connection) => sqlite::execute(connection, sql, params),
            Self::Postgres(connection) => connection.execute(sql, params),
        }
    }
}

#[cfg(test)]
impl Engine {
    /// Statements of a test, as they stand.
    pub(super) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.alone(|tx| match tx {
            Tx::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Tx::Postgres(connection) => connection.batch(sql),
        })
    }
}
