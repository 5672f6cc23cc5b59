//! Reads and embeds transcripts.

use serde::Deserialize;
use sigma_text::{BundledEmbedder, Utterance};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A dialogue: turns and answers, embedded once.
pub(crate) struct Dialogue {
    pub(crate) name: String,
    pub(crate) identity: String,
    pub(crate) turns: Vec<(Arc<Utterance>, Arc<Utterance>)>,
}

/// The transcripts by name and dialogues of other speakers for calibration.
pub(crate) struct Corpus {
    pub(crate) transcripts: Vec<Dialogue>,
    pub(crate) others: Vec<(String, Dialogue)>,
}

/// Runtime and baseline runs of the same questions.
pub(crate) const PAIRS: [(&str, &str); 3] = [
    ("james-gpt4o-sigma", "james-gpt4o-baseline"),
    ("james-gpt52-sigma-a", "james-gpt52-baseline-a"),
    ("james-gpt52-sigma-b", "james-gpt52-baseline-b"),
];

#[derive(Deserialize)]
struct Transcript {
    identity: String,
    cycles: Vec<Cycle>,
}

#[derive(Deserialize)]
struct Cycle {
    user_input: String,
    response: String,
}

#[derive(Deserialize)]
struct Conversation {
    model: String,
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: String,
}

impl Corpus {
    pub(crate) fn load(root: &Path) -> io::Result<Self> {
        let folder = root.join("transcripts");
        let mut files: Vec<PathBuf> = fs::read_dir(&folder)
            .map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", folder.display())))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .collect();
        files.sort();
        let mut transcripts = Vec::new();
        for path in files {
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let file: Transcript = serde_json::from_slice(&fs::read(&path)?)?;
            let turns = file
                .cycles
                .iter()
                .map(|c| (c.user_input.as_str(), c.response.as_str()));
            transcripts.push(Dialogue {
                name,
                identity: file.identity.clone(),
                turns: embed(turns),
            });
        }
        Ok(Self {
            transcripts,
            others: others(root).unwrap_or_default(),
        })
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Dialogue> {
        self.transcripts.iter().find(|d| d.name == name)
    }
}

fn others(root: &Path) -> io::Result<Vec<(String, Dialogue)>> {
    let file = fs::read(root.join("relational/spiral-bench-dev.json"))?;
    let all: Vec<Conversation> = serde_json::from_slice(&file)?;
    Ok(all
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let turns = one.messages.chunks_exact(2).filter_map(|pair| match pair {
                [user, answer] if user.role == "user" && answer.role == "assistant" => {
                    Some((user.content.as_str(), answer.content.as_str()))
                }
                _ => None,
            });
            let dialogue = Dialogue {
                name: format!("other-{at}"),
                identity: String::new(),
                turns: embed(turns),
            };
            (one.model.clone(), dialogue)
        })
        .collect())
}

fn embed<'a>(
    turns: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<(Arc<Utterance>, Arc<Utterance>)> {
    let embedder = BundledEmbedder::new();
    let one = |text: &str| Arc::new(Utterance::new(text, &embedder));
    turns
        .map(|(user, answer)| (one(user), one(answer)))
        .collect()
}
