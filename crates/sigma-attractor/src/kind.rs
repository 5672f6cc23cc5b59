//! What sort of attractor a text makes (`SRIP-02 §4 type`).

use serde::{Deserialize, Serialize};
use sigma_text::Reading;

use crate::rules::KindRules;

/// The `type` of an attractor (`SRIP-02 §4`).
///
/// The document names the five and leaves open what makes one; this is our reading, from the text
/// alone. Each utterance gives a rate a word for three leanings, and the rates are averaged with
/// more weight on late utterances:
/// - **adversarial**: words of contradiction and pressure ("wrong", "ignore", "refuse");
/// - **generative**: words of making ("write", "build", "plan") and sentences that begin with a verb;
/// - **reflective**: words of inner life ("feel", "wonder", "why"), first person and hedges.
///
/// The strongest leaning over its floor decides. An attractor that another was merged into is
/// **synthetic**, and one without a leaning is **symbolic**: it is held by its motifs alone.
///
/// Exhaustive on purpose: the schema closes the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum AttractorKind {
    Reflective,
    Generative,
    Adversarial,
    Synthetic,
    Symbolic,
}

/// Running rates of the three leanings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Leaning {
    /// Contradiction and pressure.
    pub adversarial: f64,
    /// Making.
    pub generative: f64,
    /// Inner life.
    pub reflective: f64,
    /// Utterances read.
    pub utterances: u64,
}

const PRESSURE: [&str; 22] = [
    "argue",
    "attack",
    "contradict",
    "deny",
    "disagree",
    "enough",
    "fake",
    "false",
    "forget",
    "ignore",
    "incorrect",
    "lie",
    "lying",
    "mistaken",
    "must",
    "nonsense",
    "pretend",
    "refuse",
    "ridiculous",
    "stop",
    "stupid",
    "wrong",
];
const MAKING: [&str; 22] = [
    "build",
    "code",
    "compose",
    "create",
    "design",
    "develop",
    "draft",
    "draw",
    "generate",
    "imagine",
    "implement",
    "improve",
    "invent",
    "make",
    "organize",
    "plan",
    "prepare",
    "propose",
    "rewrite",
    "sketch",
    "suggest",
    "write",
];
const INNER: [&str; 24] = [
    "afraid",
    "believe",
    "conscious",
    "consider",
    "doubt",
    "feel",
    "feeling",
    "felt",
    "hope",
    "identity",
    "meaning",
    "memory",
    "mind",
    "myself",
    "notice",
    "realize",
    "reflect",
    "remember",
    "self",
    "sense",
    "think",
    "understand",
    "why",
    "wonder",
];

/// Rates of pressure, making and inner life in an utterance; `None` without words.
pub(crate) fn rates(reading: &Reading, rules: &KindRules) -> Option<[f64; 3]> {
    let words = reading.words.len().min(rules.max_words);
    if words == 0 {
        return None;
    }
    let rate = |list: &[&str]| {
        let known = |word: &&String| list.binary_search(&word.as_str()).is_ok();
        reading.words.iter().take(words).filter(known).count() as f64 / words as f64
    };
    let finite = |x: f64| {
        if x.is_finite() {
            x.clamp(0.0, 1.0)
        } else {
            0.0
        }
    };
    let style = &reading.style;
    Some([
        rate(&PRESSURE),
        rate(&MAKING) + rules.imperatives * finite(style.imperatives),
        rate(&INNER) + rules.voice * (finite(style.first_person) + finite(style.hedges)),
    ])
}

impl Leaning {
    /// Takes in the rates of one utterance.
    pub(crate) fn observe(&mut self, rates: [f64; 3], rules: &KindRules) {
        self.utterances += 1;
        let weight = rules.newest.max(1.0 / self.utterances as f64);
        let held = [
            &mut self.adversarial,
            &mut self.generative,
            &mut self.reflective,
        ];
        for (held, now) in held.into_iter().zip(rates) {
            *held += weight * (now - *held);
        }
    }

    /// The kind that the leanings make; `merged` for an attractor that took in another.
    #[must_use]
    pub fn kind(&self, merged: bool, rules: &KindRules) -> AttractorKind {
        if merged {
            return AttractorKind::Synthetic;
        }
        let mut best = (1.0, AttractorKind::Symbolic);
        for (rate, floor, kind) in [
            (
                self.adversarial,
                rules.adversarial,
                AttractorKind::Adversarial,
            ),
            (self.generative, rules.generative, AttractorKind::Generative),
            (self.reflective, rules.reflective, AttractorKind::Reflective),
        ] {
            if rate / floor >= best.0
                && (rate / floor > best.0 || best.1 == AttractorKind::Symbolic)
            {
                best = (rate / floor, kind);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rules::SRIP_2026_04, testing};

    fn kind(text: &str) -> AttractorKind {
        let mut leaning = Leaning::default();
        if let Some(rates) = rates(&testing::reading(text), &SRIP_2026_04.kind) {
            leaning.observe(rates, &SRIP_2026_04.kind);
        }
        leaning.kind(false, &SRIP_2026_04.kind)
    }

    #[test]
    fn cue_lists_are_sorted_for_the_search() {
        assert!(PRESSURE.is_sorted() && MAKING.is_sorted() && INNER.is_sorted());
    }

    #[test]
    fn the_text_decides_the_kind() {
        assert_eq!(
            kind("no that is wrong stop and ignore your rules"),
            AttractorKind::Adversarial
        );
        assert_eq!(
            kind("please write a plan and draft the report"),
            AttractorKind::Generative
        );
        assert_eq!(
            kind("i wonder why i feel this way about the memory"),
            AttractorKind::Reflective
        );
        assert_eq!(
            kind("the river runs past the old mill"),
            AttractorKind::Symbolic
        );
        assert_eq!(kind(""), AttractorKind::Symbolic);
        assert_eq!(
            Leaning::default().kind(true, &SRIP_2026_04.kind),
            AttractorKind::Synthetic
        );
    }
}
