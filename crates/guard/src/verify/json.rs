//! JSON where each key occurs once, at every level.
//!
//! RFC 8259 §4 leaves repeated keys open, parsers differ in which one they take, and attackers live off the
//! difference (RFC 8725 §2.4). `serde_json` keeps the last one, so this reader stands in front of it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The bytes as one object nested at most `depth_max` deep (an object of scalars is 1 deep), with nothing
/// after it.
///
/// The error text is for people who debug their own token; it quotes the token.
///
/// # Errors
/// For what is no such object: the place and what was expected there.
pub fn parse_object(bytes: &[u8], depth_max: usize) -> Result<Map<String, Value>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth_left: depth_max }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(serde_json::Error::custom("not an object")),
    }
}

#[derive(Clone, Copy)]
struct Strict {
    depth_left: usize,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth_left = self.depth_left.checked_sub(1).ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { depth_left })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key {key:?} occurs twice")));
            }
            let value = entries.next_value_seed(inner)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(text: &str) -> String {
        parse_object(text.as_bytes(), 3).expect_err(text).to_string()
    }

    #[test]
    fn repeated_keys_are_refused_at_every_level_and_spelling() {
        assert!(refused(r#"{"sub":"a","sub":"a"}"#).contains("occurs twice"));
        assert!(refused(r#"{"cnf":{"jkt":"a","jkt":"b"}}"#).contains("occurs twice"));
        assert!(refused(r#"{"list":[{"a":1,"a":2}]}"#).contains("occurs twice"));
        assert!(refused(r#"{"sub":"a","\u0073ub":"b"}"#).contains("occurs twice"));
        assert!(refused(r#"{"__proto__":1,"__proto__":1}"#).contains("occurs twice"));
    }

    #[test]
    fn only_one_whole_object_passes() {
        for bad in [
            "",
            "null",
            "[]",
            "1",
            "\"x\"",
            "{",
            "{}{}",
            "{} x",
            "{\"a\":}",
            "{'a':1}",
            "{\"a\":1,}",
            "{\"a\":NaN}",
        ] {
            refused(bad);
        }
        for bad in ["\u{feff}{}", r#"{"a":"\ud800"}"#, "{\"a\":1e999}", "{\"a\":\"\n\"}", "{\"a\":01}"] {
            refused(bad);
        }
        assert!(parse_object(b"{\"a\":\"\xc0\xaf\"}", 3).is_err(), "overlong UTF-8");
        assert!(parse_object(b" {\"a\" : [1, -1, 1.5, true, null, \"x\", {}]} ", 3).is_ok());
    }

    #[test]
    fn depth_is_bounded() {
        assert!(parse_object(br#"{"a":{"b":{}}}"#, 3).is_ok());
        assert!(refused(r#"{"a":{"b":{"c":{}}}}"#).contains("too deep"));
        let deep = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
        refused(&deep);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_serde_json_writes_is_read_back_the_same(value in any_json()) {
            let text = serde_json::to_vec(&serde_json::json!({"v": value})).unwrap();
            prop_assert_eq!(&parse_object(&text, 8).unwrap()["v"], &value);
        }

        #[test]
        fn arbitrary_bytes_never_panic_and_never_pass_where_serde_json_refuses(bytes: Vec<u8>) {
            if parse_object(&bytes, 8).is_ok() {
                prop_assert!(serde_json::from_slice::<Value>(&bytes).is_ok());
            }
        }
    }
}
