//! Readings for tests that do not hang on how the text crate picks terms.

use sigma_text::{Embedding, KeyPhrase, Reading, Term, Utterance, Vectors};

/// Every word of three letters or more is a term and a phrase.
pub(crate) fn reading(text: &str) -> Reading {
    let mut reading = sigma_text::read(text);
    let base = text.as_ptr() as usize;
    let words: Vec<(usize, &str)> = text
        .split_whitespace()
        .filter(|w| w.chars().count() > 2)
        .map(|w| (w.as_ptr() as usize - base, w))
        .collect();
    reading.terms = words
        .iter()
        .map(|(at, w)| Term {
            stem: w.to_lowercase(),
            span: *at..at + w.len(),
        })
        .collect();
    reading.phrases = words
        .iter()
        .map(|(_, w)| KeyPhrase {
            key: w.to_lowercase(),
            surface: (*w).to_owned(),
            weight: 0.8,
        })
        .collect();
    reading.phrases.dedup_by(|a, b| a.key == b.key);
    reading
}

/// A reading with a vector of letter counts: texts of the same words lie near each other.
pub(crate) fn utterance(text: &str) -> Utterance {
    let reading = reading(text);
    let mut counts = vec![0.0f32; 64];
    for term in &reading.terms {
        let sum: usize = term
            .stem
            .bytes()
            .enumerate()
            .map(|(i, b)| (i + 1) * usize::from(b))
            .sum();
        counts[sum % 64] += 1.0;
    }
    Utterance {
        reading,
        vectors: Vectors {
            whole: Embedding::new(counts).ok(),
            sentences: Vec::new(),
        },
    }
}
