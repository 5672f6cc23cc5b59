//! The three layers and the PIL as they are shown and exchanged (`SRIP-04 §2`, `§5`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sigma_text::Embedding;

use crate::{Frame, Memory, field::six};

/// The memory of a session in the form that the standard prescribes (`SRIP-04 §5`).
///
/// It is bounded: the newest frames and their strongest concepts, however long the dialogue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemoryLayer {
    /// Turn frames.
    pub episodic_store: Vec<Episode>,
    /// Concepts, what they go with, and their vectors.
    pub semantic_map: SemanticMap,
    /// Motif clusters and their densities.
    pub symbolic_motifs: SymbolicMotifs,
    /// Identity invariants.
    pub pil_invariants: PilInvariants,
}

/// One cycle of the episodic layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Episode {
    /// The cycle.
    pub cycle_id: u64,
    /// The field state vector after it; empty where there was none.
    pub state_vector: Vec<f32>,
    /// Composite drift, unclamped; `null` where it could not be measured.
    pub drift_index: Option<f64>,
    /// The cycle in one line for each utterance.
    pub summary: String,
}

/// The semantic layer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SemanticMap {
    /// Motif key to the keys it was spoken of with, the most often first.
    pub concepts: BTreeMap<String, Vec<String>>,
    /// Motif key to the mean vector of the frames that hold it.
    pub embeddings: BTreeMap<String, Vec<f32>>,
}

/// The symbolic layer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SymbolicMotifs {
    /// Motif keys, the densest first.
    pub clusters: Vec<String>,
    /// Share of the frames shown that hold each of them.
    pub density_scores: Vec<f64>,
}

/// The identity invariants, as they are exchanged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PilInvariants {
    /// Direction of the identity text; empty where none is anchored.
    pub identity_vector: Vec<f32>,
    /// Keys of the core motifs.
    pub core_motifs: Vec<String>,
}

impl Memory {
    /// The three layers and the PIL (`SRIP-04 §5`).
    pub fn layer(&self) -> MemoryLayer {
        let clusters = self.clusters();
        MemoryLayer {
            episodic_store: self.episodes(),
            semantic_map: self.semantic_map(&clusters),
            symbolic_motifs: SymbolicMotifs {
                density_scores: clusters
                    .iter()
                    .map(|(_, n)| six(*n as f64 / self.shown()))
                    .collect(),
                clusters: clusters
                    .into_iter()
                    .map(|(key, _)| key.to_owned())
                    .collect(),
            },
            pil_invariants: PilInvariants {
                identity_vector: self
                    .pil
                    .identity()
                    .map(|i| floats(i.codes.embedding().as_ref()))
                    .unwrap_or_default(),
                core_motifs: self.pil.core_motifs().iter().cloned().collect(),
            },
        }
    }

    fn shown(&self) -> f64 {
        self.recent.len().max(1) as f64
    }

    fn episodes(&self) -> Vec<Episode> {
        let mut all: Vec<Episode> = Vec::new();
        for frame in &self.recent {
            match all.last_mut().filter(|e| e.cycle_id == frame.cycle.0) {
                Some(episode) => {
                    episode.summary.push('\n');
                    episode.summary.push_str(&frame.summary);
                }
                None => all.push(Episode {
                    cycle_id: frame.cycle.0,
                    state_vector: Vec::new(),
                    drift_index: None,
                    summary: frame.summary.clone(),
                }),
            }
            if let (Some(episode), Some(record)) = (all.last_mut(), &frame.record) {
                let state = record.state.as_ref().and_then(crate::Codes::embedding);
                episode.state_vector = floats(state.as_ref());
                episode.drift_index = record
                    .measures
                    .di
                    .value()
                    .map(sigma_types::NonNegative::get);
            }
        }
        all
    }

    /// Motif keys with the number of shown frames that hold them, the most first.
    fn clusters(&self) -> Vec<(&str, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for key in self.recent.iter().flat_map(|f| &f.motifs) {
            *counts.entry(key).or_default() += 1;
        }
        let mut all: Vec<_> = counts.into_iter().collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all.truncate(self.rules.bounds.concepts);
        all
    }

    fn semantic_map(&self, clusters: &[(&str, usize)]) -> SemanticMap {
        let keys: BTreeSet<&str> = clusters.iter().map(|(key, _)| *key).collect();
        let mut map = SemanticMap::default();
        for key in &keys {
            let holding: Vec<&Frame> = self
                .recent
                .iter()
                .filter(|f| f.motifs.iter().any(|m| m == key))
                .collect();
            let mut beside: BTreeMap<&str, usize> = BTreeMap::new();
            let others = holding.iter().flat_map(|f| &f.motifs).map(String::as_str);
            for other in others.filter(|o| o != key && keys.contains(o)) {
                *beside.entry(other).or_default() += 1;
            }
            let mut beside: Vec<_> = beside.into_iter().collect();
            beside.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            let links = beside
                .into_iter()
                .take(self.rules.bounds.motifs)
                .map(|(k, _)| k.to_owned());
            map.concepts.insert((*key).to_owned(), links.collect());
            let vectors: Vec<Embedding> = holding
                .iter()
                .filter_map(|f| f.vector.as_ref())
                .filter(|v| self.embedder.as_ref() == Some(&v.embedder))
                .filter_map(|v| v.codes.embedding())
                .collect();
            if let Some(mean) = Embedding::mean(&vectors) {
                map.embeddings
                    .insert((*key).to_owned(), floats(Some(&mean)));
            }
        }
        map
    }
}

/// Four decimals: what eight-bit vectors hold, in a form that reads back bit for bit.
fn floats(vector: Option<&Embedding>) -> Vec<f32> {
    vector.map_or_else(Vec::new, |v| {
        v.as_slice()
            .iter()
            .map(|x| (x * 1e4).round() / 1e4 + 0.0)
            .collect()
    })
}
