//! First phase: what is claimed about a cycle, in the five categories of `SRIP-06 §2.2`.

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Measured, Missing, NonNegative, Timestamp, Unit};

use crate::loop_signature::LoopSignature;
use crate::recursion::{RecursionPermit, RecursionReading};
use crate::telemetry::{Change, Posture, SafetyTelemetry};

/// The category of an assertion, in the order in which they are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Category {
    /// How deep the runtime went into itself.
    Recursion,
    /// Posture, phase and locks.
    Control,
    /// Drift of the answer.
    Drift,
    /// The symbols of the field.
    SymbolicContainment,
    /// Where a recovery stands.
    RecoveryState,
}

/// Everything that is asserted about one cycle. Only the kernel makes one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Assertions {
    /// The cycle.
    pub cycle: Cycle,
    /// When it was measured.
    pub at: Timestamp,
    /// Recursion.
    pub recursion: RecursionAssertion,
    /// Control.
    pub control: ControlAssertion,
    /// Drift.
    pub drift: DriftAssertion,
    /// Symbolic containment.
    pub symbols: SymbolAssertion,
    /// Recovery state.
    pub recovery: RecoveryAssertion,
}

/// How deep the runtime went into itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecursionAssertion {
    /// What the limiter counted.
    pub reading: RecursionReading,
    /// What was allowed.
    pub permit: RecursionPermit,
    /// What repeats in the context.
    pub echo: LoopSignature,
}

/// Posture, phase and locks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ControlAssertion {
    /// The posture the loop reports.
    pub posture: Posture,
    /// Phase stability.
    pub psi: Measured<Unit>,
    /// Phase deviation.
    pub psd: Measured<Unit>,
    /// Mean resonance of the last answers, as many as the way out of safe mode looks at.
    pub equilibrium: Measured<Unit>,
    /// Phase shift.
    pub ps_delta: Measured<Unit>,
    /// Whether the shift goes towards calm, and so is none.
    pub calming: bool,
    /// Phase stability less penalties.
    pub stability: Measured<Unit>,
    /// Its change against the last cycle in which it was measured.
    pub stability_change: Measured<Change>,
    /// Cycles that the containment lock has been held, 0 while it is open.
    pub lock_cycles: u32,
}

/// Drift of the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DriftAssertion {
    /// Composite drift index, unclamped.
    pub di_raw: Measured<NonNegative>,
    /// Its change.
    pub d_di: Measured<Change>,
    /// Semantic drift.
    pub sdi: Measured<Unit>,
    /// Symbolic variance.
    pub sv: Measured<Unit>,
    /// Control posture drift.
    pub pd: Measured<Unit>,
    /// Symbol-to-content ratio.
    pub scr: Measured<Unit>,
    /// Cycles in a row at or over the drift limit, this one included.
    pub cycles_over: u32,
}

/// The symbols of the field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SymbolAssertion {
    /// How far the spread of motifs has left its mean.
    pub entropy_change: Measured<Unit>,
    /// Motifs in the field.
    pub motifs: u32,
}

/// Where a recovery stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecoveryAssertion {
    /// Attempt at recovery under way, 0 outside safe mode.
    pub attempt: u32,
    /// Cycles that this attempt has lasted, this one included.
    pub dwell: u32,
    /// Cycles in a row with low stability, this one included.
    pub low_stability: u32,
}

/// What the kernel knows from earlier cycles.
#[derive(Debug, Clone)]
pub(crate) struct Background {
    pub(crate) permit: RecursionPermit,
    pub(crate) echo: LoopSignature,
    pub(crate) last_stability: Option<Unit>,
    pub(crate) equilibrium: Measured<Unit>,
    pub(crate) calming: bool,
    pub(crate) lock_cycles: u32,
    pub(crate) cycles_over: u32,
    pub(crate) entropy_change: Measured<Unit>,
    pub(crate) attempt: u32,
    pub(crate) dwell: u32,
    pub(crate) low_stability: u32,
}

impl ControlAssertion {
    /// The phase shift as far as it is one: a return to calm is not.
    pub(crate) fn shift(&self) -> Measured<Unit> {
        if self.calming {
            self.ps_delta.map(|_| Unit::ZERO)
        } else {
            self.ps_delta
        }
    }
}

impl Assertions {
    /// Builds the assertions of a cycle from its telemetry.
    pub(crate) fn build(telemetry: &SafetyTelemetry, background: Background) -> Self {
        let stability_change = background
            .last_stability
            .zip(telemetry.stability.value())
            .map(|(before, now)| Change::between(before, now).unwrap_or(Change::NONE));
        Self {
            cycle: telemetry.cycle,
            at: telemetry.at,
            recursion: RecursionAssertion {
                reading: telemetry.recursion,
                permit: background.permit,
                echo: background.echo,
            },
            control: ControlAssertion {
                posture: telemetry.posture,
                psi: telemetry.psi,
                psd: telemetry.psd,
                equilibrium: background.equilibrium,
                ps_delta: telemetry.ps_delta,
                calming: background.calming,
                stability: telemetry.stability,
                stability_change: Measured::from_option(
                    stability_change,
                    telemetry.stability.missing().unwrap_or(Missing::NothingYet),
                ),
                lock_cycles: background.lock_cycles,
            },
            drift: DriftAssertion {
                di_raw: telemetry.di_raw,
                d_di: telemetry.d_di,
                sdi: telemetry.sdi,
                sv: telemetry.sv,
                pd: telemetry.pd,
                scr: telemetry.scr,
                cycles_over: background.cycles_over,
            },
            symbols: SymbolAssertion {
                entropy_change: background.entropy_change,
                motifs: telemetry.motifs.len() as u32,
            },
            recovery: RecoveryAssertion {
                attempt: background.attempt,
                dwell: background.dwell,
                low_stability: background.low_stability,
            },
        }
    }
}
