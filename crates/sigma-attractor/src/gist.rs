//! What an utterance leaves in an attractor.

use serde::{Deserialize, Serialize};
use sigma_text::{Embedding, KeyPhrase, Utterance};
use sigma_types::{Cycle, Timestamp};

use crate::{kind, motif, rules::Rules, subject::distinct};

/// An utterance, cut down to what attractors take from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Gist {
    pub(crate) cycle: Cycle,
    pub(crate) at: Timestamp,
    pub(crate) phrases: Vec<KeyPhrase>,
    pub(crate) vector: Option<Embedding>,
    /// Hashes of its distinct content words, sorted.
    #[serde(default)]
    pub(crate) terms: Vec<u32>,
    /// Rates of the three leanings; `None` without words.
    pub(crate) rates: Option<[f64; 3]>,
    /// How it begins: a name for an attractor without motifs.
    pub(crate) beginning: String,
}

impl Gist {
    pub(crate) fn new(utterance: &Utterance, cycle: Cycle, at: Timestamp, rules: &Rules) -> Self {
        let short = |p: &&KeyPhrase| !p.key.is_empty() && p.key.len() <= rules.motifs.max_key;
        let cut = |p: &KeyPhrase| KeyPhrase {
            key: p.key.clone(),
            surface: motif::cut(&p.surface, rules.motifs.max_key).to_owned(),
            weight: if p.weight.is_finite() {
                p.weight.clamp(0.0, 1.0)
            } else {
                0.0
            },
        };
        let phrases = utterance.reading.phrases.iter().filter(short);
        let beginning = motif::cut(utterance.text().trim_start(), rules.registry.max_name);
        Self {
            cycle,
            at,
            phrases: phrases.take(rules.motifs.per_utterance).map(cut).collect(),
            vector: utterance.vectors.whole.clone(),
            terms: distinct(&utterance.reading.terms, &rules.subject),
            rates: kind::rates(&utterance.reading, &rules.kind),
            beginning: beginning.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }
}
