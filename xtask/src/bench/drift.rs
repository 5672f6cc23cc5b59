//! How well the drift index finds planted intrusions, beside what anyone would try first.

pub(crate) mod baselines;
pub(crate) mod corpus;
mod dump;
pub(crate) mod measure;
pub(crate) mod plant;
mod print;
pub(crate) mod report;
mod runs;
mod scores;
pub(crate) mod worst;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;
use sigma_drift::Rules;
use sigma_text::{BundledEmbedder, Embedder as _};

use self::corpus::Corpus;
use self::measure::Setting;
use self::report::Report;
use crate::calibrate::fit::{ROUNDS, Training, rules_of};
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
    /// Measure each calm file with weights fitted anew without it, or without its persona
    #[arg(long, value_enum, value_name = "WHAT")]
    leave_out: Option<LeaveOut>,
    /// Write what each cycle was measured as to a file, one JSON object a line
    #[arg(long, value_name = "FILE", hide = true)]
    dump: Option<PathBuf>,
}

/// What is left out of the data that weights are fitted on, for each calm file in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LeaveOut {
    /// The file itself.
    File,
    /// All files of its persona.
    Persona,
}

/// Measures and prints.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the figures are what the command is for"
)]
pub(crate) fn run(options: &Options) -> Outcome {
    let embedder = BundledEmbedder::new();
    let corpus = Corpus::load(&options.data, &embedder)?;
    let rules = Rules::of(embedder.info());
    let setting = Setting {
        embedder: &embedder,
        rules: &rules,
        by_word: !options.by_text,
    };
    let seeds = (options.seed, options.seeds);
    if let Some(path) = &options.dump {
        dump::dump(&corpus, options.seed, options.seeds, setting, path)?;
        return Ok(Verdict::Holds);
    }
    let report = match options.leave_out {
        None => report::report(&corpus, seeds, "committed", &|_| setting),
        Some(leave_out) => Folds::new(&corpus, &options.data, setting)?.report(leave_out, seeds),
    };
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

/// Fits for measuring each calm file with weights that know nothing of it.
pub(crate) struct Folds<'a> {
    corpus: &'a Corpus,
    training: Training<'a>,
    setting: Setting<'a>,
}

impl<'a> Folds<'a> {
    /// Plants what is fitted on, with half the dice of a calibration: there is a fit for each that is
    /// left out.
    pub(crate) fn new(
        corpus: &'a Corpus,
        data: &Path,
        setting: Setting<'a>,
    ) -> Result<Self, crate::root::FileError> {
        let others = crate::calibrate::others(data, setting.embedder)?;
        let seeds = (crate::calibrate::SEEDS.0, 1);
        let with = (setting.embedder, setting.by_word);
        Ok(Self {
            corpus,
            training: Training::new(corpus, &others, seeds, with),
            setting,
        })
    }

    /// Measures each calm file with weights that were fitted without it, or without its persona.
    pub(crate) fn report(&self, leave_out: LeaveOut, seeds: (u64, u64)) -> Report {
        let mut rules: BTreeMap<String, Rules> = BTreeMap::new();
        let mut known: BTreeMap<BTreeSet<&str>, Rules> = BTreeMap::new();
        for host in self.corpus.calm() {
            let with_host = self.corpus.dialogues.iter().filter(|d| match leave_out {
                LeaveOut::File => d.name == host.name,
                LeaveOut::Persona => d.identity == host.identity,
            });
            let without: BTreeSet<&str> = with_host.map(|d| d.name.as_str()).collect();
            let found = *known.entry(without).or_insert_with_key(|without| {
                let weights = self
                    .training
                    .fit(ROUNDS - 1, &|name| without.contains(name));
                rules_of(weights, self.setting.by_word)
            });
            rules.insert(host.name.clone(), found);
        }
        let name = match leave_out {
            LeaveOut::File => "fitted without the file",
            LeaveOut::Persona => "fitted without the persona",
        };
        report::report(self.corpus, seeds, name, &|host| Setting {
            rules: rules.get(host).unwrap_or(self.setting.rules),
            ..self.setting
        })
    }
}
