//! What the documents ask for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One document of the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    /// Its short name, such as `SRIP-03`.
    #[serde(rename = "document")]
    pub(crate) name: String,
    /// Its subject.
    pub(crate) title: String,
    /// Which edition was read.
    pub(crate) edition: String,
    /// What force it has.
    pub(crate) standing: String,
    /// What it asks for.
    pub(crate) requirements: Vec<Requirement>,
}

/// One thing that a document asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Requirement {
    /// Our name for it, such as `SRIP-03-R2`.
    pub(crate) id: String,
    /// The sections that say it.
    pub(crate) section: Vec<String>,
    /// How strongly it is asked for.
    pub(crate) level: Level,
    /// What is asked for, in our words.
    pub(crate) text: String,
    /// How far it is met.
    pub(crate) status: Status,
    /// What shows that it is met: a fixture file (`srip-03/bands`), one case of it
    /// (`srip-03/bands/sdi-at-0.35`), or a test (`sigma-drift::name_of_the_test`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) evidence: Vec<String>,
    /// The deviations that bear on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) deviations: Vec<String>,
    /// What is missing, where it is not wholly met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

/// How strongly a document asks for something.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    /// A condition of conformance.
    Required,
    /// Descriptive, but other rules rest on it.
    Definition,
    /// The document itself calls it reference material.
    Reference,
    /// From a document or model that is no longer a criterion.
    Historical,
}

/// How far a requirement is met.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// Met, as the evidence shows.
    Met,
    /// Met in part; the note says what is missing.
    Partial,
    /// Not shown yet.
    Open,
}

impl Level {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Definition => "definition",
            Self::Reference => "reference",
            Self::Historical => "historical",
        }
    }
}

impl Status {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partial => "partial",
            Self::Open => "open",
        }
    }
}
