//! Writing: a fixed order of fields, one form for each number.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::{Map, Number, Value};

use super::tree::EXACT;

/// A value whose objects are written in a given order.
pub(super) struct Ordered<'a> {
    value: &'a Value,
    order: &'a [&'a str],
}

/// JSON without blanks; texts and numbers as in RFC 8785.
pub(super) fn json(value: &Value, order: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1024);
    Ordered { value, order }.json(&mut bytes);
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

    fn fields<'v>(&self, object: &'v Map<String, Value>) -> Vec<(&'v String, &'v Value)> {
        let mut fields: Vec<_> = object.iter().collect();
        fields.sort_by_key(|(name, _)| (self.rank(name), *name));
        fields
    }

    fn json(&self, out: &mut Vec<u8>) {
        match self.value {
            Value::Object(object) => {
                out.push(b'{');
                for (at, (name, value)) in self.fields(object).into_iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    leaf(name, out);
                    out.push(b':');
                    self.below(value).json(out);
                }
                out.push(b'}');
            }
            Value::Array(items) => {
                out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    self.below(item).json(out);
                }
                out.push(b']');
            }
            other => leaf(other, out),
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
                let fields = self.fields(object);
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

/// A text, number or literal; one that is a value already always has its canonical form.
fn leaf(value: &impl Serialize, out: &mut Vec<u8>) {
    out.extend(sigma_types::canonical_json(value).unwrap_or_default());
}

/// A fraction that is none, such as `1.0`, is written as reading gives it: `1`.
fn whole(number: &Number) -> Option<i64> {
    let float = number.as_f64().filter(|_| number.is_f64())?;
    let exact = float.fract() == 0.0 && float.abs() <= EXACT as f64;
    exact.then_some(float as i64)
}
