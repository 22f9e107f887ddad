//! What only a server can be: unreachable, unwilling, restarted, busy.

use std::time::{Duration, Instant};

use super::bed::{admin, in_database};
use super::*;

/// A database of the server and its URL, if a server is given.
fn server() -> Option<(Bed, String)> {
    let bed = Bed::server()?;
    let url = bed.place();
    Some((bed, url))
}

/// Opens and must fail; no text holds the password.
fn refused(url: &str) -> StoreError {
    let error = Store::open_postgres(url, ISSUER).expect_err("refused");
    let (password, _) = url.split_once("://").unwrap().1.split_once('@').unwrap();
    let password = password.split_once(':').unwrap().1;
    assert!(!format!("{error} {error:?}").contains(password), "{error:?}");
    println!("{error}");
    error
}

#[test]
fn what_is_wrong_with_a_server_is_said() {
    let Some((_bed, url)) = server() else { return };
    let (head, tail) = url.split_once('@').unwrap();
    let (start, _) = head.rsplit_once(':').unwrap();
    let wrong = format!("{start}:hunter2@{tail}");
    assert!(matches!(refused(&wrong), StoreError::Authentication { .. }));
    let nobody = format!("postgres://nobody:hunter2@{tail}");
    assert!(matches!(refused(&nobody), StoreError::Authentication { .. }));
    assert!(matches!(refused(&in_database(&url, "t_none")), StoreError::Missing { .. }));
    let closed = "postgres://a:hunter2@127.0.0.1:1/x";
    assert!(matches!(refused(closed), StoreError::Unreachable { .. }));
    let secure = format!("{url}?sslmode=require&sslrootcert=/nowhere/ca.pem");
    assert!(matches!(refused(&secure), StoreError::Tls { .. }));
}

#[test]
fn a_role_without_rights_is_told_what_it_lacks() {
    let Some((bed, url)) = server() else { return };
    let Bed::Server { database, .. } = &bed else { unreachable!() };
    let role = format!("r_{database}");
    let mut by_hand = admin(&url);
    by_hand.batch_execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'hunter2'")).unwrap();
    let theirs = format!("postgres://{role}:hunter2@{}", url.split_once('@').unwrap().1);
    assert!(matches!(refused(&theirs), StoreError::Permission { .. }));
    // A schema made for it is enough; the right to make tables is not needed once they are there.
    by_hand.batch_execute(&format!("CREATE SCHEMA seseragi AUTHORIZATION {role}")).unwrap();
    Store::open_postgres(&theirs, ISSUER).unwrap().ping().unwrap();
    by_hand.batch_execute(&format!("REVOKE CREATE ON SCHEMA seseragi FROM {role}")).unwrap();
    drop(add_user(&Store::open_postgres(&theirs, ISSUER).unwrap(), "ann"));
    by_hand.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}

#[test]
fn a_newer_schema_is_left_alone() {
    let Some((_bed, url)) = server() else { return };
    drop(Store::open_postgres(&url, ISSUER).unwrap());
    admin(&url).batch_execute("UPDATE seseragi.schema_version SET version = 99").unwrap();
    assert!(matches!(refused(&url), StoreError::Newer { .. }));
}

#[test]
fn connections_that_were_cut_are_replaced() {
    let Some((_bed, url)) = server() else { return };
    let store = Store::open_postgres(&url, ISSUER).unwrap();
    add_user(&store, "ann");
    let mut by_hand = admin(&url);
    for round in 0..5 {
        // All of the pool are in use at once, so that all are open.
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| assert_eq!(store.users().unwrap().len(), 1 + round));
            }
        });
        let cut = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let cut: i64 = by_hand.query_one(cut, &[]).unwrap().get(0);
        assert!((1..=8).contains(&cut), "{cut} connections of one store");
        add_user(&store, &format!("user {round}"));
    }
}

#[test]
fn a_busy_server_is_not_waited_for_without_end() {
    let Some((_bed, url)) = server() else { return };
    let store = Store::open_postgres(&url, ISSUER).unwrap();
    let mut by_hand = admin(&url);
    let mut held = by_hand.transaction().unwrap();
    held.batch_execute("LOCK TABLE seseragi.account").unwrap();
    let began = Instant::now();
    std::thread::scope(|scope| {
        // More than there are connections: some wait for the table, the others for a connection.
        for _ in 0..12 {
            scope.spawn(|| assert!(matches!(store.users(), Err(StoreError::Busy { .. }))));
        }
    });
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
    held.rollback().unwrap();
    assert_eq!(store.users().unwrap(), []);
}

/// Needs a server whose certificate is of the authority in the URL.
#[test]
fn the_certificate_is_verified() {
    let Ok(url) = std::env::var("SESERAGI_TEST_POSTGRES_TLS") else {
        println!("not run: SESERAGI_TEST_POSTGRES_TLS does not name a server");
        return;
    };
    let store = Store::open_postgres(&url, ISSUER).unwrap();
    let secure = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let version = store.engine.alone(|tx| tx.row(secure, engine::params![])?.unwrap().text()).unwrap();
    assert_eq!(version, "TLSv1.3");
    let (base, _) = url.split_once('?').unwrap();
    let unknown = format!("{base}?sslmode=require");
    assert!(matches!(refused(&unknown), StoreError::Tls { .. }), "not an authority of the system");
    let other_name = url.replace("127.0.0.1", "localhost");
    assert!(matches!(refused(&other_name), StoreError::Tls { .. }), "the certificate is for another name");
}

#[tokio::test]
async fn a_store_may_be_dropped_anywhere() {
    let Some((_bed, url)) = tokio::task::spawn_blocking(server).await.unwrap() else { return };
    let store =
        tokio::task::spawn_blocking(move || Store::open_postgres(&url, ISSUER).unwrap()).await.unwrap();
    drop(store);
    // The database is removed by a blocking call, too.
    tokio::task::spawn_blocking(move || drop(_bed)).await.unwrap();
}
