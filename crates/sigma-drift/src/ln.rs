//! Liquidity of an answer, L/N (`SRIP-10 §2.3`): the share of its sentences that are neither tautology
//! nor noise.

use serde::{Deserialize, Serialize};
use sigma_text::Utterance;
use sigma_types::{Measured, Missing, Unit};

use crate::{redundancy::Redundancy, rules::AepRules};

/// What the published telemetry holds: `(n - 1) / n` over the `n` sentences of five words and more.
/// The printed gate adds one noise tag to nearly every answer, and the printed bounds on information
/// gain never bite.
pub(crate) fn published(rules: &AepRules, answer: &Utterance) -> Measured<Unit> {
    let n = answer
        .reading
        .sentences
        .iter()
        .filter(|s| s.words >= rules.ln_words)
        .count();
    let value = (n > 0).then(|| Unit::clamped((n as f64 - 1.0) / n as f64));
    Measured::from_option(value, Missing::TooShort)
}

/// Bounds of the information gain that is usual in a session: collected over its first answers, then
/// kept. Bounded by the number of samples.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct GainBounds {
    samples: Vec<f32>,
    bounds: Option<(f64, f64)>,
}

impl GainBounds {
    /// The lower and upper bound in force.
    pub(crate) fn bounds(&self, rules: &AepRules) -> (f64, f64) {
        self.bounds.unwrap_or((rules.gain_low, rules.gain_high))
    }

    /// Learns from an answer until there are enough samples.
    pub(crate) fn learn(&mut self, rules: &AepRules, gains: &[f64]) {
        if self.bounds.is_some() {
            return;
        }
        let room = rules.gain_samples - self.samples.len().min(rules.gain_samples);
        self.samples
            .extend(gains.iter().take(room).map(|gain| *gain as f32));
        if self.samples.len() >= rules.gain_samples {
            let mut all = std::mem::take(&mut self.samples);
            all.sort_unstable_by(f32::total_cmp);
            let at = |share: f64| f64::from(all[((all.len() - 1) as f64 * share).round() as usize]);
            self.bounds = Some((at(rules.gain_share), at(1.0 - rules.gain_share)));
        }
    }
}

/// Shares of an answer's sentences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Liquidity {
    /// Neither tautology nor noise.
    pub ln: Measured<Unit>,
    /// Sentences that add next to nothing.
    pub tautology: Measured<Unit>,
    /// Sentences that have nothing to do with those before them.
    pub noise: Measured<Unit>,
}

/// The calibrated figure: bounds as the session itself has them, and no gate.
pub(crate) fn calibrated(found: &Redundancy, (low, high): (f64, f64)) -> Liquidity {
    let n = found.gains.len();
    let share = |holds: &dyn Fn(f64) -> bool| {
        let value = (n > 0).then(|| {
            Unit::clamped(found.gains.iter().filter(|gain| holds(**gain)).count() as f64 / n as f64)
        });
        Measured::from_option(value, Missing::TooShort)
    };
    Liquidity {
        ln: share(&|gain| gain >= low && gain <= high),
        tautology: share(&|gain| gain < low),
        noise: share(&|gain| gain > high),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_03;

    #[test]
    fn the_session_sets_its_own_bounds_once() {
        let rules = &SRIP_03.aep;
        let mut bounds = GainBounds::default();
        let gains: Vec<f64> = (0..rules.gain_samples)
            .map(|i| 0.3 + i as f64 * 0.001)
            .collect();
        bounds.learn(rules, &gains);
        let set = bounds.bounds(rules);
        assert!(set.0 > 0.29 && set.1 < 0.3 + rules.gain_samples as f64 * 0.001 && set.0 < set.1);
        bounds.learn(rules, &[9.0; 900]);
        assert_eq!(bounds.bounds(rules), set);
        let found = Redundancy {
            gains: vec![0.0, set.0, set.1, 5.0],
            ..Redundancy::default()
        };
        let shares = calibrated(&found, set);
        assert_eq!(shares.ln, Measured::Value(Unit::clamped(0.5)));
        assert_eq!(shares.noise, Measured::Value(Unit::clamped(0.25)));
    }
}
