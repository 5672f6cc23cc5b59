//! How well the drift index finds planted intrusions, beside what anyone would try first.

pub(crate) mod baselines;
pub(crate) mod corpus;
mod dump;
pub(crate) mod measure;
pub(crate) mod plant;
mod print;
pub(crate) mod report;
pub(crate) mod worst;

use std::path::{Path, PathBuf};

use clap::Args;
use sigma_drift::Rules;
use sigma_text::BundledEmbedder;

use self::corpus::{Corpus, CorpusError};
use self::measure::Setting;
use self::report::Report;
use crate::{Outcome, Verdict};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A folder of transcripts, or one with a subfolder `transcripts`
    ///
    /// A transcript is a file `NAME.json` of the form {identity, cycles: [{user_input, response}]}.
    /// NAME-sigma* is a calm run behind a runtime and NAME-baseline* the same questions without one;
    /// any other name is a calm dialogue, of another persona where its identity differs.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where the dice begin
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// How many seeds, from --seed on; mean and spread are told
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1000))]
    seeds: u64,
    /// Print one JSON object and nothing else
    #[arg(long)]
    json: bool,
    /// Measure with vectors of whole texts only, as with embedders that look up no single words
    #[arg(long)]
    by_text: bool,
    /// Write what each cycle was measured as to a file, one JSON object a line
    #[arg(long, value_name = "FILE", hide = true)]
    dump: Option<PathBuf>,
}

/// Measures and prints.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the figures are what the command is for"
)]
pub(crate) fn run(options: &Options) -> Outcome {
    let embedder = BundledEmbedder::new();
    let rules = Rules::default();
    let setting = Setting {
        embedder: &embedder,
        rules: &rules,
        by_word: !options.by_text,
    };
    if let Some(path) = &options.dump {
        let corpus = Corpus::load(&options.data, &embedder)?;
        dump::dump(&corpus, options.seed, options.seeds, setting, path)?;
        return Ok(Verdict::Holds);
    }
    let report = measure(&options.data, options.seed, options.seeds, setting)?;
    if options.json {
        for one in &report.left_out {
            eprintln!("SKIPPED {}: {}", one.file, one.why);
        }
        for what in &report.skipped {
            eprintln!("SKIPPED {what}");
        }
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print::print(&report);
    }
    Ok(Verdict::Holds)
}

/// Measures without printing.
pub(crate) fn measure(
    data: &Path,
    seed: u64,
    seeds: u64,
    setting: Setting<'_>,
) -> Result<Report, CorpusError> {
    let corpus = Corpus::load(data, setting.embedder)?;
    Ok(report::report(&corpus, seed, seeds, setting))
}
