//! Terminological index (`SRIP-10 §2.2`): how far the words of the last cycles are those of the
//! session's beginning and those of fifty cycles ago.

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, Missing, Unit};

use crate::{packed::TermSet, rules::AepRules, stats::Window};

/// Terms of the beginning and of the last cycles. Bounded: each cycle and the base have a limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct TiTrack {
    cycles: u64,
    base: TermSet,
    recent: Window<TermSet>,
}

impl TiTrack {
    /// Starts without a past.
    pub(crate) fn new(rules: &AepRules) -> Self {
        let kept = rules.ti_lag + rules.ti_window;
        Self {
            cycles: 0,
            base: TermSet::default(),
            recent: Window::new(kept),
        }
    }

    /// Takes in an answer's terms:
    /// `TI = a * dice(T_base, T_t) + (1 - a) * dice(T_{t-50}, T_t)`, with `T_t` the union of the last
    /// eight cycles and `a` falling from .7 to .3 over the second fifty cycles.
    ///
    /// Missing until the base of fifty cycles is complete; the lagged part counts once it exists.
    pub(crate) fn observe(&mut self, rules: &AepRules, terms: TermSet) -> Measured<Unit> {
        self.cycles += 1;
        if self.cycles <= rules.ti_base {
            self.base.absorb(&terms, rules.base_terms);
        }
        self.recent.push(terms);
        let now = TermSet::union(self.recent.iter().rev().take(rules.ti_window));
        if now.is_empty() {
            return Measured::Missing(Missing::EmptyText);
        }
        if self.cycles < rules.ti_base {
            return Measured::Missing(Missing::WindowTooShort);
        }
        let Some(base) = self.base.dice(&now) else {
            return Measured::Missing(Missing::NothingYet);
        };
        let lagged = (self.recent.len() == rules.ti_lag + rules.ti_window)
            .then(|| TermSet::union(self.recent.iter().take(rules.ti_window)))
            .and_then(|before| before.dice(&now));
        let value = lagged.map_or(base, |lagged| {
            let alpha = self.alpha(rules);
            alpha * base + (1.0 - alpha) * lagged
        });
        Measured::Value(Unit::clamped(value))
    }

    fn alpha(&self, rules: &AepRules) -> f64 {
        let past = self.cycles.saturating_sub(rules.ti_base) as f64 / rules.ti_fade as f64;
        rules.ti_alpha_first + (rules.ti_alpha_last - rules.ti_alpha_first) * past.min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_03;

    fn terms(words: &[&str]) -> TermSet {
        TermSet::of(words.iter().copied(), 99)
    }

    #[test]
    fn the_same_words_forever_give_one_and_new_words_fall() {
        let rules = &SRIP_03.aep;
        let mut track = TiTrack::new(rules);
        for _ in 1..rules.ti_base {
            let early = track.observe(rules, terms(&["stone", "water"]));
            assert_eq!(early, Measured::Missing(Missing::WindowTooShort));
        }
        assert_eq!(
            track.observe(rules, terms(&["stone", "water"])),
            Measured::Value(Unit::ONE)
        );
        let mut last = Measured::Missing(Missing::NothingYet);
        for _ in 0..rules.ti_window {
            last = track.observe(rules, terms(&["glass", "smoke"]));
        }
        assert_eq!(last, Measured::Value(Unit::ZERO));
    }
}
