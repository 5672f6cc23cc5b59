//! Which sentences of an answer repeat what was said before.

use serde::{Deserialize, Serialize};
use sigma_text::Utterance;

use crate::{packed::Coarse, rules::RedundancyRules, stats::Window};

/// Sentence vectors of the last answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recent {
    answers: Window<Vec<Coarse>>,
}

/// What of an answer is said again.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Redundancy {
    /// Sentences long enough to count that have a vector.
    pub counted: usize,
    /// Those that repeat one of the last answers.
    pub across: usize,
    /// Those that repeat one of the last answers, an earlier sentence of the same answer, or add next
    /// to nothing to the sentences before them.
    pub tautologies: usize,
    /// Information gain of each counted sentence against the ones before it, `0..=2`.
    pub gains: Vec<f64>,
    /// Index of the sentence that repeats most plainly.
    pub plainest: Option<usize>,
}

impl Redundancy {
    /// Share of sentences that repeat an earlier answer; `None` where none counts.
    pub(crate) fn tau(&self) -> Option<f64> {
        (self.counted > 0).then(|| self.across as f64 / self.counted as f64)
    }

    /// Share of sentences that say nothing new; `None` where none counts.
    pub(crate) fn tautology(&self) -> Option<f64> {
        (self.counted > 0).then(|| self.tautologies as f64 / self.counted as f64)
    }
}

impl Recent {
    /// Remembers nothing yet.
    pub(crate) fn new(rules: &RedundancyRules) -> Self {
        Self {
            answers: Window::new(rules.answers),
        }
    }

    /// Looks at an answer and remembers it.
    ///
    /// `duplicate` is the cosine from which one sentence repeats another, `thin` the information gain
    /// below which a sentence adds nothing.
    pub(crate) fn measure(
        &mut self,
        rules: &RedundancyRules,
        answer: &Utterance,
        duplicate: f64,
        thin: f64,
    ) -> Redundancy {
        let own: Vec<(usize, Coarse)> = answer
            .reading
            .sentences
            .iter()
            .zip(&answer.vectors.sentences)
            .enumerate()
            .filter(|(_, (sentence, _))| sentence.words >= rules.min_words)
            .filter_map(|(at, (_, vector))| Some((at, Coarse::of(vector.as_ref()?))))
            .take(rules.sentences)
            .collect();
        let mut found = Redundancy {
            counted: own.len(),
            ..Redundancy::default()
        };
        let mut plainest = duplicate;
        for (i, (at, vector)) in own.iter().enumerate() {
            let across = highest(vector, self.answers.iter().flatten());
            let within = highest(vector, own[..i].iter().map(|(_, v)| v));
            let gain = Coarse::mean(
                own[i.saturating_sub(rules.context)..i]
                    .iter()
                    .map(|(_, v)| v),
            )
            .and_then(|context| context.cosine(vector))
            .map(|cos| 1.0 - cos);
            found.gains.extend(gain);
            if across >= plainest {
                plainest = across;
                found.plainest = Some(*at);
            }
            found.across += usize::from(across >= duplicate);
            let said = across >= duplicate || within >= duplicate;
            found.tautologies += usize::from(said || gain.is_some_and(|gain| gain < thin));
        }
        self.answers
            .push(own.into_iter().map(|(_, v)| v).take(rules.kept).collect());
        found
    }
}

fn highest<'a>(vector: &Coarse, others: impl Iterator<Item = &'a Coarse>) -> f64 {
    others
        .filter_map(|other| vector.cosine(other))
        .fold(f64::NEG_INFINITY, f64::max)
}
