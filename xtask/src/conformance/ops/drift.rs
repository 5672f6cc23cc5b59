//! Drift: metrics, index, bands, posture and crystallisation.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sigma_drift::{
    Band, Bands, ControlPosture, Crystal, CrystalEvidence, Metric, Rules, Stability, formulas,
};
use sigma_text::Embedding;
use sigma_types::{Cycle, Measured, Missing, NonNegative, Unit};

use super::{Input, OpError, refused};

const RULES: Rules = sigma_drift::rules::SRIP_03;

#[derive(Deserialize)]
struct Answers {
    previous: Option<Vec<f32>>,
    answer: Vec<f32>,
}

pub(super) fn semantic(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Answers = input.given()?;
    let previous = given
        .previous
        .map(Embedding::new)
        .transpose()
        .map_err(refused)?;
    let answer = Embedding::new(given.answer).map_err(refused)?;
    Ok(json!({"sdi": formulas::semantic(previous.as_ref(), &answer)}))
}

#[derive(Deserialize)]
struct Components {
    sdi: Measured<Unit>,
    sv: Measured<Unit>,
    pd: Measured<Unit>,
    scr: Measured<Unit>,
}

pub(super) fn index(input: &Input<'_>) -> Result<Value, OpError> {
    let c: Components = input.given()?;
    let di_raw = formulas::composite(&RULES, [c.sdi, c.sv, c.pd], c.scr);
    Ok(json!({"di_raw": di_raw, "di": di_raw.to_unit()}))
}

#[derive(Deserialize)]
struct Index {
    di_raw: NonNegative,
}

pub(super) fn posture(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Index = input.given()?;
    let posture = ControlPosture::of(&RULES.levels, given.di_raw);
    Ok(json!({
        "posture": posture, "printed": posture.printed(), "suspends_recursion": posture.suspends()
    }))
}

#[derive(Deserialize)]
struct SomeComponents {
    sdi: Option<Unit>,
    sv: Option<Unit>,
    pd: Option<Unit>,
    scr: Option<Unit>,
}

pub(super) fn bands(input: &Input<'_>) -> Result<Value, OpError> {
    let c: SomeComponents = input.given()?;
    let of = |value: Option<Unit>| Measured::from_option(value, Missing::NothingYet);
    let bands = Bands::of(&RULES, of(c.sdi), of(c.sv), of(c.pd), of(c.scr));
    let advisories: Vec<_> = [
        (Metric::Sdi, bands.sdi),
        (Metric::Sv, bands.sv),
        (Metric::Pd, bands.pd),
        (Metric::Scr, bands.scr),
    ]
    .into_iter()
    .filter_map(|(metric, band)| Some((metric, band?)))
    .filter(|(_, band)| *band != Band::Normal)
    .map(|(metric, band)| json!({"metric": metric, "band": band, "method": metric.method()}))
    .collect();
    Ok(json!({"bands": bands, "advisories": advisories}))
}

#[derive(Deserialize)]
struct CrystalCycles {
    cycles: Vec<CrystalCycle>,
}

#[derive(Deserialize)]
struct CrystalCycle {
    posture: ControlPosture,
    convergent: bool,
    stability: Unit,
    #[serde(default)]
    suspended: bool,
}

/// What lives from one cycle to the next.
#[derive(Default, Serialize, Deserialize)]
struct State {
    crystal: Crystal,
    stability: Stability,
}

pub(super) fn crystallization(input: &Input<'_>) -> Result<Value, OpError> {
    let given: CrystalCycles = input.given()?;
    let mut state = State::default();
    let mut told = Vec::new();
    for (at, cycle) in given.cycles.into_iter().enumerate() {
        let CrystalCycle {
            posture,
            convergent,
            stability,
            suspended,
        } = cycle;
        let cycle = Cycle(at as u64 + 1);
        let evidence = CrystalEvidence {
            cycle,
            posture,
            convergent,
            stability,
            suspended,
        };
        let (crystal, change) = state
            .crystal
            .step(&RULES.crystal, evidence, &mut state.stability);
        told.push(json!({"change": change, "crystallized": crystal.is_inside()}));
        state = input.between(State { crystal, ..state })?;
    }
    Ok(json!({"cycles": told}))
}

#[derive(Deserialize)]
struct Steady {
    psi: Unit,
    cycles: u64,
}

pub(super) fn stability(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Steady = input.given()?;
    let mut state = State::default();
    let mut told = Vec::new();
    for cycle in 1..=given.cycles {
        let stability = state.stability.observe(&RULES.stability, given.psi, 0.0);
        let evidence = CrystalEvidence {
            cycle: Cycle(cycle),
            posture: ControlPosture::Nominal,
            convergent: true,
            stability,
            suspended: false,
        };
        let (crystal, _) = state
            .crystal
            .step(&RULES.crystal, evidence, &mut state.stability);
        told.push(json!({"stability": stability, "crystallized": crystal.is_inside()}));
        state = input.between(State { crystal, ..state })?;
    }
    Ok(json!({"cycles": told}))
}

#[derive(Deserialize)]
struct Pair {
    cosine: f64,
    words: usize,
    words_before: usize,
}

pub(super) fn total_ref(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Pair = input.given()?;
    let total = formulas::reference_total(&RULES, given.cosine, given.words, given.words_before);
    Ok(json!({"drift_total_ref": total}))
}
