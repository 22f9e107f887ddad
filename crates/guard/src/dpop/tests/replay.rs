//! A proof is good once.

use serde_json::json;

use super::*;

#[test]
fn a_proof_is_good_once() {
    let (dpop, prover) = (dpop(), TestProver::new_es256());
    let proof = changed(&prover, &[], &[("iat", json!(NOW.0 + 5))]);
    dpop.prove(&proof, &CALL, NOW).unwrap();
    for later in [0, 1, 30, 65] {
        let again = dpop.prove(&proof, &CALL, NOW.plus(later)).unwrap_err();
        assert_eq!(again.reason(), Reason::ProofReplayed, "{later} s later");
    }
    assert_eq!(dpop.prove(&proof, &CALL, NOW.plus(66)).unwrap_err().reason(), Reason::ProofTime);
}

#[test]
fn the_same_name_by_another_key_is_another_proof() {
    let dpop = dpop();
    for prover in [TestProver::new_es256(), TestProver::new_es256()] {
        let proof = changed(&prover, &[], &[("jti", json!("1"))]);
        dpop.prove(&proof, &CALL, NOW).unwrap();
        let renamed = changed(&prover, &[], &[("jti", json!("1")), ("x", json!("another proof"))]);
        assert_eq!(dpop.prove(&renamed, &CALL, NOW).unwrap_err().reason(), Reason::ProofReplayed);
    }
}

#[test]
fn a_refused_proof_uses_nothing_up() {
    let (dpop, prover) = (dpop(), TestProver::new_es256());
    let proof = prover.proof("POST", URL, Some(TOKEN), None, NOW);
    let (signed, _) = proof.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", "A".repeat(86));
    assert_eq!(dpop.prove(&forged, &CALL, NOW).unwrap_err().reason(), Reason::ProofSignature);
    let elsewhere = ProofTarget { path: "/elsewhere", ..CALL };
    assert_eq!(dpop.prove(&proof, &elsewhere, NOW).unwrap_err().reason(), Reason::ProofUrl);
    dpop.prove(&proof, &CALL, NOW).unwrap();
}

#[test]
fn a_full_memory_refuses_instead_of_forgetting() {
    let config = DpopConfig { origins: vec![ORIGIN.to_owned()], replays_max: 2, ..DpopConfig::default() };
    let (dpop, prover) = (Dpop::new(config), TestProver::new_es256());
    let proof = || prover.proof("POST", URL, Some(TOKEN), None, NOW);
    let first = proof();
    dpop.prove(&first, &CALL, NOW).unwrap();
    dpop.prove(&proof(), &CALL, NOW).unwrap();
    assert_eq!(dpop.prove(&proof(), &CALL, NOW).unwrap_err().reason(), Reason::ProofBusy);
    assert_eq!(dpop.prove(&first, &CALL, NOW).unwrap_err().reason(), Reason::ProofReplayed);
    let later = prover.proof("POST", URL, Some(TOKEN), None, NOW.plus(61));
    dpop.prove(&later, &CALL, NOW.plus(61)).unwrap();
}

#[test]
fn throwaway_keys_take_no_room_of_calls() {
    let config = DpopConfig { origins: vec![ORIGIN.to_owned()], replays_max: 2, ..DpopConfig::default() };
    let (dpop, asking) = (Dpop::new(config), ProofTarget { access_token: None, ..CALL });
    let fresh = || TestProver::new_es256().proof("POST", URL, None, None, NOW);
    for _ in 0..2 {
        dpop.prove(&fresh(), &asking, NOW).unwrap();
    }
    assert_eq!(dpop.prove(&fresh(), &asking, NOW).unwrap_err().reason(), Reason::ProofBusy);
    let call = TestProver::new_es256().proof("POST", URL, Some(TOKEN), None, NOW);
    dpop.prove(&call, &CALL, NOW).unwrap();
}

#[test]
fn a_proof_is_good_once_with_a_token_or_without() {
    let asking = ProofTarget { access_token: None, ..CALL };
    for (first, second) in [(CALL, asking), (asking, CALL)] {
        let (dpop, prover) = (dpop(), TestProver::new_es256());
        let proof = prover.proof("POST", URL, Some(TOKEN), None, NOW);
        dpop.prove(&proof, &first, NOW).unwrap();
        assert_eq!(dpop.prove(&proof, &second, NOW).unwrap_err().reason(), Reason::ProofReplayed);
    }
}

#[test]
fn of_many_copies_at_once_one_passes() {
    let (dpop, prover) = (dpop(), TestProver::new_es256());
    let proof = prover.proof("POST", URL, Some(TOKEN), None, NOW);
    let passed: usize = std::thread::scope(|scope| {
        let tries = || (0..25).filter(|_| dpop.prove(&proof, &CALL, NOW).is_ok()).count();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(tries)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(passed, 1);
}
