//! Whatever is changed, the proof is no proof any more.

use proptest::prelude::*;

use super::*;
use crate::dpop::fuzz_proof;

#[test]
fn no_bit_can_be_flipped_and_nothing_cut_off() {
    let (dpop, prover) = (dpop(), TestProver::new_es256());
    let proof = prover.proof("POST", URL, Some(TOKEN), None, NOW);
    for position in 0..proof.len() {
        assert!(dpop.prove(&proof[..position], &CALL, NOW).is_err(), "cut at {position}");
        for bit in 0..7 {
            let mut bytes = proof.clone().into_bytes();
            bytes[position] ^= 1 << bit;
            let flipped = String::from_utf8(bytes).unwrap();
            assert!(dpop.prove(&flipped, &CALL, NOW).is_err(), "bit {bit} of character {position}");
        }
    }
    dpop.prove(&proof, &CALL, NOW).unwrap();
}

proptest! {
    #[test]
    fn changed_claims_need_a_new_signature(position: prop::sample::Index, character in "[A-Za-z0-9_.-]") {
        let prover = TestProver::new_es256();
        let proof = prover.proof("POST", URL, Some(TOKEN), None, NOW);
        let at = position.index(proof.len());
        let changed = format!("{}{character}{}", &proof[..at], &proof[at + 1..]);
        prop_assume!(changed != proof);
        prop_assert!(dpop().prove(&changed, &CALL, NOW).is_err());
    }

    #[test]
    fn any_bytes_are_refused_quietly(bytes: Vec<u8>) {
        fuzz_proof(&bytes);
        crate::fuzz_key_set(&bytes);
    }

    #[test]
    fn any_json_in_the_parts_is_refused_quietly(header in ".{0,60}", claims in ".{0,60}") {
        let text = crate::keyset::tests::make::text;
        fuzz_proof(format!("{}.{}.AAAA", text(header.as_bytes()), text(claims.as_bytes())).as_bytes());
    }
}
