//! How many texts of a dialogue use a stem: rare stems weigh more when texts are compared.

use crate::{Reading, weak_words::is_general};
use serde::{Deserialize, Serialize};
use sigma_types::{Measured, Missing, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// Counts, for each stem, the texts that hold it. Bounded: past its capacity it forgets the
/// stems that fewest texts use, the longest unseen first.
///
/// ```
/// use sigma_text::{TermStats, read};
///
/// let mut stats = TermStats::new(1000);
/// stats.add(&read("The migration starts on Monday."));
/// stats.add(&read("The migration needs a backup."));
/// assert!(stats.weight("backup") > stats.weight("migrat"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TermStats {
    capacity: usize,
    texts: u64,
    counts: BTreeMap<String, Count>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Count {
    texts: u64,
    last: u64,
}

/// Share of the capacity that stays when stems are forgotten.
const KEPT: f64 = 0.75;
/// Factor on the weight of words that fit any subject.
const GENERAL: f64 = 0.3;

impl TermStats {
    /// No text yet; at most `capacity` stems, at least 16.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(16),
            texts: 0,
            counts: BTreeMap::new(),
        }
    }

    /// Counts a text.
    pub fn add(&mut self, reading: &Reading) {
        self.add_stems(reading.terms.iter().map(|t| t.stem.as_str()));
    }

    /// Counts a text given by its stems; one that occurs twice counts once.
    pub fn add_stems<'a>(&mut self, stems: impl IntoIterator<Item = &'a str>) {
        self.texts += 1;
        let now = self.texts;
        for stem in stems {
            match self.counts.get_mut(stem) {
                Some(count) if count.last == now => {}
                Some(count) => {
                    *count = Count {
                        texts: count.texts + 1,
                        last: now,
                    }
                }
                None => {
                    self.counts.insert(
                        stem.to_owned(),
                        Count {
                            texts: 1,
                            last: now,
                        },
                    );
                    self.forget();
                }
            }
        }
    }

    /// Texts counted.
    pub fn texts(&self) -> u64 {
        self.texts
    }

    /// Texts that hold the stem, as far as remembered.
    pub fn texts_with(&self, stem: &str) -> u64 {
        self.counts.get(stem).map_or(0, |count| count.texts)
    }

    /// `ln(1 + (N - n + 1/2) / (n + 1/2))`, as in BM25: positive, the greater the rarer.
    pub fn idf(&self, stem: &str) -> f64 {
        let (all, with) = (self.texts as f64, self.texts_with(stem) as f64);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }

    /// What a stem counts in a comparison: its [`idf`](Self::idf), less for a word that fits any
    /// subject ("thing", "want").
    pub fn weight(&self, stem: &str) -> f64 {
        self.idf(stem) * if is_general(stem) { GENERAL } else { 1.0 }
    }

    /// Weighted Jaccard overlap of two sets of stems.
    pub fn overlap(&self, a: &BTreeSet<&str>, b: &BTreeSet<&str>) -> Measured<Unit> {
        share(self.sum(a.intersection(b)), self.sum(a.union(b)))
    }

    /// The weighted share of `part` that `whole` holds too.
    pub fn containment(&self, part: &BTreeSet<&str>, whole: &BTreeSet<&str>) -> Measured<Unit> {
        share(self.sum(part.intersection(whole)), self.sum(part))
    }

    fn sum<'a>(&self, stems: impl IntoIterator<Item = &'a &'a str>) -> f64 {
        stems.into_iter().map(|stem| self.weight(stem)).sum()
    }

    /// Past the capacity drops the rarest, oldest stems; a text in the making keeps its own last.
    fn forget(&mut self) {
        if self.counts.len() <= self.capacity {
            return;
        }
        let kept = (self.capacity as f64 * KEPT) as usize;
        let mut order: Vec<Count> = self.counts.values().copied().collect();
        order.sort_unstable();
        let limit = order[order.len() - kept];
        self.counts.retain(|_, count| *count > limit);
    }
}

fn share(part: f64, whole: f64) -> Measured<Unit> {
    if whole > 0.0 {
        Measured::Value(Unit::clamped(part / whole))
    } else {
        Measured::Missing(Missing::EmptyText)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> TermStats {
        let mut stats = TermStats::new(100);
        for text in texts {
            stats.add_stems(text.split(' '));
        }
        stats
    }

    #[test]
    fn rare_weighs_more_and_repetition_in_a_text_counts_once() {
        let stats = of(&["a a b", "a c"]);
        assert_eq!((stats.texts_with("a"), stats.texts_with("b")), (2, 1));
        assert!(stats.idf("d") > stats.idf("b"));
        assert!(stats.idf("b") > stats.idf("a"));
        assert!(stats.idf("a") > 0.0);
        assert!(stats.weight("thing") < stats.weight("harbour"));
    }

    #[test]
    fn overlaps() {
        let stats = of(&["a b", "a c"]);
        let (ab, ac, none) = (
            BTreeSet::from(["a", "b"]),
            BTreeSet::from(["a", "c"]),
            BTreeSet::new(),
        );
        assert_eq!(stats.overlap(&ab, &ab), Measured::Value(Unit::ONE));
        let partly = stats.overlap(&ab, &ac).value().unwrap().get();
        assert!(
            partly > 0.0 && partly < 1.0 / 3.0,
            "the shared stem is the common one: {partly}"
        );
        assert!(stats.containment(&ab, &ac).value().unwrap().get() < 0.5);
        assert_eq!(
            stats.overlap(&none, &none),
            Measured::Missing(Missing::EmptyText)
        );
        assert_eq!(
            stats.containment(&none, &ab),
            Measured::Missing(Missing::EmptyText)
        );
    }

    #[test]
    fn bounded_and_keeps_the_common() {
        let mut stats = TermStats::new(50);
        for n in 0..1000 {
            let own = format!("w{n}");
            stats.add_stems(["common", &own]);
            assert!(stats.counts.len() <= 50);
        }
        assert_eq!(stats.texts_with("common"), 1000);
        assert_eq!(stats.texts_with("w999"), 1);
        let many: Vec<String> = (0..500).map(|n| format!("x{n}")).collect();
        stats.add_stems(many.iter().map(String::as_str));
        assert!(stats.counts.len() <= 50);
        assert_eq!(stats.texts_with("common"), 1000);
    }

    #[test]
    fn a_round_trip_changes_nothing() {
        let mut stats = of(&["a b", "a c"]);
        let mut back: TermStats =
            serde_json::from_str(&serde_json::to_string(&stats).unwrap()).unwrap();
        assert_eq!(stats, back);
        for one in [&mut stats, &mut back] {
            one.add_stems(["b", "d"]);
        }
        assert_eq!(stats, back);
    }
}
