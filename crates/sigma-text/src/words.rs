//! Words, their folding, and writing without spaces.

use std::{borrow::Cow, ops::Range};
use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// A word with its place.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// Byte range in the text.
    pub(crate) span: Range<usize>,
    /// Compatibility-composed, lower case, straight apostrophes.
    pub(crate) folded: String,
}

/// The words of a part of a text, in order.
pub(crate) fn words(text: &str, part: Range<usize>) -> impl Iterator<Item = Word> + '_ {
    let offset = part.start;
    text[part]
        .unicode_word_indices()
        .map(move |(at, word)| Word {
            span: offset + at..offset + at + word.len(),
            folded: fold(word),
        })
}

/// Folds case and compatibility forms: words that read the same become the same string.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let composed: String = word
        .nfkc()
        .filter(|c| !is_ignorable(*c) && !c.is_whitespace())
        .map(|c| if is_apostrophe(c) { '\'' } else { c })
        .collect();
    composed.to_lowercase().nfkc().collect()
}

/// Joiners, soft hyphen and byte order mark: seen by nobody, so they must not tell words apart.
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    )
}

/// Every form in which an apostrophe is typed.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '\u{ff07}' | '\u{b4}' | '\u{60}'
    )
}

/// Without the possessive ending of English.
pub(crate) fn without_possessive(folded: &str) -> &str {
    folded
        .strip_suffix("'s")
        .or_else(|| folded.strip_suffix('\''))
        .unwrap_or(folded)
}

/// Whether words of this script are written without spaces: Han, Kana, Thai, Lao, Khmer, Burmese.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3fffd}')
}

/// Whether a character is Hiragana, which mostly carries grammar.
pub(crate) fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{309f}')
}

/// At most `limit` characters of a string.
pub(crate) fn clipped(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        Some((at, _)) => Cow::Borrowed(&text[..at]),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_unites_forms() {
        assert_eq!(fold("Don’t"), "don't");
        assert_eq!(fold("ＦＵＬＬ"), "full");
        assert_eq!(fold("E\u{301}té"), "été");
        assert_eq!(fold("a¯b"), "āb", "no space, which would part a key");
        assert_eq!(fold("co\u{ad}operate"), "cooperate");
    }

    #[test]
    fn spans_are_in_the_text() {
        let text = "Ünïcode — «words» 3.14";
        let found: Vec<_> = words(text, 0..text.len()).map(|w| &text[w.span]).collect();
        assert_eq!(found, ["Ünïcode", "words", "3.14"]);
    }
}
