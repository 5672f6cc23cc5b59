//! Memory between runtimes (`SRIP-05 §4`, `§6`): the layer of `SRIP-04 §5` in a signed envelope, and a
//! quarantine for what a peer pushed.

use serde::{Deserialize, Serialize, Serializer};
use sigma_memory::{EmbedderTag, MemoryLayer, PilInvariants, SymbolicMotifs};
use sigma_types::{Cycle, Timestamp};
use std::collections::BTreeMap;

use crate::{
    Discloses, KeyId, Message, Misfit, RuntimeId, Verified,
    message::{Payload, SealedPayload, order},
    rules::{ReadLimits, Rules, SnapshotRules},
};

/// A memory snapshot with its header.
pub type MemorySnapshot = Message<MemoryShare>;

/// Memory as it is shared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemoryShare {
    /// The cycle after which it was taken.
    pub cycle: Cycle,
    /// What made the vectors; without it they compare with nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedder: Option<EmbedderTag>,
    /// The three layers and the invariants (`SRIP-04 §5`).
    #[serde(serialize_with = "shortest")]
    pub memory_layer: MemoryLayer,
}

/// What a peer pushed: foreign, kept apart, to be looked at.
///
/// There is no function from here into a memory, and none is wanted: a snapshot of a peer is never
/// recalled, never overwrites an invariant and never becomes a frame (`SRIP-05 §2`: shared state tells,
/// it does not command).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quarantined<T> {
    /// Who pushed it.
    source: RuntimeId,
    /// The key that vouched for it.
    key: KeyId,
    /// When it came.
    at: Timestamp,
    /// Its checksum.
    checksum: String,
    content: T,
}

impl Quarantined<MemoryShare> {
    /// Puts a verified snapshot into quarantine.
    #[must_use]
    pub fn receive(snapshot: Verified<MemorySnapshot>, at: Timestamp) -> Self {
        Self {
            source: snapshot.message().header.source_runtime_id,
            key: snapshot.key_id().clone(),
            at,
            checksum: snapshot.signature().checksum.clone(),
            content: snapshot.into_message().payload,
        }
    }
}

impl<T> Quarantined<T> {
    /// Who pushed it.
    #[must_use]
    pub const fn source(&self) -> RuntimeId {
        self.source
    }

    /// The key that vouched for it.
    #[must_use]
    pub const fn key(&self) -> &KeyId {
        &self.key
    }

    /// When it came.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Its checksum.
    #[must_use]
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    /// Looks at it without taking it out.
    #[must_use]
    pub const fn inspect(&self) -> &T {
        &self.content
    }
}

impl SealedPayload for MemoryShare {}
impl Payload for MemoryShare {
    const PURPOSE: &'static str = "sigma-interop/memory-snapshot/v1";
    const DISCLOSES: Discloses = Discloses::State;
    const ORDER: &'static [&'static str] = order![
        "cycle",
        "embedder",
        "id",
        "weights",
        "memory_layer",
        "episodic_store",
        "cycle_id",
        "state_vector",
        "drift_index",
        "summary",
        "semantic_map",
        "concepts",
        "embeddings",
        "symbolic_motifs",
        "clusters",
        "density_scores",
        "pil_invariants",
        "identity_vector",
        "core_motifs",
    ];

    fn limits(rules: &Rules) -> &ReadLimits {
        &rules.snapshot
    }

    fn check(&self, rules: &Rules) -> Result<(), Misfit> {
        check(&self.memory_layer, &rules.memory)
    }
}

