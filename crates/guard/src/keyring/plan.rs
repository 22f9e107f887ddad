//! Which key does what, as a pure function of the keys and the time: next → active → retired → gone, or revoked.

use super::{KeyError, RotationConfig};
use crate::{KeyState, StoredKey, UnixSeconds};

/// Makes a key of this state, which begins to sign at that moment.
pub(super) type Make<'a> = &'a mut dyn FnMut(KeyState, UnixSeconds) -> Result<StoredKey, KeyError>;

/// Brings the keys to what they should be at `now`. Afterwards exactly one is active. Doing it again changes nothing.
pub(super) fn advance(
    keys: &mut Vec<StoredKey>,
    config: &RotationConfig,
    now: UnixSeconds,
    make: Make<'_>,
) -> Result<(), KeyError> {
    keys.retain(|key| !is_gone(key, config, now));
    if let Some(next) = keys.iter().position(|key| key.state == KeyState::Next && key.changed_at <= now) {
        keys.iter_mut().filter(|key| key.state == KeyState::Active).for_each(|key| retire(key, now));
        activate(&mut keys[next], now);
    }
    if !keys.iter().any(|key| key.state == KeyState::Active) {
        match keys.iter_mut().find(|key| key.state == KeyState::Next) {
            Some(next) => activate(next, now),
            None => keys.push(make(KeyState::Active, now)?),
        }
    }
    let signs_until =
        |key: &StoredKey| (key.state == KeyState::Active).then(|| key.changed_at.plus(config.rotate_after_s));
    let due = keys.iter().find_map(signs_until).unwrap_or(now);
    if due <= now.plus(config.publish_ahead_s) {
        follow(keys, due.max(now.plus(config.publish_ahead_s)), make)?;
    }
    Ok(())
}

/// Makes sure that a key follows, and that it begins to sign at this moment at the latest.
pub(super) fn follow(keys: &mut Vec<StoredKey>, at: UnixSeconds, make: Make<'_>) -> Result<(), KeyError> {
    match keys.iter_mut().find(|key| key.state == KeyState::Next) {
        Some(next) => next.changed_at = next.changed_at.min(at),
        None => keys.push(make(KeyState::Next, at)?),
    }
    Ok(())
}

/// Withdraws a key; `false` if there is none of this name that verifies.
pub(super) fn revoke(keys: &mut [StoredKey], kid: &str, now: UnixSeconds) -> bool {
    let found = keys.iter_mut().find(|key| key.kid == kid && key.state != KeyState::Revoked);
    let known = found.is_some();
    if let Some(key) = found {
        (key.state, key.changed_at) = (KeyState::Revoked, now);
        key.sealed.clear();
    }
    known
}

fn activate(key: &mut StoredKey, now: UnixSeconds) {
    (key.state, key.changed_at) = (KeyState::Active, now);
}

/// The private half goes at once: it is of no use but to a thief.
fn retire(key: &mut StoredKey, now: UnixSeconds) {
    (key.state, key.changed_at) = (KeyState::Retired, now);
    key.sealed.clear();
}

