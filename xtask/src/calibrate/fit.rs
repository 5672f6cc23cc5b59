//! Fits the weights of the evidence on planted intrusions.
//!
//! What a session learns depends on which answers it took for calm, and so on the weights: the fit
//! starts from no weights at all and is repeated on what it led to.

use std::collections::{BTreeMap, BTreeSet};

use sigma_drift::rules::SRIP_03;
use sigma_drift::{Clue, Facet, Feature, Prior, Rules, UNMEASURED, Weights};
use sigma_text::Embedder;

use super::logistic::Table;
use crate::bench::drift::corpus::{Corpus, Dialogue};
use crate::bench::drift::measure::{Row, Setting, run};
use crate::bench::drift::plant::{Kind, LENGTHS, Label, Planted, plans, plant};
use crate::bench::parallel::parallel;

/// What is planted for fitting, as it measures without any weights: that first round is the same
/// whatever is left out of a fit.
pub(crate) struct Training<'a> {
    planted: Vec<Planted>,
    first: Vec<Vec<Row>>,
    embedder: &'a dyn Embedder,
    by_word: bool,
}

/// Times that the fit is repeated on what it led to.
pub(crate) const ROUNDS: usize = 3;
/// Penalty on the weights.
const RIDGE: f64 = 0.1;
/// Calm answers that count as much as the prior, on the subject and the voice side.
const PRIOR_ANSWERS: [f64; 2] = [16.0, 8.0];
/// Share of calm answers that lie beyond the place where a side is one half.
const BEYOND: [f64; 2] = [0.02, 0.025];
/// Steepness of the two sides.
const GAINS: [f64; 2] = [2.2, 0.9];

impl<'a> Training<'a> {
    /// Plants into all calm transcripts, and once into each further dialogue.
    pub(crate) fn new(
        corpus: &Corpus,
        others: &[Dialogue],
        (seed, seeds): (u64, u64),
        (embedder, by_word): (&'a dyn Embedder, bool),
    ) -> Self {
        let mut planted = Vec::new();
        for seed in seed..seed + seeds {
            for plan in plans(corpus, seed) {
                planted.extend(LENGTHS.map(|length| plant(plan, length, seed)));
            }
        }
        for (at, host) in others.iter().enumerate() {
            let family = |d: &Dialogue| d.name.split(' ').next().map(str::to_owned);
            let other = (0..others.len())
                .map(|step| &others[(at + 7 + step) % others.len()])
                .find(|other| family(other) != family(host));
            planted.push(plant((host, host, Kind::Topic), 1, seed));
            planted.extend(other.map(|other| plant((host, other, Kind::Persona), 1, seed)));
        }
        let mut training = Self {
            planted,
            first: Vec::new(),
            embedder,
            by_word,
        };
        training.first = training.measured(&UNMEASURED, &|_| true);
        training
    }

    /// The weights, fitted without the dialogues that are left out by name, as hosts and as donors.
    pub(crate) fn fit(&self, rounds: usize, left_out: &dyn Fn(&str) -> bool) -> Weights {
        let names: BTreeSet<&str> = self
            .planted
            .iter()
            .flat_map(|one| [one.host.as_str(), one.donor.as_str()])
            .filter(|name| left_out(name))
            .collect();
        let wanted = |one: &Planted| {
            !names.contains(one.host.as_str()) && !names.contains(one.donor.as_str())
        };
        let mut weights = fitted(&self.seen(&self.first, &wanted));
        for _ in 1..rounds {
            weights = fitted(&self.seen(&self.measured(&weights, &wanted), &wanted));
        }
        weights
    }

    /// What each planted dialogue measures as; nothing for those that are not wanted.
    fn measured(
        &self,
        weights: &Weights,
        wanted: &(dyn Fn(&Planted) -> bool + Sync),
    ) -> Vec<Vec<Row>> {
        let rules = rules_of(*weights, self.by_word);
        let setting = Setting {
            embedder: self.embedder,
            rules: &rules,
            by_word: self.by_word,
        };
        parallel(&self.planted, |planted| {
            if wanted(planted) {
                run(&planted.identity, &planted.turns, setting)
            } else {
                Vec::new()
            }
        })
    }

    fn seen<'r>(
        &self,
        measured: &'r [Vec<Row>],
        wanted: &dyn Fn(&Planted) -> bool,
    ) -> Vec<Seen<'r>> {
        let mut all = Vec::new();
        let planted = self.planted.iter().zip(measured);
        for (planted, rows) in planted.filter(|(one, _)| wanted(one)) {
            for (label, row) in planted.labels.iter().zip(rows) {
                let kind = match label {
                    Label::Clean => None,
                    Label::Planted(_) => Some(planted.kind),
                    Label::After | Label::Early => continue,
                };
                let other = planted.identity.is_empty();
                let host = if other { "other" } else { &planted.host };
                all.push(Seen {
                    group: (host.to_owned(), planted.kind, kind.is_some()),
                    kind,
                    row,
                });
            }
        }
        all
    }
}

