//! How often somebody may try: pure arithmetic on time, and the few counters that need not outlive the process.
//!
//! Every attempt is counted as a failure before the password is looked at, so that many at once are no way around; a success
//! wipes the account clean. Attempts that are refused here change nothing: whoever hammers does not lengthen anybody's wait.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use quick_cache::unsync::Cache;

use super::AuthRefusal;
use crate::{Attempts, UnixSeconds};

/// On one account, or from one device that it knows: 5 a minute, 5 at once.
pub(super) const ACCOUNT: Rate = Rate { step_ms: 12_000, burst: 5, doubles: true };
/// From one network: 30 a minute, 30 at once.
pub(super) const ADDRESS: Rate = Rate { step_ms: 2_000, burst: 30, doubles: false };
/// New guests of one network: 5 a minute, 5 at once.
pub(super) const GUESTS: Rate = Rate { step_ms: 12_000, burst: 5, doubles: false };

/// From this many failures in a row on, each doubles the wait.
const PATIENT_FAILURES: u32 = 5;
/// The longest wait: 15 minutes.
const WAIT_MS_MAX: u64 = 15 * 60 * 1000;
/// An account that nobody tried for a day is like new.
const FORGET_S: u64 = 24 * 60 * 60;
/// Networks that are counted at once; the least used are forgotten first.
const NETWORKS_MAX: usize = 16_384;
/// Sign-ins per core and second, of all together.
const LOGINS_PER_CORE: u64 = 10;
/// So many of them only for devices that have signed in before: whoever asks from many networks does not lock them out.
const KEPT_PER_CORE: u64 = 2;

/// So often, and so many at once (GCRA, the generic cell rate algorithm).
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    step_ms: u64,
    burst: u64,
    /// Whether failures in a row make the wait longer. Not for a network: the people behind it fail one beside the other.
    doubles: bool,
}

impl Rate {
    /// How long until the next one may go, in milliseconds; 0: now.
    fn wait_ms(self, next_ms: u64, now_ms: u64) -> u64 {
        next_ms.saturating_sub(now_ms.saturating_add(self.slack_ms()))
    }

    /// The account after one more has gone.
    fn after(self, next_ms: u64, now_ms: u64) -> u64 {
        next_ms.max(now_ms).saturating_add(self.step_ms)
    }

    const fn slack_ms(self) -> u64 {
        self.step_ms * (self.burst - 1)
    }
}

/// Counts one attempt on each of these accounts, or on none.
///
/// # Errors
/// The seconds to wait, if any of them says so; then nothing was changed.
pub(super) fn attempt(attempts: &mut [Attempts], rates: &[Rate], now: UnixSeconds) -> Result<(), u64> {
    let now_ms = milliseconds(now);
    let each = || attempts.iter().map(|each| believed(*each, now)).zip(rates);
    let wait_ms = each().map(|(each, rate)| rate.wait_ms(each.next_ms, now_ms)).max().unwrap_or(0);
    if wait_ms > 0 {
        return Err(wait_ms.div_ceil(1000));
    }
    let after: Vec<_> = each().map(|(each, rate)| failed(each, *rate, now)).collect();
    attempts.copy_from_slice(&after);
    Ok(())
}

/// The account after one more attempt, taken for a failure.
fn failed(attempts: Attempts, rate: Rate, now: UnixSeconds) -> Attempts {
    let failures = attempts.failures.saturating_add(1);
    let now_ms = milliseconds(now);
    let mut next_ms = rate.after(attempts.next_ms, now_ms);
    if rate.doubles && failures > PATIENT_FAILURES {
        let doublings = (failures - PATIENT_FAILURES).min(16);
        let wait_ms = (rate.step_ms << doublings).min(WAIT_MS_MAX);
        next_ms = next_ms.max(now_ms.saturating_add(wait_ms + rate.slack_ms()));
    }
    Attempts { next_ms, failures, changed_at: now }
}

