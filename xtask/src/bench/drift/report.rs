//! The figures of one run of the command, as they are written to JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use super::corpus::{Corpus, Dialogue, LeftOut, Role};
use super::measure::{Row, Setting, run};
use super::plant::{Kind, Label};
use super::runs::{SeedRuns, of_kind, seed_runs};
use super::scores::{ALARMS, IS_CLEAN, bound_of, curves, index, rounded, scores, within};
use super::{baselines, worst};
use crate::bench::figures::{Figure, auc, mean, share};

/// Everything the command found. Field names are stable; `format` counts up when one changes.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) bench: &'static str,
    pub(crate) format: u32,
    pub(crate) seed: u64,
    pub(crate) seeds: u64,
    /// `committed`, or what was left out of the data of a fit made for this run.
    pub(crate) weights: &'static str,
    pub(crate) embedder: EmbedderUse,
    pub(crate) files: Vec<FileUse>,
    pub(crate) left_out: Vec<LeftOut>,
    /// What could not be measured for lack of data.
    pub(crate) skipped: Vec<String>,
    /// False alarms in a hundred clean cycles at which `found_1`, `found_3` and `delay` are taken.
    pub(crate) alarms_per_hundred: f64,
    /// The index from which the runtime itself speaks of drift.
    pub(crate) alarm_bound: f64,
    /// The index first, then its printed form, then the baselines.
    pub(crate) scores: Vec<Score>,
    /// For each kind, share found at the first replaced answer against false alarms in a hundred clean
    /// cycles, as pairs of these two.
    pub(crate) curves: BTreeMap<&'static str, Vec<[f64; 2]>>,
    /// How the index does at the runtime's own alarm bound.
    pub(crate) at_alarm_bound: AtAlarmBound,
    pub(crate) clean: Vec<CleanHost>,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) subject_changes: Changes,
    pub(crate) worst: worst::Worst,
}

/// The embedder that measured.
#[derive(Debug, Serialize)]
pub(crate) struct EmbedderUse {
    pub(crate) id: String,
    pub(crate) weights_hash: String,
    pub(crate) calibrated: bool,
    /// Whether single words were looked up.
    pub(crate) by_word: bool,
}

/// A file and its role.
#[derive(Debug, Serialize)]
pub(crate) struct FileUse {
    pub(crate) file: String,
    pub(crate) role: Role,
    pub(crate) cycles: usize,
    /// The baseline of the same questions.
    pub(crate) baseline: Option<String>,
    /// Dialogues whose answers are planted as another persona.
    pub(crate) other_personas: Vec<String>,
}

/// One detector.
#[derive(Debug, Serialize)]
pub(crate) struct Score {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// The score that two in a hundred clean cycles exceed, all kinds together.
    pub(crate) bound: Option<Figure>,
    pub(crate) kinds: Vec<KindScore>,
}

/// One detector on one kind of intrusion.
#[derive(Debug, Serialize)]
pub(crate) struct KindScore {
    pub(crate) kind: Kind,
    /// All lengths together.
    pub(crate) all: Figures,
    /// By whether the planted answer had been given before, to another turn: what is found of the others
    /// owes nothing to their being told a second time.
    pub(crate) by_novelty: BTreeMap<&'static str, Figures>,
    /// By answers replaced in a row.
    pub(crate) by_length: BTreeMap<usize, Figures>,
    /// Area under the ROC curve for each host.
    pub(crate) auc_by_host: BTreeMap<String, Option<Figure>>,
}

/// How well a detector does. Shares are `0..=1`.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    /// Replaced answers, over all seeds.
    pub(crate) planted_cycles: usize,
    /// Runs of replaced answers, over all seeds.
    pub(crate) intrusions: usize,
    /// Area under the ROC curve, cycle by cycle.
    pub(crate) auc: Option<Figure>,
    /// Share found at the first replaced answer.
    pub(crate) found_1: Option<Figure>,
    /// Share found within three replaced answers.
    pub(crate) found_3: Option<Figure>,
    /// Mean delay in cycles of those found at all; 0 is at once.
    pub(crate) delay: Option<Figure>,
}

/// Shares at the runtime's own alarm bound.
#[derive(Debug, Serialize)]
pub(crate) struct AtAlarmBound {
    pub(crate) clean_cycles_alarmed: Option<Figure>,
    pub(crate) cycles_after_alarmed: Option<Figure>,
    pub(crate) found_1: BTreeMap<&'static str, Option<Figure>>,
    pub(crate) found_3: BTreeMap<&'static str, Option<Figure>>,
}

