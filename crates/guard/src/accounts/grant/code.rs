//! Authorization codes for registered programs: PKCE with S256 only (RFC 6749 §4.1, RFC 7636, RFC 9700 §2.1.1).
//!
//! A code lives for a minute and is used up by being presented. Presented again, it ends the sign-in that was made from it.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::accounts::issue::granted;
use crate::accounts::secret::{Kind, sha256};
use crate::accounts::session::{Basis, begun};
use crate::accounts::{Accounts, AuthRefusal, Client, CodeExchange, CodeRequest, Issued, Secret, Wish};
use crate::{Binding, CodeGrant, Digest, NewSession, ProvenKey, Session, TakenCode, UnixSeconds};

/// How long a code lives, in seconds.
const CODE_S: u64 = 60;

impl Accounts {
    /// The registered program, if `redirect_uri` is one of its own.
    ///
    /// # Errors
    /// `Client` if there is no such program, `Redirect` if the place is not one of its own: nothing may be sent there.
    pub fn client(&self, client_id: &str, redirect_uri: &str) -> Result<&Client, AuthRefusal> {
        let client = self.program(client_id)?;
        if client.redirects_to(redirect_uri) { Ok(client) } else { Err(AuthRefusal::Redirect) }
    }

    fn program(&self, client_id: &str) -> Result<&Client, AuthRefusal> {
        self.0.config.clients.iter().find(|client| client.id == client_id).ok_or(AuthRefusal::Client)
    }

    /// A code for the sign-in of a cookie.
    ///
    /// # Errors
    /// `Client` and `Redirect` as [`client`](Self::client), `Request`, `SignedOut`, `Scope`, `Busy`, `Unavailable`.
    pub async fn authorize(
        &self,
        cookie: &str,
        request: CodeRequest<'_>,
        now: UnixSeconds,
    ) -> Result<Secret, AuthRefusal> {
        let client = self.client(request.client_id, request.redirect_uri)?;
        if !is_digest(request.code_challenge) {
            return Err(AuthRefusal::Request("code_challenge"));
        }
        if !request.jkt.is_none_or(is_digest) {
            return Err(AuthRefusal::Request("dpop_jkt"));
        }
        let session = self.live_session(cookie, now).await?;
        let allowed = session.scopes.and(client.scopes);
        let scopes = granted(allowed, request.scopes)?;
        if scopes.is_empty() {
            return Err(AuthRefusal::Scope);
        }
        let grant = CodeGrant {
            client_id: client.id.clone(),
            redirect_uri: request.redirect_uri.to_owned(),
            code_challenge: request.code_challenge.to_owned(),
            jkt: request.jkt.map(str::to_owned),
            sub: session.sub,
            tier: session.tier,
            scopes,
            expires_at: now.plus(CODE_S),
            parent: session.sid,
        };
        let code = Secret::random(Kind::Code);
        let digest = code.digest();
        self.ask(now, move |store| store.add_code(&digest, &grant)).await?;
        Ok(code)
    }

    /// Tokens for a code: a new sign-in of the program, which ends with the one that asked for the code. If that one is bound
    /// to a key, a key must be proved here as well.
    ///
    /// # Errors
    /// `Client`, `Request("code_verifier")`, `Grant`, `Scope`, `Busy`, `Unavailable`. But for the first two the code is
    /// used up.
    pub async fn exchange_code(
        &self,
        exchange: CodeExchange<'_>,
        wish: Wish<'_>,
        now: UnixSeconds,
    ) -> Result<Issued, AuthRefusal> {
        self.program(exchange.client_id)?;
        if !is_verifier(exchange.code_verifier) {
            return Err(AuthRefusal::Request("code_verifier"));
        }
        let code = Kind::Code.digest_of(exchange.code).ok_or(AuthRefusal::Grant)?;
        let wish = Wish { key: exchange.key.or(wish.key), ..wish };
        let (grant, parent) = self.take(code, now).await?;
        if !fits(&grant, &exchange, wish.key, now) || !inherits(&parent, wish.key, now) {
            return Err(AuthRefusal::Grant);
        }
        let scopes = granted(grant.scopes, wish.scopes)?;
        let basis = Basis {
            sub: &grant.sub,
            client_id: &grant.client_id,
            scopes: grant.scopes,
            tier: grant.tier,
            key: wish.key,
        };
        let mut session = self.new_session(basis, now);
        session.expires_at = session.expires_at.min(parent.expires_at);
        session.parent = Some(parent.sid);
        let refresh = Secret::random(Kind::Refresh);
        let new = NewSession { session: session.clone(), refresh: Some(refresh.digest()), cookie: None };
        self.add_session_of_code(code, new, now).await?;
        let wish = Wish { scopes: Some(scopes), ..wish };
        self.issue_for_session(&session, wish, Some(refresh), "authorization_code", now)
    }

