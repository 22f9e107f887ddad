//! The fingerprint of a broken key generator (ROCA, CVE-2017-15361).
//!
//! The smart-card library in question made primes of the form `k·M + 65537^a mod M`, where `M` is a product of small
//! primes. So modulo each of them the modulus of such a key is a power of 65537, which a good key is only by chance:
//! over all of them together with a chance of about 2^-27.

/// The small primes of which `M` is made in keys of every length.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];
const GENERATOR: u32 = 65_537;

/// Whether this modulus (big endian) has the fingerprint.
pub(super) fn is_roca(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|&prime| is_power_of_generator(remainder(modulus, prime), prime))
}

fn remainder(number: &[u8], prime: u32) -> u32 {
    number.iter().fold(0, |rest, &byte| (rest * 256 + u32::from(byte)) % prime)
}

/// Walks the powers of the generator until they repeat.
fn is_power_of_generator(rest: u32, prime: u32) -> bool {
    let mut power = 1;
    loop {
        if power == rest {
            return true;
        }
        power = power * (GENERATOR % prime) % prime;
        if power == 1 {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_the_generator_have_the_fingerprint_and_their_neighbours_do_not() {
        // 65537^3, big endian.
        let cube = (u128::from(GENERATOR)).pow(3);
        assert!(is_roca(&cube.to_be_bytes()));
        assert!(is_roca(&[0, 0, 0, 1]));
        assert!(!is_roca(&(cube + 2).to_be_bytes()));
        assert!(!is_roca(&(cube * 3).to_be_bytes()), "0 modulo 3 is no power");
    }

    #[test]
    fn the_generator_tells_something_at_eleven() {
        // 65537 is 10 modulo 11, so its powers are 1 and 10 only.
        let hits: Vec<u32> = (0..11).filter(|&rest| is_power_of_generator(rest, 11)).collect();
        assert_eq!(hits, [1, 10]);
    }
}