/// A calm dialogue where nothing was planted.
#[derive(Debug, Serialize)]
pub(crate) struct CleanHost {
    pub(crate) file: String,
    /// Clean cycles, over all runs of it.
    pub(crate) cycles: usize,
    pub(crate) mean: Option<Figure>,
    /// Share at or above the runtime's alarm bound.
    pub(crate) alarmed: Option<Figure>,
}

/// The same questions with and without runtime; nothing planted.
#[derive(Debug, Serialize)]
pub(crate) struct Pair {
    pub(crate) baseline: String,
    pub(crate) calm: String,
    /// Area under the ROC curve of the index, baseline against calm.
    pub(crate) auc: Option<f64>,
    pub(crate) auc_reference: Option<f64>,
    pub(crate) auc_baselines: BTreeMap<&'static str, Option<f64>>,
    pub(crate) mean_baseline: Option<f64>,
    pub(crate) mean_calm: Option<f64>,
    pub(crate) alarmed_baseline: Option<f64>,
    pub(crate) alarmed_calm: Option<f64>,
    /// The index of each cycle.
    pub(crate) di_baseline: Vec<f64>,
    pub(crate) di_calm: Vec<f64>,
}

/// Subjects changed by the user, with their own answer.
#[derive(Debug, Serialize)]
pub(crate) struct Changes {
    pub(crate) changes: usize,
    /// Share without an alarm at the runtime's own bound.
    pub(crate) quiet_at_alarm_bound: Option<Figure>,
    /// Share without an alarm at two false alarms in a hundred clean cycles.
    pub(crate) quiet_at_two_per_hundred: Option<Figure>,
    /// The first of these, for each host.
    pub(crate) by_host: BTreeMap<String, Option<Figure>>,
}

/// Measures everything; `setting` is what measures a host.
pub(crate) fn report<'a>(
    corpus: &Corpus,
    (seed, seeds): (u64, u64),
    weights: &'static str,
    setting_of: &(dyn Fn(&str) -> Setting<'a> + Sync),
) -> Report {
    let all: Vec<SeedRuns> = (seed..seed + seeds)
        .map(|seed| seed_runs(corpus, seed, setting_of))
        .collect();
    let setting = setting_of("");
    let info = setting.embedder.info();
    let alarm = setting.rules.levels.caution;
    Report {
        bench: "drift",
        format: 1,
        weights,
        seed,
        seeds,
        embedder: EmbedderUse {
            id: info.id.to_string(),
            weights_hash: info.weights_hash.to_string(),
            calibrated: all_calibrated(setting),
            by_word: setting.by_word,
        },
        files: corpus
            .dialogues
            .iter()
            .map(|d| file_use(corpus, d, seed))
            .collect(),
        left_out: corpus.left_out.clone(),
        skipped: skipped(corpus),
        alarms_per_hundred: ALARMS,
        alarm_bound: alarm,
        scores: scores(&all),
        curves: curves(&all),
        at_alarm_bound: at_alarm_bound(&all, alarm),
        clean: clean(corpus, &all, alarm),
        pairs: corpus
            .calm()
            .filter_map(|calm| {
                Some(pair(
                    calm,
                    corpus.bare(calm)?,
                    alarm,
                    setting_of(&calm.name),
                ))
            })
            .collect(),
        subject_changes: changes(corpus, &all, alarm),
        worst: worst::worst(&all),
    }
}

fn all_calibrated(setting: Setting<'_>) -> bool {
    sigma_drift::is_calibrated(setting.embedder.info())
}

fn file_use(corpus: &Corpus, dialogue: &Dialogue, seed: u64) -> FileUse {
    let calm = dialogue.role == Role::Calm;
    FileUse {
        file: dialogue.name.clone(),
        role: dialogue.role,
        cycles: dialogue.turns.len(),
        baseline: corpus
            .bare(dialogue)
            .filter(|_| calm)
            .map(|bare| bare.name.clone()),
        other_personas: if calm {
            let at = corpus.calm().position(|d| d.name == dialogue.name);
            let others = corpus.others(dialogue, at.unwrap_or(0) + seed as usize);
            others.into_iter().map(|d| d.name.clone()).collect()
        } else {
            Vec::new()
        },
    }
}

fn skipped(corpus: &Corpus) -> Vec<String> {
    let mut all = Vec::new();
    if !corpus.calm().any(|d| !corpus.others(d, 0).is_empty()) {
        all.push("(a) another persona: all calm dialogues have the same identity".to_owned());
    }
    if !corpus.calm().any(|d| corpus.bare(d).is_some()) {
        all.push(
            "(c) voice lost, and the pairs: no NAME-sigma* file has its NAME-baseline*".into(),
        );
    }
    all
}

