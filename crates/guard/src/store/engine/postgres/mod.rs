//! The Postgres engine: migrations under a lock, transactions, and what is tried again.

mod connection;
mod explain;
mod pool;

use std::time::Duration;

pub(in crate::store) use self::connection::Connection;
use self::explain::explain;
use self::pool::Pool;
use super::row::Fault;
use super::{Tx, migrations, params, url};
use crate::random;
use crate::store::StoreError;

/// How often a piece of work is run again.
const RETRIES_MAX: u32 = 3;
/// "SSRG" twice: the lock under which the schema is changed.
const MIGRATION_LOCK: i64 = 0x5353_5247_5353_5247;

/// A schema that an administrator has made for us needs no right to make one.
const MAKE_SCHEMA: &str = "
    DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'seseragi') THEN CREATE SCHEMA seseragi; END IF;
    END $$;
    CREATE TABLE schema_version (version BIGINT NOT NULL);
    INSERT INTO schema_version VALUES (0)";

/// A server, by a few connections.
pub(in crate::store) struct Postgres {
    pool: Pool,
    found: usize,
}

impl Postgres {
    /// Connects and brings the schema up to date.
    pub(super) fn open(url: &str) -> Result<Self, StoreError> {
        let mut postgres = Self { pool: Pool::new(url::parse(url)?)?, found: 0 };
        postgres.found = postgres.migrate()?;
        Ok(postgres)
    }

    pub(super) fn place(&self) -> &str {
        self.pool.place()
    }

    pub(super) const fn found(&self) -> usize {
        self.found
    }

    pub(super) fn transaction<T>(
        &self,
        work: &mut dyn FnMut(&mut Tx<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        self.retry(|connection| {
            connection.begin().map_err(Stop::early)?;
            let done = work(&mut Tx::Postgres(connection)).map_err(Stop::early);
            match done {
                Ok(done) => connection.commit().map(|()| done).map_err(Stop::late),
                Err(stop) => {
                    connection.rollback();
                    Err(stop)
                }
            }
        })
    }

    pub(super) fn alone<T>(
        &self,
        work: &mut dyn FnMut(&mut Tx<'_>) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        self.retry(|connection| work(&mut Tx::Postgres(connection)).map_err(Stop::early))
    }

    /// Runs `work` on a connection, and again if that may help and cannot do it twice.
    fn retry<T>(&self, mut work: impl FnMut(&mut Connection) -> Result<T, Stop>) -> Result<T, StoreError> {
        let mut tried = 0;
        loop {
            let mut lease = self.pool.take()?;
            let stop = match work(lease.connection()) {
                Ok(done) => return Ok(done),
                Err(stop) => stop,
            };
            let lost = lease.connection().is_lost();
            drop(lease);
            if lost {
                // Those that wait beside it are most likely as dead, and only a statement would tell.
                self.pool.close_idle();
            }
            if tried == RETRIES_MAX || !stop.may_be_tried_again(lost) {
                return Err(explain(self.place(), stop.fault));
            }
            tried += 1;
            // Not all at the same time again.
            std::thread::sleep(Duration::from_millis(u64::from(random::bytes::<1>()[0]) / 16 + 1));
        }
    }

    /// Returns how many migrations the schema had seen before. Nothing is locked if there is nothing to do, so that a role
    /// without the right to make tables can start.
    fn migrate(&self) -> Result<usize, StoreError> {
        if self.alone(&mut |tx| version(tx))? == migrations::NEWEST {
            return Ok(migrations::NEWEST);
        }
        self.transaction(&mut |tx| {
            let Tx::Postgres(connection) = tx else { return Err(Fault::Shape) };
            connection.batch(&format!(
                "SET LOCAL statement_timeout = '60s'; SET LOCAL lock_timeout = '60s';
                 SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
            ))?;
            let done = version(tx)?;
            if done == migrations::NEWEST {
                return Ok(done);
            }
            let Tx::Postgres(connection) = tx else { return Err(Fault::Shape) };
            if done == 0 {
                connection.batch(MAKE_SCHEMA)?;
            }
            migrations::for_postgres(done).try_for_each(|step| connection.batch(&step))?;
            let noted =
                connection.batch(&format!("UPDATE schema_version SET version = {}", migrations::NEWEST));
            noted.map(|()| done)
        })
    }
}

/// How many migrations the schema has seen. A newer one than ours is left alone.
fn version(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let there = tx.row(
        "SELECT 1 FROM pg_tables WHERE schemaname = 'seseragi' AND tablename = 'schema_version'",
        params![],
    )?;
    if there.is_none() {
        return Ok(0);
    }
    let mut row = tx.row("SELECT version FROM schema_version", params![])?.ok_or(Fault::Shape)?;
    let Tx::Postgres(connection) = tx else { return Err(Fault::Shape) };
    let done = usize::try_from(row.number()?).ok().filter(|done| *done <= migrations::NEWEST);
    done.ok_or_else(|| StoreError::Newer { place: connection.place().to_owned() }.into())
}

/// Where a piece of work stopped: before its commit nothing has happened for sure, in its commit it may have.
struct Stop {
    fault: Fault,
    in_commit: bool,
}

impl Stop {
    fn early(fault: impl Into<Fault>) -> Self {
        Self { fault: fault.into(), in_commit: false }
    }

    fn late(fault: impl Into<Fault>) -> Self {
        Self { fault: fault.into(), in_commit: true }
    }

    fn may_be_tried_again(&self, lost: bool) -> bool {
        let Fault::Postgres(error) = &self.fault else { return false };
        explain::is_conflict(error) || (lost && !self.in_commit)
    }
}
