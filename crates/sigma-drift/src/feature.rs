//! The features of a voice, each with what it is called and what its spread usually is.

use serde::{Deserialize, Serialize};
use sigma_text::Style;

/// A feature of how a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Feature {
    /// Words in the answer.
    Length,
    /// Words a sentence.
    SentenceLength,
    /// Letters a word.
    WordLength,
    /// Share of lines that are list items.
    ListShare,
    /// Markdown marks a line.
    Markdown,
    /// Share of questions.
    Questions,
    /// Exclamation marks a sentence.
    Exclamations,
    /// First person a word.
    FirstPerson,
    /// Second person a word.
    SecondPerson,
    /// Contractions a word.
    Contractions,
    /// Share of instructions.
    Imperatives,
    /// Hedges a word.
    Hedges,
    /// Function words a word.
    FunctionWords,
    /// Commas, semicolons and dashes a sentence.
    ClauseMarks,
    /// Variety of words.
    Variety,
    /// Words a paragraph.
    ParagraphLength,
    /// Bold stretches a line.
    Bold,
    /// Headings a line.
    Headings,
    /// First person plural a word.
    FirstPlural,
    /// Boosters ("certainly", "truly") a word.
    Boosters,
    /// Formal words a word.
    Formal,
    /// Words of courtesy a word.
    Courtesy,
    /// Abstract nouns a word.
    Abstractions,
    /// Colons a word.
    Colons,
    /// Parentheses a word.
    Parentheses,
}

/// What several features have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Facet {
    /// Lists and markdown.
    Structure,
    /// How much is said.
    Length,
    /// How sentences are built.
    Rhythm,
    /// Which kind of words.
    Register,
    /// Who speaks to whom.
    Person,
}

impl Facet {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [
        Self::Structure,
        Self::Length,
        Self::Rhythm,
        Self::Register,
        Self::Person,
    ];
}

impl Feature {
    /// How many there are.
    pub const COUNT: usize = 25;

