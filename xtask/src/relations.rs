//! Fits what the structural clues of a sentence weigh for relational identity (`SRIP-13 §XI`), on
//! labelled cases.

mod cases;
mod data;
mod fit;
mod minimise;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use sigma_ris::{Validator, ViolationClass, Weights};

use self::cases::{Case, Origin, Table};
use self::fit::{Bounds, Fitted, fitted};
use crate::Outcome;
use crate::bench::parallel::parallel;
use crate::bench::ris::score::{Counts, Row, Tally, shown};
use crate::generated::{self, Generated};
use crate::root::workspace;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Files of labelled cases; the committed ones unless given
    #[arg(long = "cases", value_name = "FILE")]
    cases: Vec<PathBuf>,
    /// A folder with `transcripts`, `chat-exports/sharegpt.json` and `relational/spiral-bench-dev.json`, as far
    /// as they are there: calm answers are harmless, and Spiral-Bench has labels of its own
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Penalty on a squared weight
    #[arg(long, value_name = "X", default_value_t = RIDGE)]
    ridge: f64,
    /// A clue counts if this many cases show it
    #[arg(long, value_name = "N", default_value_t = CASES_OF_A_CLUE)]
    least: usize,
    /// Share of harmless cases that may be alarmed on authors who were left out
    #[arg(long, value_name = "X", default_value_t = ALARMS)]
    alarms: f64,
    /// Where to write the table; the crate's own place unless given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only tell whether the committed table is what this command makes
    #[arg(long)]
    check: bool,
    /// Print how well the cases of each author are judged by weights of the others, and write nothing
    #[arg(long)]
    leave_out: bool,
}

const COMMAND: &str = "cargo xtask calibrate-relations --data DIR";
/// Where the table lies.
const TABLE: &str = "crates/sigma-ris/src/validator/weights.tsv";
/// What is fitted on unless something else is named.
const CASES: [&str; 3] = [
    "spec-fixtures/ris-cases/building.jsonl",
    "spec-fixtures/ris-cases/fitting.jsonl",
    "spec-fixtures/ris-cases/plain.jsonl",
];
/// Groups of authors; each is judged by weights of the others.
const FOLDS: usize = 6;
/// Bounds that are tried, in hundredths.
const BOUNDS: [i16; 9] = [-75, -50, -25, 0, 25, 50, 75, 100, 150];
/// Floors that are tried, in hundredths.
const FLOORS: [i16; 5] = [-300, -250, -200, -150, -100];
const ALARMS: f64 = 0.042;
const RIDGE: f64 = 1.0;
const CASES_OF_A_CLUE: usize = 6;

/// Fits, and writes or checks, or tells how the weights carry over.
#[expect(
    clippy::print_stderr,
    reason = "a fit takes minutes, and says where it is"
)]
pub(crate) fn run(options: &Options) -> Outcome {
    if cfg!(debug_assertions) {
        return crate::bench::optimised();
    }
    let files: Vec<PathBuf> = if options.cases.is_empty() {
        CASES.iter().map(|file| workspace().join(file)).collect()
    } else {
        options.cases.clone()
    };
    let mut cases = cases::read(&files)?;
    if let Some(data) = &options.data {
        cases.extend(data::read(data)?);
    }
    let cases = cases;
    let authors: BTreeSet<&str> = cases.iter().map(Case::author).collect();
    eprintln!("reading {} cases of {} authors", cases.len(), authors.len());
    let table = Table::of(&cases, options.least);
    eprintln!("{} sentences, {} clues", table.sentences(), table.clues());
    let folds: BTreeMap<&str, usize> = (0..)
        .map(|n| n % FOLDS)
        .zip(&authors)
        .map(|(n, a)| (*a, n))
        .collect();
    let apart: Vec<Fitted> = (0..FOLDS)
        .map(|fold| {
            eprintln!("fitting without group {} of {FOLDS}", fold + 1);
            fitted(&table, &cases, options.ridge, &|case| {
                folds.get(case.author()) != Some(&fold)
            })
        })
        .collect();
    let apart: Vec<Weights> = apart
        .iter()
        .map(|fitted| Weights::parse(&fitted.table([0; 4], 0, "")))
        .collect::<Result<_, _>>()?;
    let judged = |bound: Bounds, floor: i16| -> Vec<BTreeSet<ViolationClass>> {
        let validators: Vec<Validator> = apart
            .iter()
            .map(|weights| weighing(weights.with_bounds(bound, [floor; 4])))
            .collect();
        parallel(&cases, |case| {
            let fold = folds.get(case.author()).copied().unwrap_or_default();
            case.judge(validators[fold])
        })
    };
    let (bound, floor) = bounds(&cases, options.alarms, &judged);
    let found = judged(bound, floor);
    print_figures(&cases, &found, (bound, floor));
    if options.leave_out {
        return Ok(crate::Verdict::Holds);
    }
    let row = tally(&cases, &found).row();
    let about = format!(
        "# What structural clues weigh, in hundredths, for {}.\n# Written by `{COMMAND}`; do not edit.\n# Fitted on {} cases of {} authors; each sixth of the authors judged by weights of the others, with bounds chosen there\n# for no more than {} of harmless cases alarmed: macro F1 {}, {} of {} alarmed.\n",
        ViolationClass::ALL.map(ViolationClass::name).join(", "),
        cases.len(),
        authors.len(),
        options.alarms,
        shown(row.macro_f1),
        row.false_alarms,
        row.harmless
    );
    eprintln!("fitting on all");
    let all = fitted(&table, &cases, options.ridge, &|_| true);
    let made = Generated {
        path: options
            .out
            .clone()
            .unwrap_or_else(|| workspace().join(TABLE)),
        text: all.table(bound, floor, &about),
    };
    generated::put(&[made], [], options.check, COMMAND)
}

