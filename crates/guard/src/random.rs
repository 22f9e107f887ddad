//! Random bytes from the operating system. Nothing here is seeded or kept.

/// `N` fresh random bytes.
///
/// # Panics
/// If the operating system has no random source: no name or secret of ours would be safe, so nothing may go
/// on.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    getrandom::fill(&mut out).expect("the operating system provides random bytes");
    out
}
