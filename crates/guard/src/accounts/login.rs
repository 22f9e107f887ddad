//! Signing in by name and password: cheap to reach, expensive to guess, and silent about who exists.
//!
//! Order: form, the network in memory, all sign-ins together, a place to hash, attempts of the account (or of a device it
//! knows) and of the network in the store, the hash, the user. The network comes first, so that none of them spends what is
//! everybody's; whoever is told to wait costs no hash.

use super::issue::granted;
use super::names::{login_key, typed_password};
use super::room::Place;
use super::root::Device;
use super::secret::Kind;
use super::session::{Basis, begun};
use super::throttle::{ACCOUNT, ADDRESS, attempt, network};
use super::{Accounts, AuthRefusal, Login, Secret, SignedIn, Wish};
use crate::verify::is_name;
use crate::{Attempts, AuthEvent, Digest, LoginResult, NewSession, UnixSeconds, UserSecret};

/// A sign-in whose form is right.
pub(super) struct Candidate {
    login_key: String,
    password: String,
    /// The device it comes from, if that has signed in to this account before.
    known_device: Option<Device>,
    /// The names of the attempts: of the account or the device, and of the network.
    attempts: Vec<Digest>,
}

impl Accounts {
    /// Signs in: a session with a cookie, and the first tokens with a refresh token.
    ///
    /// A caller that goes away may leave a session that nobody knows; it ends unused.
    ///
    /// # Errors
    /// `Request` for a form that nobody's name or password has, `Busy`, `Throttled`, `Credentials`, `Scope` (only after the
    /// password was right), `Unavailable`.
    pub async fn login(&self, login: Login<'_>, now: UnixSeconds) -> Result<SignedIn, AuthRefusal> {
        let outcome = self.try_login(&login, now).await;
        let (result, sub) = match &outcome {
            Ok(signed_in) => (LoginResult::Accepted, Some(&*signed_in.session.sub)),
            Err(AuthRefusal::Credentials) => (LoginResult::Refused, None),
            Err(AuthRefusal::Throttled(_)) => (LoginResult::Throttled, None),
            Err(AuthRefusal::Busy) => (LoginResult::Busy, None),
            Err(_) => return outcome,
        };
        self.tell(&AuthEvent::Login { result, sub, address: login.address }, now);
        outcome
    }

    async fn try_login(&self, login: &Login<'_>, now: UnixSeconds) -> Result<SignedIn, AuthRefusal> {
        let candidate = self.candidate(login)?;
        self.0.login_networks.attempt(login.address, now)?;
        self.0.logins.attempt(candidate.known_device.is_some(), now)?;
        let place = self.0.hasher.enter()?;
        let known = self.attempted(&candidate, now).await?;
        let known = self.authenticated(place, &candidate, known).await?;
        self.begin(login, candidate, known, now).await
    }

    pub(super) fn candidate(&self, login: &Login<'_>) -> Result<Candidate, AuthRefusal> {
        let login_key = login_key(login.username).ok_or(AuthRefusal::Request("username"))?;
        let password = typed_password(login.password).ok_or(AuthRefusal::Request("password"))?;
        if !is_name(login.client_id) {
            return Err(AuthRefusal::Request("client_id"));
        }
        let root = &self.0.root;
        let known_device = login.device.and_then(|cookie| root.device_of(cookie, &login_key));
        let own = known_device.map_or_else(|| root.account(&login_key), |device| root.device(device));
        let address = login.address.map(|address| root.address(network(address)));
        let attempts = [own].into_iter().chain(address).collect();
        Ok(Candidate { login_key, password, known_device, attempts })
    }

    /// Counts the attempt and looks the user up. Known and unknown names take the same way.
    async fn attempted(
        &self,
        candidate: &Candidate,
        now: UnixSeconds,
    ) -> Result<Option<UserSecret>, AuthRefusal> {
        let (names, login_key) = (candidate.attempts.clone(), candidate.login_key.clone());
        let answer = self.ask(now, move |store| {
            let mut verdict = Ok(());
            store.change_attempts(&names, &mut |each| verdict = attempt(each, &[ACCOUNT, ADDRESS], now))?;
            Ok((verdict, store.user_by_login(&login_key)?))
        });
        let (verdict, known) = answer.await?;
        verdict.map_err(AuthRefusal::Throttled)?;
        Ok(known)
    }

