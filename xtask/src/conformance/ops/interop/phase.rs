//! Phase commands, the federation loop, event streams.

use serde::Deserialize;
use serde_json::{Value, json};
use sigma_aegida::SafetyStatus;
use sigma_attractor::{self as attractor, Lifecycle, PhaseAxis, PhaseTelemetryFrame};
use sigma_drift::ControlPosture;
use sigma_interop::{
    CauseId, CommandBody, CommandKind, CommandLog, CommandRefusal, Effect, EventDecoder,
    Federation, Format, Gate, Header, Keyring, Lapse, Message, Payload, PeerKey, PhaseReport,
    Reading, ReplayCache, RuntimeId, Sealed, Sealer, Unverified, Verified, Verifier,
    rules::SRIP_05,
};
use sigma_types::{Cycle, Measured, Missing, NonNegative, Timestamp, Unit};

use super::super::{Input, OpError, refused};

const KEY: &str = "fixture";
/// The runtime that commands are for.
const ME: &str = "ffffffff-ffff-4fff-bfff-ffffffffffff";

fn sealer(owner: RuntimeId) -> Result<Sealer, OpError> {
    let name = KEY.parse().map_err(refused)?;
    Ok(Sealer::ed25519(owner, name, &owner_seed(owner)))
}

fn owner_seed(owner: RuntimeId) -> [u8; 32] {
    *sigma_types::Hash256::of(owner.uuid().as_bytes()).as_bytes()
}

/// Puts a payload through a calm gate and a seal.
fn sealed<P: Payload>(
    source: RuntimeId,
    target: RuntimeId,
    at: Timestamp,
    payload: P,
) -> Result<Sealed<Message<P>>, OpError> {
    let reading = Reading {
        posture: ControlPosture::Nominal,
        lifecycle: Lifecycle::Stable,
        di_raw: Measured::Value(NonNegative::ZERO),
        safety: SafetyStatus::Nominal,
        phase_lock: false,
    };
    let message = Message::new(Header::new(source, target, at), payload);
    let cleared = Gate::new(SRIP_05.gate)
        .clear(&reading, message)
        .map_err(refused)?;
    sealer(source)?.seal(cleared).map_err(refused)
}

/// What a listener makes of it.
fn heard<P: Payload>(
    sealed: &Sealed<Message<P>>,
    me: RuntimeId,
    at: Timestamp,
) -> Result<Verified<Message<P>>, OpError> {
    let source = sealed.message().header.source_runtime_id;
    let sealer = sealer(source)?;
    let mut keys = Keyring::new();
    if let Some(key) = sealer.public_key() {
        keys.trust(source, sealer.key_id().clone(), PeerKey::Ed25519(key));
    }
    let text = sealed.to_bytes(Format::Json);
    let read = Unverified::<Message<P>>::read(&text, Format::Json, &SRIP_05).map_err(refused)?;
    Verifier::new(me, &keys, SRIP_05.clock)
        .verify(read, at, &mut ReplayCache::new(SRIP_05.replay))
        .map_err(refused)
}

#[derive(Deserialize)]
struct Steps {
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    cycle: Cycle,
    #[serde(default)]
    source: Option<RuntimeId>,
    #[serde(default)]
    command: Option<CommandKind>,
    #[serde(default)]
    cause_id: Option<CauseId>,
    #[serde(default)]
    sequence: u64,
    #[serde(default)]
    parent: Option<CauseId>,
    #[serde(default)]
    reverts: Option<CauseId>,
}

pub(crate) fn commands(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Steps = input.given()?;
    let me: RuntimeId = ME.parse().map_err(refused)?;
    let mut log = CommandLog::new(SRIP_05.command);
    let mut told = Vec::new();
    for step in given.steps {
        let lapsed: Vec<Value> = log
            .lapse(step.cycle)
            .into_iter()
            .map(|(cause, _, lapse)| json!([cause, lapse_name(lapse)]))
            .collect();
        let mut line = json!({"lapsed": lapsed});
        if let (Some(command), Some(source), Some(cause_id)) =
            (step.command, step.source, step.cause_id)
        {
            let body = CommandBody {
                command,
                cause_id,
                sequence: step.sequence,
                parent: step.parent,
                reverts: step.reverts,
                reason: None,
                session: None,
            };
            let sealed = sealed(source, me, Timestamp::EPOCH, body)?;
            let followed = log.follow(&heard(&sealed, me, Timestamp::EPOCH)?, step.cycle);
            line["outcome"] = outcome(followed).into();
        }
        line["locked"] = log.locks(step.cycle).into();
        told.push(line);
        log = input.between(log)?;
    }
    Ok(json!({"steps": told}))
}