/// What is still true of an account. If the clock was wrong for a while, nobody waits longer than the longest wait.
fn believed(attempts: Attempts, now: UnixSeconds) -> Attempts {
    if now.since(attempts.changed_at) >= FORGET_S {
        return Attempts::default();
    }
    let latest = milliseconds(now).saturating_add(WAIT_MS_MAX + ACCOUNT.slack_ms());
    Attempts { next_ms: attempts.next_ms.min(latest), ..attempts }
}

/// The network of an address: what one customer of a provider gets. An IPv4 address, or 64 bits of IPv6.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

const fn milliseconds(at: UnixSeconds) -> u64 {
    at.0.saturating_mul(1000)
}

/// All sign-ins of this process together.
pub(super) struct Logins {
    /// For all, and for those whose device is not known.
    per_second: u64,
    strangers_per_second: u64,
    spent: Mutex<(UnixSeconds, u64)>,
}

impl Logins {
    pub(super) fn new(cores: usize) -> Self {
        let cores = cores.max(1) as u64;
        Self {
            per_second: LOGINS_PER_CORE * cores,
            strangers_per_second: (LOGINS_PER_CORE - KEPT_PER_CORE) * cores,
            spent: Mutex::default(),
        }
    }

    /// Counts one. Ask its network first ([`Networks`]), or one of them spends what is everybody's.
    ///
    /// # Errors
    /// [`AuthRefusal::Throttled`] if there were enough of them this second.
    pub(super) fn attempt(&self, device_is_known: bool, now: UnixSeconds) -> Result<(), AuthRefusal> {
        let most = if device_is_known { self.per_second } else { self.strangers_per_second };
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.0 != now {
            *spent = (now, 0);
        }
        if spent.1 >= most {
            return Err(AuthRefusal::Throttled(1));
        }
        spent.1 += 1;
        Ok(())
    }
}

/// Attempts by network, in memory: cheap to ask, and nothing is lost if the process ends.
pub(super) struct Networks {
    rate: Rate,
    next_ms: Mutex<Cache<IpAddr, u64>>,
}

impl Networks {
    /// Counts at this rate.
    pub(super) fn new(rate: Rate) -> Self {
        Self { rate, next_ms: Mutex::new(Cache::new(NETWORKS_MAX)) }
    }

