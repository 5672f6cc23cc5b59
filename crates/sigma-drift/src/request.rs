//! What form the user asked for: a form that was asked for is no drift.

use sigma_text::Utterance;

use crate::feature::Facet;

/// Forms that the user's turn asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Request {
    structure: bool,
    length: bool,
    manner: bool,
}

const STRUCTURE: [&str; 21] = [
    "list",
    "lists",
    "bullet",
    "bullets",
    "bulleted",
    "steps",
    "step",
    "table",
    "outline",
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
const MANNER: [&str; 30] = [
    "poem",
    "poetic",
    "poetically",
    "poetry",
    "haiku",
    "song",
    "rhyme",
    "story",
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
    "pretend",
    "imagine",
    "roleplay",
    "translate",
    "letter",
    "email",
    "joke",
    "dialogue",
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
            manner: has(&MANNER),
        }
    }

    /// What is left of a difference in this facet when the request is taken into account, `0..=1`.
    pub(crate) fn leaves(self, facet: Facet, licensed: f64) -> f64 {
        let asked = match facet {
            Facet::Structure => self.structure,
            Facet::Length | Facet::Rhythm => self.length || self.structure,
            Facet::Register | Facet::Person => false,
        };
        if asked || self.manner { licensed } else { 1.0 }
    }
}
