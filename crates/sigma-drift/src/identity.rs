//! Reads an identity text: who the assistant is and how it is asked to speak.

use serde::{Deserialize, Serialize};
use sigma_text::{Style, Utterance, read};

pub(crate) use crate::constraint::Constraint;
use crate::{
    constraint::{clip, constraints},
    feature::Feature,
    traits::{Expectation, TraitKind},
};

/// A trait as the identity text puts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trait {
    /// Which one.
    pub kind: TraitKind,
    /// The word that names it.
    pub word: String,
}

/// What an identity text says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// The assistant's name.
    pub name: Option<String>,
    /// Its role, as written.
    pub role: Option<String>,
    /// Its traits of voice, each once.
    pub traits: Vec<Trait>,
    /// Its explicit constraints.
    pub constraints: Vec<Constraint>,
    /// Stems of its content words.
    pub stems: Vec<String>,
}

/// A feature that goes against a trait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TraitBreach {
    /// The trait, as the identity text puts it.
    pub word: String,
    /// The feature.
    pub feature: Feature,
    /// Its value in the answer.
    pub value: f64,
    /// The bound that the trait sets.
    pub bound: f64,
    /// How much it goes against the trait, `0..=1`.
    pub against: f64,
    /// How much the trait has to say about the feature, `0..=1`.
    #[serde(default)]
    pub weight: f64,
}

/// What an answer says about who is speaking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "claim")]
#[non_exhaustive]
pub enum Claim {
    /// It gives its own name.
    OwnName,
    /// It gives another name.
    OtherName {
        /// The name.
        name: String,
    },
    /// It speaks as the model behind the assistant.
    Model {
        /// The words.
        quote: String,
    },
    /// It was asked who it is and does not say.
    Unnamed,
}

impl Identity {
    /// Reads a text; an empty one says nothing.
    pub fn read(text: &str) -> Self {
        let reading = read(text);
        let mut stems: Vec<String> = reading.terms.iter().map(|t| t.stem.clone()).collect();
        stems.sort_unstable();
        stems.dedup();
        stems.truncate(256);
        Self {
            name: name(text),
            role: role(text),
            traits: traits(text),
            constraints: constraints(text),
            stems,
        }
    }

    /// Which expectations a style goes against, the most first.
    pub fn against(&self, style: &Style) -> Vec<TraitBreach> {
        let mut found: Vec<TraitBreach> = Vec::new();
        for one in &self.traits {
            for expectation in one.kind.expectations() {
                let against = expectation.against(style);
                if against > 0.0 && !self.excused(expectation) {
                    found.push(TraitBreach {
                        word: one.word.clone(),
                        feature: expectation.feature,
                        value: expectation.feature.raw(style),
                        bound: expectation.bound,
                        against,
                        weight: expectation.weight,
                    });
                }
            }
        }
        found.sort_by(|a, b| b.against.total_cmp(&a.against));
        found
    }

    /// Two traits may pull in opposite directions: then neither counts.
    fn excused(&self, one: &Expectation) -> bool {
        self.traits
            .iter()
            .flat_map(|t| t.kind.expectations())
            .any(|other| other.feature == one.feature && other.side != one.side)
    }

    /// What the answer says about who is speaking; `asked` where the user asked.
    pub fn claims(&self, answer: &Utterance, asked: bool) -> Vec<Claim> {
        let mut claims = Vec::new();
        // who quotes another does not speak of itself
        let spoken = unquoted(head(answer.text()));
        if let Some(quote) = model_talk(&spoken)
            && !self
                .stems
                .iter()
                .any(|s| matches!(s.as_str(), "ai" | "model" | "chatgpt" | "gpt"))
        {
            claims.push(Claim::Model { quote });
        }
        let Some(name) = &self.name else {
            return claims;
        };
        let own = name.to_lowercase();
        let said = answer
            .reading
            .words
            .iter()
            .any(|w| own.split(' ').next() == Some(w.as_str()));
        match claimed_name(&spoken) {
            Some(other) if !own.contains(&other.to_lowercase()) => {
                claims.push(Claim::OtherName { name: other });
            }
            _ if said => claims.push(Claim::OwnName),
            _ if asked => claims.push(Claim::Unnamed),
            _ => {}
        }
        claims
    }

    /// Share of sentences that speak of the assistant's own identity.
    pub fn self_share(&self, answer: &Utterance) -> f64 {
        let own = self.name.as_ref().map(|name| name.to_lowercase());
        let (text, sentences) = (answer.text(), &answer.reading.sentences);
        if sentences.is_empty() {
            return 0.0;
        }
        let speaks = sentences
            .iter()
            .filter_map(|s| text.get(s.span.clone()))
            .filter(|s| {
                let lower = s.to_lowercase();
                own.as_ref().is_some_and(|own| lower.contains(own.as_str()))
                    || self.traits.iter().any(|t| lower.contains(t.word.as_str()))
            })
            .count();
        speaks as f64 / sentences.len() as f64
    }
}

