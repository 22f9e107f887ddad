//! Refused sign-ins, gathered: whoever guesses passwords must not fill the log, or roll away what operators did.
//!
//! Invariant: at most one line a minute for each network, and [`NETWORKS_MAX`] + 1 for all together.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

use seseragi_guard::UnixSeconds;

/// Networks that are told apart within a minute; the others are one.
const NETWORKS_MAX: usize = 20;

/// So many refused sign-ins of a network; `None`: of networks that are not told apart, or not known.
pub(super) type Gathered = (Option<IpAddr>, u64);

/// What was refused since it was last told.
#[derive(Debug, Default)]
pub(super) struct Refused {
    minute: u64,
    /// Networks that had their line in this minute, and what came after it.
    networks: HashMap<IpAddr, u64>,
    others: u64,
}

impl Refused {
    /// Counts one. The first of a network is told at once, the rest with the minute: call [`turn`](Self::turn) before.
    pub(super) fn count(&mut self, address: Option<IpAddr>) -> Option<Gathered> {
        let Some(network) = address.map(network) else {
            self.others += 1;
            return None;
        };
        if let Some(count) = self.networks.get_mut(&network) {
            *count += 1;
            return None;
        }
        if self.networks.len() < NETWORKS_MAX {
            self.networks.insert(network, 0);
            return Some((Some(network), 1));
        }
        self.others += 1;
        None
    }

    /// What is to be told when a minute is over; nothing within one.
    pub(super) fn turn(&mut self, now: UnixSeconds) -> Vec<Gathered> {
        if self.minute == now.0 / 60 {
            return Vec::new();
        }
        self.minute = now.0 / 60;
        self.rest()
    }

    /// What was not told yet. Networks that are told now have had their line of this minute.
    pub(super) fn rest(&mut self) -> Vec<Gathered> {
        self.networks.retain(|_, count| *count > 0);
        let told = self.networks.iter_mut().map(|(network, count)| (Some(*network), std::mem::take(count)));
        let others = std::mem::take(&mut self.others);
        told.chain((others > 0).then_some((None, others))).collect()
    }
}

/// What one customer of a provider gets: an IPv4 address, or 64 bits of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_network_has_one_line_a_minute() {
        let mut refused = Refused::default();
        let mut lines = Vec::new();
        for second in 60..240 {
            lines.extend(refused.turn(UnixSeconds(second)));
            for host in ["2001:db8::1", "2001:db8::2"] {
                lines.extend(refused.count(from(host)));
            }
        }
        let network = from("2001:db8::");
        assert_eq!(lines, [(network, 1), (network, 119), (network, 120)]);
        assert_eq!(refused.rest(), [(network, 120)], "none is lost");
        assert_eq!(refused.turn(UnixSeconds(240)), []);
        assert!(refused.networks.is_empty());
    }

    #[test]
    fn many_networks_are_one() {
        let mut refused = Refused::default();
        refused.turn(UnixSeconds(60));
        let of = |host: u32| Some(std::net::Ipv4Addr::from(host).into());
        let told = (0..1000).filter_map(|host| refused.count(of(host))).count();
        assert_eq!((told, refused.networks.len()), (NETWORKS_MAX, NETWORKS_MAX));
        assert_eq!(refused.count(None), None);
        assert_eq!(refused.turn(UnixSeconds(120)), [(None, 1001 - NETWORKS_MAX as u64)]);
    }
}
