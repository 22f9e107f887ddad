//! Orders and answers, and their form on the socket: one line of JSON each, `{"v": 1, "order": …}` and
//! `{"v": 1, "answer": …}` or `{"v": 1, "error": "…"}`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The form below. Gateway and command are of the same program, but may be of different releases.
pub(super) const VERSION: u32 = 1;
/// The longest line, line break included, in bytes.
pub(super) const LINE_BYTES_MAX: usize = 64 * 1024;

/// One thing to do. Scopes and tiers are texts, because what an older gateway does not know must be an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Adds a user.
    UserAdd { name: String, password: SecretText, scopes: Vec<String>, tier: String },
    /// Sets a password and ends all sign-ins.
    UserPassword { name: String, password: SecretText },
    /// Disables a user and ends what it runs.
    UserDisable { name: String },
    /// Lets a user sign in again.
    UserEnable { name: String },
    /// Ends all sign-ins of a user.
    UserSignOut { name: String },
    /// Makes an access token. Commands carry this out themselves, so that it says what their configuration says.
    TokenIssue { sub: String, scopes: Vec<String>, tier: String },
    /// Withdraws one token by its `jti`. `iss`: the issuer's `iss` or configured name; empty: our own.
    RevokeToken { iss: String, jti: String },
    /// Withdraws everything of a sign-in.
    RevokeSession { iss: String, sid: String },
    /// Withdraws everything of a subject that was issued up to `before`, in Unix seconds.
    RevokeSubject { iss: String, sub: String, before: Option<u64> },
    /// Has a new signing key follow.
    KeysRotate { at_once: bool },
    /// Withdraws a signing key.
    KeysRevoke { kid: String },
    /// Makes an API key. `expires_at` in Unix seconds.
    ApikeyCreate { name: String, scopes: Vec<String>, tier: String, expires_at: Option<u64> },
    /// Ends an API key.
    ApikeyRevoke { id: String },
}

/// A secret within an order. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(pub String);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// A sentence for the operator.
    pub said: String,
    /// What was asked for, if it is to be kept apart: a token, a key's secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretText>,
}

impl Answer {
    pub(super) fn said(said: impl Into<String>) -> Self {
        Self { said: said.into(), secret: None }
    }

    pub(super) fn with_secret(self, secret: &str) -> Self {
        Self { secret: Some(SecretText(secret.to_owned())), ..self }
    }
}

/// A line to the gateway.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    v: u32,
    order: serde_json::Value,
}

/// A line from the gateway.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    v: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<Answer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The line of an order, line break included.
pub(super) fn write_order(order: &Order) -> String {
    let order = serde_json::to_value(order).unwrap_or_default();
    serde_json::to_string(&Asked { v: VERSION, order }).unwrap_or_default() + "\n"
}

/// The order of a line. The version is looked at before the order: an order of another version need not be readable.
pub(super) fn read_order(line: &[u8]) -> Result<Order, String> {
    // The texts of serde would quote what was sent, which may be a password.
    let asked: Asked = serde_json::from_slice(line).map_err(|_| "this is no order".to_owned())?;
    if asked.v != VERSION {
        return Err(format!(
            "the gateway understands version {VERSION} of orders, not {}: restart it",
            asked.v
        ));
    }
    serde_json::from_value(asked.order)
        .map_err(|_| "the gateway does not know this order: restart it".to_owned())
}

/// The line of an answer, line break included.
pub(super) fn write_answer(done: Result<Answer, String>) -> String {
    let (answer, error) = match done {
        Ok(answer) => (Some(answer), None),
        Err(error) => (None, Some(error)),
    };
    serde_json::to_string(&Answered { v: VERSION, answer, error }).unwrap_or_default() + "\n"
}

/// The answer of a line.
pub(super) fn read_answer(line: &[u8]) -> Result<Answer, String> {
    let answered: Answered = serde_json::from_slice(line)
        .map_err(|_| "the running gateway gave an answer that is none".to_owned())?;
    match answered {
        Answered { answer: Some(answer), .. } => Ok(answer),
        Answered { error, .. } => {
            Err(error.unwrap_or_else(|| "the running gateway gave no reason".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_as_it_was_written() {
        let order = Order::UserAdd {
            name: "tomoko\n\u{1f41f}".to_owned(),
            password: SecretText("correct horse".to_owned()),
            scopes: vec!["infer:read".to_owned()],
            tier: "user".to_owned(),
        };
        let line = write_order(&order);
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        assert_eq!(read_order(line.as_bytes()), Ok(order.clone()));
        assert!(!format!("{order:?}").contains("horse"));
    }

    #[test]
    fn what_is_no_order_is_refused_without_being_quoted() {
        for line in [
            "",
            "hunter2",
            "[]",
            r#"{"v":1}"#,
            r#"{"v":1,"order":"hunter2"}"#,
            r#"{"v":1,"order":{"hunter2":{}}}"#,
            r#"{"v":1,"order":{"user_disable":{"name":"a","more":"hunter2"}}}"#,
            r#"{"v":1,"order":{"user_disable":{"name":1}}}"#,
            r#"{"v":1,"order":{"user_disable":{"name":"a"}},"more":1}"#,
        ] {
            let error = read_order(line.as_bytes()).unwrap_err();
            assert!(!error.contains("hunter2"), "{error}");
        }
        assert!(read_order(&[0xff, 0xfe]).is_err());
    }

    #[test]
    fn another_version_is_told_apart_from_nonsense() {
        let error = read_order(br#"{"v":2,"order":{"fly":{"to":"the moon"}}}"#).unwrap_err();
        assert!(error.contains("version 1"), "{error}");
    }

    #[test]
    fn answers_and_errors_come_back() {
        let answer = Answer::said("done").with_secret("s");
        assert_eq!(read_answer(write_answer(Ok(answer.clone())).as_bytes()), Ok(answer));
        assert_eq!(read_answer(write_answer(Err("no".to_owned())).as_bytes()), Err("no".to_owned()));
        assert!(read_answer(b"{}").is_err());
    }
}
