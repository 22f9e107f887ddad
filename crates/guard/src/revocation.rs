//! What was withdrawn before its time, kept for as long as something it covers could still be accepted.
//!
//! The registry answers one question, on every verification and for every running right: is this principal covered?
//! It is memory only; whoever withdraws also writes to the [`Store`](crate::Store), and other processes read from
//! there.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use thiserror::Error;
use tokio::sync::watch;

use crate::{Principal, Subject, UnixSeconds};

/// Revocations held at once. A revocation is forgotten when all it covers has expired, so this many means that
/// something revokes without end.
const REVOCATIONS_MAX: usize = 1_000_000;

/// What one revocation covers. Names count within their issuer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Revoked {
    /// Everything of a subject that was issued at or before this moment.
    Subject {
        /// Whose.
        subject: Subject,
        /// The last moment that is covered.
        before: UnixSeconds,
    },
    /// Everything that belongs to a sign-in.
    Session {
        /// The issuer.
        issuer: Arc<str>,
        /// The sign-in (`sid`).
        sid: Arc<str>,
    },
    /// One token.
    Token {
        /// The issuer.
        issuer: Arc<str>,
        /// The token (`jti`).
        jti: Arc<str>,
    },
    /// Everything that a key has signed.
    Key {
        /// The issuer.
        issuer: Arc<str>,
        /// The key (`kid`).
        kid: Arc<str>,
    },
}

/// A revocation and the moment after which it covers nothing that could still be accepted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revocation {
    /// What it covers.
    pub what: Revoked,
    /// When it may be forgotten.
    pub until: UnixSeconds,
}

/// There are as many revocations as can be held; nothing was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "a million revocations are in force already: nothing was revoked; restart the gateway with a new signing key"
)]
pub struct TooManyRevocations;

/// The revocations in force: one per process, cheap to clone.
#[derive(Clone, Debug)]
pub struct Revocations {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    books: RwLock<Books>,
    changes: watch::Sender<u64>,
}

/// One book per kind, so that each question is one look-up. The value is the moment of forgetting; of a subject also
/// the last covered moment.
#[derive(Debug, Default)]
struct Books {
    subjects: HashMap<Subject, (UnixSeconds, UnixSeconds)>,
    sessions: HashMap<(Arc<str>, Arc<str>), UnixSeconds>,
    tokens: HashMap<(Arc<str>, Arc<str>), UnixSeconds>,
    keys: HashMap<(Arc<str>, Arc<str>), UnixSeconds>,
}

impl Default for Revocations {
    fn default() -> Self {
        Self { shared: Arc::new(Shared { books: RwLock::default(), changes: watch::Sender::new(0) }) }
    }
}

