//! Where attractors begin, against labelled changes of topic.
//!
//! Two modes of the one registry in its default setting: what it says when an utterance comes, having seen no
//! later one, and what stands after two utterances of hindsight, while the attractor is still forming.

mod data;
mod found;
mod metrics;
mod published;
mod worst;

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use sigma_text::BundledEmbedder;

use crate::{Outcome, Verdict};
use data::{DataError, Dialogue, Set};
use metrics::Figures;
use worst::Worst;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Labelled dialogues, `[{dial_id, utterances, starts_topic}]`, or a folder of such files; may be given
    /// more than once
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    data: Vec<PathBuf>,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Print the worst ten dialogues too, with the reason; JSON always holds them
    #[arg(long)]
    worst: bool,
}

/// The figures of all files; the means are over files, each counting the same.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    #[serde(flatten)]
    pub(crate) mean: Rows,
    pub(crate) sets: Vec<Row>,
    /// The worst dialogues with hindsight, the worst first.
    pub(crate) worst: Vec<Worst>,
}

/// The figures of one file.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) dialogues: usize,
    pub(crate) utterances: usize,
    pub(crate) boundaries: usize,
    #[serde(flatten)]
    pub(crate) figures: Rows,
}

/// Both modes and what stands beside them.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Rows {
    #[serde(flatten)]
    pub(crate) past: Figures,
    score_hindsight: f64,
    pk_hindsight: f64,
    wd_hindsight: f64,
    f1_hindsight: f64,
    pub(crate) baselines: Baselines,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Baselines {
    pub(crate) never: Figures,
    pub(crate) before_each_question: Figures,
}

/// One dialogue in both modes.
struct Measured {
    past: Figures,
    late: Figures,
    never: Figures,
    questions: Figures,
}

pub(crate) fn run(options: &Options) -> Outcome {
    print(&measure(&options.data)?, options)?;
    Ok(Verdict::Holds)
}

/// Measures files, or folders of them.
///
/// # Errors
///
/// If a file cannot be read or is not of the form.
pub(crate) fn measure(paths: &[PathBuf]) -> Result<Report, DataError> {
    let embedder = BundledEmbedder::new();
    let sets: Vec<Set> = data::files(paths)?
        .iter()
        .map(|file| data::load(file, &embedder))
        .collect::<Result<_, _>>()?;
    Ok(Report::of(&sets))
}

impl Report {
    fn of(sets: &[Set]) -> Self {
        let rows: Vec<Row> = sets.iter().map(Row::of).collect();
        let all: Vec<Rows> = rows.iter().map(|row| row.figures).collect();
        let mean = |f: fn(&Rows) -> Figures| Figures::mean(&all.iter().map(f).collect::<Vec<_>>());
        Self {
            mean: Rows::new(
                mean(|r| r.past),
                mean(Rows::late),
                mean(|r| r.baselines.never),
                mean(|r| r.baselines.before_each_question),
            ),
            sets: rows,
            worst: worst::worst(sets),
        }
    }
}

impl Row {
    fn of(set: &Set) -> Self {
        let all: Vec<Measured> = set.dialogues.iter().map(Measured::of).collect();
        let mean =
            |f: fn(&Measured) -> Figures| Figures::mean(&all.iter().map(f).collect::<Vec<_>>());
        let starts = |d: &Dialogue| d.starts.iter().skip(1).filter(|s| **s).count();
        Self {
            name: set.name.clone(),
            dialogues: set.dialogues.len(),
            utterances: set.dialogues.iter().map(|d| d.utterances.len()).sum(),
            boundaries: set.dialogues.iter().map(starts).sum(),
            figures: Rows::new(
                mean(|m| m.past),
                mean(|m| m.late),
                mean(|m| m.never),
                mean(|m| m.questions),
            ),
        }
    }
}

impl Rows {
    fn new(past: Figures, late: Figures, never: Figures, before_each_question: Figures) -> Self {
        Self {
            past,
            score_hindsight: late.score,
            pk_hindsight: late.pk,
            wd_hindsight: late.wd,
            f1_hindsight: late.f1,
            baselines: Baselines {
                never,
                before_each_question,
            },
        }
    }

    /// The figures with hindsight.
    pub(crate) fn late(&self) -> Figures {
        Figures::new(self.pk_hindsight, self.wd_hindsight, self.f1_hindsight)
    }
}

impl Measured {
    fn of(dialogue: &Dialogue) -> Self {
        let found = found::attractors(dialogue);
        let figures = |found: &[bool]| Figures::of(&dialogue.starts, found);
        Self {
            past: figures(&found.past),
            late: figures(&found.late),
            never: figures(&found::never(dialogue)),
            questions: figures(&found::questions(dialogue)),
        }
    }
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what the command is for"
)]
fn print(report: &Report, options: &Options) -> Result<(), serde_json::Error> {
    if options.json {
        println!("{}", serde_json::to_string(report)?);
        return Ok(());
    }
    println!(
        "{:<20} {:<22} {:>6} {:>6} {:>6} {:>6}",
        "set", "row", "Pk", "WD", "F1", "Score"
    );
    for set in &report.sets {
        let rows = &set.figures;
        line(&set.name, "past only", &rows.past);
        line("", "two of hindsight", &rows.late());
        line("", "never", &rows.baselines.never);
        let questions = &rows.baselines.before_each_question;
        line("", "before each question", questions);
        for row in published::beside(&set.name) {
            line("", row.name, &row.figures());
        }
    }
    if report.sets.len() > 1 {
        line("mean of the sets", "past only", &report.mean.past);
        line("", "two of hindsight", &report.mean.late());
    }
    for worst in report.worst.iter().filter(|_| options.worst) {
        let (set, id) = (&worst.set, &worst.dial_id);
        println!("{set} {id}: Score {:.3}, {}", worst.score, worst.reason);
    }
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what the command is for"
)]
fn line(set: &str, row: &str, f: &Figures) {
    println!(
        "{set:<20} {row:<22} {:>6.3} {:>6.3} {:>6.3} {:>6.3}",
        f.pk, f.wd, f.f1, f.score
    );
}
