//! Translations: from the peer's schema to one of ours, with the original kept beside the mapped one.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::ids::{IdError, SchemaId};

/// One direction of reading, written `ext:foo/v2 → kiri:agent.v1` (`IOH-01 §43.2`).
///
/// Both identifiers stay as their owners write them (`IOH-01 §43.3`, `anti_absorption`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Translation {
    original: SchemaId,
    mapped: SchemaId,
}

impl Translation {
    /// What stands between the two: a space, U+2192, a space.
    pub const ARROW: &'static str = " \u{2192} ";

    /// From one schema to another.
    #[must_use]
    pub const fn new(original: SchemaId, mapped: SchemaId) -> Self {
        Self { original, mapped }
    }

    /// The schema as the peer calls it.
    #[must_use]
    pub const fn original(&self) -> &SchemaId {
        &self.original
    }

    /// The schema as which it is read here.
    #[must_use]
    pub const fn mapped(&self) -> &SchemaId {
        &self.mapped
    }
}

impl fmt::Display for Translation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.original, Self::ARROW, self.mapped)
    }
}

impl FromStr for Translation {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (original, mapped) = text.split_once(Self::ARROW).ok_or(IdError)?;
        Ok(Self::new(original.parse()?, mapped.parse()?))
    }
}

impl TryFrom<String> for Translation {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<Translation> for String {
    fn from(translation: Translation) -> Self {
        translation.to_string()
    }
}

/// What we can read: rows from a peer's schema, or a whole prefix of schemas, to one of ours.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Translations(Vec<Row>);

/// One row of [`Translations`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// A schema such as `ext:foo/v2`, or all schemas under a start, such as `ext:*`.
    pub from: String,
    /// One of our schemas, such as `kiri:agent.v1`.
    pub to: SchemaId,
}

impl Translations {
    /// These rows.
    #[must_use]
    pub const fn new(rows: Vec<Row>) -> Self {
        Self(rows)
    }

    /// Every translation of a schema, each once, in the order of the mapped identifiers' bytes.
    #[must_use]
    pub fn of(&self, schema: &SchemaId) -> Vec<Translation> {
        let mut found: Vec<_> = self
            .0
            .iter()
            .filter(|row| row.covers(schema))
            .map(|row| Translation::new(schema.clone(), row.to.clone()))
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

impl Row {
    fn covers(&self, schema: &SchemaId) -> bool {
        match self.from.strip_suffix('*') {
            Some(start) => schema.as_str().starts_with(start),
            None => schema.as_str() == self.from,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_with_the_arrow_and_read_back() {
        let text = "ext:foo/v2 → kiri:agent.v1";
        let translation: Translation = text.parse().unwrap();
        assert_eq!(translation.to_string(), text);
        assert_eq!(translation.original().as_str(), "ext:foo/v2");
        for wrong in [
            "ext:foo/v2 -> kiri:agent.v1",
            "ext:foo/v2→kiri:agent.v1",
            " → ",
        ] {
            assert!(wrong.parse::<Translation>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn rows_are_matched_byte_for_byte_and_listed_once() {
        let row = |from: &str, to: &str| Row {
            from: from.into(),
            to: to.parse().unwrap(),
        };
        let table = Translations::new(vec![
            row("ext:*", "kiri:memo.v1"),
            row("ext:foo/v2", "kiri:agent.v1"),
            row("ext:foo/*", "kiri:agent.v1"),
            row("ext:Foo/v2", "kiri:other.v1"),
        ]);
        let found = table.of(&"ext:foo/v2".parse().unwrap());
        let texts: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            ["ext:foo/v2 → kiri:agent.v1", "ext:foo/v2 → kiri:memo.v1"]
        );
        assert!(table.of(&"other:x".parse().unwrap()).is_empty());
    }
}
