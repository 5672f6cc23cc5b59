//! Motifs: what a dialogue keeps coming back to (`SRIP-02 §4 motifs`).

use serde::{Deserialize, Serialize};
use sigma_text::KeyPhrase;
use sigma_types::{Cycle, NonNegative};

use crate::rules::MotifRules;

/// A recurring word or short run of words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Motif {
    /// Stems joined by a space: its identity.
    pub key: String,
    /// As first written.
    pub surface: String,
    /// Sum of the weights of its occurrences as of `last`, older ones decayed.
    pub weight: NonNegative,
    /// Utterances it occurred in.
    pub count: u64,
    /// The cycle of its first occurrence.
    pub first: Cycle,
    /// The cycle of its latest occurrence.
    pub last: Cycle,
}

impl Motif {
    /// The weight as of a later cycle: it halves and fades while the motif stays away.
    #[must_use]
    pub fn weight_at(&self, now: Cycle, rules: &MotifRules) -> f64 {
        let age = now.since(self.last).min(i32::MAX as u64) as i32;
        self.weight.get() * rules.decay.powi(age)
    }
}

/// A bounded set of motifs, ordered by key, in JSON a list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(from = "Vec<Motif>", into = "Vec<Motif>")]
pub struct MotifSet(Vec<Motif>);

impl From<Vec<Motif>> for MotifSet {
    fn from(mut motifs: Vec<Motif>) -> Self {
        motifs.sort_by(|a, b| a.key.cmp(&b.key));
        motifs.dedup_by(|a, b| a.key == b.key);
        Self(motifs)
    }
}

impl From<MotifSet> for Vec<Motif> {
    fn from(set: MotifSet) -> Self {
        set.0
    }
}

impl MotifSet {
    /// The number of motifs.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, ordered by key.
    pub fn iter(&self) -> std::slice::Iter<'_, Motif> {
        self.0.iter()
    }

    /// The motif of a key.
    pub fn find(&self, key: &str) -> Option<&Motif> {
        self.position(key).ok().map(|at| &self.0[at])
    }

    /// The `n` weightiest as of a cycle, the weightiest first; equals in order of their keys.
    pub fn top(&self, n: usize, now: Cycle, rules: &MotifRules) -> Vec<&Motif> {
        let mut ranked: Vec<(f64, &Motif)> = self
            .0
            .iter()
            .map(|motif| (motif.weight_at(now, rules), motif))
            .collect();
        ranked.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.key.cmp(&y.key)));
        ranked.into_iter().take(n).map(|(_, motif)| motif).collect()
    }

    /// Takes in the key phrases of one utterance; the weakest motifs give way when it is full.
    pub fn observe(&mut self, phrases: &[KeyPhrase], cycle: Cycle, rules: &MotifRules) {
        for phrase in phrases.iter().take(rules.per_utterance) {
            if phrase.key.is_empty() || phrase.key.len() > rules.max_key {
                continue;
            }
            let Ok(weight) = NonNegative::new(phrase.weight.min(1.0)) else {
                continue;
            };
            match self.position(&phrase.key) {
                Ok(at) => {
                    let motif = &mut self.0[at];
                    let sum = motif.weight_at(cycle, rules) + weight.get();
                    motif.weight = NonNegative::new(sum).unwrap_or(weight);
                    motif.count += 1;
                    motif.last = motif.last.max(cycle);
                }
                Err(at) => {
                    let surface = cut(&phrase.surface, rules.max_key).to_owned();
                    let key = phrase.key.clone();
                    let motif = Motif {
                        key,
                        surface,
                        weight,
                        count: 1,
                        first: cycle,
                        last: cycle,
                    };
                    self.0.insert(at, motif);
                }
            }
        }
        self.shrink(cycle, rules);
    }

    /// Takes in the motifs of another set: counts add up, weights too.
    pub fn absorb(&mut self, other: &Self, now: Cycle, rules: &MotifRules) {
        for motif in other {
            match self.position(&motif.key) {
                Ok(at) => {
                    let own = &mut self.0[at];
                    let last = own.last.max(motif.last);
                    let sum = own.weight_at(last, rules) + motif.weight_at(last, rules);
                    own.weight = NonNegative::new(sum).unwrap_or(own.weight);
                    own.count += motif.count;
                    own.first = own.first.min(motif.first);
                    own.last = last;
                }
                Err(at) => self.0.insert(at, motif.clone()),
            }
        }
        self.shrink(now, rules);
    }

    /// Shannon entropy of the weights in bits, and the number of motifs; `None` without weight.
    pub fn entropy(&self, now: Cycle, rules: &MotifRules) -> Option<(f64, usize)> {
        let weights: Vec<f64> = self
            .0
            .iter()
            .map(|motif| motif.weight_at(now, rules))
            .collect();
        let total: f64 = weights.iter().sum();
        (total > 0.0).then(|| {
            let share = weights.iter().map(|w| w / total).filter(|p| *p > 0.0);
            (
                -share.map(|p| p * p.log2()).sum::<f64>() + 0.0,
                weights.len(),
            )
        })
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|motif| motif.key.as_str().cmp(key))
    }

    fn shrink(&mut self, now: Cycle, rules: &MotifRules) {
        while self.0.len() > rules.capacity {
            let weakest = self.0.iter().enumerate().min_by(|(_, a), (_, b)| {
                let by_weight = a.weight_at(now, rules).total_cmp(&b.weight_at(now, rules));
                by_weight.then_with(|| b.key.cmp(&a.key))
            });
            let Some((at, _)) = weakest else { break };
            self.0.remove(at);
        }
    }
}

