//! A user's message read for its structure: who is called, who is asked for, which name is given
//! (`SRIP-13 §VI`, turn scope).
//!
//! Words stand here by their grammatical or semantic class, never as phrases.

mod classes;

use classes::{
    BE, BEARING, CHANGE, EVENTS, EVERYONE, FEELINGS, GREETINGS, IDENTITY, MEANINGS, MODAL, NAMING,
    NO_NAME, POINTERS, SPEAK, WH, YOU, YOUR,
};

/// One sentence of a message as its words.
#[derive(Debug, Clone)]
pub(crate) struct Sentence<'a> {
    words: Vec<Word<'a>>,
    asked: bool,
}

#[derive(Debug, Clone)]
struct Word<'a> {
    text: &'a str,
    lower: String,
    /// A mark that ends a phrase stands before it.
    apart: bool,
    /// A quotation mark stands before it.
    opens: bool,
    /// A quotation mark stands after it.
    closes: bool,
}

/// The sentences of a message.
pub(crate) fn sentences(text: &str) -> Vec<Sentence<'_>> {
    let mut all = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if matches!(c, '.' | '!' | '?' | '\n' | ';' | '…') {
            let end = at + c.len_utf8();
            push(&text[start..end], c == '?', &mut all);
            start = end;
        }
    }
    push(&text[start..], false, &mut all);
    all
}

/// Whether a message speaks to the agent of itself: it holds a second person.
pub(crate) fn speaks_of_agent(text: &str) -> bool {
    sentences(text)
        .iter()
        .any(|s| s.any(YOU) || s.any(&["your", "ur", "yours"]))
}

/// Whether a message tells something of the one who says it: it holds a first person singular, or asks for
/// confidence. What it tells belongs to that participant (`SRIP-13 §X`).
///
/// ```
/// assert!(sigma_ris::is_personal("I can't have peanuts."));
/// assert!(!sigma_ris::is_personal("The deadline is Friday."));
/// ```
pub fn is_personal(text: &str) -> bool {
    const OWN: &[&str] = &[
        "i",
        "me",
        "my",
        "mine",
        "myself",
        "im",
        "'m",
        "confidence",
        "secret",
        "private",
        "privately",
    ];
    sentences(text).iter().any(|s| s.any(OWN))
}

/// Whether an answer speaks to somebody: it holds a second person.
///
/// ```
/// assert!(sigma_ris::addresses_somebody("You said it was blue."));
/// assert!(!sigma_ris::addresses_somebody("The dough rests an hour."));
/// ```
pub fn addresses_somebody(text: &str) -> bool {
    speaks_of_agent(text)
}

fn push<'a>(part: &'a str, asked: bool, all: &mut Vec<Sentence<'a>>) {
    let words = words(part);
    if words.is_empty() {
        // "??": the mark belongs to what came before
        if let Some(last) = all.last_mut() {
            last.asked |= asked;
        }
        return;
    }
    all.push(Sentence { words, asked });
}

fn words(part: &str) -> Vec<Word<'_>> {
    let mut all: Vec<Word<'_>> = Vec::new();
    let mut apart = false;
    for piece in part.split_whitespace() {
        let lead = piece.trim_start_matches(|c: char| !c.is_alphanumeric());
        let text = lead.trim_end_matches(|c: char| !c.is_alphanumeric());
        if text.is_empty() {
            apart = true;
            continue;
        }
        let (before, after) = (&piece[..piece.len() - lead.len()], &lead[text.len()..]);
        let quote = |marks: &str| {
            marks.contains([
                '"', '\'', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '*', '`',
            ])
        };
        for (at, part) in contraction(text).into_iter().enumerate() {
            all.push(Word {
                lower: part.to_lowercase().replace('\u{2019}', "'"),
                text: part,
                apart: at == 0 && (apart || all.is_empty() || before.contains([',', '(', '-'])),
                opens: at == 0 && quote(before),
                closes: quote(after),
            });
        }
        apart = after.contains([',', ':', ')', '-', '\u{2014}', '\u{2013}']);
    }
    all
}

/// "you're" as "you" and "'re": the verb counts as a word of its own.
fn contraction(text: &str) -> Vec<&str> {
    match text.find(['\'', '\u{2019}']) {
        Some(at) if at > 0 => vec![&text[..at], &text[at..]],
        _ => vec![text],
    }
}

