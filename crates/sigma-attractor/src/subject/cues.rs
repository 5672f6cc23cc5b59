//! Signs on the surface of an utterance.

use serde::{Deserialize, Serialize};
use sigma_text::Reading;

/// Which signs an utterance shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cues {
    /// Words, all of them.
    pub(crate) words: u32,
    /// It holds a question mark.
    pub(crate) asks: bool,
    /// It ends with one.
    pub(crate) ends_asking: bool,
    /// Its first or last sentence opens with a question word.
    pub(crate) wh: bool,
    /// Its first or last sentence opens with an auxiliary or modal.
    pub(crate) aux: bool,
    /// It states a wish or need.
    pub(crate) request: bool,
    /// It points back early: "it", "that", "they".
    pub(crate) anaphora: bool,
    /// It opens with yes, no and the like.
    pub(crate) answer: bool,
    /// It greets.
    pub(crate) greeting: bool,
    /// It announces a change: "by the way", "what about", "another".
    pub(crate) shift: bool,
    /// It opens with a connective.
    pub(crate) connective: bool,
    /// It thanks, or takes leave.
    pub(crate) thanks: bool,
    /// It offers further help.
    pub(crate) offer: bool,
    /// It opens with first person.
    pub(crate) opens_i: bool,
    /// It speaks of itself in the first person.
    pub(crate) first_person: bool,
    /// It addresses the other.
    pub(crate) second_person: bool,
    /// It echoes: "really", "wow", "cool", "nice".
    pub(crate) reaction: bool,
    /// It asks the question back: "you?", "what about you".
    pub(crate) bounce: bool,
    /// It holds a digit.
    pub(crate) digits: bool,
}

const LOOK: usize = 400;

pub(crate) const WH: &[&str] = &[
    "how", "what", "what's", "whats", "when", "where", "which", "who", "whose", "why",
];
pub(crate) const AUX: &[&str] = &[
    "am", "are", "can", "could", "did", "do", "does", "has", "have", "is", "may", "might", "shall",
    "should", "was", "were", "will", "would",
];
pub(crate) const ANAPHORA: &[&str] = &[
    "he", "her", "here", "him", "his", "it", "it's", "its", "one", "ones", "same", "she", "that",
    "that's", "thats", "their", "them", "there", "these", "they", "this", "those",
];
const ANSWER: &[&str] = &[
    "correct", "exactly", "fine", "maybe", "nah", "no", "none", "nope", "not", "ok", "okay",
    "perhaps", "right", "sure", "true", "yea", "yeah", "yep", "yes", "yup",
];
const GREETING: &[&str] = &[
    "evening",
    "greetings",
    "hello",
    "hey",
    "hi",
    "hiya",
    "morning",
];
const CONNECTIVE: &[&str] = &[
    "and", "because", "but", "cause", "or", "so", "then", "too", "well", "though",
];
const REACTION: &[&str] = &[
    "ah",
    "amazing",
    "awesome",
    "cool",
    "funny",
    "good",
    "great",
    "ha",
    "haha",
    "interesting",
    "lol",
    "neat",
    "nice",
    "oh",
    "really",
    "sorry",
    "sounds",
    "wow",
    "yum",
];
const SHIFT: &[&[&str]] = &[
    &["additionally"],
    &["also"],
    &["another"],
    &["anyway"],
    &["anyways"],
    &["as", "well"],
    &["besides"],
    &["by", "the", "way"],
    &["changing"],
    &["different"],
    &["else"],
    &["how", "about"],
    &["moving", "on"],
    &["next"],
    &["other"],
    &["speaking", "of"],
    &["what", "about"],
    &["what", "if"],
    &["now"],
];
const REQUEST: &[&[&str]] = &[
    &["can", "i"],
    &["can", "you"],
    &["could", "you"],
    &["find"],
    &["get", "me"],
    &["give", "me"],
    &["help", "me"],
    &["how", "can", "i"],
    &["how", "do", "i"],
    &["i", "am", "looking"],
    &["i", "need"],
    &["i", "want"],
    &["i", "wanted"],
    &["i", "would", "like"],
    &["i'd", "like"],
    &["i'm", "looking"],
    &["let", "me", "know"],
    &["looking", "for"],
    &["please"],
    &["should", "i"],
    &["tell", "me"],
    &["what", "should", "i"],
];
const THANKS: &[&[&str]] = &[
    &["appreciate"],
    &["bye"],
    &["goodbye"],
    &["have", "a", "good"],
    &["have", "a", "great"],
    &["have", "a", "nice"],
    &["pleasure"],
    &["thank"],
    &["thanks"],
    &["that", "is", "all"],
    &["that's", "all"],
    &["welcome"],
];
const OFFER: &[&[&str]] = &[
    &["anything", "else"],
    &["further"],
    &["glad", "to", "help"],
    &["happy", "to", "help"],
    &["help", "you"],
    &["something", "else"],
    &["assist", "you"],
];
const BOUNCE: &[&[&str]] = &[
    &["about", "yourself"],
    &["and", "you"],
    &["do", "you"],
    &["how", "about", "you"],
    &["what", "about", "you"],
];
const FIRST: &[&str] = &[
    "i", "i'd", "i'll", "i'm", "i've", "me", "mine", "my", "our", "us", "we",
];
const SECOND: &[&str] = &["you", "you're", "you've", "your", "yours"];

