//! One connection to a Postgres server, with its prepared statements.

use std::collections::HashMap;
use std::sync::Arc;

use ::postgres::types::{ToSql, Type};
use ::postgres::{Client, Error, Statement};

use super::super::row::{Fault, Param, Row, Value};

/// What every connection is told first. A statement never runs, and never waits, for longer than a caller does.
const SETTINGS: &str = "SET search_path TO seseragi; SET statement_timeout = '5s'; SET lock_timeout = '4s';
    SET idle_in_transaction_session_timeout = '10s'; SET client_min_messages = 'warning'";

/// A connection that is not in use by anybody else.
///
/// Transactions are begun and ended by statements of ours; one that was left open, by an error or a panic, is seen
/// by [`is_lost`](Self::is_lost), and the connection is closed, which rolls it back.
pub(in crate::store) struct Connection {
    client: Client,
    statements: HashMap<String, Statement>,
    in_transaction: bool,
    place: Arc<str>,
}

impl Connection {
    pub(super) fn new(mut client: Client, place: Arc<str>) -> Result<Self, Error> {
        client.batch_execute(SETTINGS)?;
        Ok(Self { client, statements: HashMap::new(), in_transaction: false, place })
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn is_lost(&self) -> bool {
        self.in_transaction || self.client.is_closed()
    }

    /// Rows are locked where it matters, so that committed reads are enough, whatever the server's default is.
    pub(super) fn begin(&mut self) -> Result<(), Error> {
        self.in_transaction = true;
        self.client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED")
    }

    pub(super) fn commit(&mut self) -> Result<(), Error> {
        self.client.batch_execute("COMMIT")?;
        self.in_transaction = false;
        Ok(())
    }

    pub(super) fn rollback(&mut self) {
        self.in_transaction = self.client.batch_execute("ROLLBACK").is_err();
    }

    pub(in crate::store) fn batch(&mut self, sql: &str) -> Result<(), Fault> {
        Ok(self.client.batch_execute(sql)?)
    }

    pub(in crate::store) fn rows(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Fault> {
        let statement = self.prepared(sql)?;
        let found = self.client.query(&statement, &by_reference(params))?;
        found
            .iter()
            .map(|row| {
                (0..row.len()).map(|column| value(row, column)).collect::<Result<_, _>>().map(Row::new)
            })
            .collect()
    }

    pub(in crate::store) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<usize, Fault> {
        let statement = self.prepared(sql)?;
        let changed = self.client.execute(&statement, &by_reference(params))?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    /// There are as many as there are statements in this crate.
    fn prepared(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn by_reference<'a>(params: &'a [Param<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params
        .iter()
        .map(|param| match param {
            Param::Text(text) => text as &(dyn ToSql + Sync),
            Param::Int(number) => number,
            Param::Bytes(bytes) => bytes,
        })
        .collect()
}

fn value(row: &::postgres::Row, column: usize) -> Result<Value, Fault> {
    let kind = row.columns()[column].type_();
    let value = if *kind == Type::INT8 {
        row.try_get::<_, Option<i64>>(column)?.map(Value::Int)
    } else if *kind == Type::INT4 {
        row.try_get::<_, Option<i32>>(column)?.map(|number| Value::Int(number.into()))
    } else if *kind == Type::BYTEA {
        row.try_get::<_, Option<Vec<u8>>>(column)?.map(Value::Bytes)
    } else {
        row.try_get::<_, Option<String>>(column)?.map(Value::Text)
    };
    Ok(value.unwrap_or(Value::Null))
}
