//! Measurements that anybody can repeat: `cargo xtask bench <WHAT>`.

mod cycles;
mod invariants;
mod memory;

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
    /// How much of the evidence for a question memory finds, and what finding costs
    Memory(memory::Options),
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
        What::Memory(options) => memory::run(options),
        What::Invariants(options) => invariants::run(options),
    }
}

fn optimised() -> Outcome {
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
