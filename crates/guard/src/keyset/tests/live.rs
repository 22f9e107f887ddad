//! Keys that live at a URL, while all is well there.

use std::sync::Arc;
use std::time::Duration;

use super::server::{Server, keys, kids, live};
use crate::UnixSeconds;

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[tokio::test]
async fn the_background_fetches_at_once() {
    let server = Server::with_keys(&["a"]);
    let (live, noted) = live(&server);
    assert!(kids(&live).is_empty());
    let fresh = Arc::clone(&live);
    let task = tokio::spawn(async move { fresh.keep_fresh().await });
    let fetched = async {
        while kids(&live).is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), fetched).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    task.abort();
    assert_eq!((kids(&live), server.hits()), (vec!["a".to_owned()], 1));
    assert_eq!(noted.take(), [None]);
}

#[tokio::test]
async fn the_background_fetches_before_the_keys_are_old() {
    let server = Server::with_keys(&["a"]);
    let (live, _) = live(&server);
    live.background(NOW).await;
    server.now(keys(&["b"]));
    live.background(NOW.plus(479)).await;
    assert_eq!((kids(&live), server.hits()), (vec!["a".to_owned()], 1), "max-age is 600 s");
    live.background(NOW.plus(480)).await;
    assert_eq!((kids(&live), server.hits()), (vec!["b".to_owned()], 2), "what is gone there is gone here");
}

#[tokio::test]
async fn a_new_key_is_known_after_one_fetch() {
    let server = Server::with_keys(&["a"]);
    let (live, _) = live(&server);
    assert!(live.refresh_for("a", NOW).await, "before the background has begun");
    server.now(keys(&["a", "b"]));
    assert!(live.refresh_for("a", NOW.plus(60)).await);
    assert_eq!(server.hits(), 1, "a known key causes no fetch");
    assert!(live.refresh_for("b", NOW.plus(60)).await);
    assert_eq!((kids(&live).len(), server.hits()), (2, 2));
}

#[tokio::test]
async fn the_same_document_is_the_same_set() {
    let server = Server::with_keys(&["a"]);
    let (live, noted) = live(&server);
    live.background(NOW).await;
    let before = live.current();
    live.background(NOW.plus(600)).await;
    assert!(Arc::ptr_eq(&before, &live.current()));
    assert_eq!((server.hits(), noted.take()), (2, vec![None, None]));
}

#[tokio::test]
async fn ten_thousand_unknown_kids_cause_one_fetch_in_thirty_seconds() {
    let server = Server::with_keys(&["a"]);
    let (live, _) = live(&server);
    for number in 0..10_000_u64 {
        let now = NOW.plus(number * 29 / 10_000);
        assert!(!live.refresh_for(&format!("spray-{number}"), now).await);
    }
    assert_eq!(server.hits(), 1);
    for number in 0..10_000_u64 {
        let now = NOW.plus(number * 300 / 10_000);
        assert!(!live.refresh_for(&format!("more-{number}"), now).await);
    }
    assert!(server.hits() <= 10, "{} in 300 s", server.hits());
}

#[test]
fn fifty_callers_on_four_runtimes_share_one_fetch() {
    let server = Server::with_keys(&["a"]);
    let (live, _) = live(&server);
    let found: usize = std::thread::scope(|scope| {
        let worker = || {
            runtime().block_on(async {
                let mut callers = tokio::task::JoinSet::new();
                for _ in 0..50 {
                    let live = Arc::clone(&live);
                    callers.spawn(async move { live.refresh_for("a", NOW).await });
                }
                callers.join_all().await.into_iter().filter(|found| *found).count()
            })
        };
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert_eq!((found, server.hits()), (200, 1));
}

#[tokio::test]
async fn a_caller_who_leaves_takes_nothing_from_the_others() {
    let server = Server::with_keys(&["a"]);
    let (live, _) = live(&server);
    let first = Arc::clone(&live);
    let first = tokio::spawn(async move { first.refresh_for("a", NOW).await });
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.is_err(), "it was gone before the fetch had ended");
    assert!(live.refresh_for("a", NOW).await);
    assert_eq!(server.hits(), 1);
}

#[test]
fn a_worker_that_stops_ends_its_fetch_for_all() {
    let server = Server::with_keys(&["a"]);
    let (live, noted) = live(&server);
    let (stopping, leader) = (runtime(), Arc::clone(&live));
    stopping.spawn(async move { leader.refresh_for("a", NOW).await });
    stopping.block_on(tokio::task::yield_now());
    drop(stopping);
    assert!(noted.take().is_empty(), "nobody was told of a fetch");
    assert!(!runtime().block_on(live.refresh_for("a", NOW.plus(1))), "not again so soon");
    assert!(runtime().block_on(live.refresh_for("a", NOW.plus(30))));
}
