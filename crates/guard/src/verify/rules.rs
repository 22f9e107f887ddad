//! What one issuer's tokens must look like.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

use super::claims::Claims;
use super::config::{ExternalIssuer, OwnIssuer};
use super::header::Header;
use super::parts::{Parts, TOKEN_BYTES_MAX};
use crate::{Caller, PublicKey, Reason, Rejection, Subject, Tier, UnixSeconds};

/// Our own tokens are short: names of at most 255 bytes and nothing else that grows.
const OWN_TOKEN_BYTES_MAX: usize = 4096;

/// One issuer, ready to verify.
pub(super) struct Rules {
    form: Form,
    subject_issuer: Arc<str>,
    keys: Vec<Key>,
    audiences: Vec<String>,
    typ: Vec<String>,
    sub_claim: String,
    scope_claim: String,
    required_claims: BTreeMap<String, Value>,
    max_age_s: u64,
    clock_skew_s: u64,
}

/// Which claims must be there.
#[derive(Clone, Copy)]
enum Form {
    /// RFC 9068, as our issuer writes it: typ, iat, jti, client_id, scope and lim are mandatory.
    Own,
    /// The short tokens of web frameworks: only the subject and exp are mandatory. All callers have one tier.
    Classic(Tier),
}

/// A key knows its algorithm; a token never chooses it (RFC 8725 §3.1).
struct Key {
    kid: Option<Arc<str>>,
    algorithm: Algorithm,
    name: &'static str,
    material: DecodingKey,
}

impl Key {
    fn es256(key: &PublicKey) -> Self {
        let material = DecodingKey::from_ec_der(key.point());
        Self { kid: Some(key.shared_kid()), algorithm: Algorithm::ES256, name: "ES256", material }
    }

    fn hs256(secret: &[u8], kid: Option<String>) -> Self {
        let material = DecodingKey::from_secret(secret);
        Self { kid: kid.map(Into::into), algorithm: Algorithm::HS256, name: "HS256", material }
    }
}

impl Rules {
    pub(super) fn own(own: &OwnIssuer) -> Self {
        Self {
            form: Form::Own,
            subject_issuer: own.issuer.as_str().into(),
            keys: own.keys.iter().map(Key::es256).collect(),
            audiences: vec![own.audience.clone()],
            typ: vec!["at+jwt".to_owned(), "application/at+jwt".to_owned()],
            sub_claim: "sub".to_owned(),
            scope_claim: "scope".to_owned(),
            required_claims: BTreeMap::new(),
            max_age_s: OwnIssuer::MAX_AGE_S,
            clock_skew_s: OwnIssuer::CLOCK_SKEW_S,
        }
    }

    pub(super) fn external(external: ExternalIssuer) -> Self {
        Self {
            form: Form::Classic(external.tier),
            subject_issuer: external.subject_issuer().into(),
            keys: vec![Key::hs256(&external.secret, external.kid)],
            audiences: external.audiences,
            typ: external.typ,
            sub_claim: external.sub_claim,
            scope_claim: external.scope_claim,
            required_claims: external.required_claims,
            max_age_s: external.max_age_s,
            clock_skew_s: external.clock_skew_s,
        }
    }

    pub(super) fn check_size(&self, token: &str) -> Result<(), Rejection> {
        let bytes_max = match self.form {
            Form::Own => OWN_TOKEN_BYTES_MAX,
            Form::Classic(_) => TOKEN_BYTES_MAX,
        };
        ensure(token.len() <= bytes_max, Reason::TokenTooLarge)
    }

    /// The key the header names within this issuer, its algorithm, the type, and then the signature.
    pub(super) fn check_signature(&self, header: &Header, parts: &Parts<'_>) -> Result<(), Rejection> {
        let key = self.keys.iter().find(|key| key.kid == header.kid).ok_or(Reason::KeyUnknown)?;
        ensure(header.alg == key.name, Reason::AlgorithmForbidden)?;
        self.check_type(header.typ.as_deref())?;
        let verified =
            jsonwebtoken::crypto::verify(parts.signature, parts.signed, &key.material, key.algorithm);
        ensure(matches!(verified, Ok(true)), Reason::SignatureInvalid)
    }

