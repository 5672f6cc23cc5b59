//! How long a text is for a model.

/// Counts the tokens of a text. The prompt budget is kept in this unit.
pub trait TokenCounter: Send + Sync {
    /// Tokens of `text`.
    fn count(&self, text: &str) -> usize;
}

/// An estimate that needs no vocabulary and errs on the long side for the usual tokenizers: one token
/// for every four bytes of ASCII, two for every other character, and never less than one a word.
#[derive(Debug, Clone, Copy, Default)]
pub struct EstimatedTokens;

impl TokenCounter for EstimatedTokens {
    fn count(&self, text: &str) -> usize {
        let ascii = text.bytes().filter(u8::is_ascii).count();
        let other = text.chars().filter(|c| !c.is_ascii()).count();
        let marks = text.bytes().filter(u8::is_ascii_punctuation).count();
        let words = text.split_ascii_whitespace().count();
        // marks are tokens of their own in most vocabularies
        ((ascii - marks.min(ascii)).div_ceil(4) + marks).max(words) + 2 * other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_counts_words_and_marks() {
        assert_eq!(EstimatedTokens.count(""), 0);
        assert_eq!(EstimatedTokens.count("a b c d"), 4);
        assert!(EstimatedTokens.count("Hello, world!") >= 4);
    }

    proptest! {
        #[test]
        fn a_longer_text_never_counts_less(a in ".{0,200}", b in ".{0,50}") {
            let joined = format!("{a}{b}");
            prop_assert!(EstimatedTokens.count(&joined) + 1 >= EstimatedTokens.count(&a));
        }
    }
}
