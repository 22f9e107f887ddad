//! Tokens for somebody unknown. Guests are kept nowhere: their tokens are all there is of them.

use std::net::IpAddr;

use crate::accounts::issue::{confirmation, granted};
use crate::accounts::{Accounts, AuthRefusal, Issued, Wish};
use crate::issue::{guest_since, guest_sub};
use crate::{Binding, Caller, Grant, Scope, Tier, UnixSeconds};

/// How far the clock of another gateway that made a guest may be ahead of ours, in seconds.
const CLOCK_SKEW_S: u64 = 60;

impl Accounts {
    /// A token for somebody unknown, or another for a guest of ours who comes with one that is still good: it stays the
    /// same guest, and keeps its streams, for `guest_max_s` from its first token. Whether guests are welcome is for the
    /// caller to decide. No refresh token.
    ///
    /// # Errors
    /// `Throttled` for a new guest of a network that had many just now, `Scope`.
    pub async fn guest(
        &self,
        returning: Option<&Caller>,
        wish: Wish<'_>,
        address: Option<IpAddr>,
        now: UnixSeconds,
    ) -> Result<Issued, AuthRefusal> {
        let scopes = granted(Scope::InferRead.into(), wish.scopes)?;
        let known = returning.filter(|caller| self.may_stay(caller, &wish, now));
        if known.is_none() {
            // This machine itself is not counted.
            let address = address.filter(|address| !address.to_canonical().is_loopback());
            self.0.guests.attempt(address, now)?;
        }
        let sub = known.map_or_else(|| guest_sub(now), |caller| caller.subject().sub().to_owned());
        // Whoever is bound to a key stays bound to it.
        let bound = known.and_then(Caller::jkt).map_or(Binding::None, |jkt| Binding::Key(jkt.to_owned()));
        let cnf = confirmation(&bound, &wish)?;
        let grant =
            Grant { sub: &sub, scopes: &scopes, tier: Tier::Guest, client_id: "guest", sid: None, cnf };
        self.issue(grant, None, "guest", now)
    }

    /// Whether a caller is a guest of ours whose time is not over, and of the key that was proved, if it has one.
    fn may_stay(&self, caller: &Caller, wish: &Wish<'_>, now: UnixSeconds) -> bool {
        let key_fits = match (caller.jkt(), wish.key) {
            (Some(jkt), Some(key)) => key.thumbprint() == jkt,
            _ => true,
        };
        let in_time = |since: UnixSeconds| {
            since <= now.plus(CLOCK_SKEW_S) && now < since.plus(self.0.config.guest_max_s)
        };
        self.0.issuer.own_guest(caller).and_then(guest_since).is_some_and(in_time) && key_fits
    }
}
