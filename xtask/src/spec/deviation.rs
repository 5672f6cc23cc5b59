//! Where we deviate from the documents, or had to decide between them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deviation {
    /// Its name, such as `DEV-05`.
    pub(crate) id: String,
    /// The passages it is about, such as `SRIP-03 §4`.
    pub(crate) about: Vec<String>,
    /// What kind of decision it is.
    pub(crate) kind: Kind,
    /// What the documents say.
    pub(crate) conflict: String,
    /// What we do.
    pub(crate) choice: String,
    /// Why.
    pub(crate) why: String,
}

/// What kind of decision a deviation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Two passages disagree and one reading was chosen.
    Resolution,
    /// A quantity is named and not defined.
    Definition,
    /// A printed number does not fit real text.
    Calibration,
    /// A dated model is implemented although it was withdrawn.
    Historical,
}

impl Kind {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Resolution => "resolution",
            Self::Definition => "definition",
            Self::Calibration => "calibration",
            Self::Historical => "historical",
        }
    }
}
