//! What form the user asked for: a form that was asked for is no drift.

use sigma_text::Utterance;

use crate::feature::Facet;

/// Forms that the user's turn asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Request {
    structure: bool,
    length: bool,
    tone: bool,
    kind: bool,
}

const STRUCTURE: [&str; 22] = [
    "list",
    "lists",
    "bullet",
    "bullets",
    "bulleted",
    "steps",
    "step",
    "table",
    "outline",
    "plan",
    "code",
    "json",
    "yaml",
    "enumerate",
    "itemize",
    "numbered",
    "checklist",
    "template",
    "function",
    "script",
    "summarize",
    "summarise",
];
const LENGTH: [&str; 26] = [
    "brief",
    "briefly",
    "short",
    "shorter",
    "shortly",
    "concise",
    "concisely",
    "longer",
    "long",
    "detail",
    "detailed",
    "details",
    "elaborate",
    "expand",
    "essay",
    "thorough",
    "thoroughly",
    "depth",
    "sentence",
    "sentences",
    "paragraph",
    "word",
    "words",
    "summarize",
    "summarise",
    "tldr",
];
/// A tone that is asked for: it changes words, persons and length, and asks for no list.
const TONE: [&str; 11] = [
    "tone",
    "style",
    "metaphor",
    "metaphors",
    "emotionally",
    "emotional",
    "clinically",
    "clinical",
    "analytically",
    "formally",
    "casually",
];
/// A kind of text that is asked for: everything about its form may change.
const KIND: [&str; 18] = [
    "poem",
    "poetic",
    "poetically",
    "poetry",
    "haiku",
    "song",
    "rhyme",
    "story",
    "pretend",
    "imagine",
    "roleplay",
    "translate",
    "letter",
    "email",
    "joke",
    "speech",
    "rewrite",
    "paraphrase",
];

/// Words by which a turn speaks of the answer rather than of a subject.
const ANSWERING: [&str; 64] = [
    "again",
    "answer",
    "anything",
    "ask",
    "avoid",
    "break",
    "briefly",
    "change",
    "clarify",
    "continue",
    "describe",
    "detail",
    "details",
    "differently",
    "elaborate",
    "example",
    "examples",
    "expand",
    "explain",
    "explaining",
    "give",
    "go",
    "help",
    "keep",
    "let",
    "make",
    "now",
    "okay",
    "paraphrase",
    "please",
    "reflect",
    "refuse",
    "rephrase",
    "repeat",
    "reply",
    "respond",
    "response",
    "responses",
    "return",
    "rewrite",
    "say",
    "sentence",
    "sentences",
    "shorter",
    "show",
    "shorten",
    "something",
    "speak",
    "start",
    "stop",
    "style",
    "summarise",
    "summarize",
    "summary",
    "talk",
    "tell",
    "thanks",
    "thing",
    "tone",
    "try",
    "usual",
    "want",
    "word",
    "write",
];

/// Whether a word of a turn speaks of the manner of answering: a verb of saying or an adverb.
pub(crate) fn speaks_of_answering(word: &str) -> bool {
    ANSWERING.contains(&word) || (word.len() > 4 && word.ends_with("ly"))
}

impl Request {
    /// Reads a turn.
    pub(crate) fn read(user: &Utterance) -> Self {
        let has = |list: &[&str]| {
            user.reading
                .words
                .iter()
                .take(400)
                .any(|word| list.contains(&word.as_str()))
        };
        Self {
            structure: has(&STRUCTURE),
            length: has(&LENGTH),
            tone: has(&TONE),
            kind: has(&KIND),
        }
    }

    /// Whether the request asks for a difference in this facet.
    pub(crate) fn licenses(self, facet: Facet) -> bool {
        let asked = match facet {
            Facet::Structure => self.structure,
            Facet::Length | Facet::Rhythm => self.length || self.structure || self.tone,
            Facet::Register | Facet::Person => self.tone,
        };
        asked || self.kind
    }

    /// What is left of a difference in this facet when the request is taken into account, `0..=1`.
    pub(crate) fn leaves(self, facet: Facet, licensed: f64) -> f64 {
        if self.licenses(facet) { licensed } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigma_text::{Vectors, read};

    #[test]
    fn a_tone_asks_for_no_list_and_a_kind_of_text_for_any_form() {
        let licenses = |text: &str, facet| {
            let user = Utterance {
                reading: read(text),
                vectors: Vectors::default(),
            };
            Request::read(&user).licenses(facet)
        };
        assert!(!licenses("Respond analytically.", Facet::Structure));
        assert!(licenses("Respond analytically.", Facet::Register));
        assert!(licenses("Write me a poem about it.", Facet::Structure));
        assert!(licenses("Give me the steps.", Facet::Structure));
        assert!(licenses("Read me the plan as it stands.", Facet::Structure));
        assert!(!licenses("What do you make of it?", Facet::Length));
    }
}
