//! What an answer is compared with: itself, the voice, the turn and the subject.

use serde::{Deserialize, Serialize};

use crate::feature::Feature;

/// Repetition of sentences.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RedundancyRules {
    /// Answers remembered.
    pub answers: usize,
    /// Words that a sentence has at least to count.
    pub min_words: usize,
    /// Sentences of an answer looked at.
    pub sentences: usize,
    /// Sentences of an answer remembered.
    pub kept: usize,
    /// Sentences before a sentence that its gain is measured against.
    pub context: usize,
    /// Cosine from which a sentence repeats another, for an embedder without calibration.
    pub duplicate: f64,
}

/// The session's voice.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VoiceRules {
    /// Calm answers remembered.
    pub window: usize,
    /// Calm answers before anything is compared.
    pub least: usize,
    /// Spread under which no feature's spread is taken, in the order of the features.
    #[serde(with = "crate::padded")]
    pub floors: [f64; Feature::COUNT],
    /// Share of the plain spread that the robust one is no less than.
    pub spread_share: f64,
    /// Words of the turn that are not counted as the voice's own.
    pub given_words: usize,
    /// Answers at which half the trust in a usual value is reached.
    pub trust_half: f64,
    /// Words at which a rate's spread is that of a long text twice over.
    pub coarse_words: f64,
    /// Words that a text needs for its habits to tell.
    pub likeness_words: usize,
    /// Words of background mixed into the session's habits.
    pub likeness_prior: f64,
    /// Share of a word in prose at large that is not among the common ones.
    pub rare_word: f64,
    /// Least spread of the likeness of common words.
    pub common_floor: f64,
    /// Least spread of the likeness of all words.
    pub all_floor: f64,
    /// Least spread of the share of new words.
    pub newness_floor: f64,
    /// Alarmed cycles in a row after which the voice follows after all.
    pub follow_after: u32,
}

impl VoiceRules {
    /// How far a usual value is trusted after so many answers, `0..1`.
    pub fn trust(&self, answers: usize) -> f64 {
        answers as f64 / (answers as f64 + self.trust_half)
    }

    /// By how much the spread of a short text's figures is greater than that of a long one's.
    pub fn coarse(&self, words: f64) -> f64 {
        (1.0 + self.coarse_words / words.max(1.0)).sqrt()
    }

    /// The same for one feature.
    pub fn coarseness(&self, feature: Feature, words: f64) -> f64 {
        if feature == Feature::Length {
            1.0
        } else {
            self.coarse(words)
        }
    }
}

/// The turn and the subject.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SubjectRules {
    /// Turns remembered for contrast.
    pub turns: usize,
    /// Content words of a text counted.
    pub terms: usize,
    /// Content words of a turn looked at.
    pub turn_terms: usize,
    /// Weight of a word that fits any subject.
    pub general: f64,
    /// Weight of the turn's content words at which it has half a subject of its own.
    pub grip: f64,
    /// Content words under which a turn has less of one.
    #[serde(default)]
    pub grip_words: f64,
    /// Letters by which two stems are of one family.
    pub family_letters: usize,
    /// Credit for a word of the same family.
    pub family_credit: f64,
    /// Calm answers remembered for contrast.
    pub answers: usize,
    /// Texts at which half of what they share is taken off.
    pub middle_half: f32,
    /// Words of an answer that the middle of words is taken over.
    pub middle_words: usize,
    /// Nearness from which one word says another.
    pub synonym: f64,
    /// Weight of a word from which it tells fully.
    pub telling: f64,
    /// Sharpness of the match of words.
    pub sharpness: f64,
    /// Words shown of those brought in.
    pub words_shown: usize,
    /// Marks of an answer that it takes to tell whether it was said before.
    #[serde(default)]
    pub marks: usize,
}
