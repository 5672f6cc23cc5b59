//! Measurements that anybody can repeat: `cargo xtask bench <WHAT>`.

mod cycles;

use clap::{Args, Subcommand};

use crate::Outcome;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// What a cycle costs as the dialogue grows: time, prompt and memory
    Loop(cycles::Options),
}

pub(crate) fn run(options: &Options) -> Outcome {
    match &options.what {
        What::Loop(options) => cycles::run(options),
    }
}
