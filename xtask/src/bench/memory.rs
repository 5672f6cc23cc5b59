//! How much of the evidence for a question memory finds, and what finding costs as memory grows.

mod bm25;
mod evidence;
mod fit;
mod locomo;
mod remember;
mod report;
mod scale;
mod tally;
mod worst;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use crate::{Outcome, Verdict};
use evidence::Measured;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Conversations with questions and evidence, in the form of LoCoMo
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "scale",
        conflicts_with = "scale"
    )]
    data: Option<PathBuf>,
    /// Fit the weights to all conversations but one and measure that one, for each; needs --data
    #[arg(long, requires = "data")]
    leave_one_out: bool,
    /// Measure what recall and append cost over long memories instead
    #[arg(long)]
    scale: bool,
    /// Frames to measure over, with --scale
    #[arg(long, value_name = "N,...", value_delimiter = ',', requires = "scale",
          default_values_t = [10_000, 100_000, 1_000_000])]
    frames: Vec<usize>,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &Options) -> Outcome {
    match &options.data {
        Some(data) if options.leave_one_out => {
            let left_out = fit::leave_one_out(&locomo::read(data)?)?;
            if options.json {
                print_json(&report::left_out_json(&left_out))?;
            } else {
                report::print_left_out(&left_out);
            }
        }
        Some(data) => {
            let measured = measure(data)?;
            if options.json {
                print_json(&report::json(&measured))?;
            } else {
                report::print(&measured);
            }
        }
        None => {
            let points = scale::measure(&options.frames)?;
            if options.json {
                print_json(&scale::json(&points))?;
            } else {
                scale::print(&points);
            }
        }
    }
    Ok(Verdict::Holds)
}

/// Figures, baselines and the ten worst cases, for the report on quality: an object with `name`,
/// `figures`, `baselines` and `worst`. The worst cases are told by numbers; nothing of the data is
/// quoted.
///
/// # Errors
/// The file cannot be read, or is not of the form of LoCoMo.
pub(crate) fn quality(data: &Path) -> Result<Value, Box<dyn std::error::Error>> {
    Ok(report::json(&measure(data)?))
}

/// What was tried to come closer to the aims, and what each gave.
pub(crate) const NOTES: &str = include_str!("memory/notes.md");

fn measure(data: &Path) -> Result<Vec<Measured>, Box<dyn std::error::Error>> {
    locomo::read(data)?.iter().map(evidence::measure).collect()
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what the command is for"
)]
fn print_json(value: &Value) -> Result<(), serde_json::Error> {
    println!("{}", serde_json::to_string(value)?);
    Ok(())
}
