//! Language-neutral cases: given, when, then.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::Path;

use crate::root::{self, FileError};

/// One case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// `<folder>/<file>/<name>`, unique.
    pub(crate) id: String,
    /// The requirements that it bears on.
    pub(crate) requirements: Vec<String>,
    /// What it shows, as a sentence.
    pub(crate) title: String,
    /// The state and the input.
    pub(crate) given: Map<String, Value>,
    /// What is done.
    pub(crate) when: When,
    /// What must come out: each named field, and no word about others.
    pub(crate) then: Value,
    /// How far a number may lie off, 1e-9 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tolerance: Option<f64>,
}

/// What is done: an operation and its arguments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct When {
    /// The operation's name.
    pub(crate) op: String,
    /// Its arguments.
    #[serde(flatten)]
    pub(crate) arguments: Map<String, Value>,
}

impl Case {
    /// How far a number may lie off unless the case says otherwise.
    pub(crate) const TOLERANCE: f64 = 1e-9;

    /// How far a number may lie off.
    pub(crate) fn tolerance(&self) -> f64 {
        self.tolerance.unwrap_or(Self::TOLERANCE)
    }

    /// The file of the case, as evidence names it: `srip-03/bands`.
    pub(crate) fn file(&self) -> &str {
        self.id
            .rsplit_once('/')
            .map_or(self.id.as_str(), |(file, _)| file)
    }
}

/// A case's id does not begin with where it stands.
#[derive(Debug, thiserror::Error)]
#[error("the id {id:?} should begin with {expected:?}")]
struct Misplaced {
    id: String,
    expected: String,
}

/// Reads one file: an array of cases.
pub(super) fn load(folder: &Path, path: &Path) -> Result<Vec<Case>, FileError> {
    let malformed = |source: Box<dyn std::error::Error>| FileError::Malformed {
        path: path.into(),
        source,
    };
    let cases: Vec<Case> =
        serde_json::from_str(&root::read(path)?).map_err(|error| malformed(Box::new(error)))?;
    let below = path.strip_prefix(folder).unwrap_or(path).with_extension("");
    let expected = format!("{}/", below.to_string_lossy().replace('\\', "/"));
    match cases.iter().find(|case| !case.id.starts_with(&expected)) {
        Some(case) => Err(malformed(Box::new(Misplaced {
            id: case.id.clone(),
            expected,
        }))),
        None => Ok(cases),
    }
}
