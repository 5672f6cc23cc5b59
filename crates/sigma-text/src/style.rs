//! How a text is written: the features that make a voice.

use serde::{Deserialize, Serialize};

/// Features of a text's form. Shares are `0..=1`; counts are plain numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Style {
    /// Words.
    pub words: f64,
    /// Sentences.
    pub sentences: f64,
    /// Mean words a sentence.
    pub sentence_length: f64,
    /// Mean letters a word.
    pub word_length: f64,
    /// Share of lines that are list items or numbered steps.
    pub list_share: f64,
    /// List items.
    pub list_items: f64,
    /// Markdown marks (headings, bold, tables, fences) a line.
    pub markdown: f64,
    /// Share of sentences that are questions.
    pub questions: f64,
    /// Exclamation marks a sentence.
    pub exclamations: f64,
    /// First person singular pronouns a word.
    pub first_person: f64,
    /// Second person pronouns a word.
    pub second_person: f64,
    /// Contractions a word.
    pub contractions: f64,
    /// Share of sentences that begin with a bare verb: instructions.
    pub imperatives: f64,
    /// Hedges ("perhaps", "might") a word.
    pub hedges: f64,
    /// Stop words a word.
    pub function_words: f64,
    /// Commas, semicolons and dashes a sentence.
    pub clause_marks: f64,
    /// Different words of all words over a moving window of 50 (MATTR).
    pub variety: f64,
    /// First person plural pronouns a word.
    #[serde(default)]
    pub first_plural: f64,
    /// Words that leave no doubt ("definitely", "always") a word.
    #[serde(default)]
    pub boosters: f64,
    /// Words of formal writing ("furthermore", "regarding") a word.
    #[serde(default)]
    pub formal: f64,
    /// Words of casual talk ("yeah", "gonna") a word.
    #[serde(default)]
    pub informal: f64,
    /// Courtesies ("please", "thanks", "sorry") a word.
    #[serde(default)]
    pub courtesy: f64,
    /// Abstract nouns by their endings ("-tion", "-ment", "-ness", "-ity") a word.
    #[serde(default)]
    pub abstractions: f64,
    /// Words in capitals, of two letters or more, a word.
    #[serde(default)]
    pub capitals: f64,
    /// Emoji a sentence.
    #[serde(default)]
    pub emoji: f64,
    /// Bold stretches a line.
    #[serde(default)]
    pub bold: f64,
    /// Headings a line.
    #[serde(default)]
    pub headings: f64,
    /// Share of lines within code fences.
    #[serde(default)]
    pub code_share: f64,
    /// Mean words of a paragraph: of a stretch without blank line.
    #[serde(default)]
    pub paragraph_length: f64,
    /// Colons a word.
    #[serde(default)]
    pub colons: f64,
    /// Opening parentheses a word.
    #[serde(default)]
    pub parentheses: f64,
}

/// Reads one feature.
type Feature = (&'static str, fn(&Style) -> f64);

macro_rules! features {
    ($($name:ident)*) => {
        const FEATURES: &[Feature] = &[$((stringify!($name), |s| s.$name)),*];
    };
}

features! {
    words sentences sentence_length word_length list_share list_items markdown questions exclamations
    first_person second_person contractions imperatives hedges function_words clause_marks variety
    first_plural boosters formal informal courtesy abstractions capitals emoji bold headings
    code_share paragraph_length colons parentheses
}

impl Style {
    /// All features with their names, in the order of the fields.
    ///
    /// ```
    /// let style = sigma_text::read("Is it ready?").style;
    /// let (name, value) = style.features().find(|(name, _)| *name == "questions").unwrap();
    /// assert_eq!((name, value), ("questions", 1.0));
    /// ```
    pub fn features(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        FEATURES.iter().map(|(name, read)| (*name, read(self)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_a_feature() {
        let json = serde_json::to_value(Style::default()).unwrap();
        let fields: std::collections::BTreeSet<&str> = json
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let style = Style::default();
        assert_eq!(fields, style.features().map(|(name, _)| name).collect());
    }
}