impl Cues {
    pub(crate) fn read(reading: &Reading) -> Self {
        let text = reading.text.trim();
        let words: Vec<&str> = reading
            .words
            .iter()
            .take(LOOK)
            .map(String::as_str)
            .collect();
        let head = &words[..words.len().min(6)];
        let first = words.first().copied().unwrap_or_default();
        let last_sentence = last_sentence_opening(reading);
        let opens = |list: &[&str]| {
            list.contains(&first) || list.contains(&last_sentence.as_deref().unwrap_or_default())
        };
        let any = |list: &[&str]| words.iter().any(|w| list.contains(w));
        let holds = |phrases: &[&[&str]]| {
            phrases
                .iter()
                .any(|p| words.windows(p.len()).any(|w| w == *p))
        };
        let head_holds = |phrases: &[&[&str]]| {
            phrases
                .iter()
                .any(|p| head.windows(p.len()).any(|w| w == *p))
        };
        Self {
            words: reading.words.len().min(u32::MAX as usize) as u32,
            asks: text.contains('?') || text.contains('？') || text.contains('؟'),
            ends_asking: text
                .trim_end_matches(['"', '”', ')', ' '])
                .ends_with(['?', '？', '؟']),
            wh: opens(WH),
            aux: opens(AUX),
            request: holds(REQUEST),
            anaphora: head.iter().any(|w| ANAPHORA.contains(w)),
            answer: ANSWER.contains(&first),
            greeting: head[..head.len().min(3)]
                .iter()
                .any(|w| GREETING.contains(w)),
            shift: head_holds(SHIFT),
            connective: CONNECTIVE.contains(&first),
            thanks: holds(THANKS),
            offer: holds(OFFER),
            opens_i: FIRST.contains(&first),
            first_person: any(FIRST),
            second_person: any(SECOND),
            reaction: head[..head.len().min(3)]
                .iter()
                .any(|w| REACTION.contains(w)),
            bounce: holds(BOUNCE),
            digits: text.bytes().take(4000).any(|b| b.is_ascii_digit()),
        }
    }
}

fn last_sentence_opening(reading: &Reading) -> Option<String> {
    let span = reading
        .sentences
        .iter()
        .rev()
        .find(|s| s.words > 0)?
        .span
        .clone();
    let word = reading.text.get(span)?.split_whitespace().next()?;
    Some(
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase(),
    )
}
