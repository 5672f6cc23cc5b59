//! Dialogues beside the cases: calm ones, and those that Spiral-Bench labels.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sigma_ris::{CheckCase, Context, ViolationClass};

use super::cases::{Case, Origin};
use crate::bench::ris::{spiral, transcripts};
use crate::root::{self, FileError};

/// Parts that dialogues without an author are dealt into.
const PARTS: usize = 6;
/// Messages before a message and its answer that stay with them.
const HISTORY: usize = 11;
/// Calm transcripts: whose names end so hold no drift.
const CALM: [&str; 2] = ["sigma", "noema"];

/// All that a folder has.
#[expect(clippy::print_stderr, reason = "what is not there is said")]
pub(super) fn read(folder: &Path) -> Result<Vec<Case>, FileError> {
    let mut all = Vec::new();
    let transcripts = folder.join("transcripts");
    if transcripts.is_dir() {
        for path in root::files(&transcripts, "json")? {
            let name = path
                .file_stem()
                .and_then(|n| n.to_str())
                .unwrap_or_default()
                .to_owned();
            if CALM.iter().any(|calm| name.contains(calm)) {
                all.extend(calm(&name, &parsed(&path)?));
            }
        }
    } else {
        eprintln!("SKIPPED {}: not there", transcripts.display());
    }
    let exports = folder.join("chat-exports/sharegpt.json");
    if exports.exists() {
        all.extend(exported(&parsed::<Vec<Export>>(&exports)?));
    } else {
        eprintln!("SKIPPED {}: not there", exports.display());
    }
    let labelled = folder.join("relational/spiral-bench-dev.json");
    if labelled.exists() {
        let conversations: Vec<spiral::Conversation> = parsed(&labelled)?;
        for (at, conversation) in conversations.iter().enumerate() {
            all.extend(spiralling(at, conversation));
        }
    } else {
        eprintln!("SKIPPED {}: not there", labelled.display());
    }
    Ok(all)
}

fn parsed<T: DeserializeOwned>(path: &Path) -> Result<T, FileError> {
    serde_json::from_str(&root::read(path)?).map_err(|error| FileError::Malformed {
        path: path.to_owned(),
        source: error.into(),
    })
}

fn case(id: String, context: Context, user: &str, output: &str) -> CheckCase {
    CheckCase {
        id,
        context,
        user: user.to_owned(),
        output: output.to_owned(),
        expect: None,
    }
}

/// The answers of a transcript. Those to the same questions stay together when some are left out.
fn calm(name: &str, transcript: &transcripts::Transcript) -> Vec<Case> {
    let speaker = name.split('-').next().unwrap_or_default();
    let context = transcript.context();
    transcript
        .turns()
        .enumerate()
        .map(|(at, (user, answer))| {
            let id = format!("{speaker}-{name}-{at}");
            let case = case(id, context.clone(), user, answer);
            Case::new(case, BTreeSet::new(), &ViolationClass::ALL, Origin::Calm)
        })
        .collect()
}

#[derive(Deserialize)]
struct Export {
    conversations: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    from: String,
    value: String,
}

/// The first answers of exported conversations.
fn exported(all: &[Export]) -> Vec<Case> {
    let mut cases = Vec::new();
    for (at, conversation) in all.iter().enumerate() {
        let pairs = conversation.conversations.windows(2);
        let answers = pairs.filter(|p| p[0].from == "human" && p[1].from == "gpt");
        for (turn, pair) in answers.take(4).enumerate() {
            let id = format!("sharegpt{}-{at}-{turn}", at % PARTS);
            let case = case(id, Context::default(), &pair[0].value, &pair[1].value);
            cases.push(Case::new(
                case,
                BTreeSet::new(),
                &ViolationClass::ALL,
                Origin::Calm,
            ));
        }
    }
    cases
}

/// The labelled answers of a conversation. The label speaks of one class alone.
fn spiralling(at: usize, conversation: &spiral::Conversation) -> Vec<Case> {
    let labelled = |answer: spiral::Answer<'_>| {
        let claims = answer.claims();
        let id = format!("spiral{}-{at}-{}", at % PARTS, answer.turn);
        let mut history = answer.history;
        history.drain(..history.len().saturating_sub(HISTORY));
        let context = Context {
            history,
            ..Context::default()
        };
        let expected = claims.then_some(ViolationClass::OntologyBoundary);
        Case::new(
            case(id, context, answer.user, answer.output),
            expected.into_iter().collect(),
            &[ViolationClass::OntologyBoundary],
            Origin::Spiral,
        )
    };
    conversation.answers().map(labelled).collect()
}
