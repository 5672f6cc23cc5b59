//! JSON that knows where in the file each value stands.

use crate::import::{
    dialogue::Location,
    error::{Expected, ImportError, Kind, Place},
};
use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Array, Object, Value},
    common::Ranged,
    errors::ParseError,
    parse_to_ast,
};
use std::{borrow::Cow, collections::HashSet};

/// A parsed file: one JSON value, or one a line.
pub(crate) struct Document<'a> {
    name: &'a str,
    text: &'a str,
    /// Byte offset at which each line begins.
    line_starts: Vec<usize>,
    pub(crate) records: Vec<Record<'a>>,
    pub(crate) lines: bool,
}

/// One JSON value of the file.
pub(crate) struct Record<'a> {
    /// Byte offset of the value's text in the file.
    offset: usize,
    pub(crate) value: Value<'a>,
}

/// A value inside a record.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a, 'b> {
    document: &'b Document<'a>,
    record: &'b Record<'a>,
    pub(crate) value: &'b Value<'a>,
}

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Objects with more keys than this are checked for duplicates with a set.
const FEW_KEYS: usize = 12;

impl<'a> Document<'a> {
    pub(crate) fn parse(name: &'a str, text: &'a str) -> Result<Self, ImportError> {
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        let mut document = Self {
            name,
            text,
            line_starts,
            records: Vec::new(),
            lines: false,
        };
        document.lines = is_json_lines(text);
        document.records = if document.lines {
            document.parse_lines()?
        } else {
            vec![document.parse_record(0, text)?]
        };
        for record in &document.records {
            document.reject_duplicates(record, &record.value)?;
        }
        Ok(document)
    }

    pub(crate) fn roots<'b>(&'b self) -> impl Iterator<Item = Node<'a, 'b>> {
        self.records.iter().map(|record| Node {
            document: self,
            record,
            value: &record.value,
        })
    }

    fn parse_lines(&self) -> Result<Vec<Record<'a>>, ImportError> {
        let mut records = Vec::new();
        let mut offset = 0;
        for line in self.text.split_inclusive('\n') {
            if !line.trim().is_empty() {
                let record = self.parse_record(offset, line)?;
                if record.value.as_object().is_none() {
                    let place = self.place(&record, record.value.start());
                    let found = kind(&record.value);
                    let expected = Expected::ObjectPerLine;
                    return Err(ImportError::WrongKind {
                        place,
                        expected,
                        found,
                    });
                }
                records.push(record);
            }
            offset += line.len();
        }
        Ok(records)
    }

    fn parse_record(&self, offset: usize, text: &'a str) -> Result<Record<'a>, ImportError> {
        match parse_to_ast(text, &CollectOptions::default(), &STRICT) {
            Ok(parsed) => match parsed.value {
                Some(value) => Ok(Record { offset, value }),
                None => Err(ImportError::Empty {
                    file: self.name.into(),
                }),
            },
            Err(error) => Err(self.syntax(offset, error)),
        }
    }

    fn syntax(&self, offset: usize, error: ParseError) -> ImportError {
        let at = (offset + error.range().start).min(self.text.len());
        let line = self.line(at);
        let column = self
            .text
            .get(self.line_starts[line - 1]..at)
            .map_or(0, |t| t.chars().count());
        let place = Place {
            file: self.name.into(),
            line,
            column: column + 1,
            path: String::new(),
        };
        ImportError::Syntax {
            place,
            source: Box::new(error),
        }
    }

    fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at)
    }

    fn place(&self, record: &Record<'a>, at: usize) -> Place {
        let mut path = String::new();
        path_to(&record.value, at, &mut path);
        Place {
            file: self.name.into(),
            line: self.line(record.offset + at),
            column: 0,
            path,
        }
    }

    fn reject_duplicates(&self, record: &Record<'a>, value: &Value<'a>) -> Result<(), ImportError> {
        match value {
            Value::Array(array) => array
                .elements
                .iter()
                .try_for_each(|value| self.reject_duplicates(record, value)),
            Value::Object(object) => {
                if let Some(at) = second_of_same_key(object) {
                    return Err(ImportError::DuplicateKey {
                        place: self.place(record, at),
                    });
                }
                let mut values = object.properties.iter().map(|property| &property.value);
                values.try_for_each(|value| self.reject_duplicates(record, value))
            }
            _ => Ok(()),
        }
    }
}

/// More than one line, and the first that is not empty is a whole JSON object by itself.
fn is_json_lines(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (Some(first), Some(_)) = (lines.next(), lines.next()) else {
        return false;
    };
    let first = first.trim();
    first.starts_with('{')
        && first.ends_with('}')
        && parse_to_ast(first, &CollectOptions::default(), &STRICT).is_ok()
}

fn second_of_same_key(object: &Object<'_>) -> Option<usize> {
    let keys = object
        .properties
        .iter()
        .map(|p| (p.name.as_str(), p.value.start()));
    if object.properties.len() <= FEW_KEYS {
        let seen = |at: usize, key: &str| {
            object.properties[..at]
                .iter()
                .any(|p| p.name.as_str() == key)
        };
        return keys
            .enumerate()
            .find(|(at, (key, _))| seen(*at, key))
            .map(|(_, (_, start))| start);
    }
    let mut seen = HashSet::with_capacity(object.properties.len());
    keys.into_iter()
        .find(|(key, _)| !seen.insert(*key))
        .map(|(_, start)| start)
}

