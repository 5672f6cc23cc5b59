//! Bands of the single metrics and levels of the composite index (`SRIP-03 §5`, `§6`).

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, NonNegative, Unit};

use crate::{
    rules::{BandLimits, LevelLimits, Rules},
    stabilize::Method,
};

/// Where a single metric lies (`SRIP-03 §5`). It advises; only the index decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Band {
    /// Within bounds.
    Normal,
    /// Worth a look.
    Reflective,
    /// Correction is due.
    Recovery,
    /// Beyond what correction is made for.
    Critical,
}

/// A component of the composite index (`SRIP-03 §4`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Metric {
    /// Semantic drift, wire name `sdi`.
    Sdi,
    /// Symbolic variance.
    Sv,
    /// Control-posture drift.
    Pd,
    /// Semantic compression, the stabilising denominator: the higher the better.
    Scr,
}

impl Metric {
    /// The method that answers this metric (`SRIP-03 §7.2`).
    #[must_use]
    pub const fn method(self) -> Method {
        match self {
            Self::Sdi => Method::SemanticReAnchoring,
            Self::Sv => Method::DensityModulation,
            Self::Pd => Method::PostureRealignment,
            Self::Scr => Method::AttractorReinforcement,
        }
    }
}

/// Bands of the four metrics; `None` where a metric was not measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bands {
    /// Of the semantic drift.
    pub sdi: Option<Band>,
    /// Of the symbolic variance.
    pub sv: Option<Band>,
    /// Of the posture drift.
    pub pd: Option<Band>,
    /// Of the compression.
    pub scr: Option<Band>,
}

/// A metric left its normal band: which method would answer it (`SRIP-03 §5`, `§7.2`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Advisory {
    /// The metric.
    pub metric: Metric,
    /// Where it lies.
    pub band: Band,
    /// Its value, `0..=1`.
    pub value: Unit,
    /// What would answer it.
    pub method: Method,
}

impl Bands {
    /// Sorts four measurements into their bands.
    pub fn of(
        rules: &Rules,
        sdi: Measured<Unit>,
        sv: Measured<Unit>,
        pd: Measured<Unit>,
        scr: Measured<Unit>,
    ) -> Self {
        let rising = |limits: BandLimits, x: Measured<Unit>| x.value().map(|x| rising(limits, x));
        Self {
            sdi: rising(rules.bands.sdi, sdi),
            sv: rising(rules.bands.sv, sv),
            pd: rising(rules.bands.pd, pd),
            scr: scr.value().map(|x| falling(rules.bands.scr, x)),
        }
    }
}

/// A metric that is worse the higher it is: `[0, reflective) [.., recovery) [.., critical] (critical, 1]`.
pub(crate) fn rising(limits: BandLimits, value: Unit) -> Band {
    match value.get() {
        x if x > limits.critical => Band::Critical,
        x if x >= limits.recovery => Band::Recovery,
        x if x >= limits.reflective => Band::Reflective,
        _ => Band::Normal,
    }
}

/// A metric that is worse the lower it is.
pub(crate) fn falling(limits: BandLimits, value: Unit) -> Band {
    match value.get() {
        x if x < limits.critical => Band::Critical,
        x if x <= limits.recovery => Band::Recovery,
        x if x <= limits.reflective => Band::Reflective,
        _ => Band::Normal,
    }
}

/// Where the composite index lies: half-open steps that leave no gap (`SRIP-03 §6`).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Level {
    /// `[0, .45)`.
    #[default]
    Nominal,
    /// `[.45, .5)`.
    Caution,
    /// `[.5, .6)`.
    Reflective,
    /// `[.6, .7)`.
    Recovery,
    /// `[.7, .75]`.
    Critical,
    /// Above `.75`.
    Collapse,
}

impl Level {
    /// Sorts the unclamped index into its level.
    pub fn of(limits: &LevelLimits, di_raw: NonNegative) -> Self {
        match di_raw.get() {
            x if x > limits.collapse => Self::Collapse,
            x if x >= limits.critical => Self::Critical,
            x if x >= limits.recovery => Self::Recovery,
            x if x >= limits.reflective => Self::Reflective,
            x if x >= limits.caution => Self::Caution,
            _ => Self::Nominal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_03;

    fn band(value: f64, f: fn(BandLimits, Unit) -> Band, limits: BandLimits) -> Band {
        f(limits, Unit::new(value).unwrap())
    }

    #[test]
    fn every_printed_bound_falls_on_its_printed_side() {
        let b = SRIP_03.bands;
        for (limits, normal, reflective, recovery) in [
            (b.sdi, 0.349, 0.35, 0.45),
            (b.sv, 0.399, 0.40, 0.55),
            (b.pd, 0.249, 0.25, 0.35),
        ] {
            assert_eq!(band(normal, rising, limits), Band::Normal);
            assert_eq!(band(reflective, rising, limits), Band::Reflective);
            assert_eq!(band(recovery, rising, limits), Band::Recovery);
            assert_eq!(band(limits.critical, rising, limits), Band::Recovery);
            assert_eq!(band(limits.critical + 1e-9, rising, limits), Band::Critical);
        }
        for (value, want) in [
            (0.651, Band::Normal),
            (0.65, Band::Reflective),
            (0.55, Band::Recovery),
            (0.45, Band::Recovery),
            (0.449, Band::Critical),
        ] {
            assert_eq!(band(value, falling, b.scr), want, "{value}");
        }
    }

    #[test]
    fn the_levels_are_half_open() {
        for (value, want) in [
            (0.0, Level::Nominal),
            (0.449_999, Level::Nominal),
            (0.45, Level::Caution),
            (0.5, Level::Reflective),
            (0.6, Level::Recovery),
            (0.7, Level::Critical),
            (0.75, Level::Critical),
            (0.750_001, Level::Collapse),
            (2.2, Level::Collapse),
        ] {
            let di = NonNegative::new(value).unwrap();
            assert_eq!(Level::of(&SRIP_03.levels, di), want, "{value}");
        }
    }
}
