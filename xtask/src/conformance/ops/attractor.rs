//! Attractors, density and phase.

use serde::Deserialize;
use serde_json::{Value, json};
use sigma_attractor::{
    Attractor, DensityMeter, Lifecycle, LifecycleInputs, PhaseAxis, PhaseTrack, Rules, next,
    overlap, project, rules::SRIP_2026_04,
};
use sigma_text::Term;
use sigma_types::{Cycle, Measured, NonNegative, Unit};

use super::{Input, OpError};

const RULES: Rules = SRIP_2026_04;

#[derive(Deserialize)]
struct Life {
    state: Lifecycle,
    cycles: Vec<Reading>,
}

#[derive(Deserialize)]
struct Reading {
    di_raw: NonNegative,
    psi: Measured<Unit>,
    psd: Measured<Unit>,
    #[serde(default)]
    field_reset: bool,
    #[serde(default)]
    crystallized: bool,
    #[serde(default)]
    locked: bool,
}

pub(super) fn lifecycle(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Life = input.given()?;
    let mut state = given.state;
    let mut told = Vec::new();
    for cycle in given.cycles {
        let Reading {
            di_raw,
            psi,
            psd,
            field_reset,
            crystallized,
            locked,
        } = cycle;
        let inputs = LifecycleInputs {
            di_raw,
            psi,
            psd,
            field_reset,
            crystallized,
            locked,
        };
        let step = next(state, &inputs, &RULES.lifecycle);
        told.push(json!({
            "state": step.to,
            "below_nominal": step.below_nominal,
            "recursion_suspended": step.recursion_suspended,
            "restore": step.restore,
            "crystallized": step.crystallized,
        }));
        state = input.between(step.to)?;
    }
    Ok(json!({"cycles": told}))
}

#[derive(Deserialize)]
struct State {
    lifecycle: Lifecycle,
    #[serde(default)]
    crystallized: bool,
    #[serde(default)]
    locked: bool,
}

pub(super) fn projection(input: &Input<'_>) -> Result<Value, OpError> {
    let given: State = input.given()?;
    Ok(serde_json::to_value(project(
        given.lifecycle,
        given.crystallized,
        given.locked,
    ))?)
}

#[derive(Deserialize)]
struct Motifs {
    a: Vec<String>,
    b: Vec<String>,
}

pub(super) fn motif_overlap(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Motifs = input.given()?;
    let (a, b) = (with_motifs(&given.a)?, with_motifs(&given.b)?);
    let overlap = overlap(&a, &b, Cycle(1), &RULES, &|_| None);
    let merge = overlap
        .value()
        .is_some_and(|share| share.get() >= RULES.merge.overlap);
    Ok(json!({"overlap": overlap, "merge": merge}))
}

/// Only the registry makes attractors; the fixture's come in from outside, as a peer's would.
fn with_motifs(keys: &[String]) -> Result<Attractor, OpError> {
    let motif = |key: &String| json!({"key": key, "surface": key, "weight": 1.0, "count": 1, "first": 1, "last": 1});
    let missing = json!({"missing": "nothing_yet"});
    Ok(serde_json::from_value(json!({
        "id": "00000000-0000-8000-8000-000000000000",
        "name": "",
        "type": "symbolic",
        "motifs": keys.iter().map(motif).collect::<Vec<_>>(),
        "stability_index": missing,
        "phase_stability_delta": missing,
        "phase_shift_delta": missing,
        "phase_alignment": missing,
        "density": missing,
        "drift_index": missing,
        "lifecycle_state": "forming",
        "created_at": "1970-01-01T00:00:00.000Z",
        "updated_at": "1970-01-01T00:00:00.000Z",
        "origin_cycle": 1,
        "parent_id": null,
        "tags": [],
        "crystallized": false,
        "locked": false,
        "below_nominal": false,
        "centroid": null,
        "leaning": {"adversarial": 0.0, "generative": 0.0, "reflective": 0.0, "utterances": 0},
        "utterances": 1,
        "last_cycle": 1,
        "fragmenting_for": 0
    }))?)
}

#[derive(Deserialize)]
struct Answers {
    answers: Vec<Vec<String>>,
}

pub(super) fn density(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Answers = input.given()?;
    let mut meter = DensityMeter::new(RULES.density, RULES.motifs);
    let mut told = Vec::new();
    for stems in &given.answers {
        let reading = meter.measure(&answer_of(stems));
        told.push(serde_json::to_value(reading)?);
        meter = input.between(meter)?;
    }
    Ok(json!({"answers": told}))
}

/// An answer whose content words are these stems, written as they are.
fn answer_of(stems: &[String]) -> sigma_text::Reading {
    let mut reading = sigma_text::read("");
    reading.text = stems.join(" ").into();
    let mut start = 0;
    reading.terms = stems
        .iter()
        .map(|stem| {
            let span = start..start + stem.len();
            start = span.end + 1;
            Term {
                stem: stem.clone(),
                span,
            }
        })
        .collect();
    reading
}

#[derive(Deserialize)]
struct Phases {
    cycles: Vec<Phase>,
}

#[derive(Deserialize)]
struct Phase {
    d0: f64,
    commanded: PhaseAxis,
}

pub(super) fn phase(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Phases = input.given()?;
    let mut track = PhaseTrack::new(RULES.phase);
    let mut told = Vec::new();
    for cycle in given.cycles {
        told.push(serde_json::to_value(
            track.measure(cycle.d0, cycle.commanded),
        )?);
        track = input.between(track)?;
    }
    Ok(json!({"cycles": told}))
}