    /// The type keeps tokens made for another purpose out (RFC 8725 §3.11).
    fn check_type(&self, typ: Option<&str>) -> Result<(), Rejection> {
        let allowed = match typ {
            Some(typ) => self.typ.iter().any(|known| known == typ),
            None => matches!(self.form, Form::Classic(_)),
        };
        ensure(allowed, Reason::TypeForbidden)
    }

    /// The caller of a token whose signature is good.
    pub(super) fn caller(
        &self,
        header: &Header,
        claims: &Claims,
        now: UnixSeconds,
    ) -> Result<Caller, Rejection> {
        let expires_at = self.check_times(claims, now)?;
        ensure(self.audiences.is_empty() || claims.names_audience(&self.audiences), Reason::AudienceInvalid)?;
        let sub = claims.subject(&self.sub_claim)?;
        let wrong = self.required_claims.iter().any(|(claim, value)| claims.get(claim) != Some(value));
        ensure(!wrong, Reason::ClaimRequired)?;
        self.check_own_names(claims)?;
        ensure(claims.get("cnf").is_none(), Reason::ProofRequired)?;
        Ok(Caller {
            subject: Subject::new(Arc::clone(&self.subject_issuer), sub),
            sid: claims.name("sid", Reason::TokenIdInvalid)?.map(Into::into),
            jti: claims.name("jti", Reason::TokenIdInvalid)?.map(Into::into),
            kid: header.kid.clone(),
            scopes: claims.scopes(&self.scope_claim)?,
            tier: self.tier(claims)?,
            expires_at,
        })
    }

    /// Expiry, age and start; the moment of expiry.
    fn check_times(&self, claims: &Claims, now: UnixSeconds) -> Result<UnixSeconds, Rejection> {
        let expires_at = claims.moment("exp", Reason::ExpiryInvalid)?.ok_or(Reason::ExpiryInvalid)?;
        let issued_at = claims.moment("iat", Reason::IssuedAtInvalid)?;
        let starts_at = claims.moment("nbf", Reason::NotBeforeInvalid)?;
        ensure(issued_at.is_some() || matches!(self.form, Form::Classic(_)), Reason::IssuedAtInvalid)?;
        ensure(now < expires_at.plus(self.clock_skew_s), Reason::Expired)?;
        let latest_start = now.plus(self.clock_skew_s);
        ensure(issued_at.is_none_or(|issued| issued <= latest_start), Reason::IssuedInFuture)?;
        ensure(starts_at.is_none_or(|start| start <= latest_start), Reason::NotYetValid)?;
        let lives_from = issued_at.unwrap_or(now);
        ensure(issued_at.is_none_or(|issued| issued < expires_at), Reason::LifetimeInvalid)?;
        ensure(expires_at.since(lives_from) <= self.max_age_s, Reason::LifetimeInvalid)?;
        Ok(expires_at)
    }

    /// What RFC 9068 §2.2 wants beside the rest, in our own tokens.
    fn check_own_names(&self, claims: &Claims) -> Result<(), Rejection> {
        if let Form::Own = self.form {
            for claim in ["jti", "client_id"] {
                ensure(claims.name(claim, Reason::TokenIdInvalid)?.is_some(), Reason::TokenIdInvalid)?;
            }
            ensure(claims.get(&self.scope_claim).is_some_and(Value::is_string), Reason::ScopeInvalid)?;
        }
        Ok(())
    }

    fn tier(&self, claims: &Claims) -> Result<Tier, Rejection> {
        match self.form {
            Form::Classic(tier) => Ok(tier),
            Form::Own => {
                let tier = claims.get("lim").and_then(Value::as_str).and_then(|name| name.parse().ok());
                tier.ok_or_else(|| Reason::TierInvalid.into())
            }
        }
    }
}

/// The keys are not shown.
impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rules").field("subject_issuer", &self.subject_issuer).finish_non_exhaustive()
    }
}

fn ensure(holds: bool, reason: Reason) -> Result<(), Rejection> {
    if holds { Ok(()) } else { Err(reason.into()) }
}
