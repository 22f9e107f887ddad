//! Why the store did not do what it was asked for. Each text says what to do, and none shows a password.

use std::error::Error;
use std::path::PathBuf;

use thiserror::Error;

use crate::FileProblem;

/// The store did not do what it was asked for. Nothing of the call happened, unless the connection to a server broke
/// at its very end.
///
/// `place` is the file or, of a server, its address and the name of the database.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file cannot be opened or created as it must be.
    #[error("database: {0}")]
    File(#[from] FileProblem),
    /// The content of the file is damaged or is no database.
    #[error(
        "database: {} is damaged or not a database: restore it from a backup, or move it away (with its -wal and \
         -shm files) to start with an empty one; all users and keys in it are then gone", .0.display()
    )]
    Corrupt(PathBuf),
    /// A database file of another program.
    #[error("database: {} belongs to another program: give another path", .0.display())]
    Foreign(PathBuf),
    /// The schema was written by a newer version of this program.
    #[error("database: {place} was written by a newer version of seseragi: upgrade this one")]
    Newer {
        /// Which database.
        place: String,
    },
    /// Others held a lock, or all connections were in use, for more than 5 s.
    #[error("database: {place} was too busy to answer within 5 s: try again")]
    Busy {
        /// Which database.
        place: String,
    },
    /// The connection URL is not one; what is wrong with it.
    #[error(
        "database: {0}; it is written postgres://USER:PASSWORD@HOST:5432/DATABASE, with special characters of the \
         password percent-encoded"
    )]
    Url(&'static str),
    /// The server does not answer, or went away.
    #[error(
        "database: {place} cannot be reached ({why}): check that the server runs there and takes connections"
    )]
    Unreachable {
        /// Which database.
        place: String,
        /// What the system or the server said.
        why: String,
    },
    /// The server wants another name or password.
    #[error(
        "database: {place} refused the name or the password ({why}): check both in the URL, and pg_hba.conf"
    )]
    Authentication {
        /// Which database.
        place: String,
        /// What the server said.
        why: String,
    },
    /// The server has no database of this name.
    #[error("database: {place} does not exist: make it with createdb, owned by the role of the URL")]
    Missing {
        /// Which database.
        place: String,
    },
    /// The role may not do what is needed.
    #[error(
        "database: {place} does not permit it ({why}): let the role of the URL own the database, or grant it CREATE \
         on it, and give the address of a server that takes writes"
    )]
    Permission {
        /// Which database.
        place: String,
        /// What the server said.
        why: String,
    },
    /// The connection cannot be made secure.
    #[error(
        "database: {place} cannot be reached by TLS ({why}): give the certificate of its issuer with \
         sslrootcert=FILE in the URL, or sslmode=disable if the network between is yours"
    )]
    Tls {
        /// Which database.
        place: String,
        /// What was wrong.
        why: String,
    },
    /// Anything else the database reported.
    #[error("database: {place} failed: {source}")]
    Failed {
        /// Which database.
        place: String,
        /// What it said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A text to be kept holds a NUL.
    #[error("a text with a NUL character cannot be kept")]
    Nul,
    /// There is no API key of this id.
    #[error("there is no API key with this id: `seseragi apikey list` shows them")]
    UnknownApiKey,
    /// The name of a new API key is empty, too long, or has control characters.
    #[error("the name of an API key must have 1 to 255 bytes and no control characters")]
    InvalidName,
    /// Another user has this name already.
    #[error("there is a user of this name already: `seseragi user list` shows them")]
    NameTaken,
    /// There is no user of this `sub`.
    #[error("there is no such user: `seseragi user list` shows them")]
    UnknownUser,
    /// The user was disabled, or its password set, after its sign-in was checked: no session was begun.
    #[error("the user was disabled or got another password a moment ago: sign in again")]
    UserChanged,
}
