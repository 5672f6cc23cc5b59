//! Texts to values and back: JSON, JSON-LD and YAML, with limits, one meaning and one written form.

mod context;
pub(crate) use context::is_ours;
mod tree;
mod write;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::rules::ReadLimits;
pub use context::{CONTEXT, CONTEXT_PATH, context};

/// How a document is written (`SRIP-05 §4`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Format {
    /// Plain JSON.
    Json,
    /// JSON with an `@context` beside what is signed.
    JsonLd,
    /// YAML 1.2.
    Yaml,
}

impl Format {
    /// All of them, the preferred one first.
    pub const ALL: [Self; 3] = [Self::Json, Self::JsonLd, Self::Yaml];

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::JsonLd => "application/ld+json",
            Self::Yaml => "application/yaml",
        }
    }

    /// The format of a media type, whose parameters are passed over.
    #[must_use]
    pub fn of_media_type(text: &str) -> Option<Self> {
        let name = text.split(';').next().unwrap_or_default().trim();
        match name.to_ascii_lowercase().as_str() {
            "application/json" => Some(Self::Json),
            "application/ld+json" => Some(Self::JsonLd),
            "application/yaml" | "application/x-yaml" | "text/yaml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// A text is not a document. The sender is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// More bytes than are read.
    #[error("the document has {len} bytes, at most {max} are read")]
    TooLarge {
        /// Bytes given.
        len: usize,
        /// Bytes read.
        max: usize,
    },
    /// Lists and objects too deep inside one another.
    #[error("{at}: more than {max} levels of lists and objects")]
    TooDeep {
        /// Where.
        at: Place,
        /// Levels read.
        max: usize,
    },
    /// Too many values.
    #[error("{at}: more than {max} values")]
    TooMany {
        /// Where.
        at: Place,
        /// Values read.
        max: usize,
    },
    /// One object has a name twice.
    #[error("{at}: the name stands twice in one object")]
    Duplicate {
        /// Where.
        at: Place,
    },
    /// A number that two readers would understand differently.
    #[error("{at}: a number has to be finite, and a whole one at most 2^53 - 1")]
    Number {
        /// Where.
        at: Place,
    },
    /// Not JSON or YAML at all, or something of YAML that is not taken: anchors, tags, merge keys.
    #[error("{at}: {what}")]
    Syntax {
        /// Where.
        at: Place,
        /// What the parser says.
        what: String,
    },
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// JSON pointer (RFC 6901); empty for the whole.
    pub pointer: String,
    /// Line and column from 1, where known.
    pub line_column: Option<(usize, usize)>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pointer = if self.pointer.is_empty() {
            "the document"
        } else {
            &self.pointer
        };
        match self.line_column {
            Some((line, column)) => write!(f, "{pointer} (line {line}, column {column})"),
            None => f.write_str(pointer),
        }
    }
}

/// Reads a text of any format into a value with one meaning: no name twice, whole numbers whole, no
/// negative zero, nothing after the end.
///
/// # Errors
/// [`TextError`] tells what is wrong and where.
pub fn read(bytes: &[u8], format: Format, limits: &ReadLimits) -> Result<Value, TextError> {
    if bytes.len() > limits.bytes {
        return Err(TextError::TooLarge {
            len: bytes.len(),
            max: limits.bytes,
        });
    }
    match format {
        Format::Json | Format::JsonLd => tree::json(bytes, limits),
        Format::Yaml => tree::yaml(bytes, limits),
    }
}

/// Writes a value: fields named in `order` first, in that order; numbers as RFC 8785 has them in JSON,
/// and in YAML so that readers of 1.1 and 1.2 take them for the same.
#[must_use]
pub(crate) fn write(value: &Value, format: Format, order: &[&str]) -> Vec<u8> {
    match format {
        Format::Json | Format::JsonLd => write::json(value, order),
        Format::Yaml => write::yaml(value, order),
    }
}
