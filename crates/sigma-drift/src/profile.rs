//! One profile's figures of a cycle.

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, NonNegative, Unit};

use crate::{
    bands::{Bands, Level},
    index::{before_posture, composite},
    rules::Rules,
};

/// The drift of one cycle by one profile (`SRIP-03 §4`, `§5`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProfileSample {
    /// Semantic drift.
    pub sdi: Measured<Unit>,
    /// Symbolic variance.
    pub sv: Measured<Unit>,
    /// Posture drift.
    pub pd: Measured<Unit>,
    /// Compression.
    pub scr: Measured<Unit>,
    /// Drift before posture.
    pub d0: NonNegative,
    /// The index, unclamped: it decides.
    pub di_raw: NonNegative,
    /// The index, cut off at one: it travels.
    pub di: Unit,
    /// Where the index lies.
    pub level: Level,
    /// Where the components lie.
    pub bands: Bands,
    /// What the public runtime v0.3.x would have recorded; in the reference profile only.
    pub drift_total_ref: Option<Measured<Unit>>,
    /// The answer was empty: the index stands where it stood.
    pub held: bool,
}

/// The components before posture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Components {
    /// Semantic drift.
    pub sdi: Measured<Unit>,
    /// Symbolic variance.
    pub sv: Measured<Unit>,
    /// Compression.
    pub scr: Measured<Unit>,
}

impl Components {
    /// Drift before posture.
    pub(crate) fn d0(&self, rules: &Rules) -> NonNegative {
        before_posture(&rules.index, self.sdi, self.sv, self.scr)
    }

    /// The whole sample, once the posture drift is known.
    pub(crate) fn sample(
        self,
        rules: &Rules,
        pd: Measured<Unit>,
        drift_total_ref: Option<Measured<Unit>>,
    ) -> ProfileSample {
        let Self { sdi, sv, scr } = self;
        let di_raw = composite(&rules.index, &[sdi, sv, pd], scr);
        ProfileSample {
            sdi,
            sv,
            pd,
            scr,
            d0: self.d0(rules),
            di_raw,
            di: di_raw.to_unit(),
            level: Level::of(&rules.levels, di_raw),
            bands: Bands::of(rules, sdi, sv, pd, scr),
            drift_total_ref,
            held: false,
        }
    }

    /// The sample of an empty answer: nothing was measured and the index is held.
    pub(crate) fn held(
        self,
        rules: &Rules,
        di_raw: NonNegative,
        pd: Measured<Unit>,
    ) -> ProfileSample {
        ProfileSample {
            di_raw,
            di: di_raw.to_unit(),
            level: Level::of(&rules.levels, di_raw),
            held: true,
            ..self.sample(rules, pd, None)
        }
    }
}
