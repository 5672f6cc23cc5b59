//! Whether an utterance goes on with its subject or takes up another.
//!
//! A logistic model over what can be seen in the utterance and in those before it. Everything is
//! read from a window of the last utterances and from word counts of fixed size, so that the cost
//! of a decision does not grow with the dialogue.

mod cohesion;
mod cues;
mod evidence;
mod heard;
mod hindsight;
mod model;
mod parts;
mod weights;
mod weights_2026_11;
mod wording;
mod wording_table;

pub use evidence::Evidence;
pub use hindsight::{HINDSIGHT_INPUTS, LOOKAHEAD};
pub use model::{Reason, SubjectModelId};
pub use wording::grams;

pub(crate) use heard::{Heard, distinct};

use serde::{Deserialize, Serialize};
use sigma_text::Utterance;
use sigma_types::{Speaker, Unit};
use std::collections::VecDeque;

use crate::{profile::Mean, rules::SubjectRules};
use evidence::Usual;
use heard::WordCounts;
use parts::Parts;

/// Inputs of the decision about an utterance, one for each [`Evidence`].
pub type Inputs = [f64; Evidence::COUNT];

/// The decision about one utterance: does it start another subject?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Judgement {
    /// Probability that it does.
    pub score: Unit,
    /// Whether the probability reaches the threshold.
    pub new_subject: bool,
    /// What spoke for and against, the weightiest first.
    pub reasons: Vec<Reason>,
}

/// What later utterances say about an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hindsight {
    /// How many utterances back it lies.
    pub back: usize,
    /// Probability that it started another subject.
    pub score: Unit,
    /// Whether the probability reaches the threshold.
    pub new_subject: bool,
}

/// Follows the utterances of a dialogue and judges each. Bounded by its window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubjectTracker {
    rules: SubjectRules,
    recent: VecDeque<Heard>,
    counts: WordCounts,
    usual: Usual,
    /// What all utterances have in common.
    #[serde(default)]
    common: Mean,
}

impl SubjectTracker {
    /// Starts before the first utterance.
    pub fn new(rules: SubjectRules) -> Self {
        Self {
            rules,
            recent: VecDeque::new(),
            counts: WordCounts::default(),
            usual: Usual::default(),
            common: Mean::default(),
        }
    }

    /// Judges an utterance from itself and those before it, then takes it into the window.
    pub fn judge(&mut self, speaker: Speaker, utterance: &Utterance) -> Judgement {
        let inputs = self.hear(speaker, utterance);
        let (score, reasons) = self.rules.model.past().score(&inputs);
        let first = self.counts.utterances() <= 1;
        let new_subject = !first && score >= self.rules.threshold;
        Judgement {
            score: Unit::clamped(score),
            new_subject,
            reasons,
        }
    }

    /// Takes an utterance into the window and tells what was seen: the model's inputs.
    pub fn hear(&mut self, speaker: Speaker, utterance: &Utterance) -> Inputs {
        let parts = Parts::new(utterance, &self.rules);
        let mut heard = Heard::new(speaker, utterance, &self.rules);
        let inputs = evidence::read(
            &heard,
            &parts,
            &self.recent,
            &self.counts,
            self.usual,
            &self.rules,
        );
        self.usual.take_in(&inputs);
        heard.inputs = inputs.to_vec();
        heard.odds = if self.counts.utterances() == 0 {
            hindsight::USUAL_ODDS
        } else {
            self.rules.model.past().odds(&inputs)
        };
        if let Some(vector) = &heard.vector {
            self.common.take_in(vector);
        }
        heard.tail = parts.tail.vector;
        if let Some(last) = self.recent.back_mut() {
            last.tail = None;
        }
        if let Some(old) = self.recent.len().checked_sub(LOOKAHEAD) {
            self.recent
                .iter_mut()
                .take(old)
                .for_each(|h| h.inputs.clear());
        }
        self.counts.take_in(&heard.terms);
        self.recent.push_back(heard);
        while self.recent.len() > self.rules.window.max(LOOKAHEAD + 2) {
            self.recent.pop_front();
        }
        inputs
    }

    /// Looks back on the utterance [`LOOKAHEAD`] before the latest, if there is one that something
    /// came before.
    pub fn look_back(&self) -> Option<Hindsight> {
        let inputs = self.hindsight_inputs()?;
        let (score, _) = self.rules.model.hindsight().score(&inputs);
        let new_subject = score >= self.rules.hindsight_threshold;
        Some(Hindsight {
            back: LOOKAHEAD,
            score: Unit::clamped(score),
            new_subject,
        })
    }

    /// The inputs of [`look_back`](Self::look_back).
    pub fn hindsight_inputs(&self) -> Option<[f64; HINDSIGHT_INPUTS]> {
        hindsight::read(&self.recent, &self.counts, &self.common, &self.rules)
    }
}
