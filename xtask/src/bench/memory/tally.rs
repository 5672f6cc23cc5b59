//! Evidence recall, added up.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// How many of the turns found first are looked at.
pub(super) const DEPTHS: [usize; 4] = [5, 10, 25, 50];

/// Means over questions.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) questions: usize,
    sums: [f64; DEPTHS.len()],
}

/// The share of a question's evidence among the first turns found, at each depth.
pub(super) fn shares(found: &[usize], evidence: &[usize]) -> [f64; DEPTHS.len()] {
    DEPTHS.map(|depth| {
        let first = &found[..depth.min(found.len())];
        let hits = evidence.iter().filter(|e| first.contains(e)).count();
        hits as f64 / evidence.len().max(1) as f64
    })
}

impl Tally {
    pub(super) fn add(&mut self, shares: [f64; DEPTHS.len()]) {
        self.questions += 1;
        self.sums.iter_mut().zip(shares).for_each(|(s, x)| *s += x);
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.questions += other.questions;
        let both = self.sums.iter_mut().zip(other.sums);
        both.for_each(|(s, x)| *s += x);
    }

    /// Mean recall at each depth, `0..=1`; `None` without a question.
    pub(super) fn means(&self) -> Option<[f64; DEPTHS.len()]> {
        (self.questions > 0).then(|| self.sums.map(|s| s / self.questions as f64))
    }

    /// `questions` and `recall_at_5` to `recall_at_50`, which are null without a question.
    pub(super) fn json(&self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("questions".to_owned(), json!(self.questions));
        for (at, depth) in DEPTHS.iter().enumerate() {
            let mean = self.means().map(|m| (m[at] * 1e4).round() / 1e4);
            object.insert(format!("recall_at_{depth}"), json!(mean));
        }
        object
    }
}

impl Serialize for Tally {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json().serialize(serializer)
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, " {:9}", self.questions)?;
        match self.means() {
            Some(means) => means
                .iter()
                .try_for_each(|m| write!(f, " {:5.1}", 100.0 * m)),
            None => DEPTHS.iter().try_for_each(|_| write!(f, "     -")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_found_is_a_half() {
        let found: Vec<usize> = (0..8).collect();
        assert_eq!(shares(&found, &[7, 99]), [0.0, 0.5, 0.5, 0.5]);
        let mut tally = Tally::default();
        assert_eq!(tally.json()["recall_at_5"], Value::Null);
        tally.add(shares(&found, &[0]));
        tally.add(shares(&found, &[99]));
        assert_eq!(tally.json()["recall_at_5"], json!(0.5));
        assert_eq!(tally.to_string(), "         2  50.0  50.0  50.0  50.0");
    }
}
