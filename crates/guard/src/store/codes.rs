//! Authorization codes: good once (RFC 6749 §4.1.2).

use super::engine::{Fault, Row, params};
use super::sessions::end;
use super::users::{scopes, tier};
use super::{CodeGrant, Digest, Store, StoreError, TakenCode};
use crate::{Revocation, UnixSeconds};

/// How long a code is known after its end, so that its second use is noticed.
const KEPT_S: u64 = 3600;
const GRANT: &str = "client_id, redirect_uri, code_challenge, jkt, sub, tier, scopes, expires_at, parent";

impl Store {
    /// Writes a code.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn add_code(&self, code: &Digest, grant: &CodeGrant) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO authorization_code (code_sha256, {GRANT}, forget_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        let scopes = grant.scopes.to_string();
        let values = params![
            code,
            &grant.client_id,
            &grant.redirect_uri,
            &grant.code_challenge,
            grant.jkt.as_deref(),
            &grant.sub,
            grant.tier.as_str(),
            &scopes,
            grant.expires_at,
            &grant.parent,
            grant.expires_at.plus(KEPT_S)
        ];
        self.engine.transaction(|tx| tx.execute(&sql, values).map(drop))
    }

    /// Uses a code up. One that was used before ends the sign-in that was made from it, in the same transaction.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn take_code(&self, code: &Digest, now: UnixSeconds) -> Result<TakenCode, StoreError> {
        let find =
            format!("SELECT used_at, sid, {GRANT} FROM authorization_code WHERE code_sha256 = $1 FOR UPDATE");
        self.engine.transaction(|tx| {
            let Some(mut row) = tx.row(&find, params![code])? else { return Ok(TakenCode::Unknown) };
            let (used_at, sid) = (row.maybe_moment()?, row.maybe_text()?);
            if used_at.is_none() {
                let sql = "UPDATE authorization_code SET used_at = $2 WHERE code_sha256 = $1";
                tx.execute(sql, params![code, now])?;
                return Ok(TakenCode::Good(grant(&mut row)?));
            }
            let sql = "UPDATE authorization_code SET used_again_at = $2 WHERE code_sha256 = $1";
            tx.execute(sql, params![code, now])?;
            if let Some(sid) = &sid {
                end(tx, &self.issuer, sid, now)?;
            }
            Ok(TakenCode::Used(sid))
        })
    }

    /// Remembers which sign-in was made from a code. If the code was presented a second time meanwhile, the sign-in is
    /// ended at once, and its revocation returned: give its tokens to nobody.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub fn code_made(&self, code: &Digest, sid: &str) -> Result<Option<Revocation>, StoreError> {
        let sql = "UPDATE authorization_code SET sid = $2 WHERE code_sha256 = $1 RETURNING used_again_at";
        self.engine.transaction(|tx| {
            let used_again_at = match tx.row(sql, params![code, sid])? {
                Some(mut row) => row.maybe_moment()?,
                None => None,
            };
            let Some(at) = used_again_at else { return Ok(None) };
            Ok(end(tx, &self.issuer, sid, at)?.into_iter().next())
        })
    }
}

fn grant(row: &mut Row) -> Result<CodeGrant, Fault> {
    Ok(CodeGrant {
        client_id: row.text()?,
        redirect_uri: row.text()?,
        code_challenge: row.text()?,
        jkt: row.maybe_text()?,
        sub: row.text()?,
        tier: tier(row)?,
        scopes: scopes(row)?,
        expires_at: row.moment()?,
        parent: row.text()?,
    })
}
