//! Content words.

use crate::{
    Language, Term,
    stop_words::is_stop_word,
    words::{Word, clipped, is_hiragana, is_unspaced, without_possessive},
};
use std::{collections::HashMap, ops::Range};

/// Longest stem in characters; more is an address or data, of which the beginning will do.
const LONGEST: usize = 48;

/// Terms in order, and the runs of neighbours among them: index ranges into the terms with
/// nothing but a space or hyphen between the words.
pub(crate) fn terms(
    text: &str,
    language: Language,
    sentences: &[Vec<Word>],
) -> (Vec<Term>, Vec<Range<usize>>) {
    // stemming is the dearest step, and words recur
    let mut stems: HashMap<&str, Option<String>> = HashMap::new();
    let mut found = Found {
        terms: Vec::new(),
        runs: Vec::new(),
        run: 0..0,
    };
    for words in sentences {
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).map(|i| &words[i]);
            if before.is_some_and(|b| !joined(&text[b.span.end..word.span.start])) {
                found.close();
            }
            if text[word.span.clone()].starts_with(is_unspaced) {
                found.unspaced(text, before, word);
            } else {
                let stem = stems
                    .entry(&word.folded)
                    .or_insert_with_key(|word| stem(language, word));
                match stem.clone() {
                    Some(stem) => found.add(Term {
                        stem,
                        span: word.span.clone(),
                    }),
                    None => found.close(),
                }
            }
        }
        found.close();
    }
    (found.terms, found.runs)
}

struct Found {
    terms: Vec<Term>,
    runs: Vec<Range<usize>>,
    run: Range<usize>,
}

impl Found {
    fn add(&mut self, term: Term) {
        self.terms.push(term);
        self.run.end = self.terms.len();
    }

    fn close(&mut self) {
        if !self.run.is_empty() {
            self.runs.push(self.run.clone());
        }
        self.run = self.terms.len()..self.terms.len();
    }

    /// Writing without spaces: pairs of neighbouring characters stand for words.
    fn unspaced(&mut self, text: &str, before: Option<&Word>, word: &Word) {
        let mut previous = before
            .filter(|b| b.span.end == word.span.start)
            .and_then(|b| {
                text[b.span.clone()]
                    .char_indices()
                    .next_back()
                    .map(|(i, c)| (b.span.start + i, c))
            })
            .filter(|(_, c)| is_unspaced(*c));
        for (at, c) in text[word.span.clone()].char_indices() {
            let at = word.span.start + at;
            if let Some((from, p)) = previous
                && !(is_hiragana(p) && is_hiragana(c))
            {
                self.close();
                self.add(Term {
                    stem: [p, c].iter().collect(),
                    span: from..at + c.len_utf8(),
                });
            }
            previous = Some((at, c));
        }
    }
}

/// Whether what stands between two words keeps them one phrase.
fn joined(gap: &str) -> bool {
    matches!(
        gap,
        "" | " " | "-" | "\u{2010}" | "\u{2011}" | "\u{a0}" | "/" | "\n"
    )
}

/// The stem of a content word; `None` for stop words, numbers and single letters.
pub(crate) fn stem(language: Language, folded: &str) -> Option<String> {
    let bare = without_possessive(folded);
    let letters = bare.chars().filter(|c| c.is_alphabetic()).take(2).count();
    if letters < 2 || is_stop_word(language, folded) || is_stop_word(language, bare) {
        return None;
    }
    let short = clipped(bare, LONGEST);
    Some(if short.len() < bare.len() {
        short.into_owned()
    } else {
        language.stem(bare)
    })
}

#[cfg(test)]
mod tests {
    fn stems(text: &str) -> Vec<String> {
        crate::read(text)
            .terms
            .into_iter()
            .map(|t| t.stem)
            .collect()
    }

    #[test]
    fn content_words_only() {
        assert_eq!(
            stems("The 3 databases were migrated, weren’t they?"),
            ["databas", "migrat"]
        );
        assert_eq!(
            stems("Die Datenbanken sind umgezogen."),
            ["datenbank", "umgezog"]
        );
        assert_eq!(stems("Ada's plan"), ["ada", "plan"]);
    }

    #[test]
    fn unspaced_writing_gives_pairs() {
        assert_eq!(stems("迁移数据库"), ["迁移", "移数", "数据", "据库"]);
        assert_eq!(stems("数据。库"), ["数据"]);
        assert!(stems("データベースを移行").contains(&"移行".to_owned()));
        assert!(!stems("ฐานข้อมูล").is_empty());
    }
}
