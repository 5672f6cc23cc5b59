//! One cycle of a replay, as `sigma replay --json` writes it.

mod line;

pub use line::Line;

use serde::{Serialize, Serializer};
use sigma_types::{Measured, Missing};
use std::collections::BTreeMap;

/// One cycle.
///
/// Written as one JSON object, a [`Line`], with its fields in this order, always all of them:
/// `cycle, sdi, sv, pd, scr, di_raw, di, posture, lifecycle, attractor, psi, zone, motifs,
/// reference, explanation, subject, attractor_id, density, because, steering, alarms,
/// recorded, calibrated, missing`.
///
/// A value that could not be measured is `null`, and `missing` says why under the field's name
/// (`reference.sdi` for a field inside `reference`).
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Counts from 1.
    pub cycle: u64,
    /// The profile that decides.
    pub drift: Components,
    /// The runtime's posture after the cycle.
    pub posture: String,
    /// The active attractor's state of life.
    pub lifecycle: Option<String>,
    /// The attractor that was active.
    pub attractor: Option<AttractorRef>,
    /// Phase stability (`SRIP-08 §3.3`), in 0..=1.
    pub psi: Measured<f64>,
    /// The zone that the equilibrium telemetry tells.
    pub zone: Option<String>,
    /// The strongest motifs of the active attractor.
    pub motifs: Vec<String>,
    /// The formulas as printed, for comparison.
    pub reference: Reference,
    /// In words: what moved, against what, by how much.
    pub explanation: String,
    /// What the user's turn did to the subject.
    pub subject: Subject,
    /// Symbolic density (`SRIP-07 §3`), in 0..=1.
    pub density: Measured<f64>,
    /// The reasons behind the explanation, the weightiest first.
    pub because: Vec<Cause>,
    /// What the runtime tells the model at the next turn to bring it back.
    pub steering: Vec<String>,
    /// Failure modes and safety findings that hold after the cycle.
    pub alarms: Vec<String>,
    /// Figures that the file recorded with the turn, for comparison.
    pub recorded: BTreeMap<String, f64>,
    /// Whether the weights of the evidence were measured with the embedder at hand.
    pub calibrated: bool,
}

/// One reason for the drift of a cycle.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cause {
    /// The component that it moved: `sdi`, `sv`, `pd` or `scr`.
    pub component: String,
    /// What the answer left: `user_turn`, `identity`, `voice` and so on.
    pub anchor: String,
    /// By how much, in log odds.
    pub push: f64,
    /// On which words.
    pub words: Vec<String>,
    /// In a sentence.
    pub text: String,
}

/// The composite index and what it is made of (`SRIP-03 §4`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Components {
    /// Semantic drift, 0..=1.
    pub sdi: Measured<f64>,
    /// Symbolic variance, 0..=1.
    pub sv: Measured<f64>,
    /// Posture drift, 0..=1.
    pub pd: Measured<f64>,
    /// Semantic compression, 0..=1; the higher the better.
    pub scr: Measured<f64>,
    /// The composite index, unclamped: decides.
    pub di_raw: Measured<f64>,
    /// The composite index, 0..=1: travels.
    pub di: Measured<f64>,
}

/// The literal formulas, logged beside the profile that decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reference {
    /// As in [`Components`].
    pub components: Components,
    /// The archived runtime's own total.
    pub drift_total_ref: Measured<f64>,
}

/// The attractor of a cycle.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttractorRef {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
}

/// What the user's turn did to the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Subject {
    /// The dialogue begins.
    Opening,
    /// The subject goes on.
    Continued,
    /// A new subject.
    Formed,
    /// Back to an earlier subject.
    Returned {
        /// The cycle that last had it.
        from_cycle: u64,
    },
}

impl Components {
    /// Nothing measured.
    pub const fn missing(why: Missing) -> Self {
        let none = Measured::Missing(why);
        Self {
            sdi: none,
            sv: none,
            pd: none,
            scr: none,
            di_raw: none,
            di: none,
        }
    }

    fn named(&self) -> [(&'static str, Measured<f64>); 6] {
        [
            ("sdi", self.sdi),
            ("sv", self.sv),
            ("pd", self.pd),
            ("scr", self.scr),
            ("di_raw", self.di_raw),
            ("di", self.di),
        ]
    }
}

impl Reference {
    fn named(&self) -> impl Iterator<Item = (&'static str, Measured<f64>)> {
        let total = ("drift_total_ref", self.drift_total_ref);
        self.components.named().into_iter().chain([total])
    }
}

impl Row {
    /// Why values are missing, by field.
    pub fn missing(&self) -> BTreeMap<String, Missing> {
        let own = self
            .drift
            .named()
            .into_iter()
            .chain([("psi", self.psi), ("density", self.density)]);
        let own = own.map(|(name, value)| (name.to_owned(), value));
        let reference = self
            .reference
            .named()
            .map(|(name, v)| (format!("reference.{name}"), v));
        own.chain(reference)
            .filter_map(|(name, v)| v.missing().map(|why| (name, why)))
            .collect()
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.line(None).serialize(serializer)
    }
}
