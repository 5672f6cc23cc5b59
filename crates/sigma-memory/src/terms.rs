//! The words that a frame is found by.

use std::{collections::BTreeMap, ops::Range};

use sigma_text::Reading;

/// Counts content words and numbers outside the `skipped` byte ranges: sorted, at most `limit`
/// different ones, with the number of all.
pub(crate) fn frame_terms(
    reading: &Reading,
    skipped: &[Range<usize>],
    limit: usize,
) -> (Vec<(String, u32)>, u32) {
    let inside = |span: &Range<usize>| skipped.iter().any(|s| s.contains(&span.start));
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let kept = reading.terms.iter().filter(|t| !inside(&t.span));
    for term in kept {
        *counts.entry(&term.stem).or_default() += 1;
    }
    if skipped.is_empty() {
        for number in number_terms(&reading.words) {
            *counts.entry(number).or_default() += 1;
        }
    }
    let length = counts.values().sum();
    (
        counts
            .into_iter()
            .take(limit)
            .map(|(t, n)| (t.to_owned(), n))
            .collect(),
        length,
    )
}

/// Bare numbers, which are no content words and yet what is often asked for.
pub(crate) fn number_terms(words: &[String]) -> impl Iterator<Item = &str> {
    words
        .iter()
        .map(String::as_str)
        .filter(|w| w.len() <= 32 && w.starts_with(|c: char| c.is_ascii_digit()))
}