impl Revocations {
    /// Puts a revocation in force. Once this returns, [`covers`](Self::covers) knows it, and everybody who waits by
    /// [`changes`](Self::changes) is told. A second time changes nothing.
    ///
    /// # Errors
    /// [`TooManyRevocations`].
    pub fn insert(&self, revocation: Revocation) -> Result<(), TooManyRevocations> {
        let mut books = self.shared.books.write().unwrap_or_else(PoisonError::into_inner);
        if books.len() >= REVOCATIONS_MAX {
            return Err(TooManyRevocations);
        }
        let changed = books.insert(revocation);
        drop(books);
        if changed {
            self.shared.changes.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    /// Whether a right that rests on this principal was withdrawn.
    pub fn covers(&self, principal: &Principal) -> bool {
        self.shared.books.read().unwrap_or_else(PoisonError::into_inner).cover(principal)
    }

    /// Tells of every later change: sweep what runs when it does. Its value counts changes.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes.subscribe()
    }

    /// Forgets what covers nothing any more at `now`.
    pub fn forget(&self, now: UnixSeconds) {
        let mut books = self.shared.books.write().unwrap_or_else(PoisonError::into_inner);
        books.subjects.retain(|_, (_, until)| *until > now);
        books.sessions.retain(|_, until| *until > now);
        books.tokens.retain(|_, until| *until > now);
        books.keys.retain(|_, until| *until > now);
    }

    /// How many are in force.
    pub fn len(&self) -> usize {
        self.shared.books.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether none is in force.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Books {
    fn len(&self) -> usize {
        self.subjects.len() + self.sessions.len() + self.tokens.len() + self.keys.len()
    }

    /// `false` if it was known already.
    fn insert(&mut self, Revocation { what, until }: Revocation) -> bool {
        match what {
            Revoked::Subject { subject, before } => {
                let known = self.subjects.entry(subject).or_insert((UnixSeconds(0), UnixSeconds(0)));
                let (old, new) = (*known, (known.0.max(before), known.1.max(until)));
                *known = new;
                old != new
            }
            Revoked::Session { issuer, sid } => note(&mut self.sessions, (issuer, sid), until),
            Revoked::Token { issuer, jti } => note(&mut self.tokens, (issuer, jti), until),
            Revoked::Key { issuer, kid } => note(&mut self.keys, (issuer, kid), until),
        }
    }

    fn cover(&self, principal: &Principal) -> bool {
        let subject = self.subjects.get(&principal.subject);
        let issuer = &principal.subject.issuer;
        let named = |book: &HashMap<(Arc<str>, Arc<str>), UnixSeconds>, name: &Option<Arc<str>>| match name {
            Some(name) if !book.is_empty() => book.contains_key(&(Arc::clone(issuer), Arc::clone(name))),
            _ => false,
        };
        subject.is_some_and(|(before, _)| principal.issued_at <= *before)
            || named(&self.sessions, &principal.sid)
            || named(&self.tokens, &principal.jti)
            || named(&self.keys, &principal.kid)
    }
}

fn note<K: Eq + Hash>(book: &mut HashMap<K, UnixSeconds>, name: K, until: UnixSeconds) -> bool {
    let known = book.entry(name).or_insert(UnixSeconds(0));
    let changed = *known < until;
    *known = (*known).max(until);
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: UnixSeconds = UnixSeconds(10_000);

    fn principal(sub: &str, issued_at: u64) -> Principal {
        Principal {
            subject: Subject::new("i", sub),
            sid: Some("s".into()),
            jti: Some("t".into()),
            kid: Some("k".into()),
            issued_at: UnixSeconds(issued_at),
            expires_at: UnixSeconds(issued_at + 300),
        }
    }

    fn revoked(what: Revoked) -> Revocations {
        let revocations = Revocations::default();
        revocations.insert(Revocation { what, until: LATER }).unwrap();
        revocations
    }

    #[test]
    fn a_subject_is_covered_up_to_a_moment() {
        let subject = Subject::new("i", "ann");
        let revocations = revoked(Revoked::Subject { subject, before: UnixSeconds(100) });
        assert!(revocations.covers(&principal("ann", 99)));
        assert!(revocations.covers(&principal("ann", 100)), "in the same second, in doubt");
        assert!(!revocations.covers(&principal("ann", 101)));
        assert!(!revocations.covers(&principal("bob", 99)));
    }

    #[test]
    fn names_count_within_their_issuer() {
        let name = |text: &str| -> Arc<str> { text.into() };
        let by = |issuer: &str| {
            [
                Revoked::Session { issuer: name(issuer), sid: name("s") },
                Revoked::Token { issuer: name(issuer), jti: name("t") },
                Revoked::Key { issuer: name(issuer), kid: name("k") },
            ]
        };
        by("i").into_iter().for_each(|what| assert!(revoked(what).covers(&principal("ann", 1))));
        by("other").into_iter().for_each(|what| assert!(!revoked(what).covers(&principal("ann", 1))));
    }

    #[test]
    fn a_change_is_told_once_and_forgotten_in_time() {
        let revocations = Revocations::default();
        let told = revocations.changes();
        let what = Revoked::Session { issuer: "i".into(), sid: "s".into() };
        for _ in 0..2 {
            revocations.insert(Revocation { what: what.clone(), until: LATER }).unwrap();
        }
        assert_eq!(*told.borrow(), 1);
        revocations.forget(UnixSeconds(9_999));
        assert_eq!(revocations.len(), 1);
        revocations.forget(LATER);
        assert!(revocations.is_empty());
    }
}
