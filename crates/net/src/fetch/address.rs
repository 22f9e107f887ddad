//! Which addresses may be called. Somebody who controls a name can point it at anything, also between two look-ups, so
//! every address of a name is looked at, right before the connection is made to it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The public internet.
    Public,
    /// A private network (RFC 1918, RFC 4193), that of a provider (RFC 6598), or a test network (RFC 2544).
    Private,
    /// This machine.
    Loopback,
    /// Nothing that has documents for us: link-local addresses, where clouds keep their secrets, multicast, what is
    /// reserved or only for documentation.
    Nothing,
}

/// Amazon's metadata service, in the middle of a private range.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254);

pub(super) fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

/// The special addresses of RFC 6890 and its registry.
fn reach_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        [127, ..] => Reach::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] | [198, 18..=19, ..] => {
            Reach::Private
        }
        [0 | 224..=255, ..] | [169, 254, ..] => Reach::Nothing,
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 51, 100, _] | [203, 0, 113, _] => Reach::Nothing,
        _ => Reach::Public,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    if address.is_loopback() {
        return Reach::Loopback;
    }
    if address == METADATA_V6 {
        return Reach::Nothing;
    }
    match address.segments() {
        // IPv4 in IPv6 (RFC 4291 §2.5.5.2), in the translation prefix (RFC 6052), in 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => inner(high, low),
        [0x2002, high, low, ..] => inner(high, low),
        // Teredo and others (RFC 2928), documentation (RFC 3849).
        [0x2001, 0..=0x01ff | 0x0db8, ..] => Reach::Nothing,
        [0x2000..=0x3ffe, ..] => Reach::Public,
        [0xfc00..=0xfdff, ..] => Reach::Private,
        _ => Reach::Nothing,
    }
}

fn inner(high: u16, low: u16) -> Reach {
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    reach_v4(Ipv4Addr::new(a, b, c, d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_range_is_known() {
        let table: [(Reach, &[&str]); 4] = [
            (
                Reach::Public,
                &[
                    "1.1.1.1",
                    "9.255.255.255",
                    "172.15.0.1",
                    "172.32.0.1",
                    "100.63.0.1",
                    "100.128.0.1",
                    "223.255.255.255",
                    "2606:4700::1111",
                    "2a00::1",
                    "::ffff:1.1.1.1",
                    "64:ff9b::101:101",
                    "2002:101:101::1",
                ],
            ),
            (
                Reach::Private,
                &[
                    "10.0.0.1",
                    "172.16.0.1",
                    "172.31.255.255",
                    "192.168.1.1",
                    "100.64.0.1",
                    "100.127.255.255",
                    "198.18.0.1",
                    "fc00::1",
                    "fd12:3456::1",
                    "::ffff:10.0.0.1",
                    "64:ff9b::a00:1",
                    "2002:a00:1::1",
                ],
            ),
            (
                Reach::Loopback,
                &["127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"],
            ),
            (
                Reach::Nothing,
                &[
                    "0.0.0.0",
                    "0.1.2.3",
                    "169.254.169.254",
                    "169.254.0.1",
                    "224.0.0.1",
                    "239.1.1.1",
                    "240.0.0.1",
                    "255.255.255.255",
                    "192.0.0.1",
                    "192.0.2.1",
                    "198.51.100.1",
                    "203.0.113.1",
                    "192.88.99.1",
                    "::",
                    "fe80::1",
                    "fec0::1",
                    "ff02::1",
                    "2001:db8::1",
                    "2001::1",
                    "100::1",
                    "::7f00:1",
                    "fd00:ec2::254",
                    "::ffff:169.254.169.254",
                    "64:ff9b::a9fe:a9fe",
                    "2002:a9fe:a9fe::1",
                    "4000::1",
                ],
            ),
        ];
        for (expected, addresses) in table {
            for address in addresses {
                assert_eq!(reach(address.parse().unwrap()), expected, "{address}");
            }
        }
    }
}
