//! The JSON object that `sigma replay --json` writes for a cycle.

use serde::Serialize;
use sigma_types::Missing;
use std::collections::BTreeMap;

use super::{Cause, Components, Reference, Row, Subject};

/// One cycle of a dialogue that was replayed (`SRIP-01 §6`, `SRIP-03 §4`).
///
/// A value that could not be measured is `null`, and `missing` says why under the field's name
/// (`reference.sdi` for a field inside `reference`).
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "ReplayLine")
)]
pub struct Line<'a> {
    /// Counts from 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    cycle: u64,
    #[serde(flatten)]
    drift: Figures,
    /// The runtime's posture after the cycle (`SRIP-03 §6`).
    posture: &'a str,
    /// The active attractor's state of life (`SRIP-02 §5`).
    lifecycle: Option<&'a str>,
    /// The name of the attractor that was active.
    attractor: Option<&'a str>,
    /// Phase stability (`SRIP-08 §3.3`).
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    psi: Option<f64>,
    /// The zone that the equilibrium telemetry tells (`SRIP-10 §2`).
    zone: Option<&'a str>,
    /// The strongest motifs of the active attractor.
    motifs: &'a [String],
    /// The formulas as printed, for comparison.
    reference: ReferenceFigures,
    /// In words: what moved, against what, by how much.
    explanation: &'a str,
    /// What the user's turn did to the subject.
    subject: Subject,
    /// The id of the attractor that was active.
    attractor_id: Option<&'a str>,
    /// Symbolic density (`SRIP-07 §3`).
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    density: Option<f64>,
    /// The reasons behind the explanation, the weightiest first.
    because: &'a [Cause],
    /// What the runtime tells the model at the next turn to bring it back.
    steering: &'a [String],
    /// Failure modes and safety findings that hold after the cycle.
    alarms: &'a [String],
    /// Figures that the file recorded with the turn.
    recorded: &'a BTreeMap<String, f64>,
    /// Whether the weights of the evidence were measured with the embedder that read the dialogue.
    calibrated: bool,
    /// Why values are `null`, by field.
    missing: BTreeMap<String, Missing>,
    /// The dialogue, where several of a file are replayed at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    dialogue: Option<&'a str>,
}

/// The composite index and what it is made of.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Figures {
    /// Semantic drift.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    sdi: Option<f64>,
    /// Symbolic variance.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    sv: Option<f64>,
    /// Posture drift.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pd: Option<f64>,
    /// Semantic compression; the higher the better.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    scr: Option<f64>,
    /// The composite index, unclamped: decides.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    di_raw: Option<f64>,
    /// The composite index: travels.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    di: Option<f64>,
}

/// The literal formulas.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ReferenceFigures {
    #[serde(flatten)]
    components: Figures,
    /// The total of the archived public runtime.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    drift_total_ref: Option<f64>,
}

impl Row {
    /// The row as it is written, with the dialogue's id where a file holds several.
    pub fn line<'a>(&'a self, dialogue: Option<&'a str>) -> Line<'a> {
        let attractor = self.attractor.as_ref();
        Line {
            cycle: self.cycle,
            drift: self.drift.into(),
            posture: &self.posture,
            lifecycle: self.lifecycle.as_deref(),
            attractor: attractor.map(|a| a.name.as_str()),
            psi: self.psi.value(),
            zone: self.zone.as_deref(),
            motifs: &self.motifs,
            reference: self.reference.into(),
            explanation: &self.explanation,
            subject: self.subject,
            attractor_id: attractor.map(|a| a.id.as_str()),
            density: self.density.value(),
            because: &self.because,
            steering: &self.steering,
            alarms: &self.alarms,
            recorded: &self.recorded,
            calibrated: self.calibrated,
            missing: self.missing(),
            dialogue,
        }
    }
}

impl From<Components> for Figures {
    fn from(of: Components) -> Self {
        Self {
            sdi: of.sdi.value(),
            sv: of.sv.value(),
            pd: of.pd.value(),
            scr: of.scr.value(),
            di_raw: of.di_raw.value(),
            di: of.di.value(),
        }
    }
}

impl From<Reference> for ReferenceFigures {
    fn from(of: Reference) -> Self {
        Self {
            components: of.components.into(),
            drift_total_ref: of.drift_total_ref.value(),
        }
    }
}
