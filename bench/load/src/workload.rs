//! The [`Workload`] of one stream, as the prompt that asks the mock upstream for it.

use std::fmt;
use std::time::Duration;

/// What the mock upstream sends on one stream. Its text is a prompt: `N=100;I=30000;S=24;H=0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workload {
    /// How many deltas.
    pub deltas: u64,
    /// The time between two of them; zero: as fast as they are taken.
    pub interval: Duration,
    /// Bytes of text of each.
    pub size: usize,
    /// How long the stream stays open after the last one.
    pub hold: Duration,
}

impl Workload {
    /// Finds a workload in what may be a whole request message.
    #[must_use]
    pub fn find(request: &str) -> Option<Self> {
        let mut numbers = request[request.find("N=")?..].splitn(4, ';').zip(["N=", "I=", "S=", "H="]).map(
            |(part, name)| -> Option<u64> {
                let number = part.strip_prefix(name)?;
                let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
                number[..end].parse().ok()
            },
        );
        let mut next = || numbers.next().flatten();
        Some(Self {
            deltas: next()?,
            interval: Duration::from_micros(next()?),
            size: usize::try_from(next()?).ok()?,
            hold: Duration::from_millis(next()?),
        })
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { deltas, interval, size, hold } = self;
        write!(f, "N={deltas};I={};S={size};H={}", interval.as_micros(), hold.as_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_survives_the_way_through_a_request() {
        let workload = Workload {
            deltas: 7,
            interval: Duration::from_micros(30_000),
            size: 24,
            hold: Duration::from_millis(5),
        };
        assert_eq!(Workload::find(&format!("\0\n{workload}\"\x12mock")), Some(workload));
        for other in ["", "hello", "N=1;I=2;S=3", "N=a;I=2;S=3;H=4", "N=1;S=3;I=2;H=4"] {
            assert_eq!(Workload::find(other), None);
        }
    }
}
