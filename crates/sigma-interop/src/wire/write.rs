//! Writing: a fixed order of fields, one form for each number.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::{Number, Value, ser::Formatter};
use std::io;

use super::tree::EXACT;

/// A value whose objects are written in a given order.
pub(super) struct Ordered<'a> {
    value: &'a Value,
    order: &'a [&'a str],
}

pub(super) fn json(value: &Value, order: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1024);
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Rfc8785);
    let ordered = Ordered { value, order };
    // a value of JSON written to memory cannot fail
    ordered.serialize(&mut serializer).unwrap_or_default();
    bytes
}

pub(super) fn yaml(value: &Value, order: &[&str]) -> Vec<u8> {
    let ordered = Ordered { value, order };
    let options = serde_saphyr::ser_options! { quote_all: true };
    serde_saphyr::to_string_with_options(&ordered, options)
        .unwrap_or_default()
        .into_bytes()
}

impl Ordered<'_> {
    const fn below<'v>(&'v self, value: &'v Value) -> Ordered<'v> {
        Ordered {
            value,
            order: self.order,
        }
    }

    fn rank(&self, name: &str) -> usize {
        let found = self.order.iter().position(|known| *known == name);
        found.unwrap_or(self.order.len())
    }
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Object(object) => {
                let mut fields: Vec<_> = object.iter().collect();
                fields.sort_by_key(|(name, _)| (self.rank(name), *name));
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, &self.below(value))?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(&self.below(item))?;
                }
                seq.end()
            }
            Value::Number(number) => match whole(number) {
                Some(whole) => serializer.serialize_i64(whole),
                None => number.serialize(serializer),
            },
            other => other.serialize(serializer),
        }
    }
}

/// A fraction that is none, such as `1.0`, is written as reading gives it: `1`.
fn whole(number: &Number) -> Option<i64> {
    let float = number.as_f64().filter(|_| number.is_f64())?;
    let exact = float.fract() == 0.0 && float.abs() <= EXACT as f64;
    exact.then_some(float as i64)
}

/// JSON without blanks, numbers as in RFC 8785.
struct Rfc8785;

impl Formatter for Rfc8785 {
    fn write_f32<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        self.write_f64(writer, f64::from(value))
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        let text = serde_json_canonicalizer::to_vec(&value)?;
        writer.write_all(&text)
    }
}
