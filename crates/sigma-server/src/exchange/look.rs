//! A session's field as it stands after its last cycle, in the words of the exchange.

use sigma_attractor::{
    FrameContext, Lifecycle, PhaseReading, PhaseTelemetryFrame, SafetyStatus, project,
};
use sigma_core::{CycleReport, Session};
use sigma_drift::DriftSample;
use sigma_interop::{
    AttractorState, DriftMetrics, FieldState, MemoryReference, MinimalState, Open, Reading,
    RuntimeId, SafetyFlags, Unmeasured, measured,
};
use sigma_types::{Cycle, Hash256, Measured, Missing, SessionId, Timestamp};

/// What is seen of a session under its lock.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) session: SessionId,
    pub(crate) cycle: Cycle,
    /// For the gate.
    pub(crate) reading: Reading,
    /// For a packet; or which figure is missing.
    pub(crate) state: Result<FieldState, Unmeasured>,
    /// The part of it that needs no memory.
    pub(crate) minimal: Result<MinimalState, Unmeasured>,
    /// For a frame; `None` before the first cycle.
    pub(crate) phase: Option<Phase>,
}

/// What a frame tells.
#[derive(Debug, Clone)]
pub(crate) struct Phase {
    reading: PhaseReading,
    context: FrameContext,
}

impl Phase {
    fn new(sample: &DriftSample, at: Timestamp, depth: u32, safety: SafetyStatus) -> Self {
        Self {
            reading: sample.phase.clone(),
            context: FrameContext {
                runtime_id: RuntimeId::ANY.uuid(),
                timestamp: at,
                di_raw: sample.grounded.di_raw,
                scr: sample.grounded.scr,
                symbolic_density: sample.density.sd,
                recursion_depth: depth,
                safety_status: safety,
            },
        }
    }

    /// What was measured.
    pub(crate) const fn reading(&self) -> &PhaseReading {
        &self.reading
    }

    /// The frame that a runtime sends.
    pub(crate) fn frame(&self, runtime: RuntimeId) -> PhaseTelemetryFrame {
        let context = FrameContext {
            runtime_id: runtime.uuid(),
            ..self.context
        };
        PhaseTelemetryFrame::new(&self.reading, &context)
    }
}

impl Look {
    /// Looks at a session.
    pub(crate) fn at(session: &Session) -> Self {
        let field = session.field();
        let active = session.attractors().active();
        let reading = Reading {
            posture: field.posture,
            lifecycle: active.map_or(Lifecycle::Forming, |active| active.lifecycle_state),
            di_raw: match &field.drift {
                Some(sample) => Measured::Value(sample.grounded.di_raw),
                None => Measured::Missing(Missing::NothingYet),
            },
            safety: field.safety_status,
            phase_lock: session.is_locked(),
        };
        let phase = field.drift.as_ref().map(|sample| {
            let status = frame_status(field.safety_status);
            Phase::new(sample, field.updated_at, session.recursion_depth(), status)
        });
        let minimal = minimal(session, field.drift.as_ref());
        Self {
            session: field.session.clone(),
            cycle: field.cycle,
            state: minimal
                .clone()
                .and_then(|minimal| state(session, minimal, &reading)),
            minimal,
            reading,
            phase,
        }
    }
}

/// How a session stood after a cycle, for the gate.
pub(crate) fn reading_of(report: &CycleReport) -> Reading {
    let next = report.cycle.next();
    let commands = report.commands.iter();
    let holding = commands
        .filter(|note| note.standing == sigma_core::Standing::InForce && note.until >= next);
    let (mut locked, mut recenter) = (false, false);
    for note in holding {
        match note.action {
            sigma_core::PhaseAction::Lock => locked = true,
            sigma_core::PhaseAction::Recenter => recenter = true,
            _ => {}
        }
    }
    let status = report.safety.status;
    Reading {
        posture: report.drift.posture,
        lifecycle: report
            .active
            .as_ref()
            .map_or(Lifecycle::Forming, |active| active.lifecycle),
        di_raw: Measured::Value(report.drift.grounded.di_raw),
        safety: if recenter {
            sigma_aegida::SafetyStatus::RecenterPending
        } else if locked && status == sigma_aegida::SafetyStatus::Nominal {
            sigma_aegida::SafetyStatus::Locked
        } else {
            status
        },
        phase_lock: locked || report.safety.containment_locked,
    }
}

/// The phase of a cycle, from its report.
pub(crate) fn phase_of(report: &CycleReport) -> Phase {
    let depth = 1 + u32::from(report.regenerated);
    let status = frame_status(reading_of(report).safety);
    Phase::new(&report.drift, report.at, depth, status)
}

/// State and drift (`SRIP-05 §5`).
fn minimal(session: &Session, sample: Option<&DriftSample>) -> Result<MinimalState, Unmeasured> {
    let active = session.attractors().active();
    let active = active.ok_or(nothing("attractor_state"))?;
    let sample = sample.ok_or(nothing("drift_metrics"))?;
    let drift = &sample.grounded;
    Ok(MinimalState {
        attractor_state: AttractorState {
            id: label(&active.id.to_string()).ok_or(nothing("attractor_state/id"))?,
            kind: Open::Known(active.kind),
            stability: sample.phase.psi,
            phase: Open::Known(project(active.lifecycle_state, false, false).interop),
            scr: measured("attractor_state/scr", drift.scr)?,
        },
        drift_metrics: DriftMetrics {
            sdi: measured("drift_metrics/sdi", drift.sdi)?,
            sv: measured("drift_metrics/sv", drift.sv)?,
            pd: measured("drift_metrics/pd", drift.pd)?,
            di: drift.di,
        },
    })
}

/// The payload of a packet (`SRIP-05 §3`).
fn state(
    session: &Session,
    minimal: MinimalState,
    reading: &Reading,
) -> Result<FieldState, Unmeasured> {
    let hash = label(&summary_hash(session).to_string());
    let retention = session.memory().invariants().ri;
    Ok(FieldState {
        attractor_state: minimal.attractor_state,
        drift_metrics: minimal.drift_metrics,
        memory_snapshot: MemoryReference {
            summary_hash: hash.ok_or(nothing("memory_snapshot/summary_hash"))?,
            retention_index: measured("memory_snapshot/retention_index", retention)?,
        },
        safety_flags: SafetyFlags {
            aegida_status: Open::Known(reading.safety),
            phase_lock: reading.phase_lock,
            recenter_active: reading.safety == sigma_aegida::SafetyStatus::RecenterPending,
        },
    })
}

const fn nothing(field: &'static str) -> Unmeasured {
    Unmeasured {
        field,
        why: Missing::NothingYet,
    }
}

fn label(text: &str) -> Option<sigma_interop::Label> {
    text.parse().ok()
}

/// BLAKE3 over the last cycle's lines, one for each utterance, with a line feed between.
fn summary_hash(session: &Session) -> Hash256 {
    let last = session.cycle();
    let lines = session.memory().recent();
    let lines: Vec<_> = lines
        .into_iter()
        .filter(|(_, cycle, _)| *cycle == last)
        .map(|(_, _, line)| line)
        .collect();
    Hash256::of(lines.join("\n").as_bytes())
}

fn frame_status(status: sigma_aegida::SafetyStatus) -> SafetyStatus {
    match status {
        sigma_aegida::SafetyStatus::Nominal => SafetyStatus::Nominal,
        sigma_aegida::SafetyStatus::Locked => SafetyStatus::Locked,
        _ => SafetyStatus::RecenterPending,
    }
}