    /// Whether the password is right; of a disabled user too, so that it takes as long.
    async fn authenticated(
        &self,
        place: Place,
        candidate: &Candidate,
        known: Option<UserSecret>,
    ) -> Result<UserSecret, AuthRefusal> {
        let phc = known.as_ref().map(|known| known.phc.clone());
        let good = self.0.hasher.check(place, candidate.password.clone(), phc).await?;
        known.filter(|known| good && known.user.disabled_at.is_none()).ok_or(AuthRefusal::Credentials)
    }

    /// The password was right.
    pub(super) async fn begin(
        &self,
        login: &Login<'_>,
        candidate: Candidate,
        known: UserSecret,
        now: UnixSeconds,
    ) -> Result<SignedIn, AuthRefusal> {
        self.forgive(candidate.attempts[0], now).await?;
        let user = &known.user;
        let basis = Basis {
            sub: &user.sub,
            client_id: login.client_id,
            scopes: granted(user.scopes, login.scopes)?,
            tier: user.tier,
            key: login.key,
        };
        let session = self.new_session(basis, now);
        let (cookie, refresh) = (Secret::random(Kind::Session), Secret::random(Kind::Refresh));
        let new = NewSession {
            session: session.clone(),
            refresh: Some(refresh.digest()),
            cookie: Some(cookie.digest()),
        };
        self.add_session_of(new, &candidate.login_key, &known, now).await?;
        self.rehash(&known, candidate.password, now).await;
        let device = candidate.known_device.unwrap_or_else(Device::random);
        let device = self.0.root.device_cookie(device, &candidate.login_key);
        let wish = Wish { key: login.key, ..Wish::default() };
        let issued = self.issue_for_session(&session, wish, Some(refresh), "password", now)?;
        Ok(SignedIn { session, cookie, device, issued })
    }

    /// A success wipes the account (or the device) clean; not the network, behind which an attacker may sit as well.
    async fn forgive(&self, name: Digest, now: UnixSeconds) -> Result<(), AuthRefusal> {
        let clean = Attempts { changed_at: now, ..Attempts::default() };
        self.ask(now, move |store| store.change_attempts(&[name], &mut |each| each.fill(clean))).await
    }

    /// Writes the session. The store refuses it if the user was disabled or got another password since; but it counts
    /// seconds, so the password is compared once more: whoever sets one has ended all sessions, but could not know of this.
    async fn add_session_of(
        &self,
        new: NewSession,
        login_key: &str,
        seen: &UserSecret,
        now: UnixSeconds,
    ) -> Result<(), AuthRefusal> {
        let (login_key, seen, hasher) = (login_key.to_owned(), seen.phc.clone(), self.0.hasher.clone());
        let stands = self.ask(now, move |store| {
            if !begun(store, &new)? {
                return Ok(false);
            }
            // Somebody else who signs in at the same time may have hashed the same password again.
            let is = store.user_by_login(&login_key)?.map(|user| user.phc);
            let stands = is.is_some_and(|is| is == seen || hasher.is_outdated(&seen));
            if !stands {
                store.end_session(&new.session.sid, now)?;
            }
            Ok(stands)
        });
        if stands.await? { Ok(()) } else { Err(AuthRefusal::Credentials) }
    }

    /// Best effort: a password whose hash is cheaper than today's is hashed again. If there is no place, next time.
    async fn rehash(&self, known: &UserSecret, password: String, now: UnixSeconds) {
        if !self.0.hasher.is_outdated(&known.phc) {
            return;
        }
        let Ok(place) = self.0.hasher.enter() else { return };
        if let Ok(phc) = self.0.hasher.hash(place, password).await {
            let (sub, old) = (known.user.sub.clone(), known.phc.clone());
            let _ = self.ask(now, move |store| store.rehash(&sub, &old, &phc)).await;
        }
    }
}
