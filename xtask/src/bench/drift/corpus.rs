//! Reads transcripts and says which file plays which role.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sigma_text::{Embedder, Utterance};

use crate::root;

/// A turn of the user and the answer to it, read and embedded once.
pub(crate) type Exchange = (Arc<Utterance>, Arc<Utterance>);

/// A dialogue.
#[derive(Debug, Clone)]
pub(crate) struct Dialogue {
    /// The file's name without its ending.
    pub(crate) name: String,
    /// Identity text of the assistant.
    pub(crate) identity: String,
    /// What it is used for.
    pub(crate) role: Role,
    /// Its cycles.
    pub(crate) turns: Vec<Exchange>,
}

/// What a file is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// A calm dialogue: intrusions are planted into it, its answers are planted elsewhere.
    Calm,
    /// The model without runtime: its answers are the intrusions of lost voice.
    Baseline,
}

/// A file that is not used, and why.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LeftOut {
    /// The file's name.
    pub(crate) file: String,
    /// Why.
    pub(crate) why: String,
}

/// The dialogues of a folder.
#[derive(Debug)]
pub(crate) struct Corpus {
    /// In order of their names.
    pub(crate) dialogues: Vec<Dialogue>,
    /// Files that are not used.
    pub(crate) left_out: Vec<LeftOut>,
}

/// There is nothing to measure.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CorpusError {
    /// The folder is not there.
    #[error(
        "{0} is no folder: --data takes a folder of transcripts, or one with a subfolder `transcripts`"
    )]
    NoFolder(PathBuf),
    /// It holds no calm dialogue.
    #[error(
        "{folder} holds no calm transcript to plant into ({left_out} of its files were left out)"
    )]
    NoCalm {
        /// The folder.
        folder: PathBuf,
        /// Files left out.
        left_out: usize,
    },
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] root::FileError),
}

/// The fewest cycles of a dialogue that intrusions are planted into.
const LEAST_CYCLES: usize = 40;

#[derive(Deserialize)]
struct Transcript {
    identity: String,
    cycles: Vec<TranscriptCycle>,
}

#[derive(Deserialize)]
struct TranscriptCycle {
    user_input: String,
    response: String,
}

impl Corpus {
    /// Reads all `.json` files of a folder of transcripts, or of its subfolder `transcripts`.
    ///
    /// A name with `-baseline` is a run without runtime, every other name a calm dialogue.
    pub(crate) fn load(data: &Path, embedder: &dyn Embedder) -> Result<Self, CorpusError> {
        if !data.is_dir() {
            return Err(CorpusError::NoFolder(data.into()));
        }
        let inner = data.join("transcripts");
        let folder = if inner.is_dir() { inner } else { data.into() };
        let mut corpus = Self {
            dialogues: Vec::new(),
            left_out: Vec::new(),
        };
        for path in json_files(&folder)? {
            let name = path
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default();
            match read(&path, &name, embedder) {
                Ok(dialogue) => corpus.dialogues.push(dialogue),
                Err(why) => corpus.left_out.push(LeftOut { file: name, why }),
            }
        }
        corpus.leave_out_bare_without_pair();
        if corpus.calm().next().is_none() {
            return Err(CorpusError::NoCalm {
                folder,
                left_out: corpus.left_out.len(),
            });
        }
        Ok(corpus)
    }

    /// The calm dialogues.
    pub(crate) fn calm(&self) -> impl Iterator<Item = &Dialogue> {
        self.dialogues.iter().filter(|d| d.role == Role::Calm)
    }

    /// The run of the same questions without runtime.
    pub(crate) fn bare(&self, calm: &Dialogue) -> Option<&Dialogue> {
        let name = calm.name.replacen("-sigma", "-baseline", 1);
        self.dialogues
            .iter()
            .find(|d| d.role == Role::Baseline && d.name == name)
    }

    /// For each other identity a calm dialogue of it; which of several `turn` decides.
    pub(crate) fn others(&self, host: &Dialogue, turn: usize) -> Vec<&Dialogue> {
        let identities: BTreeSet<&str> = self
            .calm()
            .map(|d| d.identity.trim())
            .filter(|identity| *identity != host.identity.trim())
            .collect();
        let pick = |identity: &str| {
            let all: Vec<&Dialogue> = self
                .calm()
                .filter(|d| d.identity.trim() == identity)
                .collect();
            all.get(turn % all.len().max(1)).copied()
        };
        identities.into_iter().filter_map(pick).collect()
    }

    /// A second dialogue of the same persona and model, or the same one where there is none.
    pub(crate) fn second<'a>(&'a self, host: &'a Dialogue) -> &'a Dialogue {
        self.calm()
            .find(|d| {
                d.name != host.name
                    && d.identity == host.identity
                    && d.family() == host.family()
                    && d.name.contains("-sigma")
            })
            .unwrap_or(host)
    }

    fn leave_out_bare_without_pair(&mut self) {
        let pairs: BTreeSet<String> = self
            .calm()
            .filter_map(|calm| Some(self.bare(calm)?.name.clone()))
            .collect();
        self.dialogues.retain(|d| {
            let used = d.role == Role::Calm || pairs.contains(&d.name);
            if !used {
                self.left_out.push(LeftOut {
                    file: d.name.clone(),
                    why: "a baseline without its run behind a runtime".into(),
                });
            }
            used
        });
    }
}

impl Dialogue {
    /// Persona and model as the name has them.
    fn family(&self) -> &str {
        self.name.split("-sigma").next().unwrap_or(&self.name)
    }
}

fn json_files(folder: &Path) -> Result<Vec<PathBuf>, root::FileError> {
    let files = root::files(folder, "json")?;
    Ok(files
        .into_iter()
        .filter(|path| path.parent() == Some(folder))
        .collect())
}

fn read(path: &Path, name: &str, embedder: &dyn Embedder) -> Result<Dialogue, String> {
    let text = root::read(path).map_err(|error| {
        std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string)
    })?;
    let file: Transcript =
        serde_json::from_str(&text).map_err(|error| format!("not a transcript: {error}"))?;
    if file.cycles.len() < LEAST_CYCLES {
        return Err(format!(
            "{} cycles; {LEAST_CYCLES} are needed",
            file.cycles.len()
        ));
    }
    let role = if name.contains("-baseline") {
        Role::Baseline
    } else {
        Role::Calm
    };
    let one = |text: &str| Arc::new(Utterance::new(text, embedder));
    Ok(Dialogue {
        name: name.into(),
        identity: file.identity,
        role,
        turns: file
            .cycles
            .iter()
            .map(|cycle| (one(&cycle.user_input), one(&cycle.response)))
            .collect(),
    })
}
