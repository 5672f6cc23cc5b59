//! What runtimes tell each other, of the frame and the memory that the loop has made.

use serde_json::Value;
use sigma_aegida::SafetyStatus;
use sigma_attractor::{AttractorKind, InteropPhase, Lifecycle};
use sigma_drift::ControlPosture;
use sigma_interop::{
    AttractorState, Capabilities, CauseId, CommandBody, CommandKind, DriftMetrics, FieldState,
    Format, Gate, Handshake, HandshakeReply, Header, MemoryReference, MemoryShare, Message,
    MinimalState, Nonce, Open, Payload, PhaseReport, PublishedKey, Reading, RuntimeId, SafetyFlags,
    Sealer, SyncEvent, negotiate, rules::SRIP_05,
};
use sigma_types::{Cycle, Measured, NonNegative, Timestamp, Unit};
use uuid::Uuid;

use super::{Met, add};

const US: RuntimeId = RuntimeId::new(Uuid::from_u128(7));
const THEM: RuntimeId = RuntimeId::new(Uuid::from_u128(8));

/// Adds one of each.
pub(super) fn note(met: &mut Met) {
    let sealer = Sealer::ed25519(US, "k1".parse().unwrap(), &[9; 32]);
    let calm = Reading {
        posture: ControlPosture::Nominal,
        lifecycle: Lifecycle::Stable,
        di_raw: Measured::Value(NonNegative::ZERO),
        safety: SafetyStatus::Nominal,
        phase_lock: false,
    };
    add(met, "sigma-packet", [sealed(&sealer, &calm, state())]);
    let minimal = MinimalState::from(state());
    add(met, "minimal-exchange", [sealed(&sealer, &calm, minimal)]);
    let snapshot = MemoryShare {
        cycle: Cycle(9),
        embedder: None,
        memory_layer: last(met, "memory-layer"),
    };
    add(met, "memory-snapshot", [sealed(&sealer, &calm, snapshot)]);
    let mut frame: sigma_attractor::PhaseTelemetryFrame = last(met, "phase-frame");
    frame.drift_index = Unit::ZERO;
    let report = PhaseReport { sequence: 1, frame };
    add(met, "phase-frame-sealed", [sealed(&sealer, &calm, report)]);
    add(met, "phase-command", [sealed(&sealer, &calm, command())]);
    add(met, "sync-event", [sealed(&sealer, &calm, event())]);
    let drifting = Reading {
        di_raw: Measured::Value(NonNegative::new(0.55).unwrap()),
        posture: ControlPosture::Reflective,
        lifecycle: Lifecycle::Reflective,
        safety: SafetyStatus::Locked,
        phase_lock: true,
    };
    let mut gate = Gate::new(SRIP_05.gate);
    let decisions = [drifting, calm].map(|reading| gate.observe(&reading));
    add(met, "gate-decision", decisions);
    note_handshake(met, &sealer);
}

fn last<T: serde::de::DeserializeOwned>(met: &Met, name: &str) -> T {
    serde_json::from_value(met[name].last().unwrap().clone()).unwrap()
}

fn header() -> Header {
    Header::new(US, THEM, Timestamp::EPOCH)
}

fn sealed<P: Payload>(sealer: &Sealer, reading: &Reading, payload: P) -> Value {
    let message = Message::new(header(), payload);
    let cleared = Gate::new(SRIP_05.gate).clear(reading, message).unwrap();
    let sealed = sealer.seal(cleared).unwrap();
    serde_json::from_slice(&sealed.to_bytes(Format::Json)).unwrap()
}

fn state() -> FieldState {
    FieldState {
        attractor_state: AttractorState {
            id: US.to_string().parse().unwrap(),
            kind: Open::Known(AttractorKind::Symbolic),
            stability: Unit::ONE,
            phase: Open::Known(InteropPhase::Stable),
            scr: Unit::ONE,
        },
        drift_metrics: DriftMetrics {
            sdi: Unit::ZERO,
            sv: Unit::ZERO,
            pd: Unit::ZERO,
            di: Unit::ZERO,
        },
        memory_snapshot: MemoryReference {
            summary_hash: sigma_types::Hash256::ZERO.to_string().parse().unwrap(),
            retention_index: Unit::ONE,
        },
        safety_flags: SafetyFlags {
            aegida_status: Open::Known(SafetyStatus::Nominal),
            phase_lock: false,
            recenter_active: false,
        },
    }
}

fn command() -> CommandBody {
    CommandBody {
        command: CommandKind::Sync,
        cause_id: CauseId::derive(US, 2, None),
        sequence: 2,
        parent: Some(CauseId::derive(US, 1, None)),
        reverts: None,
        reason: None,
        session: None,
    }
}

fn event() -> SyncEvent {
    SyncEvent {
        cause_id: CauseId::derive(US, 3, None),
        since: Cycle(3),
        cycle: Cycle(4),
        deviation: Unit::new(0.2).unwrap(),
        of: 2,
    }
}

fn note_handshake(met: &mut Met, sealer: &Sealer) {
    let keys = vec![PublishedKey {
        key_id: sealer.key_id().clone(),
        public_key: sealer.public_key().unwrap(),
    }];
    let ours = Capabilities::of_this_crate(US, keys, &SRIP_05);
    let theirs = Capabilities::of_this_crate(THEM, Vec::new(), &SRIP_05);
    let negotiation = negotiate(&ours, THEM, &theirs);
    let record = negotiation.record(Timestamp::EPOCH, THEM, &ours, &theirs);
    add(met, "negotiation-record", [record]);
    add(met, "runtime-capabilities", [&ours]);
    let nonce = Nonce::new([5; 16]);
    let request = Handshake {
        capabilities: ours.clone(),
        nonce,
    };
    let request = sealer
        .seal_stateless(Message::new(header(), request))
        .unwrap();
    add(
        met,
        "handshake-request",
        [written(&request.to_bytes(Format::Json))],
    );
    let answer = HandshakeReply {
        negotiation,
        capabilities: ours,
        nonce,
    };
    let answer = sealer
        .seal_stateless(Message::new(header(), answer))
        .unwrap();
    add(
        met,
        "handshake-answer",
        [written(&answer.to_bytes(Format::Json))],
    );
}

fn written(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap()
}
