//! Texts about people, stored apart from the ledger: it holds a commitment, which stays when the text goes.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::{digest::Digest, ids::Entropy, json::JsonError};

/// A contact or a reason with its salt.
///
/// The salt makes the commitment say nothing about the text once both are erased: without it, a short
/// text could be found by trying.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateText {
    salt: String,
    text: String,
}

impl PrivateText {
    /// A text and the random bytes that hide it.
    #[must_use]
    pub fn new(text: &str, salt: &Entropy) -> Self {
        Self {
            salt: HEXLOWER.encode(salt),
            text: text.to_owned(),
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the ledger holds: SHA-256 over the canonical JSON of salt and text.
    ///
    /// # Errors
    /// [`JsonError`], which text cannot cause.
    pub fn commitment(&self) -> Result<Digest, JsonError> {
        Digest::of_canonical(self)
    }
}
