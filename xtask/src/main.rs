//! Checks, schemas, conformance and benchmarks of the workspace: `cargo xtask --help`.

#![allow(
    clippy::struct_field_names,
    reason = "the fields have the names of the fixtures and data they are read from"
)]
#![allow(
    clippy::large_types_passed_by_value,
    clippy::needless_pass_by_value,
    clippy::needless_range_loop,
    reason = "tools and small matrices, where the plain form reads best"
)]

mod bench;
mod calibrate;
mod conformance;
mod generated;
mod graph;
mod matrix;
mod quality;
mod relations;
mod root;
mod schemas;
mod source;
mod spec;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Everything that is not building or testing: run it as `cargo xtask <COMMAND>`.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_version_flag = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check which crate depends on which, and that the spec crates stay pure
    Graph,
    /// Write the JSON Schemas of everything that is exchanged into schemas/
    Schemas(schemas::Options),
    /// Run the fixtures of spec-fixtures/ and check that every requirement has its evidence
    Conformance(conformance::Options),
    /// Measure speed and cost, beside their limits
    Bench(bench::Options),
    /// Make the calibration of an embedder from data, or check the committed one
    Calibrate(calibrate::Options),
    /// Fit what structural clues weigh for relational identity on labelled cases
    CalibrateRelations(relations::Options),
    /// Write docs/quality.md: what is measured on labelled data, and where it fails
    Quality(quality::Options),
    /// Write docs/requirements.md from the requirements
    Matrix(matrix::Options),
}

/// What a command found. The commands print their own findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Holds,
    Broken,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Graph => graph::run(),
        Command::Schemas(options) => schemas::run(&options),
        Command::Conformance(options) => conformance::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Calibrate(options) => calibrate::run(&options),
        Command::CalibrateRelations(options) => relations::run(&options),
        Command::Quality(options) => quality::run(&options),
        Command::Matrix(options) => matrix::run(&options),
    };
    match outcome {
        Ok(Verdict::Holds) => ExitCode::SUCCESS,
        Ok(Verdict::Broken) => ExitCode::FAILURE,
        Err(error) => {
            report(error.as_ref());
            ExitCode::from(2)
        }
    }
}

/// Prints an error and what caused it, one a line.
#[expect(
    clippy::print_stderr,
    reason = "a command line tells its errors on standard error"
)]
fn report(error: &dyn std::error::Error) {
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        eprintln!("  because: {inner}");
        cause = inner.source();
    }
}

/// What every command returns: a verdict, or why it could not come to one.
type Outcome = Result<Verdict, Box<dyn std::error::Error>>;

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::{CommandFactory as _, Parser as _};

    #[test]
    fn the_command_line_is_sound_and_takes_what_the_docs_say() {
        Cli::command().debug_assert();
        for words in [
            "bench loop --cycles 500 --json",
            "bench drift --data DIR --seed 2 --json",
            "bench attractor --data FILE --json",
            "bench memory --data FILE --json",
            "bench memory --data FILE --leave-one-out",
            "bench memory --scale --frames 10,20 --json",
            "bench invariants --data DIR --json",
            "bench ris --data FILE --json --worst 10",
            "conformance --filter srip",
        ] {
            let words = ["cargo xtask"].into_iter().chain(words.split(' '));
            let parsed = Cli::try_parse_from(words.clone());
            assert!(
                parsed.is_ok(),
                "{:?}: {}",
                words.collect::<Vec<_>>(),
                parsed.unwrap_err()
            );
        }
        for words in [
            "bench memory",
            "bench memory --json",
            "bench memory --scale --data FILE",
        ] {
            let words = ["cargo xtask"].into_iter().chain(words.split(' '));
            assert!(Cli::try_parse_from(words).is_err());
        }
    }
}
