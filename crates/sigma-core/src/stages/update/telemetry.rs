//! What the safety kernel is told (`SRIP-06 §8`).

use std::collections::BTreeMap;

use sigma_aegida::{Change, Posture, RecursionReading, SafetyTelemetry};
use sigma_attractor::Registry;
use sigma_drift::{ControlPosture, DriftSample};
use sigma_text::Utterance;
use sigma_types::{Measured, Missing, Unit};

use crate::context::segments;
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
    told.prs = resonance(drift);
    told.ps_delta = drift.phase.ps_delta;
    told.ps_delta_signed = signed(drift.phase.ps_delta_signed);
    told.stability = Measured::Value(drift.stability);
    told.posture = posture(drift.posture);
    told.recursion = recursion;
    told.segments = segments(&base.state, base.cycle, answer.text(), drift)
        .into_iter()
        .map(|(_, segment)| segment)
        .collect();
    told.motifs = motifs(registry);
    told.protected = base.state.protected();
    told
}

/// An answer without words has no phase of its own.
fn resonance(drift: &DriftSample) -> Measured<Unit> {
    if drift.grounded.held {
        Measured::Missing(Missing::EmptyText)
    } else {
        Measured::Value(drift.phase.prs)
    }
}

fn signed(shift: Measured<f64>) -> Measured<Change> {
    let why = shift.missing().unwrap_or(Missing::NothingYet);
    let change = shift.value().and_then(|shift| Change::new(shift).ok());
    Measured::from_option(change, why)
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

fn motifs(registry: &Registry) -> BTreeMap<String, u64> {
    registry
        .motifs(MOTIFS)
        .into_iter()
        .map(|motif| (motif.key, motif.count))
        .collect()
}
