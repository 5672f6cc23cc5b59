//! Writes what the subject models see, one line a dialogue, for fitting weights.
//!
//! `cargo run --release -p sigma-attractor --example inputs -- TO.jsonl FILE...`
//!
//! The files are of the form `[{dial_id, utterances, starts_topic}]`. How well boundaries are found is measured
//! by `cargo xtask bench attractor`.

mod data;

use sigma_attractor::{Rules, SubjectTracker};
use sigma_text::BundledEmbedder;
use std::{
    env,
    error::Error,
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = env::args().skip(1).map(PathBuf::from);
    let to = paths.next().ok_or("usage: inputs TO.jsonl FILE...")?;
    let mut out = BufWriter::new(File::create(to)?);
    let embedder = BundledEmbedder::new();
    for file in paths {
        let set = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for dialogue in data::load(&file, &embedder)? {
            let mut tracker = SubjectTracker::new(Rules::default().subject);
            let (mut past, mut late, mut grams) = (Vec::new(), Vec::new(), Vec::new());
            for (speaker, utterance) in &dialogue.utterances {
                grams.push(sigma_attractor::grams(utterance.text()));
                past.push(tracker.hear(*speaker, utterance).to_vec());
                late.push(tracker.hindsight_inputs().map(|x| x.to_vec()));
            }
            let line = serde_json::json!({
                "set": set, "starts": dialogue.starts, "past": past, "late": late, "grams": grams,
            });
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