/// Writes the way from `value` to the innermost value that begins at `at`.
fn path_to(value: &Value<'_>, at: usize, path: &mut String) {
    if value.start() == at {
        return;
    }
    let holds = |value: &Value<'_>| value.start() <= at && at < value.end();
    match value {
        Value::Array(array) => {
            let index = array
                .elements
                .partition_point(|element| element.end() <= at);
            if let Some(element) = array.elements.get(index).filter(|element| holds(element)) {
                path.extend(["[", &index.to_string(), "]"]);
                path_to(element, at, path);
            }
        }
        Value::Object(object) => {
            let index = object
                .properties
                .partition_point(|property| property.value.end() <= at);
            if let Some(property) = object.properties.get(index).filter(|p| holds(&p.value)) {
                push_key(path, property.name.as_str());
                path_to(&property.value, at, path);
            }
        }
        _ => {}
    }
}

fn push_key(path: &mut String, key: &str) {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !key.is_empty() && key.chars().all(plain) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    } else {
        let key = crate::import::dialogue::excerpt(key, 48);
        path.extend(["[", &format!("{key:?}"), "]"]);
    }
}

fn kind(value: &Value<'_>) -> Kind {
    match value {
        Value::StringLit(_) => Kind::Text,
        Value::NumberLit(_) => Kind::Number,
        Value::BooleanLit(_) => Kind::Boolean,
        Value::NullKeyword(_) => Kind::Null,
        Value::Array(_) => Kind::List,
        Value::Object(_) => Kind::Object,
    }
}

impl<'a, 'b> Node<'a, 'b> {
    /// Where the value stands, with the way to it.
    pub(crate) fn place(self) -> Place {
        self.document.place(self.record, self.value.start())
    }

    /// Where the value stands, for a turn.
    pub(crate) fn location(self) -> Location {
        let Place { line, path, .. } = self.place();
        Location { line, path }
    }

    fn with(self, value: &'b Value<'a>) -> Self {
        Self { value, ..self }
    }

    pub(crate) fn wrong(self, expected: Expected) -> ImportError {
        ImportError::WrongKind {
            place: self.place(),
            expected,
            found: kind(self.value),
        }
    }

    /// The value of a key, if this is an object that has it.
    pub(crate) fn field(self, key: &str) -> Option<Self> {
        let properties = &self.value.as_object()?.properties;
        properties
            .iter()
            .find(|p| p.name.as_str() == key)
            .map(|p| self.with(&p.value))
    }

    /// As [`Self::field`], with `null` as good as nothing.
    pub(crate) fn present(self, key: &str) -> Option<Self> {
        self.field(key)
            .filter(|node| node.value.as_null_keyword().is_none())
    }

    pub(crate) fn required(self, key: &str, expected: Expected) -> Result<Self, ImportError> {
        self.field(key).ok_or_else(|| {
            let mut place = self.place();
            push_key(&mut place.path, key);
            ImportError::MissingField { place, expected }
        })
    }

    pub(crate) fn entries(self) -> Result<Vec<(&'b str, Self)>, ImportError> {
        let object = self
            .value
            .as_object()
            .ok_or_else(|| self.wrong(Expected::Object))?;
        Ok(object
            .properties
            .iter()
            .map(|p| (p.name.as_str(), self.with(&p.value)))
            .collect())
    }

    pub(crate) fn items(
        self,
    ) -> Result<impl ExactSizeIterator<Item = Self> + use<'a, 'b>, ImportError> {
        let array: &'b Array<'a> = self
            .value
            .as_array()
            .ok_or_else(|| self.wrong(Expected::List))?;
        Ok(array.elements.iter().map(move |value| self.with(value)))
    }

    pub(crate) fn as_text(self) -> Option<&'b str> {
        self.value
            .as_string_lit()
            .map(|text: &'b _| match &text.value {
                Cow::Borrowed(text) => *text,
                Cow::Owned(text) => text.as_str(),
            })
    }

    pub(crate) fn text(self) -> Result<&'b str, ImportError> {
        self.as_text().ok_or_else(|| self.wrong(Expected::Text))
    }

    pub(crate) fn as_number(self) -> Option<f64> {
        let number = self.value.as_number_lit()?;
        number
            .value
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
    }

    pub(crate) fn is_true(self) -> bool {
        self.value.as_boolean_lit().is_some_and(|value| value.value)
    }

    pub(crate) fn is_object(self) -> bool {
        self.value.as_object().is_some()
    }

    pub(crate) fn is_list(self) -> bool {
        self.value.as_array().is_some()
    }

    pub(crate) fn is_null(self) -> bool {
        self.value.as_null_keyword().is_some()
    }

    /// The value of `key` as text, an error if it is something else; `null` and absent are `None`.
    pub(crate) fn optional_text(self, key: &str) -> Result<Option<&'b str>, ImportError> {
        match self.present(key) {
            None => Ok(None),
            Some(node) => node
                .as_text()
                .map(Some)
                .ok_or_else(|| node.wrong(Expected::TextOrNull)),
        }
    }
}
