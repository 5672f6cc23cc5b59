//! What is usual for a session's evidence: a persona of images seldom repeats its user's words, a plain
//! one nearly always does, and each is to be judged by its own measure.

use serde::{Deserialize, Serialize};

use crate::{
    calibration::Prior,
    rules::UsualRules,
    stats::{Window, middling},
};

/// The log odds of the last calm answers. Bounded by its window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Usual {
    calm: Window<f32>,
}

impl Usual {
    /// Knows nothing of the session yet.
    pub(crate) fn new(rules: &UsualRules) -> Self {
        Self {
            calm: Window::new(rules.window),
        }
    }

    /// How far log odds lie above what is usual, in standard deviations, with a share of the log odds
    /// themselves. What is usual moves from the prior to the session's own as answers come in.
    pub(crate) fn place(&self, rules: &UsualRules, prior: &Prior, odds: f64) -> f64 {
        let past: Vec<f64> = self.calm.iter().map(|x| f64::from(*x)).collect();
        let (centre, spread) =
            middling(&past, rules.spread_share).unwrap_or((prior.centre, prior.spread));
        let trust = past.len() as f64 / (past.len() as f64 + prior.answers);
        let centre = trust * centre + (1.0 - trust) * prior.centre;
        let variance = trust * spread.powi(2) + (1.0 - trust) * prior.spread.powi(2);
        (odds - centre) / variance.sqrt().max(rules.least_spread) + rules.share * odds
    }

    /// Takes in the log odds of a calm answer.
    pub(crate) fn learn(&mut self, rules: &UsualRules, odds: f64) {
        if odds < rules.calm_below {
            self.calm.push(odds as f32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_03;

    #[test]
    fn the_same_odds_are_stranger_in_a_session_that_is_always_on_topic() {
        let rules = &SRIP_03.evidence.usual;
        let prior = Prior {
            centre: -2.0,
            spread: 1.5,
            answers: 8.0,
        };
        let (mut plain, mut loose) = (Usual::new(rules), Usual::new(rules));
        for i in 0..30 {
            plain.learn(rules, -5.0 - f64::from(i % 3) * 0.3);
            loose.learn(rules, -0.5 - f64::from(i % 5) * 0.6);
        }
        let place = |usual: &Usual| usual.place(rules, &prior, 1.0);
        assert!(place(&plain) > place(&loose));
        assert!(place(&Usual::new(rules)) < place(&plain));
        plain.learn(rules, 9.0);
        assert!(
            place(&plain) > place(&loose),
            "what is far off is not usual"
        );
    }
}
