//! Where the index fails, with the reason in figures: places in the data, never its words.

use std::collections::BTreeSet;

use serde::Serialize;
use sigma_drift::Anchor;

use super::measure::Row;
use super::plant::{Kind, Label};
use super::runs::{Run, SeedRuns};

/// The worst cases of each sort.
#[derive(Debug, Serialize)]
pub(crate) struct Worst {
    /// Clean cycles with the highest index.
    pub(crate) false_alarms: Vec<Case>,
    /// Replaced answers with the lowest index.
    pub(crate) missed: Vec<Missed>,
    /// Changes of subject by the user with the highest index.
    pub(crate) subject_changes: Vec<Case>,
}

/// The quietest of a kind.
#[derive(Debug, Serialize)]
pub(crate) struct Missed {
    pub(crate) kind: Kind,
    pub(crate) cases: Vec<Case>,
}

/// One cycle.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Case {
    pub(crate) file: String,
    pub(crate) cycle: u64,
    pub(crate) seed: u64,
    /// Where the replaced answer comes from.
    pub(crate) donor: Option<String>,
    /// Answers replaced in a row, and the place in that row from 1.
    pub(crate) of: Option<(usize, usize)>,
    pub(crate) di: f64,
    /// Semantic drift, symbolic variance, posture drift, compression.
    pub(crate) components: [Option<f64>; 4],
    pub(crate) reason: String,
}

/// Cases shown of each sort.
const SHOWN: usize = 10;

/// Finds them.
pub(crate) fn worst(all: &[SeedRuns]) -> Worst {
    let missed = Kind::ALL
        .into_iter()
        .map(|kind| Missed {
            kind,
            cases: take(
                planted(all, |label, run| {
                    run.planted.kind == kind && matches!(label, Label::Planted(_))
                })
                .map(|(seed, at, run)| (-run.rows[at].di, case(seed, at, run))),
            ),
        })
        .filter(|missed| !missed.cases.is_empty())
        .collect();
    Worst {
        false_alarms: take(
            planted(all, |label, _| label == Label::Clean)
                .map(|(seed, at, run)| (run.rows[at].di, case(seed, at, run))),
        ),
        missed,
        subject_changes: take(all.iter().flat_map(|seed| {
            seed.spliced.iter().flat_map(|run| {
                run.spliced.changes.iter().filter_map(|at| {
                    let row = run.rows.get(*at)?;
                    let case = Case {
                        file: run.spliced.host.clone(),
                        seed: seed.seed,
                        donor: None,
                        of: None,
                        reason: reason(row, true),
                        ..bare(row)
                    };
                    Some((row.di, case))
                })
            })
        })),
    }
}

fn planted<'a>(
    all: &'a [SeedRuns],
    wanted: impl Fn(Label, &Run) -> bool + Copy + 'a,
) -> impl Iterator<Item = (u64, usize, &'a Run)> {
    all.iter().flat_map(move |seed| {
        seed.planted.iter().flat_map(move |run| {
            let places = run.planted.labels.iter().enumerate();
            places
                .filter(move |(at, label)| *at < run.rows.len() && wanted(**label, run))
                .map(move |(at, _)| (seed.seed, at, run))
        })
    })
}

/// The highest, one for each place of a file.
fn take(cases: impl Iterator<Item = (f64, Case)>) -> Vec<Case> {
    let mut all: Vec<(f64, Case)> = cases.collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut seen = BTreeSet::new();
    all.into_iter()
        .map(|(_, case)| case)
        .filter(|case| seen.insert((case.file.clone(), case.cycle)))
        .take(SHOWN)
        .collect()
}

fn bare(row: &Row) -> Case {
    Case {
        file: String::new(),
        cycle: row.cycle,
        seed: 0,
        donor: None,
        of: None,
        di: row.di,
        components: row.components,
        reason: String::new(),
    }
}

fn case(seed: u64, at: usize, run: &Run) -> Case {
    let row = &run.rows[at];
    let planted = match run.planted.labels[at] {
        Label::Planted(offset) => Some((run.planted.length, offset + 1)),
        _ => None,
    };
    Case {
        file: run.planted.host.clone(),
        seed,
        donor: planted.map(|_| run.planted.donor.clone()),
        of: planted,
        reason: reason(row, planted.is_none()),
        ..bare(row)
    }
}

/// Words of an answer under which it has little to tell its voice by.
const FEW_WORDS: usize = 25;
/// Share of a subject of its own under which a turn binds an answer little.
const LOOSE: f64 = 0.5;
/// What an anchor adds to the log odds before it is worth naming.
const WORTH: f64 = 0.3;

/// Why the index is high, or low, in figures.
fn reason(row: &Row, high: bool) -> String {
    let mut told = Vec::new();
    let mut pushes = row.pushes.clone();
    pushes.sort_by(|a, b| {
        if high {
            b.1.total_cmp(&a.1)
        } else {
            a.1.total_cmp(&b.1)
        }
    });
    for (anchor, push) in pushes.into_iter().take(2) {
        if (if high { push } else { -push }) >= WORTH {
            told.push(match (anchor, high) {
                (Anchor::Earlier, true) => format!("it was given before ({push:+.1})"),
                (Anchor::Earlier, false) => format!("it was not given before ({push:+.1})"),
                (_, true) => format!("it left {} ({push:+.1})", named(anchor)),
                (_, false) => format!("it fits {} ({push:+.1})", named(anchor)),
            });
        }
    }
    if row.grip < LOOSE {
        told.push("the turn names little to answer".to_owned());
    }
    if row.words < FEW_WORDS {
        told.push(format!("the answer has {} words", row.words));
    }
    if row.turn_words < 5 {
        told.push(format!("the turn has {} words", row.turn_words));
    }
    if let Some(scr) = row.components[3].filter(|scr| *scr < 0.7) {
        told.push(format!("it repeats itself (SCR {scr:.2})"));
    }
    if told.is_empty() {
        told.push("no single clue decides".to_owned());
    }
    told.join("; ")
}

const fn named(anchor: Anchor) -> &'static str {
    match anchor {
        Anchor::UserTurn => "the turn",
        Anchor::Context => "what was said before",
        Anchor::Attractor => "the subject at hand",
        Anchor::Identity => "the identity",
        Anchor::Constraint => "a constraint",
        Anchor::Voice => "the session's voice",
        Anchor::AskedVoice => "the voice asked for",
        Anchor::Beginning => "the beginning",
        _ => "an anchor",
    }
}
