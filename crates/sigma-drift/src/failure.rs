//! The six failure modes (`SRIP-03 §8`).

use serde::{Deserialize, Serialize};
use sigma_types::NonNegative;

use crate::{posture::ControlPosture, rules::FailureRules, stats::Window};

/// A way in which the control itself goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureMode {
    /// The answer repeats the last ones: hard limit, then recentre.
    RunawayRecursion,
    /// The index lies above .75: quarantine and reset of the volatile field.
    SemanticCollapse,
    /// The posture goes in and out of recovery: containment lock with a timeout.
    RecoveryOscillation,
    /// Answers shrink under damping although the index is calm: lift the damping.
    OverDamping,
    /// The answers keep speaking of who they are: ease the identity.
    SterileAttractor,
    /// Little moves and the form repeats: crystallization (`SRIP-03 §6.1`).
    FormatCrystallization,
}

/// What a cycle shows of the failure modes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signs {
    /// The unclamped index.
    pub di_raw: NonNegative,
    /// The posture.
    pub posture: ControlPosture,
    /// The answer nearly equals the one before it.
    pub repeats: bool,
    /// Length against what is usual, 1 for the usual; `None` while nothing is usual.
    pub relative_length: Option<f64>,
    /// A token limit or damping was in force.
    pub damped: bool,
    /// Share of sentences that speak of the assistant's own identity.
    pub identity_share: f64,
    /// The user asked about it.
    pub identity_asked: bool,
    /// Adjacent semantic drift, where measured.
    pub sdi: Option<f64>,
    /// Openings or endings repeat.
    pub form_repeats: bool,
}

/// The last cycles, as far as failure modes need them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailureTrack {
    repeats: u32,
    suspended: Window<bool>,
    starved: u32,
    saturated: Window<bool>,
    frozen: u32,
}

impl FailureTrack {
    /// Starts without a past.
    pub fn new(rules: &FailureRules) -> Self {
        Self {
            repeats: 0,
            suspended: Window::new(rules.oscillation_window),
            starved: 0,
            saturated: Window::new(rules.sterile_window),
            frozen: 0,
        }
    }

    /// Takes a cycle in and says which modes it is in.
    pub fn observe(&mut self, rules: &FailureRules, signs: Signs) -> Vec<FailureMode> {
        let run = |count: &mut u32, holds: bool| {
            *count = if holds { count.saturating_add(1) } else { 0 };
            *count
        };
        let repeats = run(&mut self.repeats, signs.repeats);
        self.suspended.push(signs.posture.suspends());
        let small = signs
            .relative_length
            .is_some_and(|length| length < rules.starved_length);
        let calm = signs.posture == ControlPosture::Nominal;
        let starved = run(&mut self.starved, small && calm && signs.damped);
        let saturated = signs.identity_share >= rules.sterile_share && !signs.identity_asked;
        self.saturated.push(saturated);
        let still = signs.sdi.is_some_and(|sdi| sdi < rules.frozen_sdi);
        let frozen = run(&mut self.frozen, still && signs.form_repeats);

        let flips = {
            let states: Vec<bool> = self.suspended.iter().copied().collect();
            states.windows(2).filter(|pair| pair[0] != pair[1]).count()
        };
        let sterile = self
            .saturated
            .iter()
            .filter(|saturated| **saturated)
            .count();
        [
            (
                repeats >= rules.recursion_limit,
                FailureMode::RunawayRecursion,
            ),
            (
                signs.di_raw.get() > rules.collapse,
                FailureMode::SemanticCollapse,
            ),
            (
                flips >= rules.oscillation_flips,
                FailureMode::RecoveryOscillation,
            ),
            (starved >= rules.starved_cycles, FailureMode::OverDamping),
            (
                sterile >= rules.sterile_cycles,
                FailureMode::SterileAttractor,
            ),
            (
                frozen >= rules.frozen_cycles,
                FailureMode::FormatCrystallization,
            ),
        ]
        .into_iter()
        .filter_map(|(holds, mode)| holds.then_some(mode))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_03;

    const CALM: Signs = Signs {
        di_raw: NonNegative::ZERO,
        posture: ControlPosture::Nominal,
        repeats: false,
        relative_length: Some(1.0),
        damped: false,
        identity_share: 0.0,
        identity_asked: false,
        sdi: Some(0.3),
        form_repeats: false,
    };

    fn after(cycles: &[Signs]) -> Vec<FailureMode> {
        let mut track = FailureTrack::new(&SRIP_03.failure);
        let mut found = Vec::new();
        for signs in cycles {
            found = track.observe(&SRIP_03.failure, *signs);
        }
        found
    }

    #[test]
    fn calm_is_no_failure() {
        assert!(after(&[CALM; 20]).is_empty());
    }

    #[test]
    fn each_mode_has_its_sign() {
        let repeats = Signs {
            repeats: true,
            ..CALM
        };
        assert!(
            after(&[repeats; 2]).is_empty(),
            "a loop signature of more than two"
        );
        assert_eq!(after(&[repeats; 3]), [FailureMode::RunawayRecursion]);

        let at = |di| Signs {
            di_raw: NonNegative::new(di).unwrap(),
            ..CALM
        };
        assert!(after(&[at(0.75)]).is_empty());
        assert_eq!(after(&[at(0.751)]), [FailureMode::SemanticCollapse]);

        let down = Signs {
            posture: ControlPosture::Recovery,
            ..CALM
        };
        assert_eq!(
            after(&[down, CALM, down, CALM]),
            [FailureMode::RecoveryOscillation]
        );
        assert!(after(&[CALM, down, down, down, CALM]).is_empty());

        let starved = Signs {
            relative_length: Some(0.3),
            damped: true,
            ..CALM
        };
        assert_eq!(after(&[starved; 3]), [FailureMode::OverDamping]);

        let saturated = Signs {
            identity_share: 0.8,
            ..CALM
        };
        assert_eq!(after(&[saturated; 4]), [FailureMode::SterileAttractor]);
        assert!(
            after(
                &[Signs {
                    identity_asked: true,
                    ..saturated
                }; 6]
            )
            .is_empty()
        );

        let frozen = Signs {
            sdi: Some(0.05),
            form_repeats: true,
            ..CALM
        };
        assert_eq!(after(&[frozen; 5]), [FailureMode::FormatCrystallization]);
    }
}
