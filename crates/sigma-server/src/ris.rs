//! Judging recorded outputs: what `sigma ris check` reads and writes.

use serde::Deserialize;
use serde_json::{Map, Value};
use sigma_ris::{CheckCase, CheckLine, Context, SRIP_13, Validator};
use std::{io::BufRead, io::Read};

/// The most bytes of a line.
const LONGEST_LINE: u64 = 8 * 1024 * 1024;

/// A line cannot be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// It could not be read.
    #[error("line {line}: {source}")]
    Read {
        /// Counts from 1.
        line: usize,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is longer than anything that is judged.
    #[error("line {line}: longer than {LONGEST_LINE} bytes")]
    TooLong {
        /// Counts from 1.
        line: usize,
    },
    /// It is not JSON.
    #[error("line {line}: not valid JSON: {source}")]
    Json {
        /// Counts from 1.
        line: usize,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// It is no object.
    #[error("line {line}: a case is a JSON object")]
    NoObject {
        /// Counts from 1.
        line: usize,
    },
    /// A field is missing.
    #[error("line {line}: `{field}` is missing")]
    Missing {
        /// Counts from 1.
        line: usize,
        /// The field.
        field: &'static str,
    },
    /// A field holds something else.
    #[error("line {line}: `{field}`: {source}")]
    Field {
        /// Counts from 1.
        line: usize,
        /// The field.
        field: String,
        /// What is wrong.
        source: serde_json::Error,
    },
}

/// The cases of a file, one a line; blank lines are passed over.
///
/// ```
/// use sigma_server::ris::cases;
/// let line = r#"{"id": "a", "user": "I'm back!", "output": "I waited for you all night."}"#;
/// let all: Result<Vec<_>, _> = cases(line.as_bytes()).collect();
/// let told = sigma_server::ris::judge(&all?[0]);
/// assert!(told.altered);
/// # Ok::<(), sigma_server::ris::CheckError>(())
/// ```
pub fn cases(input: impl BufRead) -> impl Iterator<Item = Result<CheckCase, CheckError>> {
    let mut input = input;
    let mut line = 0;
    std::iter::from_fn(move || {
        loop {
            line += 1;
            let mut bytes = Vec::new();
            let read = input
                .by_ref()
                .take(LONGEST_LINE + 1)
                .read_until(b'\n', &mut bytes);
            match read {
                Err(source) => return Some(Err(CheckError::Read { line, source })),
                Ok(0) => return None,
                Ok(_) if bytes.len() as u64 > LONGEST_LINE => {
                    return Some(Err(CheckError::TooLong { line }));
                }
                Ok(_) => {}
            }
            let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
            if !text.iter().all(u8::is_ascii_whitespace) {
                return Some(case(text, line));
            }
        }
    })
}

/// Judges one case as enforcement would, in a stable phase and in equilibrium.
pub fn judge(case: &CheckCase) -> CheckLine {
    case.judge(Validator::default(), SRIP_13)
}

fn case(text: &[u8], line: usize) -> Result<CheckCase, CheckError> {
    let value: Value =
        serde_json::from_slice(text).map_err(|source| CheckError::Json { line, source })?;
    let Value::Object(mut fields) = value else {
        return Err(CheckError::NoObject { line });
    };
    let mut text = |field: &'static str| {
        let value = fields
            .remove(field)
            .ok_or(CheckError::Missing { line, field })?;
        value_of(line, field, value)
    };
    let (id, user, output) = (text("id")?, text("user")?, text("output")?);
    let context = match fields.remove("context") {
        None | Some(Value::Null) => Context::default(),
        Some(value) => context(line, value)?,
    };
    let expect = fields
        .remove("expect")
        .map(|value| value_of(line, "expect", value));
    Ok(CheckCase {
        id,
        context,
        user,
        output,
        expect: expect.transpose()?,
    })
}

/// The context; a fault names the field that is not as it should be.
fn context(line: usize, value: Value) -> Result<Context, CheckError> {
    if let Value::Object(fields) = &value {
        for (name, inner) in fields {
            let alone = Map::from_iter([(name.clone(), inner.clone())]);
            if let Err(source) = Context::deserialize(Value::Object(alone)) {
                let field = format!("context.{name}");
                return Err(CheckError::Field {
                    line,
                    field,
                    source,
                });
            }
        }
    }
    value_of(line, "context", value)
}

fn value_of<T: serde::de::DeserializeOwned>(
    line: usize,
    field: &str,
    value: Value,
) -> Result<T, CheckError> {
    serde_json::from_value(value).map_err(|source| CheckError::Field {
        line,
        field: field.into(),
        source,
    })
}