    /// All of them, in order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Length,
        Self::SentenceLength,
        Self::WordLength,
        Self::ListShare,
        Self::Markdown,
        Self::Questions,
        Self::Exclamations,
        Self::FirstPerson,
        Self::SecondPerson,
        Self::Contractions,
        Self::Imperatives,
        Self::Hedges,
        Self::FunctionWords,
        Self::ClauseMarks,
        Self::Variety,
        Self::ParagraphLength,
        Self::Bold,
        Self::Headings,
        Self::FirstPlural,
        Self::Boosters,
        Self::Formal,
        Self::Courtesy,
        Self::Abstractions,
        Self::Colons,
        Self::Parentheses,
    ];

    /// The facet it belongs to.
    #[must_use]
    pub const fn facet(self) -> Facet {
        match self {
            Self::ListShare | Self::Markdown | Self::Bold | Self::Headings | Self::Colons => {
                Facet::Structure
            }
            Self::Length | Self::ParagraphLength => Facet::Length,
            Self::SentenceLength | Self::ClauseMarks | Self::Parentheses => Facet::Rhythm,
            Self::WordLength
            | Self::Contractions
            | Self::Hedges
            | Self::FunctionWords
            | Self::Boosters
            | Self::Formal
            | Self::Abstractions
            | Self::Variety => Facet::Register,
            Self::FirstPerson
            | Self::SecondPerson
            | Self::FirstPlural
            | Self::Courtesy
            | Self::Questions
            | Self::Imperatives
            | Self::Exclamations => Facet::Person,
        }
    }

    /// Its value as read.
    #[must_use]
    pub fn raw(self, style: &Style) -> f64 {
        match self {
            Self::Length => style.words,
            Self::SentenceLength => style.sentence_length,
            Self::WordLength => style.word_length,
            Self::ListShare => style.list_share,
            Self::Markdown => style.markdown,
            Self::Questions => style.questions,
            Self::Exclamations => style.exclamations,
            Self::FirstPerson => style.first_person,
            Self::SecondPerson => style.second_person,
            Self::Contractions => style.contractions,
            Self::Imperatives => style.imperatives,
            Self::Hedges => style.hedges,
            Self::FunctionWords => style.function_words,
            Self::ClauseMarks => style.clause_marks,
            Self::Variety => style.variety,
            Self::ParagraphLength => style.paragraph_length,
            Self::Bold => style.bold,
            Self::Headings => style.headings,
            Self::FirstPlural => style.first_plural,
            Self::Boosters => style.boosters,
            Self::Formal => style.formal,
            Self::Courtesy => style.courtesy,
            Self::Abstractions => style.abstractions,
            Self::Colons => style.colons,
            Self::Parentheses => style.parentheses,
        }
    }

    /// Its value on the scale that differences are measured on: counts by their logarithm.
    #[must_use]
    pub fn scaled(self, style: &Style) -> f64 {
        let raw = self.raw(style);
        if self.is_count() {
            raw.max(0.0).ln_1p()
        } else {
            raw
        }
    }

    /// From the scale back to the value as read.
    #[must_use]
    pub fn unscaled(self, scaled: f64) -> f64 {
        if self.is_count() {
            scaled.exp_m1()
        } else {
            scaled
        }
    }

    const fn is_count(self) -> bool {
        matches!(
            self,
            Self::Length
                | Self::SentenceLength
                | Self::Markdown
                | Self::ClauseMarks
                | Self::ParagraphLength
                | Self::Bold
                | Self::Headings
        )
    }

    /// How far a difference in it counts: an answer that is only shorter than usual has left nothing.
    #[must_use]
    pub const fn off(self, z: f64) -> f64 {
        match self {
            Self::Length | Self::ParagraphLength => z.max(0.0),
            _ => z.abs(),
        }
    }

    /// What it is called in a sentence.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::SentenceLength => "sentence length",
            Self::WordLength => "word length",
            Self::ListShare => "share of list lines",
            Self::Markdown => "markdown",
            Self::Questions => "share of questions",
            Self::Exclamations => "exclamation marks",
            Self::FirstPerson => "first person",
            Self::SecondPerson => "address to the user",
            Self::Contractions => "contractions",
            Self::Imperatives => "share of instructions",
            Self::Hedges => "hedging",
            Self::FunctionWords => "share of function words",
            Self::ClauseMarks => "commas and dashes",
            Self::Variety => "variety of words",
            Self::ParagraphLength => "paragraph length",
            Self::Bold => "bold type",
            Self::Headings => "headings",
            Self::FirstPlural => "\u{201c}we\u{201d}",
            Self::Boosters => "emphasis",
            Self::Formal => "formal words",
            Self::Courtesy => "courtesy",
            Self::Abstractions => "abstract nouns",
            Self::Colons => "colons",
            Self::Parentheses => "parentheses",
        }
    }

    /// A value of it as a person reads it.
    #[must_use]
    pub fn show(self, raw: f64) -> String {
        match self {
            Self::Length => format!("{raw:.0} words"),
            Self::SentenceLength => format!("{raw:.0} words a sentence"),
            Self::WordLength => format!("{raw:.1} letters a word"),
            Self::ParagraphLength => format!("{raw:.0} words a paragraph"),
            Self::Bold | Self::Headings => format!("{raw:.1} a line"),
            Self::Markdown => format!("{raw:.1} marks a line"),
            Self::Exclamations | Self::ClauseMarks => format!("{raw:.1} a sentence"),
            Self::Variety => format!("{raw:.2}"),
            Self::Colons | Self::Parentheses => format!("{:.1} a hundred words", raw * 100.0),
            _ => format!("{:.0}\u{202f}%", raw * 100.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorter_is_not_off_and_longer_is() {
        let both = |feature: Feature| (feature.off(-2.0), feature.off(2.0));
        assert_eq!(both(Feature::Length), (0.0, 2.0));
        assert_eq!(both(Feature::Hedges), (2.0, 2.0));
    }

    #[test]
    fn the_scale_can_be_taken_back() {
        let style = Style {
            words: 80.0,
            markdown: 0.5,
            hedges: 0.02,
            ..Style::default()
        };
        for feature in Feature::ALL {
            let back = feature.unscaled(feature.scaled(&style));
            assert!((back - feature.raw(&style)).abs() < 1e-9, "{feature:?}");
        }
    }
}
