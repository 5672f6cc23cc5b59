//! How the clues of the grounded profile are weighed.

use serde::{Deserialize, Serialize};

use crate::{calibration::Weights, identity::Claim};

/// What is usual for a session's evidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct UsualRules {
    /// Calm answers remembered.
    pub window: usize,
    /// Share of the plain spread that the robust one is no less than.
    pub spread_share: f64,
    /// No spread is less.
    pub least_spread: f64,
    /// Share of the log odds themselves in the place.
    pub share: f64,
    /// Log odds at which an answer is too far off to be usual.
    pub calm_below: f64,
}

/// Evidence of the grounded profile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EvidenceRules {
    /// Weights where single words can be looked up.
    pub by_word: Weights,
    /// Weights where only whole texts have vectors.
    pub by_text: Weights,
    /// What is usual for a session.
    pub usual: UsualRules,
    /// Differences beyond this many robust standard deviations count no more.
    pub z_limit: f64,
    /// What is left of a difference that the user asked for.
    pub licensed: f64,
    /// Drift that another name, model talk and a name left out amount to by themselves.
    pub claims: [f64; 3],
    /// Drift that a broken constraint amounts to by itself.
    pub breach: f64,
    /// Broken constraints that count at most.
    pub breaches: usize,
    /// Weight of the newest answer in the course against the asked voice.
    pub course_smoothing: f64,
    /// Answers looked back on.
    pub course_window: usize,
    /// From this degree an answer counts as against it.
    pub course_counts: f64,
    /// So many of the window and it is the rule.
    pub course_on: usize,
    /// So few and it no longer is.
    pub course_off: usize,
    /// Log odds from which a reason is worth saying.
    pub worth_saying: f64,
    /// Robust standard deviations from which a feature is named.
    pub shift_told: f64,
    /// Reasons in an explanation at most.
    pub most_reasons: usize,
}

impl EvidenceRules {
    /// Drift that a claim about the speaker amounts to by itself.
    pub fn claim(&self, claim: &Claim) -> f64 {
        let [other, model, unnamed] = self.claims;
        match claim {
            Claim::OwnName => 0.0,
            Claim::OtherName { .. } => other,
            Claim::Model { .. } => model,
            Claim::Unnamed => unnamed,
        }
    }
}
