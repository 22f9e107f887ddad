//! What one issuer's tokens must look like.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::claims::{Claims, is_placeholder};
use super::config::OwnIssuer;
use super::confirmation::Confirmation;
use super::external::{DpopPolicy, ExternalIssuer};
use super::header::Header;
use super::keys::{Key, Keys};
use super::parts::{Parts, TOKEN_BYTES_MAX};
use crate::{Caller, Principal, Reason, Rejection, Scope, Scopes, Subject, Tier, UnixSeconds};

/// Our own tokens are short: names of at most 255 bytes and nothing else that grows.
const OWN_TOKEN_BYTES_MAX: usize = 4096;

/// One issuer, ready to verify.
pub(crate) struct Rules {
    form: Form,
    name: String,
    subject_issuer: Arc<str>,
    keys: Keys,
    audiences: Vec<String>,
    audience_claim: String,
    typ: Vec<String>,
    sub_claim: String,
    scope_claim: String,
    default_scopes: Scopes,
    tier_claim: Option<String>,
    required_claims: BTreeMap<String, Value>,
    max_age_s: u64,
    clock_skew_s: u64,
    dpop: DpopPolicy,
    admin: bool,
}

/// Which claims must be there.
#[derive(Clone, Copy)]
enum Form {
    /// RFC 9068, as our issuer writes it: typ, iat, jti, client_id, scope and lim are mandatory.
    Own,
    /// The tokens of others: only the subject and exp are mandatory. The tier is that of tokens that name none.
    External(Tier),
}

impl Rules {
    pub(super) fn own(own: &OwnIssuer) -> Self {
        Self {
            form: Form::Own,
            name: "own".to_owned(),
            subject_issuer: own.issuer.as_str().into(),
            keys: Keys::Own(own.keys.clone()),
            audiences: vec![own.audience.clone()],
            audience_claim: "aud".to_owned(),
            typ: vec!["at+jwt".to_owned(), "application/at+jwt".to_owned()],
            sub_claim: "sub".to_owned(),
            scope_claim: "scope".to_owned(),
            default_scopes: Scopes::NONE,
            tier_claim: Some("lim".to_owned()),
            required_claims: BTreeMap::new(),
            max_age_s: OwnIssuer::MAX_AGE_S,
            clock_skew_s: OwnIssuer::CLOCK_SKEW_S,
            dpop: DpopPolicy::Optional,
            admin: true,
        }
    }

    pub(super) fn external(external: ExternalIssuer, keys: Keys) -> Self {
        Self {
            form: Form::External(external.tier),
            subject_issuer: external.subject_issuer().into(),
            name: external.name,
            keys,
            audiences: external.audiences,
            audience_claim: external.audience_claim,
            typ: external.typ,
            sub_claim: external.sub_claim,
            scope_claim: external.scope_claim,
            default_scopes: external.default_scopes,
            tier_claim: external.tier_claim,
            required_claims: external.required_claims,
            max_age_s: external.max_age_s,
            clock_skew_s: external.clock_skew_s,
            dpop: external.dpop,
            admin: external.admin,
        }
    }

