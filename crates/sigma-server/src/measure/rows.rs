//! From the loop's own report of a cycle to a row of ours.

use crate::report::{AttractorRef, Cause, Components, Reference, Row, Subject};
use serde::Serialize;
use sigma_aegida::Mode;
use sigma_attractor::UptakeEvent;
use sigma_core::CycleReport;
use sigma_drift::ProfileSample;
use sigma_types::{Measured, Missing, Unit};
use std::collections::BTreeMap;

/// The row of a cycle.
pub fn row(cycle: &CycleReport) -> Row {
    let drift = &cycle.drift;
    let total = drift.reference.drift_total_ref;
    let total = total.unwrap_or(Measured::Missing(Missing::NothingYet));
    Row {
        cycle: cycle.cycle.0,
        drift: components(&drift.grounded),
        posture: wire_name(&drift.posture),
        lifecycle: cycle
            .active
            .as_ref()
            .map(|active| wire_name(&active.lifecycle)),
        attractor: cycle.active.as_ref().map(|active| AttractorRef {
            id: active.id.to_string(),
            name: active.name.clone(),
        }),
        psi: Measured::Value(drift.phase.psi.get()),
        zone: drift.aep.as_ref().map(|aep| wire_name(&aep.zone)),
        motifs: cycle.motifs.clone(),
        reference: Reference {
            components: components(&drift.reference),
            drift_total_ref: total.map(Unit::get),
        },
        explanation: drift.explanation.summary.clone(),
        subject: subject(cycle.subject.event()),
        density: drift.density.sd.map(Unit::get),
        because: drift.explanation.parts.iter().map(cause).collect(),
        steering: Vec::new(),
        alarms: alarms(cycle),
        recorded: BTreeMap::new(),
        calibrated: drift.calibrated,
    }
}

fn components(sample: &ProfileSample) -> Components {
    Components {
        sdi: sample.sdi.map(Unit::get),
        sv: sample.sv.map(Unit::get),
        pd: sample.pd.map(Unit::get),
        scr: sample.scr.map(Unit::get),
        di_raw: Measured::Value(sample.di_raw.get()),
        di: Measured::Value(sample.di.get()),
    }
}

fn cause(part: &sigma_drift::Part) -> Cause {
    Cause {
        component: wire_name(&part.component),
        anchor: wire_name(&part.anchor),
        push: part.push,
        words: part.words.clone(),
        text: part.text.clone(),
    }
}

fn subject(event: UptakeEvent) -> Subject {
    match event {
        UptakeEvent::Opening => Subject::Opening,
        UptakeEvent::Formed => Subject::Formed,
        UptakeEvent::Returned { from_cycle } => Subject::Returned {
            from_cycle: from_cycle.0,
        },
        _ => Subject::Continued,
    }
}

fn alarms(cycle: &CycleReport) -> Vec<String> {
    let mut alarms: Vec<_> = cycle.drift.failures.iter().map(wire_name).collect();
    match cycle.safety.mode {
        Mode::SafeMode(_) => alarms.push("safe_mode".into()),
        Mode::Dissolved => alarms.push("field_dissolved".into()),
        _ => {}
    }
    alarms
}

/// The name that a fieldless variant has on the wire.
pub(crate) fn wire_name(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(object)) => object
            .into_iter()
            .next()
            .map_or_else(String::new, |(name, _)| name),
        _ => String::new(),
    }
}
