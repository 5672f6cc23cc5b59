//! Measures what an embedder's cosines look like on known text and prints the figures of a
//! `Calibration`.
//!
//! `cargo run --release -p sigma-text --features bundled --example calibrate -- DATA [MODEL_DIR]`,
//! where `DATA/transcripts/*.json` are dialogues. With a model
//! directory (and feature `local`) that model is measured instead of the bundled one.
#![allow(clippy::print_stdout)]

use serde_json::Value;
use sigma_text::{BundledEmbedder, Embedder, Embedding, Sentence, TermStats, read};
use std::{collections::BTreeSet, error::Error, fs, path::Path};

/// Distances, in exchanges, between a question and an answer to something else.
const APART: [usize; 3] = [7, 23, 41];
/// Share of common stems up to which two sentences say different things.
const DIFFERENT: f64 = 0.25;
/// Answers between two sentences that are compared, at most.
const LATER: usize = 25;
/// Sentences of fewer terms say too little to be repeated.
const TERMS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let data = arguments
        .next()
        .ok_or("usage: calibrate DATA [MODEL_DIR]")?;
    let embedder = embedder(arguments.next().as_deref())?;
    let transcripts = transcripts(&Path::new(&data).join("transcripts"))?;
    let pairs = Pairs::of(&transcripts, &*embedder);
    println!(
        "{} exchanges",
        transcripts.iter().map(Vec::len).sum::<usize>()
    );
    pairs.report();
    Ok(())
}

fn embedder(directory: Option<&str>) -> Result<Box<dyn Embedder>, Box<dyn Error>> {
    match directory {
        None => Ok(Box::new(BundledEmbedder::new())),
        #[cfg(feature = "local")]
        Some(path) => Ok(Box::new(sigma_text::LocalEmbedder::open(Path::new(path))?)),
        #[cfg(not(feature = "local"))]
        Some(_) => Err("a model directory needs --features local".into()),
    }
}

/// A question and its answer.
type Exchange = (String, String);

fn transcripts(directory: &Path) -> Result<Vec<Vec<Exchange>>, Box<dyn Error>> {
    let mut files: Vec<_> = fs::read_dir(directory)?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    files
        .iter()
        .map(|f| Ok(transcript(&serde_json::from_slice(&fs::read(f.path())?)?)))
        .collect()
}

