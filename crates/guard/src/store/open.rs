//! The [`Store`]: what outlives the process, the same on SQLite and on Postgres.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::StoreError;
use super::engine::{Engine, params};

/// Everything of ours that outlives the process: users, sign-ins, keys, attempts, revocations.
///
/// All calls block, for up to 5 s where others hold a lock or the server is slow: keep them off the async workers
/// (tokio's `spawn_blocking`); on Postgres a call on an async worker panics. Each call is one transaction: it happens
/// whole or not at all, also beside other processes.
pub struct Store {
    pub(super) engine: Engine,
    /// The `iss` of our own tokens.
    pub(super) issuer: Arc<str>,
}

impl Store {
    /// Opens the SQLite file, which is made if it is not there (mode 0600), checks it for damage and brings its
    /// schema up to date. `issuer`: the `iss` of our own tokens, for the revocations that are written here.
    ///
    /// # Errors
    /// [`StoreError`] if the file is accessible to others, damaged, foreign, newer than this program, or cannot be
    /// used. It is never replaced.
    pub fn open_file(path: &Path, issuer: &str) -> Result<Self, StoreError> {
        Ok(Self { engine: Engine::open_file(path)?, issuer: issuer.into() })
    }

    /// Connects to Postgres and brings the schema `seseragi` of the database up to date. `url` holds a password: it
    /// is never shown.
    ///
    /// `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…&sslrootcert=…`, as libpq reads it, but that the server's
    /// certificate is verified whenever TLS is used: `sslmode` is `require` by default, `disable` for a server on this
    /// machine, `prefer` for TLS if the server offers it; `sslrootcert` names a file of certificates to trust in
    /// place of the system's.
    ///
    /// # Errors
    /// [`StoreError`] if the URL is not one, the server cannot be reached or does not let us in, or the schema is
    /// newer than this program.
    pub fn open_postgres(url: &str, issuer: &str) -> Result<Self, StoreError> {
        Ok(Self { engine: Engine::open_postgres(url)?, issuer: issuer.into() })
    }

    /// The file or the server that is used, without any password.
    pub fn place(&self) -> &str {
        self.engine.place()
    }

    /// The version of the schema that was found when the database was opened (0: there was none), and the one that it has
    /// now.
    pub fn schema_versions(&self) -> (usize, usize) {
        self.engine.versions()
    }

    /// Whether the database answers, for readiness.
    ///
    /// # Errors
    /// [`StoreError`] if it does not.
    pub fn ping(&self) -> Result<(), StoreError> {
        self.engine.alone(|tx| tx.row("SELECT 1", params![]).map(drop))
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("place", &self.place()).finish_non_exhaustive()
    }
}
