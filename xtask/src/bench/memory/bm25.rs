//! The baseline: BM25 over words, each turn a document, and nothing else.

use std::collections::{BTreeMap, HashMap};

use sigma_text::read;

/// Saturation of repeated words.
const K1: f64 = 1.2;
/// Length normalisation.
const B: f64 = 0.75;

/// An index of one conversation.
pub(super) struct Bm25 {
    postings: HashMap<String, Vec<(usize, u32)>>,
    lengths: Vec<f64>,
}

impl Bm25 {
    pub(super) fn new(documents: impl IntoIterator<Item = String>) -> Self {
        let mut postings: HashMap<String, Vec<(usize, u32)>> = HashMap::new();
        let mut lengths = Vec::new();
        for (number, text) in documents.into_iter().enumerate() {
            let counts = counts(&text);
            lengths.push(counts.values().map(|n| f64::from(*n)).sum());
            for (term, n) in counts {
                postings.entry(term).or_default().push((number, n));
            }
        }
        Self { postings, lengths }
    }

    /// The `limit` best documents, the best first; documents that share no word are left out.
    pub(super) fn ranked(&self, query: &str, limit: usize) -> Vec<usize> {
        let documents = self.lengths.len() as f64;
        let mean = (self.lengths.iter().sum::<f64>() / documents.max(1.0)).max(1.0);
        let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
        for term in counts(query).into_keys() {
            let postings = self.postings.get(&term).map_or(&[][..], Vec::as_slice);
            let df = postings.len() as f64;
            let idf = (1.0 + (documents - df + 0.5) / (df + 0.5)).ln();
            for (number, n) in postings {
                let tf = f64::from(*n);
                let norm = K1 * (1.0 - B + B * self.lengths[*number] / mean);
                *scores.entry(*number).or_default() += idf * tf * (K1 + 1.0) / (tf + norm);
            }
        }
        let mut ranked: Vec<(usize, f64)> = scores.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(limit);
        ranked.into_iter().map(|(number, _)| number).collect()
    }
}

/// Stemmed content words and numbers: the same words that memory looks at.
fn counts(text: &str) -> BTreeMap<String, u32> {
    let reading = read(text);
    let numbers = reading
        .words
        .iter()
        .filter(|w| w.starts_with(|c: char| c.is_ascii_digit()))
        .cloned();
    let mut counts = BTreeMap::new();
    for term in reading.terms.into_iter().map(|t| t.stem).chain(numbers) {
        *counts.entry(term).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarer_word_decides() {
        let texts = ["the boat is red", "the boat is blue", "a red car", "boats"];
        let index = Bm25::new(texts.map(str::to_owned));
        assert_eq!(index.ranked("Which boat was red?", 2), [0, 2]);
        assert!(index.ranked("nothing of that", 5).is_empty());
    }
}
