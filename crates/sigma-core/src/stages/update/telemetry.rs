//! What the safety kernel is told (`SRIP-06 §8`).

use std::collections::BTreeMap;

use sigma_aegida::{Change, ContextSegment, Posture, RecursionReading, SafetyTelemetry};
use sigma_attractor::Registry;
use sigma_drift::{ControlPosture, DriftSample};
use sigma_text::Utterance;
use sigma_types::{Measured, Missing};

use crate::stages::Ingested;

/// Motifs that the kernel sees.
const MOTIFS: usize = 64;

pub(super) fn telemetry(
    base: &Ingested<'_>,
    registry: &Registry,
    drift: &DriftSample,
    answer: &Utterance,
    recursion: RecursionReading,
) -> SafetyTelemetry {
    let mut told = SafetyTelemetry::unmeasured(base.cycle, base.at);
    let sample = &drift.grounded;
    told.di_raw = Measured::Value(sample.di_raw);
    told.d_di = change(base, sample.di_raw.get());
    told.scr = sample.scr;
    told.sdi = sample.sdi;
    told.sv = sample.sv;
    told.pd = sample.pd;
    told.psi = Measured::Value(drift.phase.psi);
    told.psd = Measured::Value(drift.phase.psd);
    told.ps_delta = drift.phase.ps_delta;
    told.stability = Measured::Value(drift.stability);
    told.posture = posture(drift.posture);
    told.recursion = recursion;
    told.segments = segments(base, answer);
    told.motifs = motifs(registry);
    told.protected = base.state.protected();
    told
}

fn change(base: &Ingested<'_>, di_raw: f64) -> Measured<Change> {
    let before = base
        .state
        .last
        .as_ref()
        .map(|last| last.grounded.di_raw.get());
    let change = before.and_then(|before| Change::between(before, di_raw).ok());
    Measured::from_option(change, Missing::NoPreviousAnswer)
}

fn posture(posture: ControlPosture) -> Posture {
    match posture {
        ControlPosture::Nominal => Posture::Stable,
        ControlPosture::Caution => Posture::Reflective,
        ControlPosture::Reflective => Posture::Damping,
        ControlPosture::Recovery => Posture::Recovery,
        _ => Posture::Critical,
    }
}

/// The answers still at hand and the new one: an answer that says itself again and again shows here.
fn segments(base: &Ingested<'_>, answer: &Utterance) -> Vec<ContextSegment> {
    base.state
        .recent
        .iter()
        .map(|turn| turn.assistant.as_str())
        .chain([answer.text()])
        .filter(|text| !text.trim().is_empty())
        .map(ContextSegment::of)
        .collect()
}

fn motifs(registry: &Registry) -> BTreeMap<String, u64> {
    registry
        .motifs(MOTIFS)
        .into_iter()
        .map(|motif| (motif.key, motif.count))
        .collect()
}
