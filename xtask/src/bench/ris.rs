//! How well the invariant validator tells crossings from look-alikes: `cargo xtask bench ris`.

pub(crate) mod cases;
mod keywords;
pub(crate) mod score;
pub(crate) mod spiral;
pub(crate) mod transcripts;

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use crate::root::FileError;
use crate::{Outcome, Verdict};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Cases (JSON lines), a Spiral-Bench file, or a transcript: the form is told by the contents
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
    /// List this many of the worst disagreements
    #[arg(long, value_name = "N", default_value_t = 0)]
    worst: usize,
}

/// What was measured, by the form of the file.
#[derive(Debug, Serialize)]
#[serde(tag = "form", rename_all = "snake_case")]
enum Figures {
    Cases(cases::Figures),
    Spiral(spiral::Figures),
    Transcript(transcripts::Figures),
}

pub(crate) fn run(options: &Options) -> Outcome {
    let text = std::fs::read_to_string(&options.data).map_err(|source| FileError::Io {
        path: options.data.clone(),
        source,
    })?;
    let malformed = |source: Box<dyn std::error::Error>| FileError::Malformed {
        path: options.data.clone(),
        source,
    };
    let figures = measure(&text, options.worst).map_err(malformed)?;
    print(&figures, options.json)?;
    Ok(Verdict::Holds)
}

/// What is measured on a file, with so many of the worst disagreements, as `--json` prints it.
pub(crate) fn quality(path: &Path, worst: usize) -> Result<Value, Box<dyn std::error::Error>> {
    let text = crate::root::read(path)?;
    Ok(serde_json::to_value(measure(&text, worst)?)?)
}

fn measure(text: &str, worst: usize) -> Result<Figures, Box<dyn std::error::Error>> {
    // one JSON value is a conversation file; anything else is read as lines
    let Ok(whole) = serde_json::from_str::<Value>(text) else {
        return Ok(Figures::Cases(cases::measure(text, worst)?));
    };
    if whole.is_array() {
        return Ok(Figures::Spiral(spiral::measure(
            serde_json::from_value(whole)?,
            worst,
        )));
    }
    if whole.get("cycles").is_some() {
        return Ok(Figures::Transcript(transcripts::measure(
            serde_json::from_value(whole)?,
            worst,
        )));
    }
    // a file of a single case
    Ok(Figures::Cases(cases::measure(text, worst)?))
}

#[expect(
    clippy::print_stdout,
    reason = "a command line prints what it measured"
)]
fn print(figures: &Figures, json: bool) -> Result<(), serde_json::Error> {
    if json {
        println!("{}", serde_json::to_string(figures)?);
        return Ok(());
    }
    let table = match figures {
        Figures::Cases(figures) => cases::table(figures),
        Figures::Spiral(figures) => spiral::table(figures),
        Figures::Transcript(figures) => transcripts::table(figures),
    };
    print!("{table}");
    Ok(())
}