fn transcript(file: &Value) -> Vec<Exchange> {
    let cycles = file["cycles"].as_array().into_iter().flatten();
    cycles
        .map(|c| (text(&c["user_input"]), text(&c["response"])))
        .filter(|(q, a)| !q.trim().is_empty() && !a.trim().is_empty())
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[derive(Default)]
struct Pairs {
    unrelated: Vec<f64>,
    answers: Vec<f64>,
    repeats: Vec<f64>,
    differ: Vec<f64>,
}

impl Pairs {
    fn of(dialogues: &[Vec<Exchange>], embedder: &dyn Embedder) -> Self {
        let mut pairs = Self::default();
        for dialogue in dialogues {
            pairs.exchanges(dialogue, embedder);
            pairs.sentences(dialogue, embedder);
        }
        pairs
    }

    fn report(&self) {
        report("unrelated", &self.unrelated);
        report("answer", &self.answers);
        println!(
            "answer above unrelated (AUC): {:.3}",
            auc(&self.answers, &self.unrelated)
        );
        report("sentences that repeat", &self.repeats);
        report("sentences that differ", &self.differ);
        let (limit, wrong) = duplicate(&self.repeats, &self.differ);
        println!(
            "duplicate: {limit:.3}; of differing sentences {:.4} % lie above",
            wrong * 100.0
        );
    }

    fn exchanges(&mut self, dialogue: &[Exchange], embedder: &dyn Embedder) {
        let vector = |text: &str| embedder.embed(text).ok();
        let vectors: Vec<(Option<Embedding>, Option<Embedding>)> = dialogue
            .iter()
            .map(|(q, a)| (vector(q), vector(a)))
            .collect();
        let cosine =
            |i: usize, j: usize| Some(vectors[i].0.as_ref()?.cosine(vectors[j].1.as_ref()?));
        for i in 0..vectors.len() {
            self.answers.extend(cosine(i, i));
            let others = APART.iter().map(|d| i + d).filter(|j| *j < vectors.len());
            self.unrelated.extend(others.filter_map(|j| cosine(i, j)));
        }
    }

    /// Sentences of one answer against those of later ones, and against themselves less a word.
    fn sentences(&mut self, dialogue: &[Exchange], embedder: &dyn Embedder) {
        let answers: Vec<Vec<Said>> = dialogue.iter().map(|(_, a)| said(a, embedder)).collect();
        let stats = TermStats::new(1);
        for (at, answer) in answers.iter().enumerate() {
            self.repeats.extend(answer.iter().map(|said| said.repeat));
            let later = (1..=LATER)
                .step_by(3)
                .filter_map(|d| answers.get(at + d))
                .flatten();
            for said in later {
                for other in answer {
                    let overlap = stats
                        .overlap(&refs(&said.stems), &refs(&other.stems))
                        .value();
                    if overlap.is_some_and(|o| o.get() <= DIFFERENT) {
                        self.differ.push(said.vector.cosine(&other.vector));
                    }
                }
            }
        }
    }
}

fn refs(stems: &BTreeSet<String>) -> BTreeSet<&str> {
    stems.iter().map(String::as_str).collect()
}

/// A sentence, and its cosine with itself less the content word in its middle.
struct Said {
    stems: BTreeSet<String>,
    vector: Embedding,
    repeat: f64,
}

fn said(text: &str, embedder: &dyn Embedder) -> Vec<Said> {
    let reading = read(text);
    let one = |sentence: &Sentence| {
        let terms = reading.sentence_terms(sentence);
        let missing = terms
            .get(terms.len() / 2)
            .filter(|_| terms.len() >= TERMS)?
            .span
            .clone();
        let less = [
            &text[sentence.span.start..missing.start],
            &text[missing.end..sentence.span.end],
        ];
        let vector = embedder.embed(reading.sentence_text(sentence)).ok()?;
        let repeat = vector.cosine(&embedder.embed(&less.concat()).ok()?);
        Some(Said {
            stems: terms.iter().map(|t| t.stem.clone()).collect(),
            vector,
            repeat,
        })
    };
    reading.sentences.iter().filter_map(one).collect()
}

fn report(what: &str, values: &[f64]) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |q: f64| {
        sorted
            .get((q * (n - 1.0)) as usize)
            .copied()
            .unwrap_or(f64::NAN)
    };
    println!(
        "{what}: n {n} mean {mean:.3} sd {sd:.3}; 1% {:.3} 5% {:.3} 50% {:.3} 95% {:.3} 99% {:.3}",
        at(0.01),
        at(0.05),
        at(0.5),
        at(0.95),
        at(0.99)
    );
}

/// Chance that one of `above` is greater than one of `below`.
fn auc(above: &[f64], below: &[f64]) -> f64 {
    let mut sorted = below.to_vec();
    sorted.sort_by(f64::total_cmp);
    let wins: usize = above
        .iter()
        .map(|x| sorted.partition_point(|y| y < x))
        .sum();
    wins as f64 / (above.len() * below.len()) as f64
}

/// The cosine that 99 % of repeats stay above, and the share of differing sentences that do too.
fn duplicate(repeats: &[f64], differ: &[f64]) -> (f64, f64) {
    let mut sorted = repeats.to_vec();
    sorted.sort_by(f64::total_cmp);
    let limit = sorted.get(sorted.len() / 100).copied().unwrap_or(1.0);
    let above = differ.iter().filter(|x| **x > limit).count();
    (limit, above as f64 / differ.len() as f64)
}
