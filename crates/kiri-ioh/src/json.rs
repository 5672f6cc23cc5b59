//! JSON with one meaning and one byte form: I-JSON (RFC 7493) read, canonical JSON (RFC 8785) written.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};
use std::fmt;

/// A text is not JSON, or not I-JSON: a name twice in one object, a number that a double cannot
/// hold, or half a surrogate pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not I-JSON (RFC 7493)")]
pub struct JsonError;

/// Reads I-JSON.
///
/// # Errors
/// [`JsonError`] for whatever RFC 7493 excludes and for more than 128 levels.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    serde_json::from_slice::<Strict>(bytes)
        .map(|strict| strict.0)
        .map_err(|_| JsonError)
}

/// Reads I-JSON into a type.
///
/// # Errors
/// As [`parse`], and where the value does not have the type's form.
pub fn parse_as<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    serde_json::from_value(parse(bytes)?).map_err(|_| JsonError)
}

/// Writes canonical JSON (RFC 8785).
///
/// # Errors
/// [`JsonError`] for maps whose keys are not text and numbers that JSON cannot hold.
pub fn canonical(value: &impl Serialize) -> Result<Vec<u8>, JsonError> {
    serde_json_canonicalizer::to_vec(value).map_err(|_| JsonError)
}

/// The largest whole number that every reader of I-JSON keeps exactly: 2^53 - 1.
const EXACT: u64 = (1 << 53) - 1;

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("I-JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Value, E> {
        if number > EXACT {
            return Err(E::custom("not exact"));
        }
        Ok(number.into())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Value, E> {
        if number.unsigned_abs() > EXACT {
            return Err(E::custom("not exact"));
        }
        Ok(number.into())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        // Digits beyond a double arrive here too, as a whole number past the exact ones.
        if number.fract() == 0.0 && number.abs() > EXACT as f64 {
            return Err(E::custom("not exact"));
        }
        Number::from_f64(number)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not finite"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = map.next_entry::<String, Strict>()? {
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a name twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_would_understand_differently_is_refused() {
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"a":{"b":1,"\u0062":2}}"#,
            "9007199254740992",
            "-9007199254740993",
            "1e400",
            "123456789012345678901234567890",
            r#""\ud800""#,
            "[1] 2",
            "{",
            "",
            "NaN",
            "\u{feff}{}",
        ] {
            assert_eq!(parse(text.as_bytes()), Err(JsonError), "{text}");
        }
        assert_eq!(parse(b"\"\xff\""), Err(JsonError));
        assert_eq!(parse("[".repeat(100_000).as_bytes()), Err(JsonError));
    }

    #[test]
    fn everything_else_is_read_and_written_in_one_form() {
        let value = parse(br#" {"b": [1.0, -0, 1e2, true, null], "a": "\u00e9"} "#).unwrap();
        assert_eq!(
            String::from_utf8(canonical(&value).unwrap()).unwrap(),
            "{\"a\":\"é\",\"b\":[1,0,100,true,null]}"
        );
    }
}
