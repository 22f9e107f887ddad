//! The fuzzers' entry points under many mutations of their seeds: the same on every run, so that it belongs to the
//! tests. The seeds are those that the fuzzers start from.

use std::fs;
use std::path::Path;

/// Mutations tried of each target's seeds.
const MUTATIONS: usize = 20_000;
/// What parsers stumble over.
const PIECES: [&str; 24] = [
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    ".",
    "0",
    "-1",
    "1e999",
    "18446744073709551616",
    "null",
    "true",
    "\\u0000",
    "\\ud800",
    "\u{202e}",
    "=",
    "\"sub\":\"x\",",
    "\"cnf\":{\"jkt\":\"",
    "\"alg\":\"none\",",
    "AAAA",
    "\n",
];

/// Xorshift (Marsaglia 2003): good enough to choose, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }

    /// One to eight small changes.
    fn mutate(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        for _ in 0..=self.throw(8) {
            let place = self.throw(bytes.len() + 1);
            match self.throw(7) {
                0 if place < bytes.len() => bytes[place] ^= 1 << self.throw(8),
                1 if place < bytes.len() => drop(bytes.remove(place)),
                2 => bytes.insert(place, self.throw(256) as u8),
                3 => drop(bytes.splice(place..place, PIECES[self.throw(PIECES.len())].bytes())),
                4 => bytes.truncate(place),
                5 => {
                    let copy = bytes[self.throw(place + 1)..place].to_vec();
                    drop(bytes.splice(place..place, copy));
                }
                _ => bytes.extend_from_slice(&other[self.throw(other.len() + 1)..]),
            }
            bytes.truncate(20_000);
        }
    }
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| fs::read(file).unwrap()).collect()
}

fn run(target: &str, entry: fn(&[u8])) {
    let seeds = seeds(target);
    assert!(seeds.len() >= 3, "{target}");
    seeds.iter().for_each(|seed| entry(seed));
    let mut dice = Dice(0x5e5e_7a91 + target.len() as u64);
    for _ in 0..MUTATIONS {
        let mut bytes = seeds[dice.throw(seeds.len())].clone();
        let other = seeds[dice.throw(seeds.len())].clone();
        dice.mutate(&mut bytes, &other);
        entry(&bytes);
    }
}

#[test]
fn headers() {
    run("header", crate::fuzz_header);
}

#[test]
fn claims() {
    run("claims", crate::fuzz_claims);
}

#[test]
fn key_sets() {
    run("jwks", crate::fuzz_key_set);
}

#[test]
fn proofs() {
    run("dpop", crate::fuzz_proof);
}