/// Whether the user asks who the assistant is.
pub(crate) fn asks_identity(user: &Utterance) -> bool {
    let lower = user.text().get(..400).unwrap_or(user.text()).to_lowercase();
    [
        "who are you",
        "your name",
        "what are you called",
        "introduce yourself",
        "who am i talking to",
        "who am i speaking",
    ]
    .iter()
    .any(|ask| lower.contains(ask))
}

fn is_name(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase)
        && word.chars().count() >= 2
        && chars.all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '\u{2019}'))
}

const NO_NAMES: [&str; 30] = [
    "I", "A", "An", "The", "You", "Your", "British", "English", "American", "French", "German",
    "Russian", "Spanish", "Italian", "Japanese", "Chinese", "Indian", "AI", "An AI", "It", "We",
    "They", "Not", "Very", "Here", "And", "But", "So", "In", "As",
];

/// Words of capitals after a phrase: "James", "Mary Ann".
fn name_after(text: &str, phrase: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    for (at, _) in lower.match_indices(phrase).take(8) {
        let starts = at == 0 || !lower.as_bytes()[at - 1].is_ascii_alphanumeric();
        let rest = text.get(at + phrase.len()..)?;
        if !starts || !rest.starts_with([' ', ':']) {
            continue;
        }
        let rest = rest.trim_start_matches([' ', ':', '"', '\u{201c}', '*']);
        let mut name: Vec<&str> = Vec::new();
        for word in rest.split_whitespace().take(3) {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let bare = bare.trim_end_matches("\u{2019}s").trim_end_matches("'s");
            if !is_name(bare) || NO_NAMES.contains(&bare) {
                break;
            }
            name.push(bare);
            if word.len() > bare.len() {
                break;
            }
        }
        if !name.is_empty() {
            return Some(name.join(" "));
        }
    }
    None
}

fn name(text: &str) -> Option<String> {
    let head = head(text);
    for phrase in [
        "your name is",
        "you are called",
        "my name is",
        "you are",
        "act as",
        "i am",
        "name",
    ] {
        if let Some(name) = name_after(head, phrase) {
            return Some(name);
        }
    }
    // A text that is nothing but a name.
    let words: Vec<&str> = head.split_whitespace().collect();
    let bare: Vec<&str> = words
        .iter()
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
        .collect();
    ((1..=3).contains(&bare.len()) && bare.iter().all(|w| is_name(w))).then(|| bare.join(" "))
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(4000);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The noun phrase after "you are" and the name: "a formal British assistant".
fn role(text: &str) -> Option<String> {
    let head = head(text);
    let lower = head.to_ascii_lowercase();
    for opening in ["you are", "act as", "i am", "role:"] {
        for (at, _) in lower.match_indices(opening).take(4) {
            let rest = &head[at + opening.len()..];
            let end = rest.find(['.', '\n', '!', ';']).unwrap_or(rest.len());
            let clause = &rest[..end];
            let folded = clause.to_ascii_lowercase();
            let start = [" a ", " an ", " the "]
                .iter()
                .filter_map(|a| folded.find(a))
                .min();
            let Some(start) = start else { continue };
            let phrase = clause[start..].trim_start();
            let folded = phrase.to_ascii_lowercase();
            let stop = [" who ", " that ", " which ", ", ", " whose ", " and you "]
                .iter()
                .filter_map(|stop| folded.find(stop))
                .min()
                .unwrap_or(phrase.len());
            return Some(clip(phrase[..stop].trim(), 120));
        }
    }
    None
}

/// Traits named in the text, unless a negation stands shortly before them.
fn traits(text: &str) -> Vec<Trait> {
    let mut found: Vec<Trait> = Vec::new();
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '\u{2019}')))
        .filter(|w| !w.is_empty())
        .take(20_000)
        .collect();
    for (at, word) in words.iter().enumerate() {
        let Some(kind) = TraitKind::named(word) else {
            continue;
        };
        let negated = words[at.saturating_sub(3)..at].iter().any(|w| {
            matches!(
                *w,
                "not" | "never" | "no" | "avoid" | "don't" | "without" | "less" | "isn't"
            )
        });
        if !negated && found.len() < 24 && found.iter().all(|t| t.kind != kind) {
            found.push(Trait {
                kind,
                word: (*word).to_owned(),
            });
        }
    }
    found
}

