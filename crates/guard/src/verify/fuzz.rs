//! Entry points for fuzzers: any bytes, straight to the readers that stand behind base64 and the signature.

use std::sync::LazyLock;

use super::claims::Claims;
use super::config::{OwnIssuer, OwnKeys};
use super::external::{ExternalIssuer, KeySource};
use super::header::Header;
use super::is_name;
use super::keys::Keys;
use super::rules::Rules;
use crate::keyset::KeySet;
use crate::{Scope, UnixSeconds};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

/// Ours, and the one that asks least.
static RULES: LazyLock<[Rules; 2]> = LazyLock::new(|| {
    let (issuer, audience) = ("https://seseragi.test".to_owned(), "seseragi".to_owned());
    let keys = KeySource::Hs256 { secret: Vec::new(), kid: None };
    let none = Keys::Fixed { set: KeySet::default().into(), without_kid: true };
    [
        Rules::own(&OwnIssuer { issuer, audience, keys: OwnKeys::Fixed(Vec::new()) }),
        Rules::external(ExternalIssuer::new("lax", keys), none),
    ]
});

/// The header of a token: refused, or small, and of JSON that others read alike.
pub fn fuzz_header(bytes: &[u8]) {
    if let Ok(header) = Header::parse(bytes) {
        let others: serde_json::Value = serde_json::from_slice(bytes).expect("a strict reader accepts less");
        assert!(bytes.len() <= 1024 && others.as_object().is_some_and(|fields| fields.len() <= 4));
        assert_eq!(others["alg"], *header.alg);
        assert_eq!(others.get("kid").and_then(|kid| kid.as_str()), header.kid.as_deref());
    }
}

/// The claims of a token whose signature was good: refused, or a caller whose names can be logged and whose rights end.
pub fn fuzz_claims(bytes: &[u8]) {
    let header = Header { alg: "ES256".to_owned(), typ: None, kid: None, has_x5t: false };
    let Ok(claims) = Claims::parse(bytes) else { return };
    let _ = claims.issuer();
    for (rules, max_age_s, skew_s) in [(&RULES[0], 3600, 5), (&RULES[1], 3600, 30)] {
        let Ok((caller, _)) = rules.caller(&header, &claims, NOW) else { continue };
        assert!(is_name(caller.subject().sub()) && caller.sid().is_none_or(is_name));
        assert!(caller.jti().is_none_or(is_name) && caller.client_id().is_none_or(is_name));
        let end = caller.expires_at();
        assert!(NOW < end.plus(skew_s) && end <= NOW.plus(max_age_s + skew_s), "{end}");
        assert!(rules.name() == "own" || !caller.scopes().contains(Scope::AdminRevoke));
    }
}