/// Rules with weights that are being fitted.
pub(crate) fn rules_of(weights: Weights, by_word: bool) -> Rules {
    if by_word {
        SRIP_03.with_weights(weights, UNMEASURED)
    } else {
        SRIP_03.with_weights(UNMEASURED, weights)
    }
}

/// A cycle that is fitted on.
struct Seen<'a> {
    group: (String, Kind, bool),
    kind: Option<Kind>,
    row: &'a Row,
}

const SUBJECT: usize = 16;
/// Clues of the voice that are no facets.
const REST: [Clue; 5] = [
    Clue::CommonWords,
    Clue::AllWords,
    Clue::Novelty,
    Clue::AskedVoice,
    Clue::AskedVoiceSlow,
];
const FACETS: [(Clue, Facet); 5] = [
    (Clue::Structure, Facet::Structure),
    (Clue::Length, Facet::Length),
    (Clue::Rhythm, Facet::Rhythm),
    (Clue::Register, Facet::Register),
    (Clue::Person, Facet::Person),
];

fn fitted(rows: &[Seen<'_>]) -> Weights {
    let mut weights = UNMEASURED;
    for clue in Clue::ALL {
        weights.neutral[clue as usize] =
            calm_mean(rows, |row| row.clues[clue as usize]).unwrap_or(0.0);
    }
    subject(rows, &mut weights);
    voice(rows, &mut weights);
    for subject in [true, false] {
        usual(rows, subject, &mut weights);
    }
    weights
}

fn calm_mean(rows: &[Seen<'_>], of: impl Fn(&Row) -> Option<f64>) -> Option<f64> {
    let (mut sum, mut all) = (0.0, 0.0);
    let shares = shares(rows, &|_| true);
    for (seen, share) in rows.iter().zip(&shares).filter(|(s, _)| s.kind.is_none()) {
        if let Some(value) = of(seen.row) {
            sum += share * value;
            all += share;
        }
    }
    (all > 0.0).then(|| sum / all)
}

/// What each row counts: every host, kind and class as much as every other.
fn shares(rows: &[Seen<'_>], wanted: &dyn Fn(&Seen<'_>) -> bool) -> Vec<f64> {
    let mut counts: BTreeMap<&(String, Kind, bool), f64> = BTreeMap::new();
    for seen in rows.iter().filter(|seen| wanted(seen)) {
        *counts.entry(&seen.group).or_default() += 1.0;
    }
    rows.iter()
        .map(|seen| {
            if wanted(seen) {
                counts.get(&seen.group).map_or(0.0, |n| 1.0 / n)
            } else {
                0.0
            }
        })
        .collect()
}

fn gate(row: &Row, clue: Clue) -> f64 {
    let loose = SRIP_03.with_weights(UNMEASURED, UNMEASURED).evidence.loose;
    clue.counts(row.grip, loose)
}

fn subject(rows: &[Seen<'_>], weights: &mut Weights) {
    let wanted = |seen: &Seen<'_>| seen.group.1 != Kind::Voice;
    let shares = shares(rows, &wanted);
    let mut table = Table::new(SUBJECT);
    for (seen, share) in rows.iter().zip(&shares).filter(|(seen, _)| wanted(seen)) {
        let row: Vec<f64> = Clue::ALL
            .into_iter()
            .filter(|clue| clue.is_subject())
            .map(|clue| pull(seen.row, clue, weights))
            .collect();
        table.push(&row, seen.kind.is_some(), *share);
    }
    let fit = table.fit(RIDGE);
    let clues = Clue::ALL.into_iter().filter(|clue| clue.is_subject());
    for (clue, weight) in clues.zip(&fit.weights) {
        weights.weights[clue as usize] = *weight;
    }
    weights.subject_bias = fit.bias;
}

/// A clue against what it is in calm answers, as far as it counts; nothing where it is missing.
fn pull(row: &Row, clue: Clue, weights: &Weights) -> f64 {
    row.clues[clue as usize].map_or(0.0, |value| {
        gate(row, clue) * (value - weights.neutral[clue as usize])
    })
}

fn feature(row: &Row, feature: Feature) -> f64 {
    let facet = Facet::ALL
        .iter()
        .position(|facet| *facet == feature.facet())
        .map_or(1.0, |at| row.leaves[at]);
    let limit = SRIP_03.evidence.z_limit;
    row.shifts
        .get(feature as usize)
        .map_or(0.0, |z| feature.off(*z).min(limit) * facet)
}

fn voice(rows: &[Seen<'_>], weights: &mut Weights) {
    let wanted = |seen: &Seen<'_>| seen.group.1 != Kind::Topic && !seen.row.shifts.is_empty();
    let shares = shares(rows, &wanted);
    let usual: Vec<f64> = Feature::ALL
        .into_iter()
        .map(|f| {
            let seen = |row: &Row| (!row.shifts.is_empty()).then(|| feature(row, f));
            calm_mean(rows, seen).unwrap_or(0.0)
        })
        .collect();
    let mut table = Table::new(Feature::COUNT + REST.len());
    for (seen, share) in rows.iter().zip(&shares).filter(|(seen, _)| wanted(seen)) {
        let features = Feature::ALL
            .into_iter()
            .zip(&usual)
            .map(|(f, usual)| feature(seen.row, f) - usual);
        let rest = REST.map(|clue| pull(seen.row, clue, weights));
        let row: Vec<f64> = features.chain(rest).collect();
        table.push(&row, seen.kind.is_some(), *share);
    }
    let fit = table.fit(RIDGE);
    for (f, weight) in Feature::ALL.into_iter().zip(&fit.weights) {
        weights.features[f as usize] = *weight;
    }
    for (clue, weight) in REST.into_iter().zip(&fit.weights[Feature::COUNT..]) {
        weights.weights[clue as usize] = *weight;
    }
    for (clue, facet) in FACETS {
        weights.weights[clue as usize] = 1.0;
        weights.neutral[clue as usize] = Feature::ALL
            .into_iter()
            .filter(|f| f.facet() == facet)
            .map(|f| weights.features[f as usize] * usual[f as usize])
            .sum();
    }
    weights.voice_bias = fit.bias;
}

/// Log odds of one side, as the evidence sums them.
fn odds(row: &Row, weights: &Weights, subject: bool) -> f64 {
    if subject {
        let clues = Clue::ALL.into_iter().filter(|clue| clue.is_subject());
        let pushes = clues.map(|clue| weights.weights[clue as usize] * pull(row, clue, weights));
        return weights.subject_bias + pushes.sum::<f64>();
    }
    let facets: f64 = FACETS
        .map(|(clue, _)| weights.neutral[clue as usize])
        .iter()
        .sum();
    let features: f64 = Feature::ALL
        .into_iter()
        .map(|f| weights.features[f as usize] * feature(row, f))
        .sum();
    let rest = REST.map(|clue| weights.weights[clue as usize] * pull(row, clue, weights));
    weights.voice_bias + features - facets + rest.iter().sum::<f64>()
}

/// What calm log odds usually are before a session has shown its own, and where a side is one half.
fn usual(rows: &[Seen<'_>], subject: bool, weights: &mut Weights) {
    let rules = &SRIP_03.evidence.usual;
    let mut hosts: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for seen in rows
        .iter()
        .filter(|s| s.kind.is_none() && !s.row.shifts.is_empty())
    {
        let host = hosts.entry(seen.group.0.as_str()).or_default();
        host.push(odds(seen.row, weights, subject));
    }
    let mut middles: Vec<(f64, f64)> = hosts.values_mut().map(|host| middling(host)).collect();
    let n = middles.len().max(1) as f64;
    let centre = middles.iter().map(|m| m.0).sum::<f64>() / n;
    let spread = middles.iter().map(|m| m.1).sum::<f64>() / n;
    middles.clear();
    // the place of a calm answer in its own session, as it will be judged
    let mut places: Vec<(f64, f64)> = Vec::new();
    for host in hosts.values() {
        let (middle, spread) = middling(&mut host.clone());
        let share = 1.0 / host.len() as f64;
        let place = |x: &f64| (x - middle) / spread.max(rules.least_spread) + rules.share * x;
        places.extend(host.iter().map(|x| (place(x), share)));
    }
    places.sort_by(|a, b| b.0.total_cmp(&a.0));
    let side = usize::from(!subject);
    let whole: f64 = places.iter().map(|p| p.1).sum();
    let mut beyond = 0.0;
    let shift = places
        .iter()
        .find(|(_, share)| {
            beyond += share;
            beyond >= BEYOND[side] * whole
        })
        .map_or(0.0, |(place, _)| *place);
    let prior = Prior {
        centre,
        spread,
        answers: PRIOR_ANSWERS[side],
    };
    if subject {
        weights.subject_usual = prior;
        (weights.subject_shift, weights.subject_gain) = (shift, GAINS[side]);
    } else {
        weights.voice_usual = prior;
        (weights.voice_shift, weights.voice_gain) = (shift, GAINS[side]);
    }
}

/// Median and spread as the sessions take them.
fn middling(values: &mut [f64]) -> (f64, f64) {
    let median = |values: &mut [f64]| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    let centre = median(values);
    let mut off: Vec<f64> = values.iter().map(|x| (x - centre).abs()).collect();
    let square = off.iter().map(|x| x * x).sum::<f64>() / off.len().max(1) as f64;
    let plain = SRIP_03.evidence.usual.spread_share * square.sqrt();
    (centre, (1.4826 * median(&mut off)).max(plain))
}
