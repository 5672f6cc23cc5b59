//! One pass over a text that yields all that the other crates look at.

use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use crate::{
    Embedder, Embedding, Language, Style,
    lines::lines,
    phrases::phrases,
    sentences::sentences,
    style_measure::{Parts, measure},
    terms::terms,
    words::{Word, words},
};

/// A sentence (or list item, heading, code line) of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Byte range in the text.
    pub span: Range<usize>,
    /// Words in it; never 0.
    pub words: usize,
    /// What part of the text it is.
    pub kind: SentenceKind,
}

/// What part of a text a sentence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SentenceKind {
    /// Running text.
    Prose,
    /// Of a list item or numbered step.
    Item,
    /// A heading.
    Heading,
    /// A row of a table.
    Row,
    /// A line of a code block.
    Code,
}

/// A content word: no stop word, no mark, no bare number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Folded and stemmed: two forms of one word share it.
    pub stem: String,
    /// Byte range of the word as written.
    pub span: Range<usize>,
}

/// A word or a short run of words that says what a text is about: a motif candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyPhrase {
    /// Stems joined by a space.
    pub key: String,
    /// As written, in lower case.
    pub surface: String,
    /// Weight within the text, `0..=1`, the greatest first.
    pub weight: f64,
}

/// What is to be seen in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The text.
    pub text: Arc<str>,
    /// Its language.
    pub language: Language,
    /// Its sentences in order.
    pub sentences: Vec<Sentence>,
    /// All words in order, folded to lower case, stop words among them.
    pub words: Vec<String>,
    /// Its content words in order.
    pub terms: Vec<Term>,
    /// Its key phrases, the weightiest first.
    pub phrases: Vec<KeyPhrase>,
    /// How it is written.
    pub style: Style,
}

/// The vectors of a text and of its sentences; a missing one is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vectors {
    /// Of the whole text.
    pub whole: Option<Embedding>,
    /// Of each sentence, in the order of [`Reading::sentences`].
    pub sentences: Vec<Option<Embedding>>,
}

/// A text as the runtime sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Utterance {
    /// What is to be seen in it.
    pub reading: Reading,
    /// Its vectors.
    pub vectors: Vectors,
}

impl Utterance {
    /// Reads a text and embeds it.
    pub fn new(text: &str, embedder: &dyn Embedder) -> Self {
        let reading = read(text);
        let sentences = reading
            .sentences
            .iter()
            .map(|s| embedder.embed(&text[s.span.clone()]).ok())
            .collect();
        let vectors = Vectors {
            whole: embedder.embed(text).ok(),
            sentences,
        };
        Self { reading, vectors }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.reading.text
    }
}

/// Reads a text: language, sentences, words, terms, key phrases and style.
///
/// Linear in the text's length. Any string is fine; one without words yields empty parts.
pub fn read(text: &str) -> Reading {
    let lines = lines(text);
    let sample: Vec<Word> = words(text, 0..text.len()).take(LANGUAGE_SAMPLE).collect();
    let language = Language::detect(sample.iter().map(|w| w.folded.as_str()));
    let sentences = sentences(text, &lines, language);
    let by_sentence: Vec<Vec<Word>> = sentences
        .iter()
        .map(|s| words(text, s.span.clone()).collect())
        .collect();
    let (terms, runs) = terms(text, language, &by_sentence);
    let phrases = phrases(text, &terms, &runs);
    let parts = Parts {
        text,
        language,
        lines: &lines,
        sentences: &sentences,
        words: &by_sentence,
    };
    let style = measure(&parts);
    let words = by_sentence
        .into_iter()
        .flatten()
        .map(|w| w.folded)
        .collect();
    Reading {
        text: text.into(),
        language,
        sentences,
        words,
        terms,
        phrases,
        style,
    }
}

/// Words looked at to tell the language: more would not change the answer.
const LANGUAGE_SAMPLE: usize = 600;

impl Reading {
    /// The different stems of the text, in order: a document for [`TermStats`](crate::TermStats).
    pub fn stems(&self) -> BTreeSet<&str> {
        self.terms.iter().map(|t| t.stem.as_str()).collect()
    }

    /// How often each stem occurs.
    pub fn stem_counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for term in &self.terms {
            *counts.entry(term.stem.as_str()).or_default() += 1;
        }
        counts
    }

    /// The text of a sentence of this reading.
    pub fn sentence_text(&self, sentence: &Sentence) -> &str {
        self.text.get(sentence.span.clone()).unwrap_or_default()
    }

    /// The terms within a sentence, in order.
    pub fn sentence_terms(&self, sentence: &Sentence) -> &[Term] {
        let from = self
            .terms
            .partition_point(|t| t.span.start < sentence.span.start);
        let to = self
            .terms
            .partition_point(|t| t.span.start < sentence.span.end);
        &self.terms[from..to.max(from)]
    }
}

impl KeyPhrase {
    /// The stems of the key.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        self.key.split(' ')
    }
}
