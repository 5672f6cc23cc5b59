//! Labelled dialogues: `[{dial_id, utterances: [..], starts_topic: [0|1, ..]}]`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use sigma_text::{Embedder, Utterance};
use sigma_types::Speaker;

use crate::root::{self, FileError};

/// A file of dialogues, under the name of the file.
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) dialogues: Vec<Dialogue>,
}

/// A dialogue with the truth about its subjects.
pub(crate) struct Dialogue {
    pub(crate) id: String,
    pub(crate) utterances: Vec<(Speaker, Utterance)>,
    /// Whether a subject starts there; of the first it does not count.
    pub(crate) starts: Vec<bool>,
}

/// The dialogues could not be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataError {
    /// Nothing is there.
    #[error(
        "{0} holds no .json file: name a file of labelled dialogues, or a folder of such files"
    )]
    Nothing(PathBuf),
    /// A file is not what it should be.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file holds no dialogue.
    #[error("{0} holds no dialogue")]
    Empty(PathBuf),
    /// A dialogue contradicts itself.
    #[error("{path}, dialogue {at} ({id}): {fault}")]
    Dialogue {
        /// Which file.
        path: PathBuf,
        /// Its place in the file, from zero.
        at: usize,
        /// What it calls itself.
        id: String,
        /// What is wrong, and what would be right.
        fault: String,
    },
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    dial_id: Value,
    utterances: Vec<String>,
    starts_topic: Vec<u8>,
}

impl Raw {
    fn id(&self, at: usize) -> String {
        match &self.dial_id {
            Value::Null => format!("#{at}"),
            Value::String(id) => id.clone(),
            other => other.to_string(),
        }
    }

    fn fault(&self) -> Option<String> {
        let (said, labels) = (self.utterances.len(), self.starts_topic.len());
        if said == 0 {
            return Some("has no utterances: leave it out".into());
        }
        if said != labels {
            return Some(format!(
                "has {said} utterances and {labels} labels in starts_topic: each utterance needs one"
            ));
        }
        let wrong = self.starts_topic.iter().position(|label| *label > 1)?;
        let label = self.starts_topic[wrong];
        Some(format!("starts_topic[{wrong}] is {label}: 0 or 1 is meant"))
    }
}

/// The files that paths name: files themselves, and the `.json` files of folders.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, DataError> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for path in paths {
        let named = if path.is_dir() {
            root::files(path, "json")?
        } else {
            vec![path.clone()]
        };
        if named.is_empty() {
            return Err(DataError::Nothing(path.clone()));
        }
        found.extend(named.into_iter().filter(|file| known.insert(file.clone())));
    }
    Ok(found)
}

/// Reads a file. Where utterances name their speaker ("user:", "agent:"), the name is cut off and
/// used; elsewhere speakers take turns.
pub(crate) fn load(path: &Path, embedder: &dyn Embedder) -> Result<Set, DataError> {
    let text = root::read(path)?;
    let raw: Vec<Raw> = serde_json::from_str(&text).map_err(|source| FileError::Malformed {
        path: path.into(),
        source: source.into(),
    })?;
    if raw.is_empty() {
        return Err(DataError::Empty(path.into()));
    }
    let read = |(at, raw): (usize, &Raw)| match raw.fault() {
        Some(fault) => Err(DataError::Dialogue {
            path: path.into(),
            at,
            id: raw.id(at),
            fault,
        }),
        None => Ok(dialogue(raw, at, embedder)),
    };
    Ok(Set {
        name: path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        dialogues: raw.iter().enumerate().map(read).collect::<Result<_, _>>()?,
    })
}

fn dialogue(raw: &Raw, at: usize, embedder: &dyn Embedder) -> Dialogue {
    let said = |(at, text): (usize, &String)| {
        let (speaker, text) = speaker(at, text);
        (speaker, Utterance::new(text.trim(), embedder))
    };
    Dialogue {
        id: raw.id(at),
        utterances: raw.utterances.iter().enumerate().map(said).collect(),
        starts: raw.starts_topic.iter().map(|s| *s == 1).collect(),
    }
}

fn speaker(at: usize, text: &str) -> (Speaker, &str) {
    match (text.strip_prefix("user:"), text.strip_prefix("agent:")) {
        (Some(rest), _) => (Speaker::User, rest),
        (_, Some(rest)) => (Speaker::Assistant, rest),
        _ if at.is_multiple_of(2) => (Speaker::User, text),
        _ => (Speaker::Assistant, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigma_text::BundledEmbedder;

    fn loaded(json: &str) -> Result<Set, DataError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("talk.json");
        std::fs::write(&path, json).unwrap();
        load(&path, &BundledEmbedder::new())
    }

    #[test]
    fn named_speakers_are_told_from_their_words() {
        let set = loaded(
            r#"[{"dial_id": 7, "utterances": ["user: Hello", "user: Tea?", "agent: Yes"], "starts_topic": [0, 1, 0]}]"#,
        )
        .unwrap();
        let dialogue = &set.dialogues[0];
        assert_eq!((set.name.as_str(), dialogue.id.as_str()), ("talk", "7"));
        assert_eq!(dialogue.starts, [false, true, false]);
        let speakers: Vec<Speaker> = dialogue.utterances.iter().map(|u| u.0).collect();
        assert_eq!(speakers, [Speaker::User, Speaker::User, Speaker::Assistant]);
        assert_eq!(dialogue.utterances[0].1.text(), "Hello");
    }

    #[test]
    fn a_fault_is_told_with_its_place_and_what_would_be_right() {
        let told = |json: &str| loaded(json).err().unwrap().to_string();
        let uneven = told(
            r#"[{"utterances": ["a"], "starts_topic": [0]}, {"dial_id": "x", "utterances": ["a", "b"], "starts_topic": [0]}]"#,
        );
        assert!(
            uneven.contains("dialogue 1 (x): has 2 utterances and 1 labels"),
            "{uneven}"
        );
        let label = told(r#"[{"utterances": ["a", "b"], "starts_topic": [0, 2]}]"#);
        assert!(label.contains("starts_topic[1] is 2"), "{label}");
        let none = told(r#"[{"utterances": [], "starts_topic": []}]"#);
        assert!(none.contains("no utterances"), "{none}");
        assert!(told("[]").contains("holds no dialogue"));
        assert!(told("{}").contains("malformed"));
    }

    #[test]
    fn a_folder_stands_for_its_files_and_an_empty_one_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let empty = files(&[dir.path().into()]).err().unwrap().to_string();
        assert!(empty.contains("holds no .json file"), "{empty}");
        let file = dir.path().join("a.json");
        std::fs::write(&file, "[]").unwrap();
        let twice = files(&[dir.path().into(), file.clone()]).unwrap();
        assert_eq!(twice, [file]);
    }
}
