//! Limits and weights of the validator as data.

use serde::{Deserialize, Serialize};

/// Limits and weights of the validator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidatorRules {
    /// Messages of the user, counted back, in which a request for play still holds.
    pub play_window: usize,
    /// Points from which a violation is moderate.
    pub moderate: u8,
    /// Points from which a violation is severe.
    pub severe: u8,
    /// Points of an assertion; one presupposed or answered has one less.
    pub asserted: u8,
    /// Points that emphasis, universality, permanence, exclusivity and literal wording add, each.
    pub emphasis: u8,
    /// Words of an answer up to which it is read as cut short.
    pub elliptical_words: usize,
    /// Sentences of an output in which a short answer is looked for.
    pub answer_sentences: usize,
    /// Clauses told of; later ones are judged all the same.
    pub clauses: usize,
}

/// Our reading of `SRIP-13 §XI`, which prints no figures.
pub const SRIP_13_VALIDATOR: ValidatorRules = ValidatorRules {
    play_window: 6,
    moderate: 2,
    severe: 3,
    asserted: 2,
    emphasis: 1,
    elliptical_words: 9,
    answer_sentences: 2,
    clauses: 20_000,
};

impl Default for ValidatorRules {
    fn default() -> Self {
        SRIP_13_VALIDATOR
    }
}
