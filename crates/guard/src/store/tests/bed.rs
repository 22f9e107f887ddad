//! Databases for tests, made and removed by them.

use ::postgres::config::SslMode;
use ::postgres::{Client, NoTls};

use super::ISSUER;
use crate::store::Store;
use crate::store::engine::parse_url;
use crate::test_folder::TestFolder;

/// A database for one test. Each [`open`](Self::open) is what another process would have.
pub(super) enum Bed {
    File(TestFolder),
    Server { url: String, database: String },
}

impl Bed {
    pub(super) fn file() -> Self {
        Self::File(TestFolder::new())
    }

    /// `None`, said, where no server is given.
    pub(super) fn server() -> Option<Self> {
        let Ok(url) = std::env::var("SESERAGI_TEST_POSTGRES") else {
            println!("not run: SESERAGI_TEST_POSTGRES does not name a server");
            return None;
        };
        let database = format!("t_{}", crate::id::random_name());
        admin(&url).batch_execute(&format!("CREATE DATABASE {database}")).unwrap();
        Some(Self::Server { url, database })
    }

    pub(super) fn open(&self) -> Store {
        open_at(&self.place())
    }

    /// The path of the file or the URL of the database.
    pub(super) fn place(&self) -> String {
        match self {
            Self::File(folder) => folder.path("a.db").display().to_string(),
            Self::Server { url, database } => in_database(url, database),
        }
    }
}

pub(super) fn open_at(place: &str) -> Store {
    if place.starts_with("postgres") {
        Store::open_postgres(place, ISSUER).unwrap()
    } else {
        Store::open_file(place.as_ref(), ISSUER).unwrap()
    }
}

impl Drop for Bed {
    fn drop(&mut self) {
        if let Self::Server { url, database } = self {
            let _ = admin(url).batch_execute(&format!("DROP DATABASE {database} WITH (FORCE)"));
        }
    }
}

/// The same server, another database.
pub(super) fn in_database(url: &str, database: &str) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = base.rsplit_once('/').expect("the URL names a database");
    format!("{server}/{database}{}{query}", if query.is_empty() { "" } else { "?" })
}

/// A connection beside the store's.
pub(super) fn admin(url: &str) -> Client {
    let mut config = parse_url(url).unwrap_or_else(|error| panic!("{error}")).config;
    config.ssl_mode(SslMode::Disable).connect(NoTls).unwrap()
}

/// Makes of each function a test on a file and a test on a server.
macro_rules! on_each_engine {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(&$crate::store::tests::Bed::file()); })*
        }
        mod postgres {
            $(#[test] fn $name() {
                if let Some(bed) = $crate::store::tests::Bed::server() {
                    super::$name(&bed);
                }
            })*
        }
    };
}
pub(super) use on_each_engine;
