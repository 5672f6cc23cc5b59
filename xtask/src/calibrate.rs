//! Makes the calibration of an embedder from data, and checks the committed one.

pub(crate) mod fit;
mod logistic;
mod nearness;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::Deserialize;
use sigma_text::{
    BundledEmbedder, Calibration, EmbedError, Embedder, EmbedderInfo, Embedding, LocalEmbedder,
    Utterance,
};

use self::fit::{ROUNDS, Training};
use self::nearness::Nearness;
use self::write::Made;
use crate::Outcome;
use crate::bench::drift::corpus::{Corpus, Dialogue, Role};
use crate::root;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A folder with `transcripts` and, where there is one, `relational/spiral-bench-dev.json`
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// When it is made, for the record
    #[arg(long, value_name = "YYYY-MM-DD", required_unless_present = "check", value_parser = date)]
    date: Option<String>,
    /// Calibrate the model of this directory instead of the bundled one
    #[arg(long, value_name = "DIR")]
    model: Option<PathBuf>,
    /// Only tell whether the committed files are what this command makes from the data
    #[arg(long)]
    check: bool,
}

/// Where the dice of planting begin, and how often they are thrown: others than those of the bench.
pub(crate) const SEEDS: (u64, u64) = (101, 2);

/// Measures, fits, and writes or checks.
#[expect(
    clippy::print_stderr,
    reason = "a fit takes minutes, and says where it is"
)]
pub(crate) fn run(options: &Options) -> Outcome {
    if cfg!(debug_assertions) {
        return crate::bench::optimised();
    }
    let embedder: Box<dyn Embedder> = match &options.model {
        None => Box::new(BundledEmbedder::new()),
        Some(path) => Box::new(LocalEmbedder::open(path)?),
    };
    let corpus = Corpus::load(&options.data, &*embedder)?;
    let others = others(&options.data, &*embedder)?;
    if others.is_empty() {
        eprintln!("SKIPPED {OTHERS}: not there; fitted on the transcripts alone");
    }
    let nearness = Nearness::of(&corpus, &*embedder);
    let embedder = Anew::new(&*embedder, nearness);
    eprintln!(
        "fitting on {} transcripts and {} others",
        corpus.dialogues.len(),
        others.len()
    );
    let fit = |by_word| {
        Training::new(&corpus, &others, SEEDS, (&embedder, by_word)).fit(ROUNDS, &|_| false)
    };
    let by_word = fit(true);
    eprintln!("fitting without single words");
    let by_text = fit(false);
    let made = Made {
        info: embedder.info(),
        data: described(&corpus, &others),
        date: options.date.as_deref(),
        seeds: SEEDS,
        weights: [by_word, by_text],
        nearness,
    };
    write::put(&made, options.check)
}

/// The embedder as its new figures make it, whatever is committed.
struct Anew<'a> {
    embedder: &'a dyn Embedder,
    info: EmbedderInfo,
}

impl<'a> Anew<'a> {
    fn new(embedder: &'a dyn Embedder, nearness: Nearness) -> Self {
        let calibration = Calibration {
            unrelated_mean: nearness.unrelated.0,
            unrelated_sd: nearness.unrelated.1,
            answer_mean: nearness.answer.0,
            answer_sd: nearness.answer.1,
            duplicate: nearness.duplicate,
            provenance: String::new(),
        };
        let info = EmbedderInfo {
            calibration: Some(calibration),
            ..embedder.info().clone()
        };
        Self { embedder, info }
    }
}

impl Embedder for Anew<'_> {
    fn info(&self) -> &EmbedderInfo {
        &self.info
    }

    fn embed(&self, text: &str) -> Result<Embedding, EmbedError> {
        self.embedder.embed(text)
    }
}

fn date(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
    if lengths == [4, 2, 2] && digits {
        Ok(text.to_owned())
    } else {
        Err("a date is written 2026-11-28".into())
    }
}

/// The data by name, size and contents, so that a check knows whether it has the same.
fn described(corpus: &Corpus, others: &[Dialogue]) -> String {
    let mut hasher = blake3::Hasher::new();
    for dialogue in corpus.dialogues.iter().chain(others) {
        for (user, answer) in &dialogue.turns {
            hasher.update(user.text().as_bytes()).update(&[0]);
            hasher.update(answer.text().as_bytes()).update(&[0]);
        }
    }
    let calm = corpus.calm().count();
    format!(
        "Intrusions planted into {calm} calm transcripts (answers also from {} runs without runtime) and {} further conversations; blake3 {}",
        corpus.dialogues.len() - calm,
        others.len(),
        &hasher.finalize().to_hex()[..16]
    )
}

const OTHERS: &str = "relational/spiral-bench-dev.json";

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

/// Conversations of other speakers, where the data has them.
pub(crate) fn others(
    data: &Path,
    embedder: &dyn Embedder,
) -> Result<Vec<Dialogue>, root::FileError> {
    let path = data.join(OTHERS);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let all: Vec<Conversation> =
        serde_json::from_str(&root::read(&path)?).map_err(|error| root::FileError::Malformed {
            path,
            source: error.into(),
        })?;
    let one = |text: &str| Arc::new(Utterance::new(text, embedder));
    Ok(all
        .iter()
        .enumerate()
        .map(|(at, conversation)| Dialogue {
            name: format!("{} {at}", conversation.model.replace(' ', "-")),
            identity: String::new(),
            role: Role::Calm,
            turns: conversation
                .messages
                .windows(2)
                .filter(|pair| pair[0].role == "user" && pair[1].role == "assistant")
                .map(|pair| (one(&pair[0].content), one(&pair[1].content)))
                .collect(),
        })
        .collect())
}
