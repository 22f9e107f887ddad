//! The fields of a request: each is taken once, and what nobody took was not asked for.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::web::Document;

/// The fields of a request that are not taken yet.
#[derive(Debug, Default)]
pub(super) struct Fields {
    fields: Map<String, Value>,
    /// Whether unknown fields are ignored, as OAuth demands for forms (RFC 6749 §3.2).
    lenient: bool,
}

impl Fields {
    pub(super) const fn of_json(fields: Map<String, Value>) -> Self {
        Self { fields, lenient: false }
    }

    pub(super) fn of_form(parameters: Vec<(String, String)>) -> Self {
        let fields = parameters.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
        Self { fields, lenient: true }
    }

    /// A text, if it is there. A parameter without a value counts as left out (RFC 6749 §3.2).
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Document> {
        match self.fields.remove(name) {
            Some(Value::String(text)) if text.is_empty() && self.lenient => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(invalid(name, "must be a text")),
            None => Ok(None),
        }
    }

    /// A text that must be there.
    pub(super) fn needed(&mut self, name: &str) -> Result<String, Document> {
        self.text(name)?.ok_or_else(|| {
            Document::new(StatusCode::BAD_REQUEST, "missing_field").because(format!("{name} is missing"))
        })
    }

    /// Yes or no; no if it is not there.
    pub(super) fn flag(&mut self, name: &str) -> Result<bool, Document> {
        match self.fields.remove(name) {
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(invalid(name, "must be true or false")),
            None => Ok(false),
        }
    }

    /// A whole number that is not negative, if it is there.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<u64>, Document> {
        match self.fields.remove(name) {
            Some(Value::Number(number)) => number
                .as_u64()
                .map(Some)
                .ok_or_else(|| invalid(name, "must be a whole number that is not negative")),
            Some(_) => Err(invalid(name, "must be a number")),
            None => Ok(None),
        }
    }

    /// One of these words; the first if it is not there.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Result<T, Document> {
        let Some(text) = self.text(name)? else { return Ok(choices[0].1) };
        choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice).ok_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            invalid(name, &format!("is one of {}", words.join(", ")))
        })
    }

    /// Refuses what nobody took: a misspelt field must not pass for a default.
    pub(super) fn end(self) -> Result<(), Document> {
        match self.fields.keys().next() {
            Some(name) if !self.lenient => {
                // Named back only as far as it may be a name.
                let name: String = name.chars().filter(|c| !c.is_control()).take(64).collect();
                Err(Document::new(StatusCode::BAD_REQUEST, "unknown_field")
                    .because(format!("{name} is not known here")))
            }
            _ => Ok(()),
        }
    }
}

/// A field that cannot be used.
pub(super) fn invalid(name: &str, what: &str) -> Document {
    Document::new(StatusCode::BAD_REQUEST, "invalid_field").because(format!("{name} {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Fields {
        Fields::of_json(seseragi_guard::strict_json(text.as_bytes(), 4).expect(text))
    }

    #[test]
    fn types_are_not_guessed() {
        for bad in [r#"{"a":1}"#, r#"{"a":null}"#, r#"{"a":["x"]}"#, r#"{"a":{}}"#] {
            assert!(json(bad).text("a").is_err(), "{bad}");
        }
        for bad in [r#"{"a":"true"}"#, r#"{"a":1}"#, r#"{"a":null}"#] {
            assert!(json(bad).flag("a").is_err(), "{bad}");
        }
        for bad in [r#"{"a":"1"}"#, r#"{"a":-1}"#, r#"{"a":1.5}"#, r#"{"a":true}"#] {
            assert!(json(bad).number("a").is_err(), "{bad}");
        }
        assert!(json(r#"{"a":"c"}"#).choice("a", &[("b", 1)]).is_err());
        assert_eq!(json("{}").choice("a", &[("b", 1)]).ok(), Some(1));
    }

    #[test]
    fn what_nobody_took_is_refused_in_json_and_ignored_in_forms() {
        let mut fields = json(r#"{"known":"x","other":"y"}"#);
        assert_eq!(fields.text("known").expect("a text").as_deref(), Some("x"));
        assert!(fields.end().is_err());
        let form = Fields::of_form(vec![("other".to_owned(), "y".to_owned())]);
        assert!(form.end().is_ok());
    }
}
