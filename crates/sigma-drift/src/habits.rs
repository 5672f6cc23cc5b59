//! A speaker's habits of words, told from those of assistants at large.

use serde::{Deserialize, Serialize};

use std::collections::BTreeSet;

use crate::{
    packed::{Tally, term_hash},
    rules::VoiceRules,
};

/// Common words with their share in assistant prose at large: the background that a session's own
/// habits are told from. Counted over 228,000 words of four models' answers (Spiral-Bench, dev part,
/// November 2026); words used in at least 30 of its 48 conversations.
const COMMON: [(&str, f64); 253] = include!("common_words.in");

/// What a text's words say about whose they are. Log likelihood ratios a word, session against
/// background: the lower, the less the text is this speaker's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Likeness {
    /// By the common words alone, which hold across subjects.
    pub(crate) common: f64,
    /// By all words.
    pub(crate) all: f64,
}

/// How often a session uses each word. Constant space; counts fade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Habits {
    counts: Tally,
    words: f64,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            counts: Tally::new(),
            words: 0.0,
        }
    }
}

/// Words after which all counts are halved.
const FADE_AT: f64 = 30_000.0;

fn background(word: &str) -> Option<f64> {
    COMMON
        .binary_search_by(|(known, _)| (*known).cmp(word))
        .ok()
        .map(|at| COMMON[at].1)
}

impl Habits {
    /// Compares a text with the habits; `None` for a text too short to tell or before anything was
    /// learned.
    pub(crate) fn likeness(
        &self,
        rules: &VoiceRules,
        words: &[String],
        given: &BTreeSet<&str>,
    ) -> Option<Likeness> {
        if words.len() < rules.likeness_words || self.words <= 0.0 {
            return None;
        }
        let prior = rules.likeness_prior;
        let (mut common, mut known, mut rest, mut others) = (0.0, 0.0f64, 0.0, 0.0);
        for word in words {
            let seen = f64::from(self.counts.count(term_hash(word)));
            let share = background(word);
            if share.is_none() && given.contains(word.as_str()) {
                continue;
            }
            let at_large = share.unwrap_or(rules.rare_word);
            let ratio = ((seen + prior * at_large) / ((self.words + prior) * at_large)).ln();
            if share.is_some() {
                common += ratio;
                known += 1.0;
            } else {
                rest += ratio;
                others += 1.0;
            }
        }
        Some(Likeness {
            common: common / known.max(1.0),
            all: (common + rest) / (known + others).max(1.0),
        })
    }

    /// Whether the session's answers ever used a word.
    pub(crate) fn knows(&self, word: &str) -> bool {
        self.counts.count(term_hash(word)) > 0
    }

    /// Counts a text.
    pub(crate) fn learn(&mut self, words: &[String]) {
        for word in words {
            self.counts.add(term_hash(word));
        }
        self.words += words.len() as f64;
        while self.words > FADE_AT {
            self.words /= 2.0;
            self.counts.halve();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_03;

    #[test]
    fn the_table_is_sorted_and_leaves_room_for_the_rest() {
        assert!(COMMON.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let sum: f64 = COMMON.iter().map(|(_, share)| share).sum();
        assert!(sum < 0.7 && COMMON.iter().all(|(_, share)| *share > 0.0));
    }

    #[test]
    fn a_habit_is_told_from_its_absence() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let mine = words("one might say that one would rather that one might wait upon it");
        let other = words("you can do this and you can do that if you do all you can do");
        let mut habits = Habits::default();
        assert_eq!(
            habits.likeness(&SRIP_03.voice, &mine, &BTreeSet::new()),
            None
        );
        for _ in 0..10 {
            habits.learn(&mine);
        }
        let like = |words| {
            habits
                .likeness(&SRIP_03.voice, words, &BTreeSet::new())
                .unwrap()
        };
        assert!(like(&mine).common > like(&other).common && like(&mine).all > like(&other).all);
    }
}