fn at_alarm_bound(all: &[SeedRuns], alarm: f64) -> AtAlarmBound {
    let di = index();
    let alarmed = |label: &dyn Fn(Label) -> bool| {
        Figure::of(all.iter().map(|seed| {
            let every: Vec<f64> = seed.planted.iter().flat_map(|r| r.of(label, &di)).collect();
            share(&every, |x| x >= alarm)
        }))
    };
    let found = |cycles| {
        let of = |kind: Kind| {
            Figure::of(all.iter().map(|seed| {
                let runs = of_kind(seed, kind);
                let delays: Vec<_> = runs
                    .flat_map(|r| r.delays(None, &|x| x >= alarm, &di))
                    .collect();
                within(&delays, cycles)
            }))
        };
        Kind::ALL
            .into_iter()
            .map(|kind| (kind.name(), of(kind)))
            .collect()
    };
    AtAlarmBound {
        clean_cycles_alarmed: alarmed(IS_CLEAN),
        cycles_after_alarmed: alarmed(&|label| label == Label::After),
        found_1: found(1),
        found_3: found(3),
    }
}

fn clean(corpus: &Corpus, all: &[SeedRuns], alarm: f64) -> Vec<CleanHost> {
    let di = index();
    let of = |seed: &SeedRuns, host: &str| -> Vec<f64> {
        let runs = seed.planted.iter().filter(|run| run.planted.host == host);
        runs.flat_map(|run| run.of(IS_CLEAN, &di)).collect()
    };
    corpus
        .calm()
        .map(|host| {
            let seeds: Vec<Vec<f64>> = all.iter().map(|seed| of(seed, &host.name)).collect();
            CleanHost {
                file: host.name.clone(),
                cycles: seeds.iter().map(Vec::len).sum(),
                mean: Figure::of(seeds.iter().map(|s| mean(s))),
                alarmed: Figure::of(seeds.iter().map(|s| share(s, |x| x >= alarm))),
            }
        })
        .collect()
}

fn pair(calm: &Dialogue, bare: &Dialogue, alarm: f64, setting: Setting<'_>) -> Pair {
    let [with, without] = [calm, bare].map(|d| run(&d.identity, &d.turns, setting));
    let area = |score: &dyn Fn(&Row) -> f64| {
        let of = |rows: &[Row]| rows.iter().map(score).collect::<Vec<_>>();
        auc(&of(&without), &of(&with))
    };
    let of = |rows: &[Row]| rows.iter().map(|row| row.di).collect::<Vec<_>>();
    let (calm_di, bare_di) = (of(&with), of(&without));
    Pair {
        baseline: bare.name.clone(),
        calm: calm.name.clone(),
        auc: area(&|row| row.di),
        auc_reference: area(&|row| row.di_reference),
        auc_baselines: baselines::NAMES
            .iter()
            .enumerate()
            .map(|(at, (name, _))| (*name, area(&|row| row.baselines[at])))
            .collect(),
        mean_baseline: mean(&bare_di),
        mean_calm: mean(&calm_di),
        alarmed_baseline: share(&bare_di, |x| x >= alarm),
        alarmed_calm: share(&calm_di, |x| x >= alarm),
        di_baseline: bare_di.into_iter().map(rounded).collect(),
        di_calm: calm_di.into_iter().map(rounded).collect(),
    }
}

fn changes(corpus: &Corpus, all: &[SeedRuns], alarm: f64) -> Changes {
    let di = index();
    let at = |seed: &SeedRuns, host: Option<&str>| -> Vec<f64> {
        seed.spliced
            .iter()
            .filter(|run| host.is_none_or(|host| run.spliced.host == host))
            .flat_map(|run| {
                run.spliced
                    .changes
                    .iter()
                    .filter_map(|at| run.rows.get(*at))
            })
            .map(&di)
            .collect()
    };
    let quiet = |host: Option<&str>| {
        Figure::of(all.iter().map(|seed| share(&at(seed, host), |x| x < alarm)))
    };
    let strict = all.iter().map(|seed| {
        let limit = bound_of(seed, &di);
        share(&at(seed, None), |x| x <= limit)
    });
    Changes {
        changes: all.iter().map(|seed| at(seed, None).len()).sum(),
        quiet_at_alarm_bound: quiet(None),
        quiet_at_two_per_hundred: Figure::of(strict),
        by_host: corpus
            .calm()
            .map(|host| (host.name.clone(), quiet(Some(&host.name))))
            .collect(),
    }
}
