use std::fs;
use std::sync::Barrier;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

use super::public::PublicKey;
use super::{KeyFileError, SigningKey};
use crate::test_folder::{TestFolder, mode, set_mode};

#[test]
fn the_key_is_made_once_and_is_private() {
    let folder = TestFolder::new();
    let path = folder.path("data/deep/signing.pem");
    let first = SigningKey::load_or_create(&path).unwrap();
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    let written = fs::read(&path).unwrap();
    let second = SigningKey::load_or_create(&path).unwrap();
    assert_eq!(first.kid(), second.kid());
    assert_eq!(fs::read(&path).unwrap(), written);
    assert_ne!(first.kid(), SigningKey::generate().unwrap().kid());
    assert!(!format!("{first:?}").contains("BEGIN"));
}

#[test]
fn many_starts_at_once_make_one_key_and_leave_nothing_behind() {
    let folder = TestFolder::new();
    let path = folder.path("signing.pem");
    let barrier = Barrier::new(16);
    let start = || {
        barrier.wait();
        SigningKey::load_or_create(&path).unwrap().kid().to_owned()
    };
    let kids: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(start)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(kids.iter().all(|kid| *kid == kids[0]));
    assert_eq!(folder.names(), ["signing.pem"]);
}

#[test]
fn a_file_others_can_reach_is_refused_and_kept() {
    let folder = TestFolder::new();
    let path = folder.path("signing.pem");
    let kid = SigningKey::load_or_create(&path).unwrap().kid().to_owned();
    for exposed in [0o644, 0o640, 0o604, 0o620, 0o602, 0o610] {
        set_mode(&path, exposed);
        let error = SigningKey::load_or_create(&path).unwrap_err().to_string();
        assert!(error.contains("chmod 600") && error.contains(&format!("{exposed:03o}")), "{error}");
    }
    for private in [0o600, 0o400, 0o700] {
        set_mode(&path, private);
        assert_eq!(SigningKey::load_or_create(&path).unwrap().kid(), kid);
    }
}

#[test]
fn a_damaged_file_is_refused_and_kept() {
    let folder = TestFolder::new();
    let path = folder.path("signing.pem");
    SigningKey::load_or_create(&path).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    let p384 = "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDA";
    let damaged = [
        String::new(),
        "hello".to_owned(),
        good.replacen("MI", "NI", 1),
        good[..good.len() / 2].to_owned(),
        good.replace("PRIVATE KEY", "EC PRIVATE KEY"),
        format!("{good}{good}"),
        format!("-----BEGIN PRIVATE KEY-----\n{p384}\n-----END PRIVATE KEY-----\n"),
        "\0\u{1}\u{2}".repeat(100),
    ];
    for content in damaged {
        fs::write(&path, &content).unwrap();
        let error = SigningKey::load_or_create(&path).unwrap_err();
        assert!(matches!(error, KeyFileError::Corrupt(_)), "{error}");
        assert!(error.to_string().contains("restore it from a backup"));
        assert_eq!(fs::read_to_string(&path).unwrap(), content, "an existing file is never replaced");
    }
    fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
    assert!(matches!(SigningKey::load_or_create(&path), Err(KeyFileError::Corrupt(_))));
}

#[test]
fn what_is_no_key_file_is_refused() {
    let folder = TestFolder::new();
    let large = folder.path("large");
    fs::write(&large, vec![b'x'; 20_000]).unwrap();
    set_mode(&large, 0o600);
    assert!(SigningKey::load_or_create(&large).unwrap_err().to_string().contains("too large"));
    let sub = folder.path("sub");
    fs::create_dir(&sub).unwrap();
    assert!(SigningKey::load_or_create(&sub).unwrap_err().to_string().contains("not a regular file"));
    let below_a_file = large.join("signing.pem");
    assert!(SigningKey::load_or_create(&below_a_file).is_err());
}

#[test]
fn the_thumbprint_is_that_of_another_implementation() {
    // Key of RFC 7517 appendix A.1; its thumbprint was computed with Python's hashlib.
    let jwk = ("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM");
    use base64::Engine as _;
    let decode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap();
    let point = [vec![4], decode(jwk.0), decode(jwk.1)].concat();
    let key = PublicKey::from_point(&point).unwrap();
    assert_eq!(key.kid(), "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
    assert_eq!((&key.jwk()["x"], &key.jwk()["y"]), (&jwk.0.into(), &jwk.1.into()));
    assert_eq!(PublicKey::from_point(&point[1..]), None);
}

#[test]
fn the_published_key_verifies_and_holds_no_secret() {
    let key = SigningKey::generate().unwrap();
    let jwks = key.jwks();
    let jwk = &jwks["keys"][0];
    let mut members: Vec<_> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    assert_eq!((&jwk["alg"], &jwk["use"], &jwk["kid"]), (&"ES256".into(), &"sig".into(), &key.kid().into()));
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key().point());
    public.verify(b"message", key.sign(b"message").as_ref()).unwrap();
    public.verify(b"other", key.sign(b"message").as_ref()).unwrap_err();
}
