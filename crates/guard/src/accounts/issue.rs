//! What every right to a token ends in: a signed access token, and the note that it was issued.

use super::{Accounts, AuthRefusal, Issued, Secret, Wish};
use crate::{AuthEvent, Binding, Confirmation, Grant, Scopes, Session, UnixSeconds};

impl Accounts {
    /// Signs the access token of a grant and tells of it. `by`: the right, as in [`AuthEvent::Issued`].
    pub(super) fn issue(
        &self,
        grant: Grant<'_>,
        refresh_token: Option<Secret>,
        by: &'static str,
        now: UnixSeconds,
    ) -> Result<Issued, AuthRefusal> {
        // Subjects and sign-ins are named by us: only what the client gave can be wrong.
        let access_token = self.0.issuer.issue(grant, now).map_err(|_| AuthRefusal::Request("client_id"))?;
        let Grant { sub, client_id, .. } = grant;
        self.tell(&AuthEvent::Issued { sub, client_id, jti: &access_token.jti, by }, now);
        Ok(Issued {
            access_token,
            refresh_token,
            sub: sub.to_owned(),
            scopes: *grant.scopes,
            dpop: matches!(grant.cnf, Some(Confirmation::Jkt(_))),
        })
    }

    /// The same for a sign-in.
    pub(super) fn issue_for_session(
        &self,
        session: &Session,
        wish: Wish<'_>,
        refresh_token: Option<Secret>,
        by: &'static str,
        now: UnixSeconds,
    ) -> Result<Issued, AuthRefusal> {
        let scopes = granted(session.scopes, wish.scopes)?;
        let grant = Grant {
            sub: &session.sub,
            scopes: &scopes,
            tier: session.tier,
            client_id: &session.client_id,
            sid: Some(&session.sid),
            cnf: confirmation(&session.binding, &wish)?,
        };
        self.issue(grant, refresh_token, by, now)
    }
}

/// The part that is wanted of what may be given.
///
/// # Errors
/// [`AuthRefusal::Scope`] if nothing that we know is wanted, or more than may be given (RFC 6749 §3.3).
pub(super) fn granted(allowed: Scopes, wanted: Option<Scopes>) -> Result<Scopes, AuthRefusal> {
    match wanted {
        None => Ok(allowed),
        Some(wanted) if !wanted.is_empty() && wanted.and(allowed) == wanted => Ok(wanted),
        Some(_) => Err(AuthRefusal::Scope),
    }
}

/// What a token of a sign-in is bound to: to what the sign-in is, or else to what is wished; a key goes before a cookie.
///
/// # Errors
/// [`AuthRefusal::Grant`] if another key was proved than the sign-in is bound to.
pub(super) fn confirmation<'a>(
    binding: &'a Binding,
    wish: &'a Wish<'a>,
) -> Result<Option<Confirmation<'a>>, AuthRefusal> {
    match (binding, wish.key) {
        (Binding::Key(jkt), Some(key)) if key.thumbprint() != jkt => Err(AuthRefusal::Grant),
        (Binding::Key(jkt), _) => Ok(Some(Confirmation::Jkt(jkt))),
        (Binding::Cookie(digest), _) => Ok(Some(Confirmation::Cookie(digest))),
        (Binding::None, Some(key)) => Ok(Some(Confirmation::Jkt(key.thumbprint()))),
        (Binding::None, None) => Ok(wish.cookie.as_ref().map(Confirmation::Cookie)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scope;

    #[test]
    fn a_part_of_the_scopes_may_be_wanted_and_no_more() {
        let all: Scopes = Scope::ALL.into_iter().collect();
        let infer = Scopes::from(Scope::InferRead);
        assert_eq!(granted(infer, None), Ok(infer));
        assert_eq!(granted(all, Some(infer)), Ok(infer));
        assert_eq!(granted(infer, Some(all)), Err(AuthRefusal::Scope));
        assert_eq!(granted(infer, Some(Scope::AdminRevoke.into())), Err(AuthRefusal::Scope));
        assert_eq!(granted(infer, Some(Scopes::NONE)), Err(AuthRefusal::Scope));
    }

    #[test]
    fn what_a_sign_in_is_bound_to_goes_before_what_is_wished() {
        let wish = Wish { cookie: Some([1; 32]), ..Wish::default() };
        let key = Binding::Key("k".to_owned());
        assert_eq!(confirmation(&key, &wish), Ok(Some(Confirmation::Jkt("k"))));
        assert_eq!(confirmation(&Binding::Cookie([2; 32]), &wish), Ok(Some(Confirmation::Cookie(&[2; 32]))));
        assert_eq!(confirmation(&Binding::None, &wish), Ok(Some(Confirmation::Cookie(&[1; 32]))));
        assert_eq!(confirmation(&Binding::None, &Wish::default()), Ok(None));
    }
}