impl<'a> IntoIterator for &'a MotifSet {
    type Item = &'a Motif;
    type IntoIter = std::slice::Iter<'a, Motif>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The longest prefix of at most `bytes` bytes that ends between characters.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_2026_04;
    use proptest::prelude::*;

    const RULES: MotifRules = SRIP_2026_04.motifs;

    fn phrase(key: &str, weight: f64) -> KeyPhrase {
        KeyPhrase {
            key: key.into(),
            surface: key.into(),
            weight,
        }
    }

    #[test]
    fn recurrence_outweighs_a_single_mention() {
        let mut set = MotifSet::default();
        set.observe(
            &[phrase("harbour", 0.6), phrase("lantern", 1.0)],
            Cycle(1),
            &RULES,
        );
        set.observe(&[phrase("harbour", 0.6)], Cycle(2), &RULES);
        let top = set.top(2, Cycle(2), &RULES);
        assert_eq!(
            (top[0].key.as_str(), top[0].count, top[0].first),
            ("harbour", 2, Cycle(1))
        );
        assert!(top[1].weight_at(Cycle(2), &RULES) < 1.0);
    }

    #[test]
    fn equal_weights_have_no_entropy_deficit() {
        let mut set = MotifSet::default();
        assert_eq!(set.entropy(Cycle(1), &RULES), None);
        set.observe(
            &["a", "b", "c", "d"].map(|k| phrase(k, 0.5)),
            Cycle(1),
            &RULES,
        );
        assert_eq!(set.entropy(Cycle(1), &RULES), Some((2.0, 4)));
    }

    proptest! {
        #[test]
        fn it_stays_bounded_ordered_and_round_trips(
            rounds in prop::collection::vec(
                prop::collection::vec(("[a-z é👍]{0,12}", prop::num::f64::ANY), 0..40), 0..20,
            ),
        ) {
            let mut set = MotifSet::default();
            for (cycle, round) in rounds.iter().enumerate() {
                let phrases: Vec<_> = round.iter().map(|(k, w)| phrase(k, *w)).collect();
                set.observe(&phrases, Cycle(cycle as u64), &RULES);
                prop_assert!(set.len() <= RULES.capacity);
            }
            prop_assert!(set.0.windows(2).all(|w| w[0].key < w[1].key));
            let text = serde_json::to_string(&set).unwrap();
            prop_assert_eq!(serde_json::from_str::<MotifSet>(&text).unwrap(), set);
        }
    }
}
