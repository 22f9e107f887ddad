//! Orders that withdraw what was issued, by us or by others.

use std::sync::Arc;

use seseragi_guard::{AuthEvent, Revocation, Revoked, Subject, UnixSeconds};

use super::office::Office;
use super::order::Answer;

impl Office {
    pub(super) async fn revoke_token(
        &self,
        iss: &str,
        jti: &str,
        now: UnixSeconds,
    ) -> Result<Answer, String> {
        let issuer = self.parts.issuers.find(iss)?;
        let what = Revoked::Token { issuer: issuer.iss.clone(), jti: name("jti", jti)? };
        self.withdraw(Revocation { what, until: now.plus(issuer.life_s) }, now).await?;
        Ok(Answer::said(format!("the token {jti} is revoked, and what runs on it has ended")))
    }

    /// A sign-in of ours is ended as well, so that it gets no new tokens.
    pub(super) async fn revoke_session(
        &self,
        iss: &str,
        sid: &str,
        now: UnixSeconds,
    ) -> Result<Answer, String> {
        let issuer = self.parts.issuers.find(iss)?;
        let what = Revoked::Session { issuer: issuer.iss.clone(), sid: name("sid", sid)? };
        if issuer.is_own {
            let own = sid.to_owned();
            let ended = self.ask(move |store| store.end_session(&own, now)).await?;
            if !ended.is_empty() {
                self.tell(&AuthEvent::SessionEnded { sid, why: "revoked" }, now);
            }
            for revocation in ended {
                self.enforce(revocation, now)?;
            }
        }
        self.withdraw(Revocation { what, until: now.plus(issuer.life_s) }, now).await?;
        Ok(Answer::said(format!("the sign-in {sid} is revoked, and what runs on its tokens has ended")))
    }

    /// Sign-ins and API keys of ours are ended as well; a user may sign in again.
    pub(super) async fn revoke_subject(
        &self,
        iss: &str,
        sub: &str,
        before: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<Answer, String> {
        if before > now.plus(self.parts.issuers.find(iss)?.life_s) {
            return Err("that moment is too far in the future: disable the user instead".to_owned());
        }
        let issuer = self.parts.issuers.find(iss)?;
        let subject = Subject::new(issuer.iss.clone(), name("sub", sub)?);
        if issuer.is_own {
            let own = sub.to_owned();
            for revocation in self.ask(move |store| store.end_subject(&own, now)).await? {
                self.enforce(revocation, now)?;
            }
        }
        let until = before.max(now).plus(issuer.life_s);
        self.withdraw(Revocation { what: Revoked::Subject { subject, before }, until }, now).await?;
        Ok(Answer::said(format!("what {sub} was given is revoked, and what runs on it has ended")))
    }

    /// Written down first, so that no restart forgets what somebody was told is done.
    async fn withdraw(&self, revocation: Revocation, now: UnixSeconds) -> Result<(), String> {
        let written = revocation.clone();
        self.ask(move |store| store.add_revocation(&written, now)).await?;
        self.enforce(revocation, now)
    }
}

fn name(what: &str, text: &str) -> Result<Arc<str>, String> {
    let fits = (1..=255).contains(&text.len()) && !text.chars().any(char::is_control);
    if fits {
        Ok(text.into())
    } else {
        Err(format!("{what} must have 1 to 255 bytes and no control characters"))
    }
}
