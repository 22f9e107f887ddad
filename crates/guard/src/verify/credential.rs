//! From the Authorization header to the text of the credential.

use super::parts::{TOKEN_BYTES_MAX, is_token_character};
use crate::{Reason, Rejection};

/// How a credential claims to be used (RFC 6750 §2.1, RFC 9449 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Who holds it may use it.
    Bearer,
    /// It is bound to a key and comes with a proof.
    Dpop,
}

/// The one credential among the values of the Authorization headers of a request.
///
/// Exactly one header; scheme `Bearer` or `DPoP` in any case (RFC 9110 §11.1), then spaces, then at most 8192
/// characters of base64url, dots and underscores. Tokens in queries, cookies and bodies are never looked at.
/// An API key of ours passes as well.
///
/// # Errors
/// A [`Rejection`] with the reason `missing`, `header_repeated`, `scheme_unsupported`, `token_too_large` or
/// `token_malformed`.
pub fn credential<'a>(
    mut authorization: impl Iterator<Item = &'a [u8]>,
) -> Result<(Scheme, &'a str), Rejection> {
    let value = authorization.next().ok_or(Reason::Missing)?;
    if authorization.next().is_some() {
        return Err(Reason::HeaderRepeated.into());
    }
    let scheme_end = value.iter().position(|&byte| byte == b' ').unwrap_or(value.len());
    let (name, rest) = value.split_at(scheme_end);
    let scheme = if name.eq_ignore_ascii_case(b"Bearer") {
        Scheme::Bearer
    } else if name.eq_ignore_ascii_case(b"DPoP") {
        Scheme::Dpop
    } else {
        return Err(Reason::SchemeUnsupported.into());
    };
    Ok((scheme, token_in(rest)?))
}

/// The one bearer token of a request, where proofs are not looked at. See [`credential`].
///
/// # Errors
/// Those of [`credential`], and `proof_unsupported` for the scheme `DPoP`.
pub fn bearer<'a>(authorization: impl Iterator<Item = &'a [u8]>) -> Result<&'a str, Rejection> {
    match credential(authorization)? {
        (Scheme::Bearer, token) => Ok(token),
        (Scheme::Dpop, _) => Err(Reason::ProofUnsupported.into()),
    }
}

fn token_in(rest: &[u8]) -> Result<&str, Rejection> {
    let start = rest.iter().position(|&byte| byte != b' ').ok_or(Reason::TokenMalformed)?;
    let token = &rest[start..];
    if token.len() > TOKEN_BYTES_MAX {
        return Err(Reason::TokenTooLarge.into());
    }
    if !token.iter().copied().all(is_token_character) {
        return Err(Reason::TokenMalformed.into());
    }
    std::str::from_utf8(token).map_err(|_| Reason::TokenMalformed.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[&str], expected: Result<&str, Reason>) {
        let found = bearer(values.iter().map(|value| value.as_bytes()));
        assert_eq!(found.map_err(Rejection::reason), expected, "{values:?}");
    }

    #[test]
    fn one_bearer_header_is_demanded() {
        check(&["Bearer a.b-c_d.e"], Ok("a.b-c_d.e"));
        check(&["bearer x"], Ok("x"));
        check(&["BEARER   x"], Ok("x"));
        check(&[], Err(Reason::Missing));
        check(&["Bearer x", "Bearer x"], Err(Reason::HeaderRepeated));
        check(&["Bearer x", "Basic y"], Err(Reason::HeaderRepeated));
    }

    #[test]
    fn other_schemes_are_not_bearer() {
        check(&["Basic dXNlcjpwYXNz"], Err(Reason::SchemeUnsupported));
        check(&["x.y.z"], Err(Reason::SchemeUnsupported));
        check(&[""], Err(Reason::SchemeUnsupported));
        check(&["Bearer\tx"], Err(Reason::SchemeUnsupported));
        check(&["BearerDPoP x"], Err(Reason::SchemeUnsupported));
        check(&["DPoP x"], Err(Reason::ProofUnsupported));
    }

    #[test]
    fn the_scheme_of_a_bound_token_is_told_apart() {
        for text in ["DPoP a.b.c", "dpop a.b.c", "DPOP  a.b.c"] {
            assert_eq!(credential([text.as_bytes()].into_iter()), Ok((Scheme::Dpop, "a.b.c")));
        }
        assert_eq!(credential([&b"bearer x"[..]].into_iter()), Ok((Scheme::Bearer, "x")));
    }

    #[test]
    fn the_alphabet_is_closed() {
        for bad in
            ["Bearer", "Bearer ", "Bearer x ", "Bearer x,y", "Bearer x, Bearer y", "Bearer a+b", "Bearer a/b"]
        {
            check(&[bad], Err(Reason::TokenMalformed));
        }
        for bad in ["Bearer a=", "Bearer a\0", "Bearer é", "Bearer a\r\nX: y", "Bearer \"a\"", "Bearer a b"]
        {
            check(&[bad], Err(Reason::TokenMalformed));
        }
        let raw: &[u8] = b"Bearer \xff\xfe";
        assert_eq!(bearer([raw].into_iter()).unwrap_err().reason(), Reason::TokenMalformed);
    }

    #[test]
    fn the_size_is_bounded() {
        let longest = "x".repeat(TOKEN_BYTES_MAX);
        check(&[&format!("Bearer {longest}")], Ok(&longest));
        check(&[&format!("Bearer {longest}x")], Err(Reason::TokenTooLarge));
    }
}
