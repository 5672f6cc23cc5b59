//! The first and the last sentence of an utterance: the one answers, the other goes on.

use sigma_text::{Embedding, Utterance};
use std::ops::Range;

use super::{
    cues::{ANAPHORA, AUX, WH},
    heard::{Heard, WordCounts, distinct},
};
use crate::rules::SubjectRules;

/// One sentence of an utterance.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub(crate) vector: Option<Embedding>,
    /// Hashes of its distinct content words, sorted.
    pub(crate) terms: Vec<u32>,
    pub(crate) words: usize,
    pub(crate) asks: bool,
    pub(crate) wh: bool,
    pub(crate) aux: bool,
    pub(crate) anaphora: bool,
}

/// The sentences of an utterance at its two ends.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) head: Part,
    pub(crate) tail: Part,
    pub(crate) count: usize,
    /// Content words before the last sentence.
    before_tail: Vec<u32>,
}

impl Parts {
    pub(crate) fn new(utterance: &Utterance, rules: &SubjectRules) -> Self {
        let text = utterance.text();
        let spans = split(text);
        let (Some(head), Some(tail)) = (spans.first(), spans.last()) else {
            return Self::default();
        };
        let terms = &utterance.reading.terms;
        let begun = terms.partition_point(|term| term.span.start < tail.start);
        Self {
            head: Part::new(utterance, head, rules),
            tail: Part::new(utterance, tail, rules),
            count: spans.len(),
            before_tail: distinct(&terms[..begun], rules),
        }
    }

    /// Share of the telling words of the last sentence that were said before, here or in others.
    pub(crate) fn known_in_tail<'a>(
        &self,
        others: impl Iterator<Item = &'a Heard>,
        counts: &WordCounts,
    ) -> f64 {
        let others: Vec<&Heard> = others.collect();
        let (mut found, mut all) = (0.0, 0.0);
        for term in &self.tail.terms {
            let weight = counts.idf(*term);
            all += weight;
            if self.before_tail.binary_search(term).is_ok() || others.iter().any(|h| h.has(*term)) {
                found += weight;
            }
        }
        if all > 0.0 { found / all } else { 0.0 }
    }
}

impl Part {
    fn new(utterance: &Utterance, span: &Range<usize>, rules: &SubjectRules) -> Self {
        let reading = &utterance.reading;
        let text = &utterance.text()[span.clone()];
        let from = reading
            .terms
            .partition_point(|term| term.span.start < span.start);
        let to = reading
            .terms
            .partition_point(|term| term.span.start < span.end);
        let lower = text.chars().take(LOOK).collect::<String>().to_lowercase();
        let words: Vec<&str> = lower
            .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
            .filter(|w| !w.is_empty())
            .collect();
        let first = words
            .iter()
            .find(|w| !FILLERS.contains(w))
            .copied()
            .unwrap_or_default();
        Self {
            vector: vector(utterance, span),
            terms: distinct(reading.terms.get(from..to).unwrap_or_default(), rules),
            words: words.len(),
            asks: text.trim_end().ends_with(['?', '？', '؟']),
            wh: WH.contains(&first),
            aux: AUX.contains(&first),
            anaphora: words.iter().take(8).any(|w| ANAPHORA.contains(w)),
        }
    }
}

const LOOK: usize = 400;
const FILLERS: &[&str] = &["and", "but", "hey", "oh", "ok", "okay", "or", "so", "well"];

/// Splits after end marks that white space follows, however the next word is written: people do
/// not always begin a sentence with a capital.
pub(crate) fn split(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = 0;
    let mut marked = false;
    for (at, c) in text.char_indices() {
        if marked && c.is_whitespace() {
            push(text, start..at, &mut spans);
            start = at;
        }
        marked = matches!(c, '.' | '!' | '?' | '。' | '？' | '！' | '؟' | '\n');
    }
    push(text, start..text.len(), &mut spans);
    spans
}

fn push(text: &str, span: Range<usize>, spans: &mut Vec<Range<usize>>) {
    let body = &text[span.clone()];
    if body.contains(char::is_alphanumeric) {
        spans.push(span);
    } else if let Some(last) = spans.last_mut() {
        last.end = span.end;
    }
}

/// The vector of the sentence that holds the middle of a span, else of the whole.
fn vector(utterance: &Utterance, span: &Range<usize>) -> Option<Embedding> {
    let middle = usize::midpoint(span.start, span.end);
    let sentences = &utterance.reading.sentences;
    let at = sentences.iter().position(|s| s.span.contains(&middle));
    let own = at.and_then(|at| utterance.vectors.sentences.get(at).cloned().flatten());
    own.or_else(|| utterance.vectors.whole.clone())
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn sentences_end_at_marks_before_white_space() {
        let parts = |text: &str| split(text).len();
        assert_eq!(parts("that is nice . do you like pizza ?"), 2);
        assert_eq!(parts("it is 3.5 p.m... really?!"), 2);
        assert_eq!(parts("one\n\ntwo"), 2);
        assert_eq!(parts(" ?! "), 0);
    }
}
