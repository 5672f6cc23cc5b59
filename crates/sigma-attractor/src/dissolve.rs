//! Ending an attractor without losing what must last (`SRIP-02 §6.5`).

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Timestamp};
use std::collections::BTreeSet;

use crate::{
    Attractor, CausalChain, CausalRecord, Change, DissolutionCause, Motif, rules::MotifRules,
};

/// What is left of a dissolved attractor: its last metadata, the protected motifs, and the link
/// in the causal chain that says what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Dissolution {
    /// The attractor as it was.
    pub attractor: Attractor,
    /// Why it ended.
    pub cause: DissolutionCause,
    /// Motifs that identity invariants protect; the registry holds them on.
    pub kept: Vec<Motif>,
    /// The link in the causal chain.
    pub record: CausalRecord,
}

/// Dissolves an attractor. `protected` holds the keys of the core motifs of the identity
/// invariants (PIL): those it carries are given back, never dropped.
pub(crate) fn dissolve(
    attractor: Attractor,
    cause: DissolutionCause,
    protected: &BTreeSet<String>,
    cycle: Cycle,
    at: Timestamp,
    chain: &mut CausalChain,
) -> Dissolution {
    let kept: Vec<Motif> = attractor
        .motifs
        .iter()
        .filter(|m| protected.contains(&m.key))
        .cloned()
        .collect();
    let keys = kept.iter().map(|m| m.key.clone()).collect();
    let change = Change::Dissolved { cause, kept: keys };
    let record = chain.record(cycle, at, attractor.id, attractor.parent_id, change);
    Dissolution {
        attractor,
        cause,
        kept,
        record,
    }
}

/// Motifs that outlived their attractors, by key. Bounded by the protected keys it was given.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Remains(Vec<Motif>);

impl Remains {
    pub(crate) fn keep(&mut self, motifs: &[Motif], rules: &MotifRules) {
        for motif in motifs {
            match self.0.binary_search_by(|held| held.key.cmp(&motif.key)) {
                Ok(at) => {
                    let held = &mut self.0[at];
                    held.count += motif.count;
                    held.first = held.first.min(motif.first);
                    if motif.weight_at(motif.last, rules) >= held.weight_at(motif.last, rules) {
                        held.weight = motif.weight;
                    }
                    held.last = held.last.max(motif.last);
                }
                Err(at) => self.0.insert(at, motif.clone()),
            }
        }
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Motif> {
        self.0.iter()
    }
}
