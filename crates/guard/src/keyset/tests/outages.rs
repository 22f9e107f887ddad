//! Keys that live at a URL where something is wrong.

use super::server::{Act, Server, keys, kids, live};
use crate::UnixSeconds;
use crate::keyset::{KEY_SET_BYTES_MAX, LiveKeySet};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

fn say(status: u16, headers: &str, body: impl Into<Vec<u8>>) -> Act {
    Act::Say(status, headers.to_owned(), body.into())
}

/// Fetches while the server does something, after a time when it had good keys; why that failed.
async fn fails(act: Act) -> String {
    let server = Server::with_keys(&["a"]);
    let (live, noted) = live(&server);
    live.background(NOW).await;
    assert_eq!(noted.take(), [None]);
    server.now(act);
    assert!(!live.refresh_for("b", NOW.plus(60)).await);
    assert_eq!((kids(&live), server.hits()), (vec!["a".to_owned()], 2), "the old keys stay");
    let [Some(why)] = &noted.take()[..] else { panic!("one failure is told") };
    server.now(keys(&["b"]));
    assert!(live.refresh_for("b", NOW.plus(90)).await, "and it can mend");
    why.clone()
}

#[tokio::test]
async fn whatever_a_server_answers_the_old_keys_stay() {
    for (act, why) in [
        (say(500, "", "{}"), "answered 500"),
        (say(404, "", "{}"), "answered 404"),
        (say(200, "content-type: text/html\r\n", "<html>Sign in</html>"), "not one JSON object"),
        (say(200, "", ""), "not one JSON object"),
        (say(200, "", r#"{"keys":[]}"#), "no key that can be used"),
        (say(200, "", " ".repeat(KEY_SET_BYTES_MAX + 1)), "longer than 262144 bytes"),
        (Act::Close, "no proper HTTP answer"),
    ] {
        let error = fails(act.clone()).await;
        assert!(error.contains(why), "{act:?}: {error}");
    }
}

#[tokio::test]
async fn a_server_that_is_slow_is_given_two_seconds() {
    let began = std::time::Instant::now();
    assert!(fails(Act::Hang).await.contains("in time"));
    let took = began.elapsed().as_millis();
    assert!((2_000..4_000).contains(&took), "{took} ms");
}

#[tokio::test]
async fn a_redirect_to_another_host_reaches_nobody() {
    let other = Server::with_keys(&["evil"]);
    for location in [other.url(), "http://169.254.169.254/latest/".to_owned()] {
        let why = fails(say(302, &format!("location: {location}\r\n"), "")).await;
        assert!(why.contains("another host") || why.contains("no URL for us"), "{why}");
    }
    assert_eq!(other.hits(), 0);
}

async fn try_all(live: &LiveKeySet, from: UnixSeconds, seconds: u64) {
    for later in 0..seconds {
        live.background(from.plus(later)).await;
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_more_and_more_rarely_and_its_keys_end_after_a_day() {
    let server = Server::with_keys(&["a"]);
    let (live, noted) = live(&server);
    live.background(NOW).await;
    drop(server);
    noted.take();
    try_all(&live, NOW.plus(480), 600).await;
    let tries = noted.take();
    // 1 + 2 + 4 … 256 s, each shortened by up to a half, then a try each 150 to 300 s.
    assert!((9..=14).contains(&tries.len()), "{} tries in 600 s", tries.len());
    assert!(tries.iter().flatten().all(|why| why.contains("cannot be reached")), "{tries:?}");
    live.background(NOW.plus(600 + 86_399)).await;
    assert_eq!(kids(&live), ["a"], "stale is better than nothing");
    live.background(NOW.plus(600 + 86_400)).await;
    assert!(kids(&live).is_empty(), "but not for ever");
    assert!(noted.take().iter().flatten().any(|why| why.contains("not used any more")));
}
