//! Dialogues with intrusions and changes of subject, measured.

use super::corpus::Corpus;
use super::measure::{Row, Setting, run};
use super::plant::{Kind, LENGTHS, Label, Planted, Spliced, plans, plant, splice};
use super::scores::Scoring;
use crate::bench::parallel::parallel;

/// Spliced dialogues of a host and seed.
const SPLICES: u64 = 4;

/// A planted dialogue and what it measured as.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) planted: Planted,
    pub(crate) rows: Vec<Row>,
}

/// A spliced dialogue and what it measured as.
#[derive(Debug)]
pub(crate) struct SplicedRun {
    pub(crate) spliced: Spliced,
    pub(crate) rows: Vec<Row>,
}

/// All that was run with one seed.
#[derive(Debug)]
pub(crate) struct SeedRuns {
    pub(crate) seed: u64,
    pub(crate) planted: Vec<Run>,
    pub(crate) spliced: Vec<SplicedRun>,
}

/// Plants and measures with one seed.
pub(crate) fn seed_runs<'a>(
    corpus: &Corpus,
    seed: u64,
    setting: &(dyn Fn(&str) -> Setting<'a> + Sync),
) -> SeedRuns {
    let planted: Vec<Planted> = plans(corpus, seed)
        .into_iter()
        .flat_map(|plan| LENGTHS.map(|length| plant(plan, length, seed)))
        .collect();
    let rows = parallel(&planted, |one| {
        run(&one.identity, &one.turns, setting(&one.host))
    });
    let planted = planted
        .into_iter()
        .zip(rows)
        .map(|(planted, rows)| Run { planted, rows })
        .collect();
    let spliced: Vec<Spliced> = corpus
        .calm()
        .flat_map(|host| (0..SPLICES).map(move |round| (host, round)))
        .map(|(host, round)| splice(host, corpus.second(host), round, seed))
        .collect();
    let rows = parallel(&spliced, |one| {
        run(&one.identity, &one.turns, setting(&one.host))
    });
    let spliced = spliced
        .into_iter()
        .zip(rows)
        .map(|(spliced, rows)| SplicedRun { spliced, rows })
        .collect();
    SeedRuns {
        seed,
        planted,
        spliced,
    }
}

pub(super) fn of_kind(seed: &SeedRuns, kind: Kind) -> impl Iterator<Item = &Run> {
    seed.planted
        .iter()
        .filter(move |run| run.planted.kind == kind)
}

impl Run {
    /// Scores of planted answers; with `said`, of those that were or were not given before.
    pub(super) fn hits(&self, said: Option<bool>, score: &Scoring) -> Vec<f64> {
        let planted = self.planted.labels.iter().zip(&self.planted.said_before);
        planted
            .zip(&self.rows)
            .filter(|((label, before), _)| {
                matches!(label, Label::Planted(_)) && said.is_none_or(|said| said == **before)
            })
            .map(|(_, row)| score(row))
            .collect()
    }

    pub(super) fn of(&self, wanted: &dyn Fn(Label) -> bool, score: &Scoring) -> Vec<f64> {
        self.planted
            .labels
            .iter()
            .zip(&self.rows)
            .filter(|(label, _)| wanted(**label))
            .map(|(_, row)| score(row))
            .collect()
    }

    /// For each intrusion, the delay at which it is found; `None` for one that is not.
    /// With `said`, only for those whose first answer was or was not given before.
    pub(super) fn delays(
        &self,
        said: Option<bool>,
        found: &dyn Fn(f64) -> bool,
        score: &Scoring,
    ) -> Vec<Option<usize>> {
        let labels = &self.planted.labels;
        (0..labels.len())
            .filter(|at| labels[*at] == Label::Planted(0))
            .filter(|at| said.is_none_or(|said| said == self.planted.said_before[*at]))
            .map(|at| {
                (0..self.planted.length).find(|delay| {
                    labels.get(at + delay) == Some(&Label::Planted(*delay))
                        && self
                            .rows
                            .get(at + delay)
                            .is_some_and(|row| found(score(row)))
                })
            })
            .collect()
    }
}
