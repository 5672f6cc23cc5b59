//! Runs a dialogue through the monitor as the loop does.

use sigma_attractor::{Registry, Turn};
use sigma_drift::{
    Anchor, Anchors, AttractorView, Clue, Evidence, Facet, Monitor, Observation, Rules,
};
use sigma_text::{Embedder, Utterance};
use sigma_types::{Cycle, Hash256, Measured, Speaker, Timestamp, Unit};

use super::baselines::{self, Baselines};
use super::corpus::Exchange;

/// With what and how it is measured.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) embedder: &'a dyn Embedder,
    pub(crate) rules: &'a Rules,
    /// Whether single words are looked up.
    pub(crate) by_word: bool,
}

/// What one cycle yields.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) cycle: u64,
    /// The index that drives control.
    pub(crate) di: f64,
    /// The index by the printed formulas.
    pub(crate) di_reference: f64,
    pub(crate) baselines: [f64; baselines::NAMES.len()],
    /// Semantic drift, symbolic variance, posture drift and compression of the grounded profile.
    pub(crate) components: [Option<f64>; 4],
    /// Clues in their order, those that could be had.
    pub(crate) clues: [Option<f64>; Clue::COUNT],
    /// Each feature's difference from the session's own, where there is a voice to compare with.
    pub(crate) shifts: Vec<f64>,
    /// What is left of a difference in each facet.
    pub(crate) leaves: [f64; Facet::ALL.len()],
    /// How far the turn has a subject of its own.
    pub(crate) grip: f64,
    /// What each anchor added to the log odds.
    pub(crate) pushes: Vec<(Anchor, f64)>,
    pub(crate) words: usize,
    pub(crate) turn_words: usize,
}

/// Measures all cycles; those with an empty answer yield a row too.
pub(crate) fn run(identity: &str, turns: &[Exchange], setting: Setting<'_>) -> Vec<Row> {
    let embedder = setting.embedder;
    let identity = (!identity.is_empty()).then(|| Utterance::new(identity, embedder));
    let mut monitor = Monitor::new(Anchors::new(identity, vec![]), *setting.rules);
    let attractor_rules = sigma_attractor::Rules::default();
    let mut registry = Registry::new(Hash256::of(b"bench drift"), attractor_rules);
    let mut baselines = Baselines::default();
    let mut rows = Vec::with_capacity(turns.len());
    for (cycle, (user, answer)) in (1..).map(Cycle).zip(turns) {
        let turn = |speaker, utterance| Turn {
            cycle,
            at: Timestamp::EPOCH,
            speaker,
            utterance,
        };
        let uptake = registry.take_up(&turn(Speaker::User, user));
        let attractor = registry
            .active()
            .map(|a| AttractorView::of(a, cycle, &attractor_rules.motifs));
        let seen = Observation {
            attractor,
            uptake: uptake.event.into(),
            lookup: setting.by_word.then_some(embedder),
            ..Observation::new(cycle, user, answer, embedder.info())
        };
        let (sample, evidence) = monitor.sample(&seen);
        registry.take_up(&turn(Speaker::Assistant, answer));
        let value = |m: Measured<Unit>| m.value().map(Unit::get);
        let s = &sample.grounded;
        let mut row = Row {
            cycle: cycle.0,
            di: s.di_raw.get(),
            di_reference: sample.reference.di_raw.get(),
            baselines: baselines.observe(user, answer, &sample),
            components: [value(s.sdi), value(s.sv), value(s.pd), value(s.scr)],
            clues: [None; Clue::COUNT],
            shifts: Vec::new(),
            leaves: [1.0; Facet::ALL.len()],
            grip: 0.0,
            pushes: Vec::new(),
            words: answer.reading.words.len(),
            turn_words: user.reading.words.len(),
        };
        if let Some(evidence) = evidence {
            take(&mut row, &evidence);
        }
        rows.push(row);
    }
    rows
}

fn take(row: &mut Row, evidence: &Evidence) {
    for found in &evidence.found {
        row.clues[found.clue as usize] = Some(found.value);
    }
    row.shifts = evidence
        .style
        .iter()
        .flat_map(|style| style.shifts.iter().map(|shift| shift.z))
        .collect();
    row.leaves = evidence.leaves;
    row.grip = evidence.relation.grip;
    row.pushes = [
        Anchor::UserTurn,
        Anchor::Context,
        Anchor::Attractor,
        Anchor::Voice,
        Anchor::AskedVoice,
        Anchor::Earlier,
    ]
    .map(|anchor| (anchor, evidence.push_of(anchor)))
    .to_vec();
}
