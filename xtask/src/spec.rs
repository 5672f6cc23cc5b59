//! The specification as data: requirements, deviations, clauses and fixtures in `spec-fixtures`.

mod clauses;
mod deviation;
mod fixture;
mod requirement;

use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

use crate::root::{self, FileError};

pub(crate) use clauses::Clauses;
pub(crate) use deviation::Deviation;
pub(crate) use fixture::Case;
pub(crate) use requirement::{Document, Level, Requirement, Status};

/// Everything in `spec-fixtures`.
pub(crate) struct Spec {
    /// The documents with their requirements, in the order of their names.
    pub(crate) documents: Vec<Document>,
    /// Where we deviate from the documents, or had to decide.
    pub(crate) deviations: Vec<Deviation>,
    /// The sections that exist.
    pub(crate) clauses: Clauses,
    /// The cases, in the order of their files and within them.
    pub(crate) cases: Vec<Case>,
}

impl Spec {
    /// Reads the folder `spec-fixtures` of the workspace at `root`.
    pub(crate) fn load(root: &Path) -> Result<Self, FileError> {
        let folder = root.join("spec-fixtures");
        let documents: Vec<Document> = root::files(&folder.join("requirements"), "yaml")?
            .iter()
            .map(|path| yaml(path))
            .collect::<Result<_, _>>()?;
        let clauses: Clauses = yaml(&folder.join("clauses.yaml"))?;
        let clauses = clauses.with_cited_by(&documents);
        let deviations = yaml(&folder.join("deviations.yaml"))?;
        let mut cases = Vec::new();
        for path in case_files(&folder)? {
            cases.extend(fixture::load(&folder, &path)?);
        }
        Ok(Self {
            documents,
            deviations,
            clauses,
            cases,
        })
    }

    /// All requirements of all documents.
    pub(crate) fn requirements(&self) -> impl Iterator<Item = &Requirement> {
        self.documents
            .iter()
            .flat_map(|document| &document.requirements)
    }
}

/// Case files lie one folder deep, in a folder named after a document; other folders are data.
fn case_files(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut files = root::files(folder, "json")?;
    files.retain(|path| {
        let below = path.strip_prefix(folder).unwrap_or(path);
        let top = below
            .iter()
            .next()
            .and_then(|part| part.to_str())
            .unwrap_or_default();
        below.iter().count() == 2 && is_document_folder(top)
    });
    Ok(files)
}

fn is_document_folder(name: &str) -> bool {
    ["srip-", "ioh-", "nur-"]
        .iter()
        .any(|start| name.starts_with(start))
        || name == "onb"
        || name == "types"
}

/// Reads a YAML file.
pub(crate) fn yaml<T: DeserializeOwned>(path: &Path) -> Result<T, FileError> {
    serde_saphyr::from_str(&root::read(path)?).map_err(|error| FileError::Malformed {
        path: path.into(),
        source: Box::new(error),
    })
}
