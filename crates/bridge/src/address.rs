//! Where a request comes from: the socket's other end, or what a proxy that we trust says of it.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use http::request::Parts;
use seseragi_net::ConnInfo;
use thiserror::Error;

use crate::app::App;

/// A range of addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpNet {
    address: IpAddr,
    bits: u32,
}

/// The text is no range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no range of addresses; write 10.0.0.0/8, 2001:db8::/32 or one address")]
pub struct InvalidNet(pub String);

impl IpNet {
    /// The addresses that share so many leading bits with this one; `None` if it has not so many.
    #[must_use]
    pub fn new(address: IpAddr, bits: u8) -> Option<Self> {
        let width = if address.is_ipv4() { 32 } else { 128 };
        (bits <= width).then(|| Self { address, bits: bits.into() })
    }

    /// Whether the range holds this address. An IPv4 address mapped into IPv6 counts as the former.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(it)) => {
                same(net.to_bits().into(), it.to_bits().into(), 32, self.bits)
            }
            (IpAddr::V6(net), IpAddr::V6(it)) => same(net.to_bits(), it.to_bits(), 128, self.bits),
            _ => false,
        }
    }
}

fn same(net: u128, it: u128, width: u32, bits: u32) -> bool {
    // A shift by all 128 bits would overflow; nothing is compared then.
    (net ^ it).checked_shr(width - bits).unwrap_or(0) == 0
}

impl FromStr for IpNet {
    type Err = InvalidNet;

    fn from_str(text: &str) -> Result<Self, InvalidNet> {
        let invalid = || InvalidNet(text.to_owned());
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, bits)| (a, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), str::parse).map_err(|_| invalid())?;
        Self::new(address, bits).ok_or_else(invalid)
    }
}

impl App {
    /// The client's address: the rightmost hop that is none of our proxies. What stands left of it anybody may have
    /// written.
    pub(crate) fn client_address(&self, head: &Parts) -> Option<IpAddr> {
        let peer = head.extensions.get::<ConnInfo>()?.peer.ip().to_canonical();
        let mut nearest = peer;
        let forwarded = head.headers.get_all("x-forwarded-for").iter().rev();
        let mut hops = forwarded.filter_map(|value| value.to_str().ok()).flat_map(|value| value.rsplit(','));
        while self.trusts(nearest) {
            match hops.next().map(hop) {
                Some(Some(further)) => nearest = further,
                // Unreadable: whoever wrote it is as far as we can see.
                Some(None) | None => break,
            }
        }
        Some(nearest)
    }

    /// Whether the client came by HTTPS, as a proxy of ours says or our public URL tells.
    pub(crate) fn is_https(&self, head: &Parts) -> bool {
        let said = head.headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes() == b"https");
        let peer = head.extensions.get::<ConnInfo>().map(|info| info.peer.ip());
        self.identity.issuer_url.starts_with("https://")
            || (said && peer.is_some_and(|peer| self.trusts(peer)))
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|net| net.contains(address))
    }
}

/// One hop: an address, with or without a port.
fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse().ok().or_else(|| text.parse().ok().map(|it: SocketAddr| it.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> IpNet {
        text.parse().expect(text)
    }

    fn holds(range: &str, address: &str) -> bool {
        net(range).contains(address.parse().expect(address))
    }

    #[test]
    fn a_range_holds_what_shares_its_first_bits() {
        assert!(holds("10.0.0.0/8", "10.255.1.2") && !holds("10.0.0.0/8", "11.0.0.0"));
        assert!(holds("192.0.2.7", "192.0.2.7") && !holds("192.0.2.7", "192.0.2.6"));
        assert!(holds("0.0.0.0/0", "203.0.113.1") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("2001:db8::/32", "2001:db8:1::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("::/0", "2001:db8::1") && holds("::1", "::1"));
        assert!(holds("10.0.0.0/8", "::ffff:10.1.1.1"), "mapped");
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for bad in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/", "10.0.0.0/-1", "localhost"] {
            assert!(bad.parse::<IpNet>().is_err(), "{bad}");
        }
    }

    #[test]
    fn hops_are_read_with_and_without_ports() {
        for text in ["203.0.113.9", " 203.0.113.9:1234 ", "::ffff:203.0.113.9", "[::ffff:203.0.113.9]:1"] {
            assert_eq!(hop(text), "203.0.113.9".parse().ok(), "{text}");
        }
        assert_eq!(hop("[2001:db8::1]"), "2001:db8::1".parse().ok());
        assert_eq!(hop("unknown"), None);
    }
}
