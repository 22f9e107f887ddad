//! From a fact to a line of JSON. The names of fields are stable.

use std::net::IpAddr;

use serde_json::{Map, Value, json};
use seseragi_guard::{AuthEvent, Change, LoginResult, RefreshResult, Revoked, UnixSeconds};

/// The line of this fact without its line break; `None` for facts that are too many to be kept.
pub fn line(event: &AuthEvent<'_>, now: UnixSeconds) -> Option<String> {
    let mut fields = Map::new();
    fields.insert("at".to_owned(), moment(now).into());
    let Value::Object(said) = said(event)? else { return None };
    fields.extend(said.into_iter().filter(|(_, value)| !value.is_null()));
    Some(Value::Object(fields).to_string())
}

fn said(event: &AuthEvent<'_>) -> Option<Value> {
    Some(match event {
        AuthEvent::Login {
            result: result @ (LoginResult::Accepted | LoginResult::Refused),
            sub,
            address,
        } => {
            json!({"event": "login", "result": login(*result), "sub": sub, "address": address})
        }
        AuthEvent::Refresh { result: result @ RefreshResult::Reuse, sub, sid } => {
            json!({"event": "refresh", "result": refresh(*result), "sub": sub, "sid": sid})
        }
        AuthEvent::Issued { sub, client_id, jti, by } if is_kept(by) => {
            json!({"event": "issued", "sub": sub, "client_id": client_id, "jti": jti, "by": by})
        }
        AuthEvent::SessionEnded { sid, why } => json!({"event": "session_ended", "sid": sid, "why": why}),
        AuthEvent::Revoked { revocation, by } => {
            let mut said = revoked(&revocation.what);
            said["event"] = "revoked".into();
            said["by"] = (*by).into();
            said["until"] = moment(revocation.until).into();
            said
        }
        AuthEvent::User { sub, change: what } => {
            json!({"event": "user", "sub": sub, "change": change(*what)})
        }
        AuthEvent::ApiKey { id, change: what } => {
            json!({"event": "api_key", "id": id, "change": change(*what)})
        }
        AuthEvent::SigningKey { kid, change: what } => {
            json!({"event": "signing_key", "kid": kid, "change": change(*what)})
        }
        AuthEvent::Login { .. }
        | AuthEvent::Refresh { .. }
        | AuthEvent::Issued { .. }
        | AuthEvent::KeysFetched { .. }
        | AuthEvent::StoreFailed { .. }
        | AuthEvent::Rejected { .. } => return None,
    })
}

/// The line of refused sign-ins of a network. A sign-in that is refused names nobody.
pub(super) fn refused(address: Option<IpAddr>, count: u64, now: UnixSeconds) -> String {
    let mut said = json!({"at": moment(now), "event": "login", "result": "refused", "count": count});
    if let Some(address) = address {
        said["address"] = address.to_string().into();
    }
    said.to_string()
}

/// Tokens of every refresh and of every page view are too many; what an operator or a program was given is not.
fn is_kept(by: &str) -> bool {
    matches!(by, "command" | "api_key" | "client_credentials" | "authorization_code")
}

fn revoked(what: &Revoked) -> Value {
    match what {
        Revoked::Subject { subject, before } => {
            json!({"kind": "subject", "iss": subject.issuer(), "sub": subject.sub(), "before": moment(*before)})
        }
        Revoked::Session { issuer, sid } => json!({"kind": "session", "iss": &**issuer, "sid": &**sid}),
        Revoked::Token { issuer, jti } => json!({"kind": "token", "iss": &**issuer, "jti": &**jti}),
        Revoked::Key { issuer, kid } => json!({"kind": "key", "iss": &**issuer, "kid": &**kid}),
    }
}

/// The stable word of a result.
pub const fn login(result: LoginResult) -> &'static str {
    match result {
        LoginResult::Accepted => "accepted",
        LoginResult::Refused => "refused",
        LoginResult::Throttled => "throttled",
        LoginResult::Busy => "busy",
    }
}

/// The stable word of a result.
pub const fn refresh(result: RefreshResult) -> &'static str {
    match result {
        RefreshResult::Rotated => "rotated",
        RefreshResult::Grace => "grace",
        RefreshResult::Reuse => "reuse",
        RefreshResult::Expired => "expired",
        RefreshResult::Refused => "refused",
    }
}

const fn change(change: Change) -> &'static str {
    match change {
        Change::Created => "created",
        Change::Activated => "activated",
        Change::Retired => "retired",
        Change::Changed => "changed",
        Change::Disabled => "disabled",
        Change::Enabled => "enabled",
        Change::Revoked => "revoked",
    }
}

/// A moment as RFC 3339 writes it, in UTC: `2026-11-22T02:15:19Z`.
pub fn moment(at: UnixSeconds) -> String {
    // No year beyond four digits: such a moment is "never" anyway.
    let at = at.0.min(253_402_300_799);
    let (days, second) = (at / 86_400, at % 86_400);
    // Days since 0000-03-01 in eras of 400 years, so that leap days come last.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use seseragi_guard::Revocation;

    #[test]
    fn moments_are_those_of_the_calendar() {
        for (at, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_799, "2000-02-29T23:59:59Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"),
            (1_795_313_719, "2026-11-22T02:15:19Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (u64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(moment(UnixSeconds(at)), text, "{at}");
        }
    }

    #[test]
    fn a_line_says_who_what_and_when() {
        let what = Revoked::Session { issuer: "https://i".into(), sid: "s".into() };
        let revocation = Revocation { what, until: UnixSeconds(60) };
        let event = AuthEvent::Revoked { revocation: &revocation, by: "command" };
        let line = line(&event, UnixSeconds(0)).unwrap();
        let read: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            read,
            json!({"at": "1970-01-01T00:00:00Z", "event": "revoked", "kind": "session", "iss": "https://i",
                   "sid": "s", "by": "command", "until": "1970-01-01T00:01:00Z"})
        );
    }

    #[test]
    fn what_is_not_known_is_left_out_and_a_refused_sign_in_names_nobody() {
        let event = AuthEvent::Login { result: LoginResult::Refused, sub: None, address: None };
        assert_eq!(
            line(&event, UnixSeconds(0)).unwrap(),
            r#"{"at":"1970-01-01T00:00:00Z","event":"login","result":"refused"}"#
        );
    }

    #[test]
    fn a_name_with_a_line_break_stays_one_line() {
        let event = AuthEvent::User { sub: "a\n{\"event\":\"user\"}", change: Change::Created };
        assert!(!line(&event, UnixSeconds(0)).unwrap().contains('\n'));
    }

    #[test]
    fn what_happens_all_the_time_is_not_kept() {
        let refresh = |result| AuthEvent::Refresh { result, sub: Some("a"), sid: Some("s") };
        assert!(line(&refresh(RefreshResult::Rotated), UnixSeconds(0)).is_none());
        assert!(line(&refresh(RefreshResult::Reuse), UnixSeconds(0)).is_some());
        let issued = |by| AuthEvent::Issued { sub: "a", client_id: "c", jti: "j", by };
        assert!(line(&issued("session"), UnixSeconds(0)).is_none());
        assert!(line(&issued("command"), UnixSeconds(0)).is_some());
        let login = |result| AuthEvent::Login { result, sub: None, address: None };
        assert!(line(&login(LoginResult::Throttled), UnixSeconds(0)).is_none());
        assert!(line(&login(LoginResult::Busy), UnixSeconds(0)).is_none());
        assert!(line(&login(LoginResult::Accepted), UnixSeconds(0)).is_some());
    }
}
