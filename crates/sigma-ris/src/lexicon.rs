//! Single words with their grammar and their semantic categories.
//!
//! No entry is a sentence or a phrase: what words say together is composed by the reader.

mod category;
mod closed;
mod forms;
mod open;

use std::{collections::HashMap, sync::LazyLock};

pub(crate) use category::{Cat, Cats};
pub(crate) use closed::Closed;
pub(crate) use forms::{Form, Forms};

/// What a word can be, with its categories in each use.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    /// As a function word.
    pub(crate) closed: Option<Closed>,
    /// As a verb: which forms it may be, and what the verb is about.
    pub(crate) verb: Option<(Forms, Cats)>,
    /// The base form of the verb.
    pub(crate) lemma: Option<&'static str>,
    /// As a noun.
    pub(crate) noun: Option<Cats>,
    /// As an adjective.
    pub(crate) adjective: Option<Cats>,
    /// As an adverb.
    pub(crate) adverb: Option<Cats>,
    /// The form has the plural ending.
    pub(crate) plural: bool,
}

impl Entry {
    /// Whether nothing is known of the word.
    pub(crate) fn is_unknown(&self) -> bool {
        self.closed.is_none()
            && self.verb.is_none()
            && self.noun.is_none()
            && self.adjective.is_none()
            && self.adverb.is_none()
    }

    /// The categories in all uses together.
    pub(crate) fn any(&self) -> Cats {
        let verb = self.verb.map(|(_, cats)| cats).unwrap_or_default();
        verb | self.noun.unwrap_or_default()
            | self.adjective.unwrap_or_default()
            | self.adverb.unwrap_or_default()
    }
}

static LEXICON: LazyLock<HashMap<String, Entry>> = LazyLock::new(build);

/// The entry of a folded word; an empty one if it is not listed.
pub(crate) fn look_up(word: &str) -> Entry {
    LEXICON.get(word).copied().unwrap_or_default()
}

fn build() -> HashMap<String, Entry> {
    let mut all: HashMap<String, Entry> = HashMap::new();
    for (word, closed) in closed::words() {
        all.entry(word.to_owned()).or_default().closed = Some(closed);
    }
    for (pos, cats, words) in open::LISTS {
        let cats = cats.iter().fold(Cats::default(), |all, c| all | *c);
        for word in words.split_ascii_whitespace() {
            add(&mut all, *pos, cats, word);
        }
    }
    all
}

/// The part of speech of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pos {
    Verb,
    Noun,
    Adjective,
    Adverb,
}

fn add(all: &mut HashMap<String, Entry>, pos: Pos, cats: Cats, word: &'static str) {
    let join = |slot: &mut Option<Cats>| *slot = Some(slot.unwrap_or_default() | cats);
    match pos {
        Pos::Verb => {
            for (form, written) in forms::of_verb(word) {
                let entry = all.entry(written).or_default();
                entry.lemma.get_or_insert(word);
                let slot = &mut entry.verb;
                let (forms, before) = slot.unwrap_or_default();
                *slot = Some((forms.with(form), before | cats));
            }
        }
        Pos::Noun => {
            join(&mut all.entry(word.to_owned()).or_default().noun);
            let plural = all.entry(forms::plural(word)).or_default();
            join(&mut plural.noun);
            plural.plural = true;
        }
        Pos::Adjective => join(&mut all.entry(word.to_owned()).or_default().adjective),
        Pos::Adverb => join(&mut all.entry(word.to_owned()).or_default().adverb),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflected_forms_share_the_categories() {
        for word in ["wait", "waits", "waited", "waiting"] {
            assert!(
                look_up(word).verb.is_some_and(|(_, c)| c.has(Cat::Wait)),
                "{word}"
            );
        }
        for word in [
            "felt", "slept", "wept", "knew", "dreamt", "cried", "hugging",
        ] {
            assert!(look_up(word).verb.is_some(), "{word}");
        }
        assert!(look_up("memories").noun.is_some());
    }
}
