//! Runs a dialogue through the monitor as the loop does.

use sigma_attractor::{Registry, Turn};
use sigma_drift::{Anchors, AttractorView, Clue, DriftSample, Monitor, Observation, Rules};
use sigma_text::{BundledEmbedder, Embedder as _, Utterance};
use sigma_types::{Cycle, Hash256, Speaker, Timestamp};
use std::sync::Arc;

use crate::baselines::Baselines;

/// What one cycle yields.
pub(crate) struct Row {
    pub(crate) sample: DriftSample,
    pub(crate) clues: [Option<f64>; Clue::COUNT],
    pub(crate) shifts: Vec<f64>,
    pub(crate) grip: f64,
    pub(crate) baselines: [f64; 5],
}

/// Measures all cycles; those with an empty answer yield a row too.
pub(crate) fn run(
    identity: &str,
    turns: &[(Arc<Utterance>, Arc<Utterance>)],
    rules: &Rules,
) -> Vec<Row> {
    let embedder = BundledEmbedder::new();
    let identity = (!identity.is_empty()).then(|| Utterance::new(identity, &embedder));
    let mut monitor = Monitor::new(Anchors::new(identity, vec![]), *rules);
    let attractor_rules = sigma_attractor::Rules::default();
    let mut registry = Registry::new(Hash256::of(b"intrusions"), attractor_rules);
    let mut baselines = Baselines::default();
    let mut rows = Vec::with_capacity(turns.len());
    for (at, (user, answer)) in turns.iter().enumerate() {
        let cycle = Cycle(at as u64 + 1);
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
            lookup: std::env::var_os("NO_LOOKUP")
                .is_none()
                .then_some(&embedder as _),
            ..Observation::new(cycle, user, answer, embedder.info())
        };
        let (sample, evidence) = monitor.sample(&seen);
        registry.take_up(&turn(Speaker::Assistant, answer));
        let shifts = evidence
            .iter()
            .filter_map(|e| e.style.as_ref())
            .flat_map(|style| style.shifts.iter().map(|shift| shift.z))
            .collect();
        let grip = evidence.as_ref().map_or(0.0, |e| e.relation.grip);
        let mut clues = [None; Clue::COUNT];
        for found in evidence.iter().flat_map(|e| &e.found) {
            clues[found.clue as usize] = Some(found.value);
        }
        rows.push(Row {
            baselines: baselines.observe(user, answer, &sample),
            sample,
            clues,
            shifts,
            grip,
        });
    }
    rows
}
