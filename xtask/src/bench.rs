//! Measurements that anybody can repeat: `cargo xtask bench <WHAT>`.

pub(crate) mod attractor;
mod cycles;
pub(crate) mod dice;
pub(crate) mod drift;
pub(crate) mod figures;
mod invariants;
pub(crate) mod memory;
pub(crate) mod parallel;
pub(crate) mod ris;

use std::process::Command;

use clap::{Args, Subcommand};

use crate::{Outcome, Verdict};

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// What a cycle costs as the dialogue grows: time, prompt and memory
    Loop(cycles::Options),
    /// How well the drift index finds planted intrusions, beside simple baselines
    Drift(drift::Options),
    /// Where attractors begin, against labelled changes of topic
    Attractor(attractor::Options),
    /// How much of the evidence for a question memory finds, and what finding costs
    Memory(memory::Options),
    /// How well the invariant validator of SRIP-13 tells crossings from look-alikes
    Ris(ris::Options),
    /// Whether the memory invariants hold over recorded dialogues, and what a recovery does to them
    Invariants(invariants::Options),
}

/// Measures with optimised code: a build for development builds xtask anew and passes the words on.
pub(crate) fn run(options: &Options) -> Outcome {
    if cfg!(debug_assertions) {
        return optimised();
    }
    match &options.what {
        What::Loop(options) => cycles::run(options),
        What::Drift(options) => drift::run(options),
        What::Attractor(options) => attractor::run(options),
        What::Memory(options) => memory::run(options),
        What::Ris(options) => ris::run(options),
        What::Invariants(options) => invariants::run(options),
    }
}

/// Runs the same words with an optimised build.
pub(crate) fn optimised() -> Outcome {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--release", "--package", "xtask", "--"])
        .args(std::env::args_os().skip(1))
        .status()?;
    match status.code() {
        Some(0) => Ok(Verdict::Holds),
        Some(1) => Ok(Verdict::Broken),
        _ => Err(format!("the optimised build ended with {status}").into()),
    }
}