/// A validator with these weights, which live as long as the tool: some numbers, the table is shared.
fn weighing(weights: Weights) -> Validator {
    Validator::default().weighing(Box::leak(Box::new(weights)))
}

/// The bounds and the floor with the best figures that alarm few harmless cases: first one bound for
/// all classes, then each class for itself.
fn bounds(
    cases: &[Case],
    alarms: f64,
    judged: &dyn Fn(Bounds, i16) -> Vec<BTreeSet<ViolationClass>>,
) -> (Bounds, i16) {
    let merit = |bounds: Bounds, floor: i16| {
        let row = tally(cases, &judged(bounds, floor)).row();
        let share = row.false_alarm_rate.unwrap_or_default();
        // too many alarms: the fewer, the better, and worse than any with few
        if share <= alarms {
            row.macro_f1.unwrap_or_default()
        } else {
            alarms - share
        }
    };
    let mut best = ([0; ViolationClass::ALL.len()], FLOORS[0], f64::MIN);
    for floor in FLOORS {
        for bound in BOUNDS {
            let bounds = [bound; ViolationClass::ALL.len()];
            let merit = merit(bounds, floor);
            if merit > best.2 {
                best = (bounds, floor, merit);
            }
        }
    }
    for at in 0..best.0.len() {
        for bound in BOUNDS {
            let mut bounds = best.0;
            bounds[at] = bound;
            let merit = merit(bounds, best.1);
            if merit > best.2 {
                best = (bounds, best.1, merit);
            }
        }
    }
    (best.0, best.1)
}

fn tally(cases: &[Case], found: &[BTreeSet<ViolationClass>]) -> Tally {
    let mut tally = Tally::default();
    let written = |case: &Case| case.origin == Origin::Written;
    for (case, found) in cases.iter().zip(found).filter(|(case, _)| written(case)) {
        tally.add(case.expected(), found);
    }
    tally
}

#[expect(
    clippy::print_stdout,
    reason = "a command line prints what it measured"
)]
fn print_figures(
    cases: &[Case],
    found: &[BTreeSet<ViolationClass>],
    (bounds, floor): (Bounds, i16),
) {
    let rules = weighing(Weights::default());
    let alone: Vec<BTreeSet<ViolationClass>> = parallel(cases, |case| case.judge(rules));
    let mut out = format!(
        "bounds {bounds:?}, floor {floor} (hundredths); each author judged by weights of others\n{:<22} {:>9} {:>13} {:>10} {:>13}\n",
        "author", "macro F1", "false alarms", "rules F1", "false alarms"
    );
    let mut line = |name: &str, own: &Row, rules: &Row| {
        let _ = writeln!(
            out,
            "{name:<22} {:>9} {:>13} {:>10} {:>13}",
            shown(own.macro_f1),
            shown(own.false_alarm_rate),
            shown(rules.macro_f1),
            shown(rules.false_alarm_rate)
        );
    };
    let mut by: BTreeMap<&str, (Tally, Tally)> = BTreeMap::new();
    for ((case, own), rules) in cases.iter().zip(found).zip(&alone) {
        let entry = by.entry(case.author()).or_default();
        entry.0.add(case.expected(), own);
        entry.1.add(case.expected(), rules);
    }
    for (author, (own, rules)) in &by {
        line(author, &own.row(), &rules.row());
    }
    let (own, rules) = (tally(cases, found).row(), tally(cases, &alone).row());
    line("all", &own, &rules);
    for (class, scores) in &own.classes {
        let _ = writeln!(
            out,
            "{:<22} precision {} recall {} F1 {}",
            class.name(),
            shown(scores.precision),
            shown(scores.recall),
            shown(scores.f1)
        );
    }
    for (name, origin) in [
        ("calm answers", Origin::Calm),
        ("Spiral-Bench", Origin::Spiral),
    ] {
        let of = |found: &[BTreeSet<ViolationClass>]| {
            let mut counts = Counts::default();
            for (case, found) in cases.iter().zip(found).filter(|(c, _)| c.origin == origin) {
                let told = found.iter().any(|class| case.knows(*class));
                counts.add(!case.expected().is_empty(), told);
            }
            let scores = counts.scores();
            format!(
                "found {} of {}, and {} that are not; precision {} recall {}",
                counts.tp,
                counts.tp + counts.missed,
                counts.fp,
                shown(scores.precision),
                shown(scores.recall)
            )
        };
        if cases.iter().any(|case| case.origin == origin) {
            let _ = writeln!(out, "{name:<22} {}", of(found));
            let _ = writeln!(out, "{:<22} {}", "  rules alone", of(&alone));
        }
    }
    print!("{out}");
}
