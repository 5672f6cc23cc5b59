//! Logistic models as data.

use serde::{Deserialize, Serialize};

use super::{Evidence, HINDSIGHT_INPUTS, weights, weights_2026_11};

/// Which weights decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SubjectModelId {
    /// A handful of weights set by hand.
    Plain,
    /// Weights fitted on labelled dialogue in November 2026.
    Fitted202611,
}

/// One reason for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// What was seen.
    pub evidence: Evidence,
    /// By how much it moved the log-odds of a new subject, against a usual utterance: above zero
    /// speaks for it.
    pub weight: f64,
}

/// Weights of a logistic model over `N` inputs.
#[derive(Debug)]
pub(crate) struct Model<const N: usize> {
    pub(crate) bias: f64,
    pub(crate) weights: [f64; N],
    /// What each input usually is, so that a reason tells what is unusual.
    pub(crate) usual: [f64; N],
}

const REASONS: usize = 4;

impl<const N: usize> Model<N> {
    /// The probability, and the weightiest reasons among the inputs of the utterance itself.
    pub(crate) fn score(&self, inputs: &[f64; N]) -> (f64, Vec<Reason>) {
        let mut reasons = Vec::with_capacity(Evidence::COUNT);
        for (i, weight) in self.moves(inputs).enumerate() {
            if let Some(evidence) = Evidence::ALL.get(i) {
                reasons.push(Reason {
                    evidence: *evidence,
                    weight,
                });
            }
        }
        reasons.sort_by(|a, b| {
            b.weight
                .abs()
                .total_cmp(&a.weight.abs())
                .then(a.evidence.cmp(&b.evidence))
        });
        reasons.truncate(REASONS);
        (1.0 / (1.0 + (-self.odds(inputs)).exp()), reasons)
    }

    /// The log-odds of a new subject.
    pub(crate) fn odds(&self, inputs: &[f64; N]) -> f64 {
        self.moves(inputs).fold(self.bias, |odds, by| odds + by)
    }

    /// By how much each input moves the log-odds.
    fn moves(&self, inputs: &[f64; N]) -> impl Iterator<Item = f64> {
        let usual = self.usual.iter().zip(&self.weights);
        inputs
            .iter()
            .zip(usual)
            .map(|(x, (usual, w))| w * (x - usual))
    }
}

impl SubjectModelId {
    pub(crate) fn past(self) -> &'static Model<{ Evidence::COUNT }> {
        match self {
            Self::Plain => &weights::PLAIN_PAST,
            Self::Fitted202611 => &weights_2026_11::PAST,
        }
    }

    pub(crate) fn hindsight(self) -> &'static Model<HINDSIGHT_INPUTS> {
        match self {
            Self::Plain => &weights::PLAIN_HINDSIGHT,
            Self::Fitted202611 => &weights_2026_11::HINDSIGHT,
        }
    }
}
