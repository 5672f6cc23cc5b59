//! The sections of the documents that may be cited.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

use super::Document;

/// Documents and their sections.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Clauses(BTreeMap<String, BTreeSet<String>>);

impl Clauses {
    /// Adds the sections that the requirements name.
    pub(super) fn with_cited_by(mut self, documents: &[Document]) -> Self {
        for document in documents {
            let sections = self.0.entry(document.name.clone()).or_default();
            sections.extend(
                document
                    .requirements
                    .iter()
                    .flat_map(|r| r.section.iter().cloned()),
            );
        }
        self
    }

    /// Whether the document has the section.
    pub(crate) fn has(&self, document: &str, section: &str) -> bool {
        self.0
            .get(document)
            .is_some_and(|sections| sections.contains(section))
    }

    /// Whether the document is known at all.
    pub(crate) fn knows(&self, document: &str) -> bool {
        self.0.contains_key(document)
    }
}