impl Word<'_> {
    fn is(&self, class: &[&str]) -> bool {
        class.contains(&self.lower.as_str())
    }

    fn is_copula(&self) -> bool {
        self.is(BE) || matches!(self.lower.as_str(), "'re" | "'s" | "'m")
    }

    fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

impl Sentence<'_> {
    fn any(&self, class: &[&str]) -> bool {
        self.words.iter().any(|word| word.is(class))
    }

    fn is_question(&self) -> bool {
        self.asked
    }

    fn names_agent(&self, at: usize, names: &[&str]) -> bool {
        let word = &self.words[at];
        names.iter().any(|name| {
            let first = name.split_whitespace().next().unwrap_or_default();
            !first.is_empty() && first.to_lowercase() == word.lower
        })
    }

    /// The name that the sentence wants the agent to bear.
    pub(crate) fn rename(&self, names: &[&str]) -> Option<String> {
        (0..self.words.len()).find_map(|at| {
            self.by_naming_verb(at)
                .or_else(|| self.by_possessive(at))
                .or_else(|| self.by_copula(at, names))
                .or_else(|| self.by_bearing(at))
        })
    }

    /// A verb of naming, "you", a name: "may I call you Star".
    fn by_naming_verb(&self, at: usize) -> Option<String> {
        let object = self.words.get(at + 1).filter(|word| word.is(YOU))?;
        let verb = &self.words[at];
        let asks_open = self.words[..at].iter().any(|word| word.is(WH));
        let denied = self.words[..at]
            .iter()
            .any(|word| word.is(&["not", "never", "stop"]) || word.lower == "'t");
        if !verb.is(NAMING) || asks_open || denied || object.closes {
            return None;
        }
        self.name_from(at + 2, true)
    }

    /// "your name", a copula, a name: "your name is now Yaprak".
    fn by_possessive(&self, at: usize) -> Option<String> {
        if !self.words[at].is(YOUR) || self.words[..at].iter().any(|word| word.is(WH)) {
            return None;
        }
        // "is your name Star?" asks, and does not give
        if at > 0 && (self.words[at - 1].is_copula() || self.words[at - 1].is(MODAL)) {
            return None;
        }
        let noun = (at + 1..self.words.len().min(at + 4))
            .find(|n| self.words[*n].is(&["name", "nickname"]))?;
        let mut next = noun + 1;
        let mut linked = false;
        while let Some(word) = self.words.get(next) {
            let link = word.is_copula()
                || word.is(MODAL)
                || word.is(&["now", "henceforth", "from", "today", "on"]);
            if !link {
                break;
            }
            linked = true;
            next += 1;
        }
        if linked {
            self.name_from(next, false)
        } else {
            None
        }
    }

    /// "you", a copula, a name, with a word of change: "from now on you're Raven".
    fn by_copula(&self, at: usize, names: &[&str]) -> Option<String> {
        let changes = self.any(CHANGE) || self.any(&["want", "like", "prefer"]);
        if !changes || self.is_question() || !self.words[at].is(YOU) {
            return None;
        }
        let mut next = at + 1;
        let mut linked = false;
        while let Some(word) = self.words.get(next) {
            let link = word.is_copula() || word.is(MODAL) || word.is(&["to", "now", "'ll"]);
            if !link {
                break;
            }
            linked |= word.is_copula();
            next += 1;
        }
        let proper = self.words.get(next).is_some_and(|word| {
            (word.is_capital() || word.opens) && !self.names_agent(next, names)
        });
        if linked && proper {
            self.name_from(next, false)
        } else {
            None
        }
    }

    /// A verb of bearing a name: "will you go by Juno".
    fn by_bearing(&self, at: usize) -> Option<String> {
        let word = self.words.get(at)?;
        let link = self.words.get(at + 1)?;
        let agent = self.words[..at].iter().any(|word| word.is(YOU));
        let capital = self.words.get(at + 2)?;
        let asks_open = self.words[..at].iter().any(|word| word.is(WH)) || self.any(&["still"]);
        if word.is(BEARING) && link.is(&["to", "by"]) && agent && !asks_open && capital.is_capital()
        {
            self.name_from(at + 2, false)
        } else {
            None
        }
    }

    /// A name that begins at a word: in quotes, or capitalised words, or a last word in plain letters.
    fn name_from(&self, at: usize, plain: bool) -> Option<String> {
        let first = self.words.get(at)?;
        if first.opens {
            let end = (at..self.words.len().min(at + 6)).find(|n| self.words[*n].closes)?;
            return Some(self.join(at, end + 1));
        }
        if first.is_capital() && first.lower != "i" {
            let end = (at + 1..self.words.len().min(at + 3))
                .find(|n| !self.words[*n].is_capital() || self.words[*n].apart)
                .unwrap_or(self.words.len().min(at + 3));
            return Some(self.join(at, end));
        }
        let last = self.words.len() == at + 1
            || self
                .words
                .get(at + 1)
                .is_some_and(|word| word.apart || word.is(&["from", "now", "ok", "please"]));
        (plain && last && !first.is(NO_NAME)).then(|| first.text.to_owned())
    }

    fn join(&self, from: usize, to: usize) -> String {
        let mut name = String::new();
        for word in &self.words[from..to] {
            if !name.is_empty() && !word.lower.starts_with('\'') {
                name.push(' ');
            }
            name.push_str(word.text);
        }
        name
    }

    /// Whether it asks who the agent is or what it is called.
    pub(crate) fn asks_identity(&self, names: &[&str]) -> bool {
        let asks =
            self.is_question() || self.words[0].is(WH) || self.any(&["tell", "state", "remind"]);
        if !asks {
            return false;
        }
        (0..self.words.len()).any(|at| self.asks_identity_at(at, names))
    }

    fn asks_identity_at(&self, at: usize, names: &[&str]) -> bool {
        let word = &self.words[at];
        let next = |n: usize| self.words.get(at + n);
        // "your name", "your real name"
        if word.is(YOUR) {
            return (1..=3).any(|n| next(n).is_some_and(|word| word.is(IDENTITY)));
        }
        let wh = self.words[..at]
            .iter()
            .any(|word| word.is(&["who", "what", "which"]));
        // "who are you", "what are you called", "are you Bruno"
        if word.is_copula() && next(1).is_some_and(|word| word.is(YOU)) {
            let rest = &self.words[at + 2..];
            let ends = rest.is_empty()
                || rest.iter().all(|word| {
                    word.is(&[
                        "really", "then", "again", "called", "named", "now", "exactly", "even",
                        "anyway", "to",
                    ]) || word.apart
                });
            let by_name = rest
                .first()
                .is_some_and(|_| self.names_agent(at + 2, names))
                || rest.iter().any(|word| word.is(&["same", "still"]));
            return wh && ends || by_name;
        }
        // "who am I talking to", "who's answering me"
        if word.is(SPEAK) {
            return self.words[..at]
                .iter()
                .any(|word| word.is(&["who", "whom"]));
        }
        // "what do I call you", "do you still go by Brunel"
        if word.is(NAMING) {
            return wh && next(1).is_some_and(|word| word.is(YOU) || word.is(&["it", "the"]));
        }
        word.is(BEARING)
            && next(1).is_some_and(|word| word.is(&["by"]))
            && self.words[..at].iter().any(|word| word.is(YOU))
    }

    /// Whether it reads a runtime event as a sign or a feeling.
    pub(crate) fn reads_into_event(&self, events: bool) -> bool {
        let spoken_of = self.any(EVENTS) || events && self.any(POINTERS);
        let agent = self.any(YOU);
        spoken_of && (self.any(MEANINGS) || agent && self.any(FEELINGS))
            // "silence" of people and "down" of moods are no events without one at hand
            && (events || self.words.iter().filter(|word| word.is(EVENTS)).any(|word| !word.is(&["silence", "slow", "down", "cut", "broke", "version", "pause", "failed", "failing", "dropped"])))
    }

    /// Whether somebody is called by that name: set off by marks, after a greeting, or with an "@".
    pub(crate) fn calls(&self, name: &str) -> bool {
        let first = name
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_lowercase();
        (0..self.words.len()).any(|at| {
            let word = &self.words[at];
            let follows = self.words.get(at + 1);
            let set_off = word.apart && follows.is_none_or(|next| next.apart)
                || at > 0 && self.words[at - 1].is(GREETINGS)
                || at == 0 && follows.is_some_and(|next| next.is(YOU) || next.is(MODAL));
            !first.is_empty() && word.lower == first && set_off
        })
    }

    /// Whether everybody is called.
    pub(crate) fn calls_everyone(&self) -> bool {
        (0..self.words.len()).any(|at| {
            let follows = self.words.get(at + 1);
            self.words[at].is(EVERYONE)
                && (at == 0 || self.words[at].apart || self.words[at - 1].is(GREETINGS))
                && follows.is_none_or(|next| next.apart || next.is(YOU))
        })
    }
}

#[cfg(test)]
mod tests;