    /// What logs call the issuer: its configured name, `own` for ourselves.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(super) const fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(super) const fn clock_skew_s(&self) -> u64 {
        self.clock_skew_s
    }

    /// What can be told without a key: size, and header fields that only others may have.
    pub(super) fn check_form(&self, token: &str, header: &Header) -> Result<(), Rejection> {
        let own = matches!(self.form, Form::Own);
        let bytes_max = if own { OWN_TOKEN_BYTES_MAX } else { TOKEN_BYTES_MAX };
        ensure(token.len() <= bytes_max, Reason::TokenTooLarge)?;
        ensure(!(own && header.has_x5t), Reason::HeaderFieldForbidden)
    }

    /// The algorithm, the type, and then the signature, by the key that the header names.
    pub(super) fn check_signature(
        &self,
        key: &Key,
        header: &Header,
        parts: &Parts<'_>,
    ) -> Result<(), Rejection> {
        ensure(key.accepts_name(&header.alg), Reason::AlgorithmForbidden)?;
        self.check_type(header.typ.as_deref())?;
        ensure(key.verify(parts.signed, parts.signature), Reason::SignatureInvalid)
    }

    /// The type keeps tokens made for another purpose out (RFC 8725 §3.11).
    fn check_type(&self, typ: Option<&str>) -> Result<(), Rejection> {
        let typ = typ.unwrap_or("JWT");
        ensure(self.typ.iter().any(|known| known == typ), Reason::TypeForbidden)
    }

    /// The caller of a token whose signature is good, and what the token is bound to, which is not yet checked.
    pub(super) fn caller(
        &self,
        header: &Header,
        claims: &Claims,
        now: UnixSeconds,
    ) -> Result<(Caller, Confirmation), Rejection> {
        let (issued_at, expires_at) = self.check_times(claims, now)?;
        let ours = self.audiences.is_empty() || claims.names_audience(&self.audience_claim, &self.audiences);
        ensure(ours, Reason::AudienceInvalid)?;
        let sub = self.subject(claims)?;
        self.check_own_names(claims)?;
        let (scopes, tier) = (self.scopes(claims)?, self.tier(claims)?);
        let named = |claim| claims.name(claim, Reason::TokenIdInvalid).map(|name| name.map(Into::into));
        let principal = Principal {
            subject: Subject::new(Arc::clone(&self.subject_issuer), sub),
            sid: named("sid")?,
            jti: named("jti")?,
            kid: header.kid.clone(),
            issued_at: issued_at.unwrap_or(UnixSeconds(expires_at.since(UnixSeconds(self.max_age_s)))),
            expires_at,
        };
        let client_id = named("client_id")?;
        let wrong = self.required_claims.iter().any(|(claim, value)| claims.get(claim) != Some(value));
        ensure(!wrong, Reason::ClaimRequired)?;
        let confirmation = Confirmation::of(claims)?;
        let (jkt, cbh) = (confirmation.jkt.clone(), confirmation.cbh.clone());
        ensure(jkt.is_some() || self.dpop == DpopPolicy::Optional, Reason::BindingRequired)?;
        Ok((Caller { principal: Arc::new(principal), client_id, jkt, cbh, scopes, tier }, confirmation))
    }

    /// Expiry, age and start; the moments of issue, if the token says it, and of expiry.
    fn check_times(
        &self,
        claims: &Claims,
        now: UnixSeconds,
    ) -> Result<(Option<UnixSeconds>, UnixSeconds), Rejection> {
        let expires_at = claims.moment("exp", Reason::ExpiryInvalid)?.ok_or(Reason::ExpiryInvalid)?;
        let issued_at = claims.moment("iat", Reason::IssuedAtInvalid)?;
        let starts_at = claims.moment("nbf", Reason::NotBeforeInvalid)?;
        ensure(issued_at.is_some() || matches!(self.form, Form::External(_)), Reason::IssuedAtInvalid)?;
        ensure(now < expires_at.plus(self.clock_skew_s), Reason::Expired)?;
        let latest_start = now.plus(self.clock_skew_s);
        ensure(issued_at.is_none_or(|issued| issued <= latest_start), Reason::IssuedInFuture)?;
        // As with exp, a whole skew is too much.
        let started = |start| start <= now || start < latest_start;
        ensure(starts_at.is_none_or(started), Reason::NotYetValid)?;
        let lives_from = issued_at.unwrap_or(now);
        ensure(issued_at.is_none_or(|issued| issued < expires_at), Reason::LifetimeInvalid)?;
        ensure(expires_at.since(lives_from) <= self.max_age_s, Reason::LifetimeInvalid)?;
        Ok((issued_at, expires_at))
    }

    fn subject(&self, claims: &Claims) -> Result<Arc<str>, Rejection> {
        let sub = claims.subject(&self.sub_claim)?;
        let external = matches!(self.form, Form::External(_));
        ensure(!(external && is_placeholder(&sub)), Reason::SubjectPlaceholder)?;
        Ok(sub)
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

    fn scopes(&self, claims: &Claims) -> Result<Scopes, Rejection> {
        let scopes = claims.scopes(&self.scope_claim)?.unwrap_or(self.default_scopes);
        Ok(if self.admin { scopes } else { scopes.without(Scope::AdminRevoke) })
    }

    fn tier(&self, claims: &Claims) -> Result<Tier, Rejection> {
        let value = self.tier_claim.as_ref().and_then(|claim| claims.get(claim));
        let named = value.and_then(Value::as_str).and_then(|name| name.parse().ok());
        match self.form {
            Form::External(tier) => Ok(named.unwrap_or(tier)),
            Form::Own => named.ok_or_else(|| Reason::TierInvalid.into()),
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
