use super::*;

on_each_engine!(
    accounts_are_kept_per_name,
    a_panic_in_a_change_changes_nothing,
    an_account_that_was_only_read_leaves_nothing,
);

fn accounts_are_kept_per_name(bed: &Bed) {
    let store = bed.open();
    let [ann, bob, carl] = ["ann", "bob", "carl"].map(digest);
    let account = Attempts { next_ms: 1_800_000_000_123, failures: 7, changed_at: NOW };
    store
        .change_attempts(&[bob, ann], &mut |accounts| {
            assert_eq!(accounts, [Attempts::default(); 2]);
            accounts[0] = account;
        })
        .unwrap();
    let read = |names: &[Digest]| {
        let mut found = Vec::new();
        bed.open().change_attempts(names, &mut |accounts| found = accounts.to_vec()).unwrap();
        found
    };
    assert_eq!(read(&[ann, bob, carl]), [Attempts::default(), account, Attempts::default()]);
    assert_eq!(
        read(&[bob, carl, ann]),
        [account, Attempts::default(), Attempts::default()],
        "in their order"
    );
    assert_eq!(read(&[]), []);
}

fn a_panic_in_a_change_changes_nothing(bed: &Bed) {
    let store = bed.open();
    let name = [digest("ann")];
    store.change_attempts(&name, &mut |accounts| accounts[0].failures = 1).unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.change_attempts(&name, &mut |accounts| {
            accounts[0].failures = 2;
            panic!("on purpose");
        })
    }));
    assert!(panicked.is_err());
    store.change_attempts(&name, &mut |accounts| assert_eq!(accounts[0].failures, 1)).unwrap();
}

fn an_account_that_was_only_read_leaves_nothing(bed: &Bed) {
    let store = bed.open();
    let names: Vec<_> = (0..20).map(|number| digest(&format!("name {number}"))).collect();
    for name in &names {
        store.change_attempts(&[*name, digest("network")], &mut |_| {}).unwrap();
    }
    assert_eq!(store.tidy(NOW).unwrap(), 0, "there is nothing to forget");
}