    /// Counts one; not of somebody whose address is not known.
    ///
    /// # Errors
    /// [`AuthRefusal::Throttled`]; then nothing was counted.
    pub(super) fn attempt(&self, address: Option<IpAddr>, now: UnixSeconds) -> Result<(), AuthRefusal> {
        let Some(network) = address.map(network) else { return Ok(()) };
        let mut networks = self.next_ms.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = milliseconds(now);
        // No more than a full burst, even if the clock was wrong for a while.
        let full_ms = now_ms.saturating_add(self.rate.step_ms * self.rate.burst);
        let known = networks.get(&network).copied().unwrap_or(0).min(full_ms);
        let wait_ms = self.rate.wait_ms(known, now_ms);
        if wait_ms > 0 {
            return Err(AuthRefusal::Throttled(wait_ms.div_ceil(1000)));
        }
        networks.insert(network, self.rate.after(known, now_ms));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

    /// One attempt on one account.
    fn one(account: &mut Attempts, now: UnixSeconds) -> Result<(), u64> {
        attempt(std::slice::from_mut(account), &[ACCOUNT], now)
    }

    #[test]
    fn five_at_once_and_then_the_wait_doubles() {
        let mut account = Attempts::default();
        for _ in 0..5 {
            assert_eq!(one(&mut account, NOW), Ok(()));
        }
        let mut now = NOW;
        let mut waits = Vec::new();
        for _ in 0..10 {
            let Err(wait) = one(&mut account, now) else { panic!("no wait after {waits:?}") };
            assert_eq!(one(&mut account, now.plus(wait - 1)), Err(1), "not a second earlier");
            now = now.plus(wait);
            assert_eq!(one(&mut account, now), Ok(()));
            waits.push(wait);
        }
        assert_eq!(waits, [12, 24, 48, 96, 192, 384, 768, 900, 900, 900]);
    }

    #[test]
    fn refused_attempts_change_nothing() {
        let mut account = Attempts::default();
        while one(&mut account, NOW).is_ok() {}
        let before = account;
        for _ in 0..1000 {
            assert_eq!(one(&mut account, NOW), Err(12));
        }
        assert_eq!(account, before);
    }

    #[test]
    fn nothing_is_counted_unless_all_agree() {
        let mut both = [Attempts::default(); 2];
        while attempt(&mut both, &[ACCOUNT, ADDRESS], NOW).is_ok() {}
        let before = both;
        assert_eq!(attempt(&mut both, &[ACCOUNT, ADDRESS], NOW), Err(12));
        assert_eq!((both, both[1].failures), (before, 5), "the network has lost nothing by it");
    }

    #[test]
    fn a_network_has_thirty_and_then_one_every_two_seconds() {
        let mut network = [Attempts::default()];
        for _ in 0..30 {
            assert_eq!(attempt(&mut network, &[ADDRESS], NOW), Ok(()));
        }
        for second in [2, 4, 6] {
            assert_eq!(attempt(&mut network, &[ADDRESS], NOW.plus(second - 1)), Err(1));
            assert_eq!(attempt(&mut network, &[ADDRESS], NOW.plus(second)), Ok(()));
        }
    }

    #[test]
    fn a_day_later_all_is_forgotten_and_a_wrong_clock_locks_nobody_out() {
        let mut account = Attempts { next_ms: u64::MAX, failures: 40, changed_at: NOW };
        let Err(wait) = one(&mut account, NOW) else { panic!() };
        assert_eq!(wait, 900);
        assert_eq!(one(&mut account, NOW.plus(FORGET_S)), Ok(()));
        assert_eq!(account.failures, 1);
    }

    #[test]
    fn a_network_is_what_one_customer_has() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("203.0.113.7"), "203.0.113.7");
        assert_eq!(of("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }

    #[test]
    fn all_together_are_bounded_by_the_second_and_known_devices_keep_a_part() {
        let logins = Logins::new(2);
        assert_eq!((0..100).filter(|_| logins.attempt(false, NOW).is_ok()).count(), 16);
        assert_eq!((0..100).filter(|_| logins.attempt(true, NOW).is_ok()).count(), 4);
        assert_eq!(logins.attempt(true, NOW), Err(AuthRefusal::Throttled(1)));
        assert_eq!(logins.attempt(false, NOW.plus(1)), Ok(()));
    }

    #[test]
    fn attempts_are_counted_by_network_and_forgotten_networks_are_bounded() {
        let guests = Networks::new(GUESTS);
        let from = |text: &str, now| guests.attempt(Some(text.parse().unwrap()), now);
        for host in 1..=5 {
            assert_eq!(from(&format!("2001:db8::{host}"), NOW), Ok(()));
        }
        assert_eq!(from("2001:db8::6", NOW), Err(AuthRefusal::Throttled(12)));
        assert_eq!(from("2001:db8:0:1::6", NOW), Ok(()));
        assert_eq!(from("2001:db8::6", NOW.plus(12)), Ok(()));
        for _ in 0..100 {
            assert_eq!(guests.attempt(None, NOW), Ok(()));
        }
        for host in 0..2 * NETWORKS_MAX as u32 {
            assert_eq!(guests.attempt(Some(std::net::Ipv4Addr::from(host).into()), NOW), Ok(()));
        }
        assert!(guests.next_ms.lock().unwrap().len() <= NETWORKS_MAX);
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_the_longest(next_ms: u64, failures: u32, changed_at: u64, now: u64) {
            let mut account = Attempts { next_ms, failures, changed_at: UnixSeconds(changed_at) };
            if let Err(wait) = one(&mut account, UnixSeconds(now)) {
                prop_assert!((1..=WAIT_MS_MAX / 1000).contains(&wait));
            }
        }
    }
}
