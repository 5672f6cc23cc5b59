//! Symbolic entropy: how evenly the motifs of the field are spread, and how suddenly that changes
//! (`SRIP-06 §3`).

use serde::{Deserialize, Serialize};
use sigma_types::{Hash256, Measured, Missing, Unit};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::rules::EntropyRules;

/// Remembers the last few distributions. Bounded by the rules it is given.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EntropyMeter {
    earlier: VecDeque<Spread>,
    shares: BTreeMap<Hash256, Unit>,
}

/// Entropy of one distribution in bits, and the number of motifs it has.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Spread {
    bits: f64,
    motifs: u32,
}

/// The distribution of one cycle.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Distribution {
    counts: Vec<(String, u64)>,
}

impl Distribution {
    /// Takes the commonest motifs, ties in the order of their keys.
    pub(crate) fn of(motifs: &BTreeMap<String, u64>, rules: EntropyRules) -> Self {
        let mut counts: Vec<(String, u64)> = motifs
            .iter()
            .filter(|(_, n)| **n > 0)
            .map(|(key, n)| (key.clone(), *n))
            .collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        counts.truncate(rules.most_motifs as usize);
        Self { counts }
    }

    /// The same without some motifs.
    pub(crate) fn without(&self, isolated: &BTreeSet<String>) -> Self {
        let kept = self
            .counts
            .iter()
            .filter(|(key, _)| !isolated.contains(key));
        Self {
            counts: kept.cloned().collect(),
        }
    }

    fn shares(&self) -> impl Iterator<Item = (&str, f64)> {
        let total: f64 = self.counts.iter().map(|(_, n)| *n as f64).sum();
        self.counts
            .iter()
            .map(move |(key, n)| (key.as_str(), *n as f64 / total))
    }

    fn spread(&self) -> Spread {
        let bits: f64 = self.shares().map(|(_, p)| -p * p.log2()).sum();
        Spread {
            bits: bits.max(0.0),
            motifs: self.counts.len() as u32,
        }
    }
}

impl EntropyMeter {
    /// `|H - mean of the earlier H| / log2(most motifs seen)`: 0 where the spread stays as it is.
    pub(crate) fn change(&self, now: &Distribution, rules: EntropyRules) -> Measured<Unit> {
        let spread = now.spread();
        if spread.motifs < rules.fewest_motifs.max(2) {
            return Measured::Missing(Missing::NothingYet);
        }
        if self.earlier.is_empty() || self.earlier.len() < rules.window as usize {
            return Measured::Missing(Missing::WindowTooShort);
        }
        let mean = self.earlier.iter().map(|s| s.bits).sum::<f64>() / self.earlier.len() as f64;
        let motifs = self
            .earlier
            .iter()
            .map(|s| s.motifs)
            .fold(spread.motifs, u32::max);
        Measured::Value(Unit::clamped(
            (spread.bits - mean).abs() / f64::from(motifs).log2(),
        ))
    }

    /// The motifs whose share grew most since the last cycle, the greatest growth first.
    pub(crate) fn movers(
        &self,
        now: &Distribution,
        protected: &BTreeSet<String>,
        most: u32,
    ) -> Vec<String> {
        let mut grown: Vec<(f64, &str)> = now
            .shares()
            .filter(|(key, _)| !protected.contains(*key))
            .map(|(key, share)| (share - self.share_before(key), key))
            .filter(|(growth, _)| *growth > 0.0)
            .collect();
        grown.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        grown
            .into_iter()
            .take(most as usize)
            .map(|(_, key)| key.to_owned())
            .collect()
    }

    /// Takes the cycle into the history.
    pub(crate) fn remember(&mut self, now: &Distribution, rules: EntropyRules) {
        if now.counts.is_empty() {
            return;
        }
        self.earlier.push_back(now.spread());
        while self.earlier.len() > rules.window as usize {
            self.earlier.pop_front();
        }
        self.shares = now
            .shares()
            .map(|(key, share)| (Hash256::of(key.as_bytes()), Unit::clamped(share)))
            .collect();
    }

    /// Forgets the history: the field was dissolved or reset, and a new one begins.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    fn share_before(&self, key: &str) -> f64 {
        self.shares
            .get(&Hash256::of(key.as_bytes()))
            .map_or(0.0, |share| share.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;
    use proptest::prelude::*;

    const RULES: EntropyRules = Rules::DEFAULT.entropy;

    fn motifs(counts: &[u64]) -> Distribution {
        let map = counts
            .iter()
            .enumerate()
            .map(|(i, n)| (format!("m{i:02}"), *n))
            .collect();
        Distribution::of(&map, RULES)
    }

    fn after(history: &[&[u64]], now: &[u64]) -> Measured<Unit> {
        let mut meter = EntropyMeter::default();
        for counts in history {
            meter.remember(&motifs(counts), RULES);
        }
        meter.change(&motifs(now), RULES)
    }

    #[test]
    fn an_even_spread_that_stays_has_not_changed() {
        let even: &[u64] = &[5, 5, 5, 5];
        assert_eq!(after(&[even; 5], even), Measured::Value(Unit::ZERO));
    }

    #[test]
    fn collapse_onto_one_motif_is_nearly_the_whole_scale() {
        let change = after(&[&[5u64, 5, 5, 5][..]; 5], &[1_000_000, 1, 1, 1])
            .value()
            .unwrap();
        assert!(change.get() > 0.99, "{change:?}");
    }

    #[test]
    fn it_waits_for_a_window_and_for_motifs() {
        let even: &[u64] = &[5, 5, 5, 5];
        assert_eq!(
            after(&[even; 4], even),
            Measured::Missing(Missing::WindowTooShort)
        );
        assert_eq!(
            after(&[even; 5], &[5, 5, 5]),
            Measured::Missing(Missing::NothingYet)
        );
    }

    #[test]
    fn the_motif_that_grew_is_named_and_a_protected_one_is_spared() {
        let mut meter = EntropyMeter::default();
        meter.remember(&motifs(&[5, 5, 5, 5]), RULES);
        let now = motifs(&[5, 5, 50, 9]);
        assert_eq!(meter.movers(&now, &BTreeSet::new(), 1), ["m02"]);
        let protected = BTreeSet::from(["m02".to_owned()]);
        assert!(
            !meter
                .movers(&now, &protected, 3)
                .contains(&"m02".to_owned())
        );
    }

    proptest! {
        #[test]
        fn any_counts_give_a_valid_change_and_a_bounded_state(
            cycles in proptest::collection::vec(
                proptest::collection::vec(any::<u64>(), 0..100), 0..20),
        ) {
            let mut meter = EntropyMeter::default();
            for counts in &cycles {
                let now = motifs(counts);
                if let Measured::Value(change) = meter.change(&now, RULES) {
                    prop_assert!(change.get().is_finite());
                }
                meter.remember(&now, RULES);
            }
            prop_assert!(meter.earlier.len() <= 5 && meter.shares.len() <= 64);
            let text = serde_json::to_string(&meter).unwrap();
            prop_assert_eq!(serde_json::from_str::<EntropyMeter>(&text).unwrap(), meter);
        }
    }
}
