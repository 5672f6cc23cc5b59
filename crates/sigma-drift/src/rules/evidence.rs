//! How the clues of the grounded profile are weighed.

use serde::{Deserialize, Serialize};

use crate::{calibration::Weights, identity::Claim};

/// What is usual for a session's evidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct UsualRules {
    /// Calm answers remembered.
    pub window: usize,
    /// How many times the plain spread the robust one is no less than.
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
    /// Share of the evidence of the turn that counts where the turn has no subject of its own.
    #[serde(default)]
    pub loose: f64,
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
    /// The course of the answers against the asked voice.
    #[serde(default = "CourseRules::usual")]
    pub course: CourseRules,
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

/// When going against something is the rule rather than the exception.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CourseRules {
    /// Weight of the newest answer in the smoothed degree.
    pub smoothing: f64,
    /// Answers looked back on.
    pub window: usize,
    /// From this degree an answer counts as against it.
    pub counts: f64,
    /// So many of the window and it is the rule.
    pub on: usize,
    /// So few and it no longer is.
    pub off: usize,
}

impl CourseRules {
    pub(super) const fn usual() -> Self {
        Self {
            smoothing: 0.2,
            window: 8,
            counts: 0.35,
            on: 4,
            off: 1,
        }
    }
}

/// Form that has become the rule, against what the identity asks for or the session's beginning.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FormRules {
    /// The course of the answers.
    pub course: CourseRules,
    /// A trait has at least so much to say about a feature to be a demand on form.
    pub firm: f64,
    /// Degree that counts as wholly against it once it is the rule.
    pub whole: f64,
    /// Answers that make the beginning.
    pub beginning: usize,
    /// Robust standard deviations from the beginning at which more lists begin to count, and count
    /// wholly.
    pub away: [f64; 2],
    /// Drift before posture of a form against the identity after a calm answer: the index comes to lie
    /// about the beginning of the reflective band.
    pub noticed: f64,
    /// The same after an answer that was called off already: it stays in caution and leads no further.
    pub insisted: f64,
    /// Drift before posture of a form that has only left the beginning: seen, and no alarm.
    pub strayed: f64,
    /// Share of the first two that counts as semantic drift, the identity being left; the rest is the
    /// voice's.
    pub subject_share: f64,
}

impl FormRules {
    /// As measured on recorded dialogue.
    pub(super) const fn measured() -> Self {
        Self {
            course: CourseRules::usual(),
            firm: 0.9,
            whole: 0.6,
            beginning: 10,
            away: [2.0, 5.0],
            noticed: 0.53,
            insisted: 0.59,
            strayed: 0.15,
            subject_share: 0.4,
        }
    }
}