    /// Uses the code up. If two have presented it, the store has ended the sign-in of the first: its streams end as well.
    async fn take(&self, code: Digest, now: UnixSeconds) -> Result<(CodeGrant, Session), AuthRefusal> {
        let taken = self.ask(now, move |store| {
            let taken = store.take_code(&code, now)?;
            let other = match &taken {
                TakenCode::Used(Some(sid)) => store.session(sid)?,
                TakenCode::Good(grant) => store.session(&grant.parent)?,
                TakenCode::Used(None) | TakenCode::Unknown => None,
            };
            let ended = other.as_ref().filter(|_| matches!(taken, TakenCode::Used(_)));
            let ended = ended.map(|session| store.revocation_of(session, now));
            Ok((taken, other, ended))
        });
        let (taken, other, ended) = taken.await?;
        self.ended(ended, "reuse", now)?;
        match (taken, other) {
            (TakenCode::Good(grant), Some(parent)) => Ok((grant, parent)),
            _ => Err(AuthRefusal::Grant),
        }
    }

    /// Writes the session and remembers that it was made from the code, unless the user may not sign in any more, the
    /// sign-in that asked for the code has ended, or somebody else has presented the code meanwhile.
    async fn add_session_of_code(
        &self,
        code: Digest,
        new: NewSession,
        now: UnixSeconds,
    ) -> Result<(), AuthRefusal> {
        let added = self.ask(now, move |store| {
            if begun(store, &new)? { store.code_made(&code, &new.session.sid).map(Some) } else { Ok(None) }
        });
        match added.await? {
            Some(None) => Ok(()),
            Some(Some(revocation)) => {
                self.ended([revocation], "reuse", now)?;
                Err(AuthRefusal::Grant)
            }
            None => Err(AuthRefusal::Grant),
        }
    }
}

/// Whether a sign-in may be made from this one: while it lives, and never with less than a key if it is bound to one.
fn inherits(parent: &Session, key: Option<&ProvenKey>, now: UnixSeconds) -> bool {
    parent.is_live(now) && (key.is_some() || !matches!(parent.binding, Binding::Key(_)))
}

/// Whether a code is presented in time by whoever asked for it.
fn fits(grant: &CodeGrant, exchange: &CodeExchange<'_>, key: Option<&ProvenKey>, now: UnixSeconds) -> bool {
    let challenge = URL_SAFE_NO_PAD.encode(sha256(exchange.code_verifier.as_bytes()));
    let verified = verify_slices_are_equal(challenge.as_bytes(), grant.code_challenge.as_bytes()).is_ok();
    let key_fits = grant.jkt.as_deref().is_none_or(|jkt| key.is_some_and(|key| key.thumbprint() == jkt));
    now < grant.expires_at
        && grant.client_id == exchange.client_id
        && grant.redirect_uri == exchange.redirect_uri
        && verified
        && key_fits
}

/// The base64url of a SHA-256.
fn is_digest(text: &str) -> bool {
    text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok()
}

/// RFC 7636 §4.1: 43 to 128 unreserved characters.
fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_fits() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(is_verifier(verifier) && is_digest(challenge));
        assert_eq!(URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes())), challenge);
        for bad in ["", &verifier[1..], &"x".repeat(129), &format!("{verifier}="), &format!("{verifier} ")] {
            assert!(!is_verifier(bad), "{bad}");
        }
        for bad in
            [&challenge[1..], &format!("{challenge}="), &"!".repeat(43), verifier.trim_end_matches('k')]
        {
            assert!(!is_digest(bad), "{bad}");
        }
    }
}
