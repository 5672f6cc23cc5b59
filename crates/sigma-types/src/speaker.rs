//! Who said something.

use serde::{Deserialize, Serialize};

/// The side of a dialogue that an utterance belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The person, or whatever speaks to the model.
    User,
    /// The model.
    Assistant,
}