fn is_gone(key: &StoredKey, config: &RotationConfig, now: UnixSeconds) -> bool {
    let kept_s = match key.state {
        KeyState::Retired => config.retain_s,
        // Longer than it must be, so that `keys list` still tells of it.
        KeyState::Revoked => config.rotate_after_s,
        KeyState::Next | KeyState::Active => return false,
    };
    key.changed_at.plus(kept_s) <= now
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CONFIG: RotationConfig =
        RotationConfig { rotate_after_s: 30 * 86_400, publish_ahead_s: 3600, retain_s: 1500 };
    const START: UnixSeconds = UnixSeconds(1_800_000_000);

    #[derive(Default)]
    struct Workshop {
        keys: Vec<StoredKey>,
        made: usize,
    }

    impl Workshop {
        fn with<R>(&mut self, now: UnixSeconds, f: impl FnOnce(&mut Vec<StoredKey>, Make<'_>) -> R) -> R {
            let Self { keys, made } = self;
            f(keys, &mut |state, at| {
                *made += 1;
                let kid = format!("k{made}");
                Ok(StoredKey { kid, sealed: vec![1], point: vec![4], state, created_at: now, changed_at: at })
            })
        }

        fn advance(&mut self, now: UnixSeconds) {
            self.with(now, |keys, make| advance(keys, &CONFIG, now, make)).unwrap();
        }

        fn states(&self) -> String {
            let mut states: Vec<_> =
                self.keys.iter().map(|key| format!("{}:{:?}", key.kid, key.state)).collect();
            states.sort();
            states.join(" ")
        }
    }

    #[test]
    fn a_key_is_published_signs_retires_and_goes() {
        let mut shop = Workshop::default();
        let due = START.plus(CONFIG.rotate_after_s);
        for (now, states) in [
            (START, "k1:Active"),
            (UnixSeconds(due.0 - 3601), "k1:Active"),
            (UnixSeconds(due.0 - 3600), "k1:Active k2:Next"),
            (UnixSeconds(due.0 - 1), "k1:Active k2:Next"),
            (due, "k1:Retired k2:Active"),
            (due.plus(1499), "k1:Retired k2:Active"),
            (due.plus(1500), "k2:Active"),
        ] {
            shop.advance(now);
            assert_eq!(shop.states(), states, "{}", now.since(START));
        }
        assert!(shop.keys.iter().all(|key| key.state == KeyState::Active || key.sealed.is_empty()));
    }

    #[test]
    fn a_rotation_by_hand_waits_until_others_know_the_key() {
        let mut shop = Workshop::default();
        shop.advance(START);
        shop.with(START, |keys, make| follow(keys, START.plus(2), make)).unwrap();
        shop.advance(START.plus(1));
        assert_eq!(shop.states(), "k1:Active k2:Next");
        shop.advance(START.plus(2));
        assert_eq!(shop.states(), "k1:Retired k2:Active");
    }

    #[test]
    fn after_a_long_sleep_the_next_key_is_still_published_first() {
        let mut shop = Workshop::default();
        shop.advance(START);
        let late = START.plus(CONFIG.rotate_after_s * 3);
        shop.advance(late);
        assert_eq!(shop.states(), "k1:Active k2:Next");
        shop.advance(late.plus(CONFIG.publish_ahead_s));
        assert_eq!(shop.states(), "k1:Retired k2:Active");
    }

    #[test]
    fn a_revoked_key_is_replaced_at_once() {
        let mut shop = Workshop::default();
        shop.advance(START);
        assert!(revoke(&mut shop.keys, "k1", START));
        assert!(!revoke(&mut shop.keys, "k1", START), "once");
        shop.advance(START);
        assert_eq!(shop.states(), "k1:Revoked k2:Active");
        assert!(shop.keys[0].sealed.is_empty());
    }

    proptest! {
        #[test]
        fn one_key_is_always_active(steps in prop::collection::vec((0_u64..3_000_000, 0_u8..4), 1..40)) {
            let (mut shop, mut now) = (Workshop::default(), START);
            for (wait, action) in steps {
                now = now.plus(wait);
                shop.advance(now);
                match action {
                    0 => {
                        let kid = shop.keys[0].kid.clone();
                        revoke(&mut shop.keys, &kid, now);
                    }
                    1 => shop.with(now, |keys, make| follow(keys, now.plus(2), make)).unwrap(),
                    _ => {}
                }
                shop.advance(now);
                let before = shop.keys.clone();
                shop.advance(now);
                prop_assert!(before == shop.keys, "advancing again changes nothing");
                let count = |state| shop.keys.iter().filter(|key| key.state == state).count();
                prop_assert_eq!(count(KeyState::Active), 1);
                prop_assert!(count(KeyState::Next) <= 1 && shop.keys.len() < 20);
            }
        }
    }
}
