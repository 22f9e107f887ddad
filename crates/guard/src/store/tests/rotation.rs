use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

on_each_engine!(
    every_outcome_as_the_table_says,
    a_bound_token_is_only_for_its_key,
    a_session_that_ended_gives_nothing,
    a_reuse_ends_the_family,
    any_order_of_presentations_is_as_the_model_says,
);

fn every_outcome_as_the_table_says(bed: &Bed) {
    let store = bed.open();
    let session = session_of("guest:1", "s1");
    add_session(&store, &session);
    let present = |name: &str, after: u64| bed.open().rotate(&rotation(name), NOW.plus(after)).unwrap();
    assert_eq!(present("r-none", 0), Rotated::Unknown);
    let used = Session { last_used_at: NOW.plus(1), ..session.clone() };
    assert_eq!(present("r-s1", 1), Rotated::Fresh(used.clone()));
    assert_eq!(store.session("s1").unwrap(), Some(used.clone()), "the use is noted");
    assert_eq!(present("r-s1", 10), Rotated::Grace(used.clone()));
    assert_eq!(present("r-s1", 0), Rotated::Grace(used.clone()), "a clock that is behind");
    // The second use was within the grace time, but the first one counts.
    assert_eq!(
        present("r-s1", 11),
        Rotated::Reuse(
            Session { ended_at: Some(NOW.plus(11)), ..used.clone() },
            vec![session_revoked("s1", NOW.plus(11))]
        )
    );
    assert_eq!(present("r-s1'", 11), Rotated::Ended(Session { ended_at: Some(NOW.plus(11)), ..used }));
}

fn a_bound_token_is_only_for_its_key(bed: &Bed) {
    let store = bed.open();
    let bound = Session { binding: Binding::Key("mine".to_owned()), ..session_of("guest:1", "s1") };
    add_session(&store, &bound);
    add_session(&store, &session_of("guest:1", "s2"));
    let by = |name: &str, jkt, client_id| {
        store.rotate(&Rotation { jkt, client_id, ..rotation(name) }, NOW.plus(1)).unwrap()
    };
    for (jkt, client_id) in [(None, None), (Some("other"), None), (Some("mine"), Some("other"))] {
        assert_eq!(by("r-s1", jkt, client_id), Rotated::NotTheirs(bound.clone()));
    }
    assert!(matches!(by("r-s1", Some("mine"), Some("console")), Rotated::Fresh(_)));
    // A thief of the used token can neither have the successor nor end the session.
    assert!(matches!(by("r-s1", None, None), Rotated::NotTheirs(_)));
    let later = store.rotate(&rotation("r-s1"), NOW.plus(500)).unwrap();
    assert!(matches!(later, Rotated::NotTheirs(session) if session.is_live(NOW.plus(500))));
    assert!(matches!(by("r-s1", Some("mine"), None), Rotated::Grace(_)));
    assert!(matches!(by("r-s2", Some("any"), None), Rotated::Fresh(_)), "not bound");
    assert_eq!(all_revocations(&store, NOW), []);
}

fn a_session_that_ended_gives_nothing(bed: &Bed) {
    let store = bed.open();
    for sid in ["ended", "idle", "old"] {
        add_session(&store, &session_of("guest:1", sid));
    }
    store.end_session("ended", NOW).unwrap();
    let present = |name: &str, after: u64| store.rotate(&rotation(name), NOW.plus(after)).unwrap();
    assert!(matches!(present("r-ended", 1), Rotated::Ended(_)));
    assert!(matches!(present("r-idle", 1000), Rotated::Ended(_)));
    let mut token = "r-old".to_owned();
    for after in [999, 1998, 2997, 3996, 4995] {
        assert!(matches!(present(&token, after), Rotated::Fresh(_)), "{after}");
        token.push('\'');
    }
    assert!(matches!(present(&token, 5000), Rotated::Ended(_)), "used, but too old");
    assert!(matches!(present("r-old", 5000), Rotated::Ended(_)), "no reuse of what has ended");
    assert_eq!(all_revocations(&store, NOW), [session_revoked("ended", NOW)]);
}

fn a_reuse_ends_the_family(bed: &Bed) {
    let (store, other) = (bed.open(), bed.open());
    add_session(&store, &session_of("guest:1", "s1"));
    for token in ["r-s1", "r-s1'", "r-s1''"] {
        assert!(matches!(store.rotate(&rotation(token), NOW).unwrap(), Rotated::Fresh(_)));
    }
    let at = NOW.plus(10);
    assert!(matches!(other.rotate(&rotation("r-s1"), at).unwrap(), Rotated::Reuse(..)));
    assert_eq!(all_revocations(&store, at), [session_revoked("s1", at)], "written by the same call");
    for token in ["r-s1", "r-s1'", "r-s1''", "r-s1'''"] {
        assert!(matches!(store.rotate(&rotation(token), at).unwrap(), Rotated::Ended(_)), "{token}");
    }
    assert_eq!(store.end_session("s1", at).unwrap(), []);
}

/// Tokens of one family, as anybody would describe them.
#[derive(Default)]
struct Model {
    used_at: Vec<Option<u64>>,
    ended: bool,
}

impl Model {
    fn present(&mut self, token: usize, after: u64) -> &'static str {
        match self.used_at.get(token).copied() {
            None => "Unknown",
            Some(_) if self.ended => "Ended",
            Some(None) => {
                self.used_at[token] = Some(after);
                self.used_at.push(None);
                "Fresh"
            }
            Some(Some(first)) if after - first < 10 => "Grace",
            Some(Some(_)) => {
                self.ended = true;
                "Reuse"
            }
        }
    }
}

fn any_order_of_presentations_is_as_the_model_says(bed: &Bed) {
    let store = bed.open();
    let steps = prop::collection::vec((0..5_usize, 0..6_u64), 1..14);
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&steps, |steps| {
        let sid = crate::id::random_name();
        add_session(&store, &session_of("guest:1", &sid));
        let mut model = Model { used_at: vec![None], ended: false };
        let mut after = 0;
        for (token, wait) in steps {
            after += wait;
            let name = format!("r-{sid}{}", "'".repeat(token));
            let found = format!("{:?}", store.rotate(&rotation(&name), NOW.plus(after)).unwrap());
            let wanted = model.present(token, after);
            prop_assert!(found.starts_with(wanted), "token {token} at {after}: {found}, wanted {wanted}");
            prop_assert_eq!(unused(&store, &sid), 1);
        }
        Ok(())
    });
    outcome.unwrap();
}

/// How many refresh tokens of a session were never used.
pub(super) fn unused(store: &Store, sid: &str) -> u64 {
    count(store, "used_at IS NULL AND sid = $1", sid)
}

/// How many refresh tokens a session has had.
pub(super) fn tokens(store: &Store, sid: &str) -> u64 {
    count(store, "sid = $1", sid)
}

fn count(store: &Store, which: &str, sid: &str) -> u64 {
    let sql = format!("SELECT count(*) FROM refresh_token WHERE {which}");
    store.engine.alone(|tx| tx.row(&sql, engine::params![sid])?.unwrap().number()).unwrap()
}
