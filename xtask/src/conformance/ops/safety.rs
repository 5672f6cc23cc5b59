//! Safety: limits, safe mode, collapse, isolation and the integrity ledger.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sigma_aegida::{
    ContextSegment, EntryKind, Kernel, Ledger, LedgerEntry, LoopSignature, Mode, Rules, SafeMode,
    SafetyOutcome, SafetyTelemetry, internal_name,
};
use sigma_types::{Cycle, Hash256, Timestamp};

use super::{Input, OpError, refused};

#[derive(Deserialize)]
struct Cycles {
    cycles: Vec<Map<String, Value>>,
}

pub(super) fn examine(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Cycles = input.given()?;
    let mut kernel = Kernel::default();
    let mut told = Vec::new();
    for (at, fields) in given.cycles.into_iter().enumerate() {
        let outcome = kernel.examine(&telemetry(at as u64 + 1, fields)?);
        told.push(tell(&outcome)?);
        kernel = input.between(kernel)?;
    }
    Ok(json!({"cycles": told}))
}

/// What a fixture names of a cycle; everything else is unmeasured.
fn telemetry(cycle: u64, mut fields: Map<String, Value>) -> Result<SafetyTelemetry, OpError> {
    let texts: Vec<String> = match fields.remove("segments") {
        Some(segments) => serde_json::from_value(segments)?,
        None => Vec::new(),
    };
    let start = SafetyTelemetry::unmeasured(Cycle(cycle), Timestamp::EPOCH);
    let mut all = serde_json::to_value(start)?;
    if let Value::Object(all) = &mut all {
        all.extend(fields);
    }
    let mut telemetry: SafetyTelemetry = serde_json::from_value(all)?;
    telemetry.segments = texts.iter().map(|text| ContextSegment::of(text)).collect();
    Ok(telemetry)
}

fn tell(outcome: &SafetyOutcome) -> Result<Value, OpError> {
    let broken = outcome
        .verdicts
        .iter()
        .filter(|verdict| matches!(verdict.standing, sigma_aegida::Standing::Broken { .. }));
    let steps = outcome
        .entries
        .iter()
        .find(|e| e.kind == EntryKind::SafeModeEntered);
    let (attempt, dwell) = match outcome.mode {
        Mode::SafeMode(SafeMode::Recovering { attempt, dwell }) => (attempt, dwell),
        _ => (0, 0),
    };
    Ok(json!({
        "broken": serde_json::to_value(broken.map(|v| v.invariant).collect::<Vec<_>>())?,
        "transforms": outcome.transforms.iter().map(named).collect::<Result<Vec<_>, _>>()?,
        "safe_mode": matches!(outcome.mode, Mode::SafeMode(_)),
        "attempt": attempt,
        "dwell": dwell,
        "status": outcome.status,
        "locked": outcome.containment_locked,
        "convergence_suspended": outcome.convergence_suspended,
        "recursion": outcome.recursion,
        "entry_steps": steps.map_or(Value::Null, |entry| step_names(&entry.payload)),
    }))
}

/// A transform by its name alone; what it acts on has cases of its own.
fn named(transform: &sigma_aegida::Transform) -> Result<Value, OpError> {
    Ok(serde_json::to_value(transform)?
        .get("transform")
        .cloned()
        .unwrap_or_default())
}

fn step_names(payload: &Value) -> Value {
    let steps = payload.get("steps").and_then(Value::as_array);
    steps.map_or(Value::Null, |steps| {
        steps
            .iter()
            .map(|step| step.get("step").cloned().unwrap_or_default())
            .collect()
    })
}

#[derive(Deserialize)]
struct Limits {
    limits: Map<String, Value>,
}

pub(super) fn limits(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Limits = input.given()?;
    let mut rules = serde_json::to_value(Rules::DEFAULT)?;
    if let Value::Object(rules) = &mut rules {
        rules.extend(given.limits);
    }
    Ok(json!({"accepted": serde_json::from_value::<Rules>(rules).is_ok()}))
}

#[derive(Deserialize)]
struct Segments {
    segments: Vec<String>,
}

pub(super) fn loop_signature(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Segments = input.given()?;
    let segments: Vec<_> = given
        .segments
        .iter()
        .map(|text| ContextSegment::of(text))
        .collect();
    let isolation = Rules::DEFAULT.isolation;
    let signature = LoopSignature::read(
        &segments,
        isolation.loop_signature,
        isolation.same_segment.get(),
    );
    Ok(json!({"longest": signature.longest, "redundant": signature.redundant}))
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

pub(super) fn disclosure(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Text = input.given()?;
    Ok(json!({"reveals": internal_name(&given.text).is_some()}))
}

#[derive(Deserialize)]
struct Chain {
    seed: Hash256,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    cycle: Cycle,
    at: Timestamp,
    kind: EntryKind,
    payload: Value,
}

fn chain(given: Chain) -> Result<Vec<LedgerEntry>, OpError> {
    let mut ledger = Ledger::new(given.seed);
    let append = |e: Entry| {
        ledger
            .append(e.cycle, e.at, e.kind, e.payload)
            .map_err(refused)
    };
    given.entries.into_iter().map(append).collect()
}

pub(super) fn ledger_append(input: &Input<'_>) -> Result<Value, OpError> {
    let entries = chain(input.given()?)?;
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            json!({
                "seq": entry.seq, "payload_hash": entry.payload_hash, "prev": entry.prev,
                "hash": entry.hash
            })
        })
        .collect();
    Ok(json!({"entries": told, "head": entries.last().map(|entry| entry.hash)}))
}

#[derive(Deserialize)]
struct Tampering {
    /// Positions of the entries, in the order in which they are presented.
    #[serde(default)]
    order: Option<Vec<usize>>,
    /// Position of an entry and the fields that replace its own.
    #[serde(default)]
    replace: Option<(usize, Map<String, Value>)>,
}

pub(super) fn ledger_verify(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Chain = input.given()?;
    let start = Ledger::new(given.seed);
    let tampering: Tampering = input.arguments()?;
    let mut entries = chain(given)?;
    if let Some((at, fields)) = tampering.replace {
        let mut entry = serde_json::to_value(&entries[at])?;
        if let Value::Object(entry) = &mut entry {
            entry.extend(fields);
        }
        entries[at] = serde_json::from_value(entry)?;
    }
    if let Some(order) = tampering.order {
        entries = order.into_iter().map(|at| entries[at].clone()).collect();
    }
    Ok(match start.verify(&entries) {
        Ok(_) => json!({"intact": true}),
        Err(broken) => json!({"intact": false, "seq": broken.seq}),
    })
}
