//! Phase vectors and what is derived from them (`SRIP-08 §3`, historical lineage model).

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, Missing, Unit};
use std::{collections::VecDeque, f64::consts::FRAC_PI_2};

use crate::rules::PhaseRules;

/// One axis of the phase space, and the posture commanded along it (`SRIP-08 §3.1`).
///
/// Exhaustive on purpose: the space has three dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PhaseAxis {
    /// Keep equilibrium.
    Stable,
    /// Correct by reflection.
    Reflective,
    /// Restore the centre.
    Recenter,
}

/// The phase of one cycle (`SRIP-08 §3`).
///
/// PSD and PSDelta are lower-is-better; all other scores are higher-is-better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhaseReading {
    /// Drift without posture drift that the vector was read from.
    pub d0: f64,
    /// Unit vector of stable, reflective and recenter membership; no component is negative.
    pub vector: [f64; 3],
    /// Unit vector that the commanded posture expects.
    pub expected: [f64; 3],
    /// The axis with the greatest membership; the calmer one of two equals.
    pub state: PhaseAxis,
    /// Angle between the two, as a share of a right angle.
    pub theta: Unit,
    /// The same angle in radians, `0..=PI/2`.
    pub theta_rad: f64,
    /// Phase resonance: cosine of the angle.
    pub prs: Unit,
    /// Phase stability: mean resonance over the window.
    pub psi: Unit,
    /// Whether the window of `psi` was full.
    pub psi_window_full: bool,
    /// Distance of PSI below what is expected of it: the reading that triggers.
    pub psd: Unit,
    /// Distance of PSI from what is expected of it on either side, as printed.
    pub psd_literal: Unit,
    /// Phase shift: absolute change of `theta` since the last cycle.
    pub ps_delta: Measured<Unit>,
    /// Phase shift with its sign, `-1..=1`.
    pub ps_delta_signed: Measured<f64>,
    /// Phase coherence: cosine between this vector and the last.
    pub pci: Measured<Unit>,
    /// Posture drift: `1 - prs`.
    pub pd: Unit,
}

/// Follows the phase of a session from cycle to cycle. Bounded by the PSI window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhaseTrack {
    rules: PhaseRules,
    resonances: VecDeque<f64>,
    last: Option<Last>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Last {
    vector: [f64; 3],
    theta: f64,
}

impl PhaseTrack {
    /// Starts without a past.
    pub fn new(rules: PhaseRules) -> Self {
        Self {
            rules,
            resonances: VecDeque::new(),
            last: None,
        }
    }

    /// Reads the phase of a cycle from `d0`, the drift without posture drift, and the posture
    /// commanded in the cycle before (`SRIP-08 §3.1-§3.3`).
    ///
    /// A NaN reads as the worst drift, a negative number as none.
    pub fn measure(&mut self, d0: f64, commanded: PhaseAxis) -> PhaseReading {
        let d0 = if d0.is_nan() {
            self.rules.d0_ceiling
        } else {
            d0.clamp(0.0, self.rules.d0_ceiling)
        };
        let membership = membership(d0, &self.rules);
        let vector = unit(membership);
        let expected = expected(commanded, &self.rules);
        let prs = dot(vector, expected).clamp(0.0, 1.0);
        let theta_rad = prs.acos();
        let theta = (theta_rad / FRAC_PI_2).clamp(0.0, 1.0);

        self.resonances.push_back(prs);
        while self.resonances.len() > self.rules.psi_window.max(1) {
            self.resonances.pop_front();
        }
        let psi = self.resonances.iter().sum::<f64>() / self.resonances.len() as f64;
        let last = self.last.replace(Last { vector, theta });
        let shift = Measured::from_option(
            last.as_ref().map(|last| theta - last.theta),
            Missing::NoPreviousAnswer,
        );
        PhaseReading {
            d0,
            vector,
            expected,
            state: strongest(membership),
            theta: Unit::clamped(theta),
            theta_rad,
            prs: Unit::clamped(prs),
            psi: Unit::clamped(psi),
            psi_window_full: self.resonances.len() >= self.rules.psi_window,
            psd: Unit::clamped((self.rules.psi_expected - psi).max(0.0)),
            psd_literal: Unit::clamped((self.rules.psi_expected - psi).abs()),
            ps_delta: shift.map(|shift| Unit::clamped(shift.abs())),
            ps_delta_signed: shift,
            pci: Measured::from_option(last, Missing::NoPreviousAnswer)
                .map(|last| Unit::clamped(dot(vector, last.vector))),
            pd: Unit::clamped(1.0 - prs),
        }
    }
}

