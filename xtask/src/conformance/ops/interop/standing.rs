//! Gate, versions, manifests.

use serde::Deserialize;
use serde_json::{Value, json};
use sigma_aegida::SafetyStatus;
use sigma_attractor::Lifecycle;
use sigma_drift::ControlPosture;
use sigma_interop::{
    Capabilities, Decision, FieldState, Gate, Header, Message, ProtocolVersion, Reading, RuntimeId,
    VersionError, negotiate, rules::SRIP_05,
};
use sigma_types::{Measured, Missing, NonNegative, Timestamp};

use super::super::{Input, OpError};

#[derive(Deserialize)]
struct Cycles {
    cycles: Vec<Cycle>,
}

#[derive(Deserialize)]
struct Cycle {
    #[serde(default)]
    posture: ControlPosture,
    #[serde(default = "stable")]
    lifecycle: Lifecycle,
    #[serde(default)]
    di_raw: Option<NonNegative>,
    #[serde(default = "nominal")]
    safety: SafetyStatus,
    #[serde(default)]
    phase_lock: bool,
    /// Whom a packet is to be sent to, in order.
    #[serde(default)]
    send_to: Vec<RuntimeId>,
}

const fn stable() -> Lifecycle {
    Lifecycle::Stable
}

const fn nominal() -> SafetyStatus {
    SafetyStatus::Nominal
}

pub(crate) fn gate(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Cycles = input.given()?;
    let mut gate = Gate::new(SRIP_05.gate);
    let mut told = Vec::new();
    for cycle in given.cycles {
        let reading = Reading {
            posture: cycle.posture,
            lifecycle: cycle.lifecycle,
            di_raw: Measured::from_option(cycle.di_raw, Missing::NothingYet),
            safety: cycle.safety,
            phase_lock: cycle.phase_lock,
        };
        let decision = gate.observe(&reading);
        let mut sent = Vec::new();
        for peer in cycle.send_to {
            let packet = packet(peer, &reading)?;
            sent.push(gate.clear(&reading, packet).is_ok());
        }
        told.push(json!({
            "passage": decision.passage,
            "receives": decision.passage.receives(),
            "reasons": reasons(&decision)?,
            "sent": sent,
        }));
        gate = input.between(gate)?;
    }
    Ok(json!({"cycles": told}))
}

/// A packet that says what the reading says.
fn packet(peer: RuntimeId, reading: &Reading) -> Result<Message<FieldState>, OpError> {
    let di = reading.di_raw.value().unwrap_or(NonNegative::ZERO);
    let payload = serde_json::from_value(json!({
        "attractor_state": {
            "id": "a", "type": "symbolic", "stability": 1, "phase": reading.lifecycle, "scr": 1,
        },
        "drift_metrics": {"sdi": 0, "sv": 0, "pd": 0, "di": di.to_unit()},
        "memory_snapshot": {"summary_hash": "0", "retention_index": 1},
        "safety_flags": {
            "aegida_status": reading.safety,
            "phase_lock": reading.phase_lock,
            "recenter_active": false,
        },
    }))?;
    let header = Header::new(RuntimeId::ANY, peer, Timestamp::EPOCH);
    Ok(Message::new(header, payload))
}

/// The names of the reasons.
fn reasons(decision: &Decision) -> Result<Vec<Value>, OpError> {
    let told = serde_json::to_value(&decision.reasons)?;
    let each = told.as_array().into_iter().flatten();
    Ok(each.map(|reason| reason["reason"].clone()).collect())
}

#[derive(Deserialize)]
struct Versions {
    spoken: ProtocolVersion,
    got: String,
}

pub(crate) fn version(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Versions = input.given()?;
    let agreed = given
        .got
        .parse()
        .and_then(|got: ProtocolVersion| given.spoken.agreed(got));
    Ok(match agreed {
        Ok(version) => json!({"agreed": version}),
        Err(VersionError::UnsupportedMajor { .. }) => {
            json!({"agreed": null, "error": "unsupported_major"})
        }
        Err(_) => json!({"agreed": null, "error": "version"}),
    })
}

#[derive(Deserialize)]
struct Pair {
    ours: Capabilities,
    peer: RuntimeId,
    theirs: Capabilities,
}

pub(crate) fn negotiation(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Pair = input.given()?;
    let negotiation = negotiate(&given.ours, given.peer, &given.theirs);
    Ok(serde_json::to_value(input.between(negotiation)?)?)
}