fn check(layer: &MemoryLayer, rules: &SnapshotRules) -> Result<(), Misfit> {
    let few = |field: &str, len: usize, most: usize| {
        if len > most {
            let rule = format!("has {len} entries, at most {most} are taken");
            return Err(Misfit::new(format!("memory_layer/{field}"), rule));
        }
        Ok(())
    };
    let SnapshotRules {
        episodes,
        motifs,
        dimensions,
        text_bytes,
    } = *rules;
    few("episodic_store", layer.episodic_store.len(), episodes)?;
    for episode in &layer.episodic_store {
        few(
            "episodic_store/state_vector",
            episode.state_vector.len(),
            dimensions,
        )?;
        few("episodic_store/summary", episode.summary.len(), text_bytes)?;
    }
    let map = &layer.semantic_map;
    few("semantic_map/concepts", map.concepts.len(), motifs)?;
    few("semantic_map/embeddings", map.embeddings.len(), motifs)?;
    for links in map.concepts.values() {
        few("semantic_map/concepts", links.len(), motifs)?;
    }
    for vector in map.embeddings.values() {
        few("semantic_map/embeddings", vector.len(), dimensions)?;
    }
    let symbols = &layer.symbolic_motifs;
    few("symbolic_motifs/clusters", symbols.clusters.len(), motifs)?;
    if symbols.clusters.len() != symbols.density_scores.len() {
        return Err(Misfit::new(
            "memory_layer/symbolic_motifs/density_scores",
            "has one entry for each cluster",
        ));
    }
    let pil = &layer.pil_invariants;
    let vectors = layer
        .episodic_store
        .iter()
        .map(|episode| &episode.state_vector)
        .chain(map.embeddings.values())
        .chain([&pil.identity_vector]);
    if vectors.flatten().any(|x| !x.is_finite()) {
        return Err(Misfit::new(
            "memory_layer",
            "holds a vector with a part beyond single precision",
        ));
    }
    few(
        "pil_invariants/identity_vector",
        pil.identity_vector.len(),
        dimensions,
    )?;
    few("pil_invariants/core_motifs", pil.core_motifs.len(), motifs)
}

/// Writes the layer with each `f32` as the shortest decimal that reads back to it, since canonical
/// JSON would write the digits of its `f64`.
fn shortest<S: Serializer>(layer: &MemoryLayer, serializer: S) -> Result<S::Ok, S::Error> {
    let vectors = |map: &BTreeMap<String, Vec<f32>>| {
        map.iter()
            .map(|(key, vector)| (key.clone(), decimals(vector)))
            .collect()
    };
    let PilInvariants {
        identity_vector,
        core_motifs,
    } = &layer.pil_invariants;
    WireLayer {
        episodic_store: layer
            .episodic_store
            .iter()
            .map(|episode| WireEpisode {
                cycle_id: episode.cycle_id,
                state_vector: decimals(&episode.state_vector),
                drift_index: episode.drift_index,
                summary: &episode.summary,
            })
            .collect(),
        semantic_map: WireMap {
            concepts: &layer.semantic_map.concepts,
            embeddings: vectors(&layer.semantic_map.embeddings),
        },
        symbolic_motifs: &layer.symbolic_motifs,
        pil_invariants: WirePil {
            identity_vector: decimals(identity_vector),
            core_motifs,
        },
    }
    .serialize(serializer)
}

fn decimals(vector: &[f32]) -> Vec<f64> {
    vector
        .iter()
        .map(|x| x.to_string().parse().unwrap_or(f64::from(*x)))
        .collect()
}

#[derive(Serialize)]
struct WireLayer<'a> {
    episodic_store: Vec<WireEpisode<'a>>,
    semantic_map: WireMap<'a>,
    symbolic_motifs: &'a SymbolicMotifs,
    pil_invariants: WirePil<'a>,
}

#[derive(Serialize)]
struct WireEpisode<'a> {
    cycle_id: u64,
    state_vector: Vec<f64>,
    drift_index: Option<f64>,
    summary: &'a str,
}

#[derive(Serialize)]
struct WireMap<'a> {
    concepts: &'a BTreeMap<String, Vec<String>>,
    embeddings: BTreeMap<String, Vec<f64>>,
}

#[derive(Serialize)]
struct WirePil<'a> {
    identity_vector: Vec<f64>,
    core_motifs: &'a [String],
}