/// Memberships of stable, reflective and recenter; each `0..=1`, their sum is one.
fn membership(d0: f64, rules: &PhaseRules) -> [f64; 3] {
    let stable = ((rules.stable_until - d0) / rules.ramp).clamp(0.0, 1.0);
    let recenter = ((d0 - rules.recenter_from) / rules.ramp).clamp(0.0, 1.0);
    [stable, (1.0 - stable - recenter).max(0.0), recenter]
}

fn expected(commanded: PhaseAxis, rules: &PhaseRules) -> [f64; 3] {
    let mut target = [1.0 - rules.command_weight, 0.0, 0.0];
    target[commanded as usize] += rules.command_weight;
    unit(target)
}

fn strongest([stable, reflective, recenter]: [f64; 3]) -> PhaseAxis {
    if stable >= reflective && stable >= recenter {
        PhaseAxis::Stable
    } else if reflective >= recenter {
        PhaseAxis::Reflective
    } else {
        PhaseAxis::Recenter
    }
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn unit(v: [f64; 3]) -> [f64; 3] {
    let norm = dot(v, v).sqrt();
    v.map(|x| x / norm)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_2026_04;
    use proptest::prelude::*;

    fn axis() -> impl Strategy<Value = PhaseAxis> {
        prop_oneof![
            Just(PhaseAxis::Stable),
            Just(PhaseAxis::Reflective),
            Just(PhaseAxis::Recenter)
        ]
    }

    fn track() -> PhaseTrack {
        PhaseTrack::new(SRIP_2026_04.phase)
    }

    #[test]
    fn calm_is_the_stable_axis_and_storm_the_recenter_axis() {
        let calm = track().measure(0.2, PhaseAxis::Stable);
        assert_eq!(
            (calm.vector, calm.prs, calm.pd),
            ([1.0, 0.0, 0.0], Unit::ONE, Unit::ZERO)
        );
        assert_eq!(
            (calm.psd, calm.psd_literal.get() > 0.09),
            (Unit::ZERO, true)
        );
        let storm = track().measure(5.0, PhaseAxis::Stable);
        assert_eq!((storm.state, storm.theta), (PhaseAxis::Recenter, Unit::ONE));
    }

    #[test]
    fn the_printed_check_points_of_di_hold() {
        // DI = (2 * SCR * D0 + PD) / (3 * SCR) at SCR .92, commanded stable
        for (d0, di) in [(0.45, 0.34), (0.50, 0.44), (0.55, 0.54), (0.60, 0.67)] {
            let pd = track().measure(d0, PhaseAxis::Stable).pd.get();
            let got = (2.0 * 0.92 * d0 + pd) / (3.0 * 0.92);
            assert!((got - di).abs() < 0.006, "{d0}: {got}");
        }
    }

    #[test]
    fn psd_meets_psi_where_srip_02_says() {
        let mut track = track();
        for _ in 0..8 {
            track.measure(0.0, PhaseAxis::Stable);
        }
        let reading = track.measure(0.65, PhaseAxis::Stable);
        assert!(reading.psi_window_full && reading.psi.get() < 0.90);
        assert!((reading.psd.get() + reading.psi.get() - 0.90).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn vectors_are_unit_and_survive_a_round_trip(
            steps in prop::collection::vec((any::<f64>(), axis()), 1..40),
        ) {
            let mut a = track();
            for (d0, commanded) in steps {
                let text = serde_json::to_string(&a).unwrap();
                let mut b: PhaseTrack = serde_json::from_str(&text).unwrap();
                let (x, y) = (a.measure(d0, commanded), b.measure(d0, commanded));
                prop_assert_eq!(&x, &y);
                prop_assert!((dot(x.vector, x.vector) - 1.0).abs() < 1e-12);
                prop_assert!(x.vector.iter().all(|c| *c >= 0.0));
            }
            prop_assert!(a.resonances.len() <= SRIP_2026_04.phase.psi_window);
        }

        #[test]
        fn less_drift_never_resonates_less_with_stable(d0 in 0.0f64..1.0, less in 0.0f64..1.0) {
            let x = track().measure(d0, PhaseAxis::Stable).prs;
            let y = track().measure(d0 * less, PhaseAxis::Stable).prs;
            prop_assert!(y.get() >= x.get() - 1e-12);
        }
    }
}
