use std::fs;
use std::path::Path;
use std::sync::Barrier;

use super::{KeyEncryptionKey, KeyError, KeyRing, RotationConfig};
use crate::test_folder::{TestFolder, mode, set_mode};
use crate::{Store, UnixSeconds};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
const CONFIG: RotationConfig = RotationConfig::for_tokens_of(300);

fn store(folder: &TestFolder) -> Store {
    Store::open_file(&folder.path("seseragi.db"), "https://issuer.test").unwrap()
}

fn name(path: &Path, store: &Store) -> [u8; 32] {
    KeyEncryptionKey::load_or_create(path, store).unwrap().derive("test")
}

#[test]
fn the_key_is_made_once_by_whoever_is_first_and_is_private() {
    let folder = TestFolder::new();
    let (path, store, barrier) = (folder.path("deep/key"), store(&folder), Barrier::new(8));
    let start = || {
        barrier.wait();
        name(&path, &store)
    };
    let names: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(names.iter().all(|name| *name == names[0]));
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left behind");
}

#[test]
fn a_file_that_is_exposed_damaged_or_no_file_is_refused_and_kept() {
    let folder = TestFolder::new();
    let (path, store) = (folder.path("key"), store(&folder));
    let good = name(&path, &store);
    for exposed in [0o644, 0o640, 0o604, 0o620, 0o602, 0o610] {
        set_mode(&path, exposed);
        let error = KeyEncryptionKey::load_or_create(&path, &store).unwrap_err().to_string();
        assert!(error.contains("chmod 600") && error.contains(&format!("{exposed:03o}")), "{error}");
    }
    set_mode(&path, 0o600);
    assert_eq!(name(&path, &store), good);
    for damaged in ["", "hello", "AAAA", "\0\u{1}"] {
        fs::write(&path, damaged).unwrap();
        let error = KeyEncryptionKey::load_or_create(&path, &store).unwrap_err();
        assert!(matches!(error, KeyError::Corrupt(_)), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged, "an existing file is never replaced");
    }
    fs::write(&path, "x".repeat(20_000)).unwrap();
    let error = KeyEncryptionKey::load_or_create(&path, &store).unwrap_err().to_string();
    assert!(error.contains("too large"), "{error}");
}

#[test]
fn a_key_that_is_gone_is_not_replaced_while_others_are_sealed_by_it() {
    let folder = TestFolder::new();
    let (path, store) = (folder.path("key"), store(&folder));
    let kek = KeyEncryptionKey::load_or_create(&path, &store).unwrap();
    let ring = KeyRing::open(&store, &kek, &CONFIG, NOW).unwrap();
    fs::remove_file(&path).unwrap();
    let error = KeyEncryptionKey::load_or_create(&path, &store).unwrap_err();
    assert!(matches!(error, KeyError::Missing(_)) && !path.exists(), "{error}");
    let other = KeyRing::open(&store, &KeyEncryptionKey::generate(), &CONFIG, NOW).unwrap_err();
    assert!(matches!(&other, KeyError::Sealed(kid) if kid == ring.active().kid()), "{other}");
    assert_eq!(KeyRing::open(&store, &kek, &CONFIG, NOW).unwrap().active().kid(), ring.active().kid());
}
