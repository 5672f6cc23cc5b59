//! Plants intrusions into calm transcripts and says how well the drift index finds them, beside
//! simple baselines. Everything is seeded; data is read from a directory given on the command line.
//!
//! ```text
//! cargo run --release -p sigma-drift --example intrusions -- --data DIR [--seed N] [--seeds N] [dump|pairs|show FILE|worst]
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod baselines;
mod data;
mod dump;
mod measure;
mod pairs;
mod plant;
mod report;
mod score;

use std::{path::PathBuf, process::ExitCode};

struct Args {
    data: PathBuf,
    seed: u64,
    seeds: u64,
    command: Vec<String>,
}

fn args() -> Option<Args> {
    let mut found = Args {
        data: std::env::var_os("SIGMA_DATA").map_or_else(|| "../shared/data".into(), PathBuf::from),
        seed: 1,
        seeds: 1,
        command: Vec::new(),
    };
    let mut all = std::env::args().skip(1);
    while let Some(arg) = all.next() {
        match arg.as_str() {
            "--data" => found.data = all.next()?.into(),
            "--seed" => found.seed = all.next()?.parse().ok()?,
            "--seeds" => found.seeds = all.next()?.parse().ok()?,
            _ => found.command.push(arg),
        }
    }
    Some(found)
}

fn main() -> ExitCode {
    let Some(args) = args() else {
        eprintln!(
            "usage: intrusions --data DIR [--seed N] [--seeds N] [dump|pairs|show FILE|worst]"
        );
        return ExitCode::from(2);
    };
    let corpus = match data::Corpus::load(&args.data) {
        Ok(corpus) => corpus,
        Err(error) => {
            println!("SKIPPED: {error}");
            return ExitCode::SUCCESS;
        }
    };
    let command: Vec<&str> = args.command.iter().map(String::as_str).collect();
    match command.as_slice() {
        [] => report::intrusions(&corpus, args.seed, args.seeds),
        ["worst"] => report::worst(&corpus, args.seed),
        ["pairs"] => pairs::pairs(&corpus),
        ["show", file] => pairs::show(&corpus, file),
        ["dump"] => dump::dump(&corpus, args.seed, args.seeds),
        _ => {
            eprintln!("unknown command: {}", args.command.join(" "));
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
