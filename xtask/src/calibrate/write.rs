//! The calibration as source text that the crates include.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sigma_drift::Weights;
use sigma_text::EmbedderInfo;

use super::nearness::Nearness;
use crate::Outcome;
use crate::generated::{self, Generated};
use crate::root::{self, workspace};

/// What was made.
pub(crate) struct Made<'a> {
    pub(crate) info: &'a EmbedderInfo,
    pub(crate) data: String,
    /// Without one the committed date is kept.
    pub(crate) date: Option<&'a str>,
    pub(crate) seeds: (u64, u64),
    /// By word and by text.
    pub(crate) weights: [Weights; 2],
    pub(crate) nearness: Nearness,
}

const DRIFT: &str = "crates/sigma-drift/src/calibration";
const TEXT: &str = "crates/sigma-text/src/calibration";
const COMMAND: &str = "cargo xtask calibrate --data DIR --date DATE";

/// Writes the files, or tells whether they are current.
pub(crate) fn put(made: &Made<'_>, check: bool) -> Outcome {
    let slug: String = made
        .info
        .id
        .0
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let file = format!("{slug}.in");
    let path = |folder: &str, file: &str| workspace().join(folder).join(file);
    let drift = path(DRIFT, &file);
    let date = match made.date {
        Some(date) => date.to_owned(),
        None => committed_date(&drift)?,
    };
    let mut all: Vec<Generated> = vec![
        Generated {
            path: drift,
            text: weights(made, &date),
        },
        Generated {
            path: path(TEXT, &file),
            text: nearness(made, &date),
        },
    ];
    for folder in [DRIFT, TEXT] {
        all.push(Generated {
            path: path(folder, "all.in"),
            text: list(&workspace().join(folder), &file)?,
        });
    }
    generated::put(&all, [], check, COMMAND)
}

/// The date of a committed file; empty where there is none.
fn committed_date(path: &Path) -> Result<String, root::FileError> {
    if !path.exists() {
        return Ok(String::new());
    }
    let text = root::read(path)?;
    let found = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("date: \"")?.strip_suffix("\","));
    Ok(found.unwrap_or_default().to_owned())
}

/// All calibrations of a folder, the bundled embedder's first: the rules take that where nothing else
/// was measured.
fn list(folder: &Path, made: &str) -> Result<String, root::FileError> {
    let mut names: Vec<String> = root::files(folder, "in")?
        .iter()
        .filter_map(|path: &PathBuf| Some(path.file_name()?.to_str()?.to_owned()))
        .chain([made.to_owned()])
        .filter(|name| name != "all.in")
        .collect();
    let bundled = "minilm-static-256-int8-sif.in";
    names.sort_by_key(|name| (name != bundled, name.clone()));
    names.dedup();
    let mut text = String::from("[\n");
    for name in names {
        let _ = writeln!(text, "    include!({name:?}),");
    }
    text.push_str("]\n");
    Ok(text)
}

fn weights(made: &Made<'_>, date: &str) -> String {
    let mut text = String::from("EvidenceCalibration {\n");
    let _ = writeln!(text, "    embedder: {:?},", made.info.id.0);
    let _ = writeln!(text, "    weights_hash: \"{}\",", made.info.weights_hash);
    let _ = writeln!(text, "    data: {:?},", made.data);
    let _ = writeln!(text, "    seeds: {:?},", made.seeds);
    let _ = writeln!(text, "    date: {date:?},");
    let _ = writeln!(text, "    command: {COMMAND:?},");
    for (name, weights) in ["by_word", "by_text"].iter().zip(&made.weights) {
        let _ = writeln!(text, "    {name}: Weights {{");
        for (name, values) in [
            ("weights", &weights.weights[..]),
            ("neutral", &weights.neutral[..]),
            ("features", &weights.features[..]),
        ] {
            let _ = writeln!(text, "        {name}: [");
            for value in values {
                let _ = writeln!(text, "            {:.4},", rounded(*value));
            }
            text.push_str("        ],\n");
        }
        for (name, value) in [
            ("subject_bias", weights.subject_bias),
            ("voice_bias", weights.voice_bias),
        ] {
            let _ = writeln!(text, "        {name}: {:.4},", rounded(value));
        }
        for (name, prior) in [
            ("subject_usual", weights.subject_usual),
            ("voice_usual", weights.voice_usual),
        ] {
            let _ = writeln!(
                text,
                "        {name}: Prior {{ centre: {:.4}, spread: {:.4}, answers: {:.1} }},",
                rounded(prior.centre),
                rounded(prior.spread),
                prior.answers
            );
        }
        for (name, value) in [
            ("subject_shift", weights.subject_shift),
            ("subject_gain", weights.subject_gain),
            ("voice_shift", weights.voice_shift),
            ("voice_gain", weights.voice_gain),
        ] {
            let _ = writeln!(text, "        {name}: {:.4},", rounded(value));
        }
        text.push_str("    },\n");
    }
    text.push_str("}\n");
    text
}

/// Without a sign before nothing.
fn rounded(value: f64) -> f64 {
    let rounded = (value * 1e4).round() / 1e4;
    if rounded == 0.0 { 0.0 } else { rounded }
}

fn nearness(made: &Made<'_>, date: &str) -> String {
    let n = &made.nearness;
    let provenance = format!(
        "{date}: {} exchanges of dialogues; unrelated: a question and the answers 7, 23 and 41 exchanges on \
         in its dialogue; duplicate: 99 % of sentences less one content word lie above, and {} of {} \
         differing pairs; command: {COMMAND}",
        n.exchanges, n.differing.1, n.differing.0
    );
    format!(
        "Measured {{\n    embedder: {:?},\n    weights_hash: \"{}\",\n    unrelated_mean: {:.3},\n    unrelated_sd: {:.3},\n    \
         answer_mean: {:.3},\n    answer_sd: {:.3},\n    duplicate: {:.3},\n    provenance: {provenance:?},\n}}\n",
        made.info.id.0,
        made.info.weights_hash,
        n.unrelated.0,
        n.unrelated.1,
        n.answer.0,
        n.answer.1,
        n.duplicate
    )
}
