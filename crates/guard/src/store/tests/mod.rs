//! One suite for both engines: on SQLite always, on Postgres when `SESERAGI_TEST_POSTGRES` holds the URL of a server
//! where databases may be made. Each test has a database of its own.

mod api_keys;
mod attempts;
mod bed;
mod codes;
mod files;
mod processes;
mod races;
mod revocations;
mod rotation;
mod server;
mod sessions;
mod signing_keys;
mod users;

use self::bed::{Bed, on_each_engine};
use super::*;
use crate::{Reason, Revocation, Revoked, Scope, Scopes, Subject, Tier, UnixSeconds};

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
const ISSUER: &str = "https://seseragi.example";
/// How long the store's own revocations last.
const IN_FORCE_S: u64 = 3900;

/// A digest that differs for every text.
fn digest(text: &str) -> Digest {
    secret::hash(text)
}

fn add_user(store: &Store, name: &str) -> User {
    let (sub, login_key) = (format!("user:{name}"), name.to_lowercase());
    let new = NewUser {
        sub: &sub,
        name,
        login_key: &login_key,
        phc: "$argon2id$1",
        tier: Tier::User,
        scopes: Scope::InferRead.into(),
    };
    store.add_user(new, NOW).unwrap()
}

fn session_of(sub: &str, sid: &str) -> Session {
    Session {
        sid: sid.to_owned(),
        sub: sub.to_owned(),
        client_id: "console".to_owned(),
        scopes: Scope::ALL.into_iter().collect(),
        tier: Tier::User,
        binding: Binding::None,
        created_at: NOW,
        last_used_at: NOW,
        idle_s: 1000,
        expires_at: NOW.plus(5000),
        ended_at: None,
        parent: None,
    }
}

/// A session with the refresh token `r-<sid>` and the cookie `c-<sid>`.
fn add_session(store: &Store, session: &Session) {
    let (refresh, cookie) = (digest(&format!("r-{}", session.sid)), digest(&format!("c-{}", session.sid)));
    let new = NewSession { session: session.clone(), refresh: Some(refresh), cookie: Some(cookie) };
    store.add_session(&new).unwrap();
}

/// The token `name` is presented; its successor is `name'`.
fn rotation(name: &str) -> Rotation<'static> {
    let successor = digest(&format!("{name}'"));
    Rotation { presented: digest(name), successor, client_id: None, jkt: None, grace_s: 10 }
}

fn session_revoked(sid: &str, at: UnixSeconds) -> Revocation {
    let what = Revoked::Session { issuer: ISSUER.into(), sid: sid.into() };
    Revocation { what, until: at.plus(IN_FORCE_S) }
}

fn subject_revoked(sub: &str, at: UnixSeconds) -> Revocation {
    let what = Revoked::Subject { subject: Subject::new(ISSUER, sub), before: at };
    Revocation { what, until: at.plus(IN_FORCE_S) }
}

fn all_revocations(store: &Store, now: UnixSeconds) -> Vec<Revocation> {
    store.revocations(UnixSeconds(0), now).unwrap()
}
