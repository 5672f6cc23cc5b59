//! Measures where attractors begin against topic labels.
//!
//! `cargo run --release -p sigma-attractor --example boundaries -- [FILE]...`
//!
//! Without files those of `topic-shift/` in `SIGMA_DATA` are read. Prints Pk, WindowDiff, F1 and Score of
//! the registry in its two modes beside two simple rules. With `--dump FILE` the inputs of the
//! models are written as JSON lines instead, for fitting weights.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod data;
mod metrics;

use data::Dialogue;
use metrics::Figures;
use sigma_attractor::{Registry, RevisionKind, Rules, SubjectTracker, Turn, rules::ExchangeRules};
use sigma_text::{BundledEmbedder, Embedder};
use sigma_types::{Cycle, Hash256, Timestamp};
use std::{
    env,
    error::Error,
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    time::Instant,
};

const SETS: [&str; 4] = [
    "tiage-train",
    "tiage-dev",
    "dialseg711-dev",
    "superdialseg-dev",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let (mut dump, mut files) = (None, Vec::new());
    while let Some(arg) = args.next() {
        if arg == "--dump" {
            dump = args.next();
        } else {
            files.push(PathBuf::from(arg));
        }
    }
    if files.is_empty() {
        let dir = env::var_os("SIGMA_DATA").ok_or("usage: boundaries [--dump FILE] FILE...")?;
        let dir = Path::new(&dir).join("topic-shift");
        files = SETS
            .iter()
            .map(|set| dir.join(set).with_extension("json"))
            .collect();
    }
    let embedder = BundledEmbedder::new();
    if let Some(file) = dump {
        return write_inputs(&files, &file, &embedder);
    }
    let mut past = Rules::default();
    past.subject.hindsight = 0;
    past.exchange = ExchangeRules::off();
    let mut late = Rules::default();
    late.subject.hindsight = 2;
    println!(
        "{:<18} {:<24} {:>6} {:>6} {:>6} {:>6}",
        "set", "row", "Pk", "WD", "F1", "Score"
    );
    for file in &files {
        let dialogues = data::load(file, &embedder)?;
        let set = name(file);
        let begun = Instant::now();
        let found: Vec<_> = dialogues.iter().map(|d| attractors(d, &past)).collect();
        let spent = begun.elapsed();
        row(&set, "past only", &dialogues, |i, _| found[i].clone());
        row(&set, "two of hindsight", &dialogues, |_, d| {
            attractors(d, &late)
        });
        row(&set, "never", &dialogues, |_, d| {
            vec![false; d.starts.len()]
        });
        row(&set, "before each question", &dialogues, |_, d| {
            questions(d)
        });
        let utterances: usize = dialogues.iter().map(|d| d.utterances.len()).sum();
        eprintln!(
            "{set}: {:.1} us an utterance",
            spent.as_secs_f64() * 1e6 / utterances as f64
        );
    }
    Ok(())
}

fn name(file: &Path) -> String {
    file.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn row(
    set: &str,
    name: &str,
    dialogues: &[Dialogue],
    find: impl Fn(usize, &Dialogue) -> Vec<bool>,
) {
    let figures: Vec<Figures> = dialogues
        .iter()
        .enumerate()
        .map(|(i, dialogue)| Figures::of(&dialogue.starts, &find(i, dialogue)))
        .collect();
    let f = Figures::mean(&figures);
    println!(
        "{set:<18} {name:<24} {:>6.3} {:>6.3} {:>6.3} {:>6.3}",
        f.pk,
        f.wd,
        f.f1,
        f.score()
    );
}

/// Where the registry lets attractors begin or return.
fn attractors(dialogue: &Dialogue, rules: &Rules) -> Vec<bool> {
    let mut registry = Registry::new(Hash256::ZERO, *rules);
    let mut starts = vec![false; dialogue.starts.len()];
    let mut number = vec![0; dialogue.starts.len()];
    for (at, (speaker, utterance)) in dialogue.utterances.iter().enumerate() {
        let cycle = Cycle(at as u64 / 2 + 1);
        let turn = Turn {
            cycle,
            at: Timestamp::EPOCH,
            speaker: *speaker,
            utterance,
        };
        let uptake = registry.take_up(&turn);
        number[at] = uptake.utterance;
        starts[at] = at > 0 && uptake.event.changes_subject();
        if let Some(revision) = uptake.revision
            && let Some(earlier) = number[..=at].iter().position(|n| *n == revision.utterance)
        {
            starts[earlier] = revision.kind == RevisionKind::DatedBack;
            let moved = |n: &u64| Some(*n) == revision.instead_of;
            if let Some(later) = number[..=at].iter().position(moved) {
                starts[later] = false;
            }
        }
    }
    starts
}

/// A question that follows upon none.
fn questions(dialogue: &Dialogue) -> Vec<bool> {
    let asks = |at: usize| dialogue.utterances[at].1.text().contains('?');
    (0..dialogue.starts.len())
        .map(|at| at > 0 && asks(at) && !asks(at - 1))
        .collect()
}

/// One line a dialogue: what the models see.
fn write_inputs(
    files: &[PathBuf],
    to: &str,
    embedder: &dyn Embedder,
) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(File::create(to)?);
    for file in files {
        for dialogue in data::load(file, embedder)? {
            let mut tracker = SubjectTracker::new(Rules::default().subject);
            let (mut past, mut late, mut grams) = (Vec::new(), Vec::new(), Vec::new());
            for (speaker, utterance) in &dialogue.utterances {
                grams.push(sigma_attractor::grams(utterance.text()));
                past.push(tracker.hear(*speaker, utterance).to_vec());
                late.push(tracker.hindsight_inputs().map(|x| x.to_vec()));
            }
            let line = serde_json::json!({
                "set": name(file), "starts": dialogue.starts, "past": past, "late": late, "grams": grams,
            });
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
