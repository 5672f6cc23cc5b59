//! What is kept of an utterance, and how common its words are in the dialogue.

use serde::{Deserialize, Serialize};
use sigma_text::{Embedding, Term, Utterance};
use sigma_types::Speaker;

use super::{cues::Cues, wording};
use crate::rules::SubjectRules;

/// An utterance as the window keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Heard {
    pub(crate) speaker: Speaker,
    pub(crate) vector: Option<Embedding>,
    /// Hashes of its distinct content words, sorted.
    pub(crate) terms: Vec<u32>,
    pub(crate) cues: Cues,
    /// How much it is worded as openings are.
    pub(crate) wording: f64,
    /// Vector of its last sentence; kept for the latest utterance only.
    pub(crate) tail: Option<Embedding>,
    /// The model's inputs when it was heard; kept as long as hindsight may ask.
    pub(crate) inputs: Vec<f64>,
    /// Log-odds, from the past alone, that it starts another subject.
    #[serde(default)]
    pub(crate) odds: f64,
}

impl Heard {
    pub(crate) fn new(speaker: Speaker, utterance: &Utterance, rules: &SubjectRules) -> Self {
        let terms = distinct(&utterance.reading.terms, rules);
        Self {
            speaker,
            vector: utterance.vectors.whole.clone(),
            terms,
            cues: Cues::read(&utterance.reading),
            wording: wording::score(utterance.text()),
            tail: None,
            inputs: Vec::new(),
            odds: 0.0,
        }
    }

    pub(crate) fn has(&self, term: u32) -> bool {
        self.terms.binary_search(&term).is_ok()
    }
}

/// Hashes of the distinct content words, sorted.
pub(crate) fn distinct(terms: &[Term], rules: &SubjectRules) -> Vec<u32> {
    let stems = terms.iter().map(|term| hash(&term.stem));
    let mut terms: Vec<u32> = stems.take(rules.max_terms * 4).collect();
    terms.sort_unstable();
    terms.dedup();
    terms.truncate(rules.max_terms);
    terms
}

/// FNV-1a, folded to 32 bits: stable across platforms and releases.
pub(crate) fn hash(text: &str) -> u32 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    (state ^ (state >> 32)) as u32
}

const BUCKETS: usize = 1024;
const HALVE_AT: u32 = 1 << 12;

/// In how many utterances each word was, in buckets of a hash: fixed size, old counts fade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct WordCounts {
    buckets: Vec<u16>,
    heard: u32,
    total: u64,
}

impl Default for WordCounts {
    fn default() -> Self {
        Self {
            buckets: vec![0; BUCKETS],
            heard: 0,
            total: 0,
        }
    }
}

impl WordCounts {
    /// Utterances taken in since the beginning.
    pub(crate) fn utterances(&self) -> u64 {
        self.total
    }

    pub(crate) fn take_in(&mut self, terms: &[u32]) {
        for term in terms {
            if let Some(bucket) = self.buckets.get_mut(*term as usize % BUCKETS) {
                *bucket = bucket.saturating_add(1);
            }
        }
        self.heard += 1;
        self.total += 1;
        if self.heard >= HALVE_AT {
            self.heard /= 2;
            self.buckets.iter_mut().for_each(|n| *n /= 2);
        }
    }

    /// Utterances a word was in.
    pub(crate) fn count(&self, term: u32) -> u32 {
        self.buckets
            .get(term as usize % BUCKETS)
            .copied()
            .unwrap_or(0)
            .into()
    }

    /// How telling a word is: high where few utterances had it.
    pub(crate) fn idf(&self, term: u32) -> f64 {
        let (n, df) = (f64::from(self.heard), f64::from(self.count(term)));
        (1.0 + (n + 1.0) / (df + 0.5)).ln()
    }
}
