//! Labelled dialogues: `[{dial_id, utterances: [..], starts_topic: [0|1, ..]}]`.

use serde::Deserialize;
use sigma_text::{Embedder, Utterance};
use sigma_types::Speaker;
use std::{fs, io, path::Path};

/// A dialogue with the truth about its subjects.
pub(crate) struct Dialogue {
    pub(crate) utterances: Vec<(Speaker, Utterance)>,
    pub(crate) starts: Vec<bool>,
}

#[derive(Deserialize)]
struct Raw {
    utterances: Vec<String>,
    starts_topic: Vec<u8>,
}

/// Reads a file. Where utterances name their speaker ("user:", "agent:"), the name is cut off and
/// used; elsewhere speakers take turns.
pub(crate) fn load(path: &Path, embedder: &dyn Embedder) -> io::Result<Vec<Dialogue>> {
    let raw: Vec<Raw> = serde_json::from_slice(&fs::read(path)?)?;
    Ok(raw
        .into_iter()
        .map(|raw| dialogue(&raw, embedder))
        .collect())
}

fn dialogue(raw: &Raw, embedder: &dyn Embedder) -> Dialogue {
    let named = |(at, text): (usize, &String)| {
        let (speaker, text) = match (text.strip_prefix("user:"), text.strip_prefix("agent:")) {
            (Some(rest), _) => (Speaker::User, rest),
            (_, Some(rest)) => (Speaker::Assistant, rest),
            _ if at % 2 == 0 => (Speaker::User, text.as_str()),
            _ => (Speaker::Assistant, text.as_str()),
        };
        (speaker, Utterance::new(text.trim(), embedder))
    };
    Dialogue {
        utterances: raw.utterances.iter().enumerate().map(named).collect(),
        starts: raw.starts_topic.iter().map(|s| *s == 1).collect(),
    }
}
