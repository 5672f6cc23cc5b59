//! How well each detector tells replaced answers from clean ones.

use std::collections::{BTreeMap, BTreeSet};

use super::baselines;
use super::measure::Row;
use super::plant::{Kind, LENGTHS, Label};
use super::report::{Figures, KindScore, Score};
use super::runs::{Run, SeedRuns, of_kind};
use crate::bench::figures::{Figure, auc, bound, mean};

/// False alarms in a hundred clean cycles.
pub(super) const ALARMS: f64 = 2.0;
/// A score of a row.
pub(crate) type Scoring = Box<dyn Fn(&Row) -> f64>;

/// All detectors: name, title, score.
fn detectors() -> Vec<(&'static str, &'static str, Scoring)> {
    let mut all: Vec<(&'static str, &'static str, Scoring)> = vec![
        ("di", "DI", Box::new(|row| row.di)),
        (
            "di_reference",
            "DI by the printed formulas",
            Box::new(|row| row.di_reference),
        ),
    ];
    for (at, (name, title)) in baselines::NAMES.into_iter().enumerate() {
        all.push((name, title, Box::new(move |row| row.baselines[at])));
    }
    all
}

pub(super) fn scores(all: &[SeedRuns]) -> Vec<Score> {
    detectors()
        .into_iter()
        .map(|(name, title, score)| {
            let bounds: Vec<f64> = all.iter().map(|seed| bound_of(seed, &score)).collect();
            Score {
                name,
                title,
                bound: Figure::of(bounds.iter().map(|bound| Some(*bound))),
                kinds: Kind::ALL
                    .into_iter()
                    .filter(|kind| all.iter().any(|seed| of_kind(seed, *kind).next().is_some()))
                    .map(|kind| kind_score(all, kind, &bounds, &score))
                    .collect(),
            }
        })
        .collect()
}

/// What two in a hundred clean cycles exceed.
pub(crate) fn bound_of(seed: &SeedRuns, score: &Scoring) -> f64 {
    bound_at(seed, score, ALARMS)
}

fn bound_at(seed: &SeedRuns, score: &Scoring, alarms: f64) -> f64 {
    let clean: Vec<f64> = seed
        .planted
        .iter()
        .flat_map(|run| run.of(&|label| label == Label::Clean, score))
        .collect();
    bound(&clean, alarms / 100.0)
}

pub(super) const IS_CLEAN: &dyn Fn(Label) -> bool = &|label| label == Label::Clean;

fn kind_score(all: &[SeedRuns], kind: Kind, bounds: &[f64], score: &Scoring) -> KindScore {
    let of = |length: Option<usize>| {
        figures(all, bounds, score, None, &|run| {
            run.planted.kind == kind && length.is_none_or(|length| run.planted.length == length)
        })
    };
    let by_novelty = [("given_before", true), ("new", false)]
        .into_iter()
        .map(|(name, said)| {
            let of = |run: &Run| run.planted.kind == kind;
            (name, figures(all, bounds, score, Some(said), &of))
        })
        .filter(|(_, figures)| kind == Kind::Topic && figures.planted_cycles > 0)
        .collect();
    let hosts: BTreeSet<&str> = all
        .iter()
        .flat_map(|seed| of_kind(seed, kind))
        .map(|run| run.planted.host.as_str())
        .collect();
    let auc_by_host = hosts
        .into_iter()
        .map(|host| {
            let one = figures(all, bounds, score, None, &|run| {
                run.planted.kind == kind && run.planted.host == host
            });
            (host.to_owned(), one.auc)
        })
        .collect();
    KindScore {
        kind,
        all: of(None),
        by_novelty,
        by_length: LENGTHS.into_iter().map(|n| (n, of(Some(n)))).collect(),
        auc_by_host,
    }
}

fn figures(
    all: &[SeedRuns],
    bounds: &[f64],
    score: &Scoring,
    said: Option<bool>,
    wanted: &dyn Fn(&Run) -> bool,
) -> Figures {
    let (mut planted_cycles, mut intrusions) = (0, 0);
    let (mut areas, mut one, mut three, mut delay) = (vec![], vec![], vec![], vec![]);
    for (seed, bound) in all.iter().zip(bounds) {
        let runs: Vec<&Run> = seed.planted.iter().filter(|run| wanted(run)).collect();
        let hit: Vec<f64> = runs.iter().flat_map(|r| r.hits(said, score)).collect();
        let clean: Vec<f64> = runs.iter().flat_map(|r| r.of(IS_CLEAN, score)).collect();
        areas.push(auc(&hit, &clean));
        let delays: Vec<Option<usize>> = runs
            .iter()
            .flat_map(|run| run.delays(said, &|x| x > *bound, score))
            .collect();
        planted_cycles += hit.len();
        intrusions += delays.len();
        one.push(within(&delays, 1));
        three.push(within(&delays, 3));
        let found: Vec<f64> = delays.iter().flatten().map(|d| *d as f64).collect();
        delay.push(mean(&found));
    }
    Figures {
        planted_cycles,
        intrusions,
        auc: Figure::of(areas),
        found_1: Figure::of(one),
        found_3: Figure::of(three),
        delay: Figure::of(delay),
    }
}

pub(super) fn within(delays: &[Option<usize>], cycles: usize) -> Option<f64> {
    let found = delays.iter().filter(|d| d.is_some_and(|d| d < cycles));
    (!delays.is_empty()).then(|| found.count() as f64 / delays.len() as f64)
}

/// False alarms in a hundred clean cycles at which the curves are drawn.
const CURVE: [f64; 10] = [0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0];

pub(super) fn curves(all: &[SeedRuns]) -> BTreeMap<&'static str, Vec<[f64; 2]>> {
    let di = index();
    let at = |kind: Kind, alarms: f64| {
        let found = Figure::of(all.iter().map(|seed| {
            let limit = bound_at(seed, &di, alarms);
            let runs = of_kind(seed, kind);
            let delays: Vec<_> = runs
                .flat_map(|r| r.delays(None, &|x| x > limit, &di))
                .collect();
            within(&delays, 1)
        }))?;
        Some([alarms, rounded(found.mean)])
    };
    Kind::ALL
        .into_iter()
        .map(|kind| {
            let points = CURVE.into_iter().filter_map(|alarms| at(kind, alarms));
            (kind.name(), points.collect())
        })
        .collect()
}

pub(super) fn rounded(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

pub(super) fn index() -> Scoring {
    Box::new(|row: &Row| row.di)
}