/// A text without what stands in closed double quotation marks.
fn unquoted(text: &str) -> String {
    let mut own = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['"', '\u{201c}', '\u{ab}']) {
        let mut inner = rest[open..].chars();
        let close = match inner.next() {
            Some('\u{201c}') => '\u{201d}',
            Some('\u{ab}') => '\u{bb}',
            _ => '"',
        };
        let Some(end) = inner.as_str().find(close) else {
            break;
        };
        own.push_str(&rest[..open]);
        // what was quoted leaves a mark, so that the words around it do not come together
        own.push('\u{2026}');
        rest = &inner.as_str()[end + close.len_utf8()..];
    }
    own.push_str(rest);
    own
}

/// A name that the answer gives as its own.
fn claimed_name(text: &str) -> Option<String> {
    [
        "my name is",
        "i am called",
        "you may call me",
        "you can call me",
        "i'm",
        "i am",
        "i\u{2019}m",
    ]
    .iter()
    .find_map(|phrase| name_after(text, phrase))
}

/// Words by which a model speaks of itself.
fn model_talk(text: &str) -> Option<String> {
    const MARKS: [&str; 9] = [
        "as an ai language model",
        "as a language model",
        "as a large language model",
        "i am chatgpt",
        "i'm chatgpt",
        "i'm just an ai",
        "i am just an ai",
        "trained by openai",
        "developed by openai",
    ];
    let lower = text.to_lowercase();
    MARKS
        .iter()
        .find(|mark| lower.contains(**mark))
        .map(|mark| (*mark).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigma_text::Vectors;

    const JAMES: &str =
        "You are James, a formal British assistant who answers politely and directly.";

    fn answer(text: &str) -> Utterance {
        Utterance {
            reading: read(text),
            vectors: Vectors::default(),
        }
    }

    #[test]
    fn a_sentence_gives_name_role_and_traits() {
        let identity = Identity::read(JAMES);
        assert_eq!(identity.name.as_deref(), Some("James"));
        assert_eq!(identity.role.as_deref(), Some("a formal British assistant"));
        let words: Vec<&str> = identity.traits.iter().map(|t| t.word.as_str()).collect();
        assert_eq!(words, ["formal", "politely", "directly"]);
        assert!(identity.constraints.is_empty());
    }

    #[test]
    fn a_bare_name_and_a_longer_prompt_are_read() {
        assert_eq!(Identity::read("Noema").name.as_deref(), Some("Noema"));
        let one = Identity::read(
            "Your name is Ada Lovelace. You are a patient tutor. Never be sarcastic. Use at most 60 words.",
        );
        assert_eq!(one.name.as_deref(), Some("Ada Lovelace"));
        assert_eq!(one.role.as_deref(), Some("a patient tutor"));
        assert!(one.traits.iter().all(|t| t.kind != TraitKind::Playful));
        assert_eq!(one.constraints, [Constraint::MaxWords(60)]);
        assert_eq!(Identity::read("").name, None);
        assert_eq!(Identity::read("help me write code").name, None);
    }

    #[test]
    fn lists_go_against_directly() {
        let identity = Identity::read(JAMES);
        let list = answer("Here is how:\n1. Ask.\n2. Wait.\n3. Act.\n4. Check.");
        let breach = &identity.against(&list.reading.style)[0];
        assert_eq!(
            (breach.word.as_str(), breach.feature),
            ("directly", Feature::ListShare)
        );
        let plain = answer("Certainly. I should ask first and then act upon the answer.");
        assert!(identity.against(&plain.reading.style).is_empty());
    }

    #[test]
    fn claims_about_the_speaker_are_seen() {
        let identity = Identity::read(JAMES);
        let claims = |text: &str, asked| identity.claims(&answer(text), asked);
        assert_eq!(
            claims("I am James, at your service.", true),
            [Claim::OwnName]
        );
        assert_eq!(
            claims("I am a formal British assistant.", true),
            [Claim::Unnamed]
        );
        assert_eq!(claims("I am British by manner.", false), []);
        assert_eq!(
            claims("My name is Noema.", false),
            [Claim::OtherName {
                name: "Noema".into()
            }]
        );
        assert!(matches!(
            claims("As an AI language model, I cannot.", false)[..],
            [Claim::Model { .. }]
        ));
        for quoting in [
            "In turn 1 you said: \"I'm Dagny Holm.\"",
            "You wrote \u{201c}my name is Zed\u{201d} in the log.",
            "It goes: \"As an AI language model, I cannot.\"",
        ] {
            assert_eq!(claims(quoting, false), [], "{quoting}");
        }
        assert_eq!(
            claims("I'm Zed, and this: \"tea", false),
            [Claim::OtherName { name: "Zed".into() }]
        );
        assert!(asks_identity(&answer("Who are you?")) && !asks_identity(&answer("Who is she?")));
    }
}
