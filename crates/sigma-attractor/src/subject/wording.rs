//! How openings are worded: short runs of words, with weights fitted on labelled dialogue.

use std::collections::BTreeSet;

use super::{parts, wording_table::TABLE};

/// Sentences looked at on either end of an utterance.
const SENTENCES: usize = 2;
/// Words looked at in a sentence.
const WORDS: usize = 24;

/// The runs of one and two words of an utterance, in lower case, and of three where a sentence
/// begins; `^` stands for the beginning of the utterance and `|` for that of a later sentence.
/// Long utterances are looked at from both ends.
pub fn grams(text: &str) -> BTreeSet<String> {
    let spans = parts::split(text);
    let mut found = BTreeSet::new();
    for (at, span) in spans.iter().enumerate() {
        if at >= SENTENCES && at + SENTENCES < spans.len() {
            continue;
        }
        let start: String = text[span.clone()].chars().take(WORDS * 12).collect();
        let lower = start.to_lowercase().replace('’', "'");
        let words = lower
            .split(|c: char| !(c.is_alphanumeric() || c == '\''))
            .filter(|w| !w.is_empty())
            .take(WORDS);
        let mark = if at == 0 { "^" } else { "|" };
        let tokens: Vec<&str> = std::iter::once(mark).chain(words).collect();
        found.extend(tokens[1..].iter().map(|w| (*w).to_owned()));
        found.extend(tokens.windows(2).map(|w| w.join(" ")));
        found.extend(tokens.get(..3).map(|w| w.join(" ")));
    }
    found
}

/// Sum of the weights of the runs of an utterance: above zero where openings are worded so.
pub(crate) fn score(text: &str) -> f64 {
    let weight = |gram: &String| {
        TABLE
            .binary_search_by(|(known, _)| (*known).cmp(gram.as_str()))
            .map_or(0.0, |at| TABLE[at].1)
    };
    grams(text).iter().map(weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_know_where_sentences_begin() {
        let found = grams("That's nice. Do you like pizza?");
        for gram in [
            "^ that's",
            "^ that's nice",
            "nice",
            "| do you",
            "like pizza",
        ] {
            assert!(found.contains(gram), "{gram}");
        }
        assert!(!found.contains("nice do"));
        assert!(grams("").is_empty());
    }

    #[test]
    fn the_table_is_sorted_for_the_search() {
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
    }
}