const fn lapse_name(lapse: Lapse) -> &'static str {
    match lapse {
        Lapse::Settled => "settled",
        Lapse::Opened => "opened",
        _ => "other",
    }
}

fn outcome(followed: Result<Effect, CommandRefusal>) -> &'static str {
    match followed {
        Ok(Effect::Synchronise) => "synchronise",
        Ok(Effect::Lock { .. }) => "lock",
        Ok(Effect::Recenter) => "recenter",
        Ok(Effect::Undo { .. }) => "undo",
        Err(CommandRefusal::OutOfOrder { .. }) => "out_of_order",
        Err(CommandRefusal::UnknownParent { .. }) => "unknown_parent",
        Err(CommandRefusal::Repeated { .. }) => "repeated",
        Err(CommandRefusal::NothingToRevert { .. }) => "nothing_to_revert",
        Err(CommandRefusal::NotYours { .. }) => "not_yours",
        Err(CommandRefusal::TooLate { .. }) => "too_late",
        Err(CommandRefusal::Full) => "full",
        Ok(_) | Err(_) => "other",
    }
}

#[derive(Deserialize)]
struct Loop {
    me: RuntimeId,
    cycles: Vec<OneCycle>,
}

#[derive(Deserialize)]
struct OneCycle {
    cycle: Cycle,
    own: [f64; 3],
    #[serde(default)]
    frames: Vec<Heard>,
}

#[derive(Deserialize)]
struct Heard {
    source: RuntimeId,
    sequence: u64,
    vector: [f64; 3],
}

pub(crate) fn federation(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Loop = input.given()?;
    let mut federation = Federation::new(SRIP_05.federation, given.me);
    let mut told = Vec::new();
    for cycle in given.cycles {
        let mut as_what = Vec::new();
        for frame in cycle.frames {
            let sealed = sealed(
                frame.source,
                RuntimeId::ANY,
                Timestamp::EPOCH,
                report(&frame),
            )?;
            let heard = heard(&sealed, given.me, Timestamp::EPOCH)?;
            as_what.push(federation.hear(&heard, cycle.cycle));
        }
        let due = federation.step(cycle.cycle, cycle.own);
        let aggregate = due.aggregate.as_ref();
        told.push(json!({
            "heard": as_what,
            "emit": due.emit,
            "mean": aggregate.map(|aggregate| aggregate.mean),
            "misalignment": aggregate.and_then(|a| a.misalignment.get(&given.me)),
            "sync_due": due.sync.is_some(),
            "sync_until": due.sync_until,
        }));
        federation = input.between(federation)?;
    }
    Ok(json!({"cycles": told}))
}

fn report(heard: &Heard) -> PhaseReport {
    let unmeasured = Measured::Missing(Missing::NothingYet);
    PhaseReport {
        sequence: heard.sequence,
        frame: PhaseTelemetryFrame {
            runtime_id: heard.source.uuid(),
            timestamp: Timestamp::EPOCH,
            phase_vector: heard.vector,
            phase_expected: [1.0, 0.0, 0.0],
            phase_state: PhaseAxis::Stable,
            psi: Unit::ONE,
            psd: Unit::ZERO,
            drift_index: Unit::ZERO,
            scr: unmeasured,
            symbolic_density: unmeasured,
            recursion_depth: 0,
            safety_status: attractor::SafetyStatus::Nominal,
        },
    }
}

#[derive(Deserialize)]
struct Pieces {
    pieces: Vec<String>,
}

pub(crate) fn stream(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Pieces = input.given()?;
    let mut decoder = EventDecoder::new(SRIP_05.stream);
    let mut events = Vec::new();
    for piece in given.pieces {
        let completed = decoder.push(piece.as_bytes()).map_err(refused)?;
        events.extend(
            completed
                .into_iter()
                .map(|event| json!({"name": event.name, "id": event.id, "data": event.data})),
        );
    }
    Ok(json!({"events": events, "last_event_id": decoder.last_event_id()}))
}
