//! From recalled items to a picture of the field (`SRIP-04 §4`).

use serde::Serialize;
use sigma_types::{Cycle, Measured, NonNegative};

use super::{Query, Recalled};
use crate::{Memory, invariants::re};

/// What recall gives back: the items, and the field that they add up to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recollection {
    /// The items, the best first.
    pub items: Vec<Recalled>,
    /// The field.
    pub field: FieldSnapshot,
}

/// The field as memory reconstructs it from recalled items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldSnapshot {
    /// One line for each item, in the order in which they were said.
    pub thread: Vec<(Cycle, String)>,
    /// Motif keys that the items share with the query or with each other, the most shared first.
    pub motifs: Vec<String>,
    /// Composite drift at the last committed cycle.
    pub drift: Measured<NonNegative>,
    /// Share of the items whose summary still says what was said (RE).
    pub efficiency: Measured<sigma_types::Unit>,
}

impl Memory {
    /// Recalls, then orders what was found by time and tells what it has in common.
    pub fn reconstruct(&self, query: &Query<'_>) -> Recollection {
        let items = self.recall(query);
        let mut thread: Vec<_> = items
            .iter()
            .map(|i| (i.provenance.frame, i.provenance.cycle, &i.summary))
            .collect();
        thread.sort_unstable();
        let field = FieldSnapshot {
            thread: thread
                .into_iter()
                .map(|(_, cycle, line)| (cycle, line.clone()))
                .collect(),
            motifs: self.common_motifs(&items),
            drift: self.trail.drift(),
            efficiency: re::efficiency(self, &items),
        };
        Recollection { items, field }
    }

    fn common_motifs(&self, items: &[Recalled]) -> Vec<String> {
        let mut counts = std::collections::BTreeMap::<u32, usize>::new();
        for item in items {
            for motif in self.marks.motifs(item.provenance.frame.0 as u32) {
                *counts.entry(*motif).or_default() += 1;
            }
        }
        let mut shared: Vec<(usize, &str)> = counts
            .into_iter()
            .filter(|(_, n)| *n > 1)
            .filter_map(|(motif, n)| Some((n, self.motifs.name(motif)?)))
            .collect();
        shared.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        shared.truncate(self.rules.bounds.motifs);
        shared.into_iter().map(|(_, key)| key.to_owned()).collect()
    }
}
