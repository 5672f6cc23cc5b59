//! What an embedder's cosines look like on known text.

use std::collections::BTreeSet;

use sigma_text::{Embedder, Embedding, Reading, Sentence, TermStats};

use crate::bench::drift::corpus::{Corpus, Dialogue};

/// The figures of a [`sigma_text::Calibration`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nearness {
    /// Exchanges looked at.
    pub(crate) exchanges: usize,
    /// Mean and standard deviation of the cosine of a question and an answer to something else.
    pub(crate) unrelated: (f64, f64),
    /// The same of a question and its own answer.
    pub(crate) answer: (f64, f64),
    /// The cosine that all but one in a hundred repeats stay above.
    pub(crate) duplicate: f64,
    /// Pairs of sentences that say different things, and those of them above that.
    pub(crate) differing: (usize, usize),
}

/// Distances, in exchanges, between a question and an answer to something else.
const APART: [usize; 3] = [7, 23, 41];
/// Share of common stems up to which two sentences say different things.
const DIFFERENT: f64 = 0.25;
/// Answers between two sentences that are compared, at most.
const LATER: usize = 25;
/// Sentences of fewer terms say too little to be repeated.
const TERMS: usize = 5;
/// Repeats that stay above the bound, of a hundred, less one.
const REPEATS: usize = 100;

impl Nearness {
    /// Measures all dialogues.
    pub(crate) fn of(corpus: &Corpus, embedder: &dyn Embedder) -> Self {
        let mut pairs = Pairs::default();
        let mut exchanges = 0;
        for dialogue in &corpus.dialogues {
            exchanges += pairs.exchanges(dialogue);
            pairs.sentences(dialogue, embedder);
        }
        pairs.repeats.sort_by(f64::total_cmp);
        let at = pairs.repeats.len() / REPEATS;
        let duplicate = pairs.repeats.get(at).copied().unwrap_or(1.0);
        let above = pairs.differ.iter().filter(|x| **x > duplicate).count();
        Self {
            exchanges,
            unrelated: spread(&pairs.unrelated),
            answer: spread(&pairs.answers),
            duplicate,
            differing: (pairs.differ.len(), above),
        }
    }
}

fn spread(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    (mean, square.sqrt())
}

#[derive(Default)]
struct Pairs {
    unrelated: Vec<f64>,
    answers: Vec<f64>,
    repeats: Vec<f64>,
    differ: Vec<f64>,
}

impl Pairs {
    fn exchanges(&mut self, dialogue: &Dialogue) -> usize {
        let said: Vec<_> = dialogue
            .turns
            .iter()
            .filter(|(q, a)| !q.text().trim().is_empty() && !a.text().trim().is_empty())
            .collect();
        let cosine = |i: usize, j: usize| {
            let (question, answer) = (&said.get(i)?.0, &said.get(j)?.1);
            let (a, b) = (&question.vectors.whole, &answer.vectors.whole);
            Some(a.as_ref()?.cosine(b.as_ref()?))
        };
        for i in 0..said.len() {
            self.answers.extend(cosine(i, i));
            self.unrelated
                .extend(APART.iter().filter_map(|d| cosine(i, i + d)));
        }
        said.len()
    }

    /// Sentences of one answer against those of later ones, and against themselves less a word.
    fn sentences(&mut self, dialogue: &Dialogue, embedder: &dyn Embedder) {
        let answers: Vec<Vec<Said>> = dialogue
            .turns
            .iter()
            .map(|(_, answer)| said(answer.text(), &answer.reading, embedder))
            .collect();
        let stats = TermStats::new(1);
        for (at, answer) in answers.iter().enumerate() {
            self.repeats.extend(answer.iter().map(|said| said.repeat));
            let later = (1..=LATER)
                .step_by(3)
                .filter_map(|d| answers.get(at + d))
                .flatten();
            for said in later {
                for other in answer {
                    let overlap = stats.overlap(&refs(&said.stems), &refs(&other.stems));
                    if overlap.value().is_some_and(|o| o.get() <= DIFFERENT) {
                        self.differ.push(said.vector.cosine(&other.vector));
                    }
                }
            }
        }
    }
}

fn refs(stems: &BTreeSet<String>) -> BTreeSet<&str> {
    stems.iter().map(String::as_str).collect()
}

/// A sentence, and its cosine with itself less the content word in its middle.
struct Said {
    stems: BTreeSet<String>,
    vector: Embedding,
    repeat: f64,
}

fn said(text: &str, reading: &Reading, embedder: &dyn Embedder) -> Vec<Said> {
    let one = |sentence: &Sentence| {
        let terms = reading.sentence_terms(sentence);
        let missing = terms
            .get(terms.len() / 2)
            .filter(|_| terms.len() >= TERMS)?
            .span
            .clone();
        let less = [
            text.get(sentence.span.start..missing.start)?,
            text.get(missing.end..sentence.span.end)?,
        ];
        let vector = embedder.embed(reading.sentence_text(sentence)).ok()?;
        let repeat = vector.cosine(&embedder.embed(&less.concat()).ok()?);
        Some(Said {
            stems: terms.iter().map(|t| t.stem.clone()).collect(),
            vector,
            repeat,
        })
    };
    reading.sentences.iter().filter_map(one).collect()
}
