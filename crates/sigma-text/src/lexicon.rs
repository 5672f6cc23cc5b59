//! Small word lists behind the features of style.

mod words;

use crate::Language;
use std::{collections::HashMap, sync::LazyLock};

/// What a word may tell about a voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// First person singular.
    First,
    /// Second person.
    Second,
    /// First person plural.
    Plural,
    /// Holds back.
    Hedge,
    /// Leaves no doubt.
    Booster,
    /// Formal writing.
    Formal,
    /// Casual talk.
    Informal,
    /// Said out of courtesy.
    Courtesy,
    /// A verb that opens an instruction.
    Verb,
    /// May stand before such a verb.
    Lead,
    /// After a word that could be such a verb shows that it is a noun: "work is hard".
    Finite,
}

/// The classes of one word, a bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Classes(u16);

impl Classes {
    /// Whether the class is among them.
    pub(crate) fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u16) != 0
    }
}

/// The words of one language that style looks at.
#[derive(Debug, Default)]
pub(crate) struct Lexicon(HashMap<&'static str, Classes>);

impl Lexicon {
    /// The lists of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        &LEXICONS[language as usize]
    }

    fn build(language: Language) -> Self {
        let mut all: HashMap<&str, Classes> = HashMap::new();
        for (class, list) in words::lists(language) {
            for word in list.split_ascii_whitespace() {
                all.entry(word).or_default().0 |= 1 << *class as u16;
            }
        }
        Self(all)
    }

    /// The classes of a folded word. Pronouns are known in contractions too: `i` in "i'm".
    pub(crate) fn classes(&self, word: &str) -> Classes {
        const PRONOUNS: u16 =
            1 << Class::First as u16 | 1 << Class::Second as u16 | 1 << Class::Plural as u16;
        let known = |w| self.0.get(w).copied().unwrap_or_default();
        match word.split_once('\'') {
            Some((head, _)) => Classes(known(word).0 | (known(head).0 & PRONOUNS)),
            None => known(word),
        }
    }

    /// Whether the words of a sentence begin with a bare verb, after words such as "then".
    pub(crate) fn imperative<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> bool {
        let mut classes = words
            .into_iter()
            .filter(|w| !w.starts_with(|c: char| c.is_ascii_digit()))
            .map(|w| self.classes(w))
            .skip_while(|c| c.has(Class::Lead));
        classes.next().is_some_and(|c| c.has(Class::Verb))
            && !classes.next().is_some_and(|c| c.has(Class::Finite))
    }
}

static LEXICONS: LazyLock<Vec<Lexicon>> =
    LazyLock::new(|| Language::ALL.iter().map(|l| Lexicon::build(*l)).collect());

/// Whether a folded word is drawn together from two, possessives apart.
pub(crate) fn is_contraction(language: Language, word: &str) -> bool {
    if language != Language::English {
        return false;
    }
    let Some((head, tail)) = word.rsplit_once('\'') else {
        return false;
    };
    match tail {
        "s" => S_CONTRACTED.contains(&head),
        "t" | "re" | "ve" | "ll" | "d" | "m" | "all" | "em" => !head.is_empty(),
        _ => false,
    }
}

/// Words after which `'s` is "is" or "has".
const S_CONTRACTED: &[&str] = &[
    "it",
    "that",
    "there",
    "here",
    "he",
    "she",
    "what",
    "who",
    "where",
    "when",
    "how",
    "why",
    "let",
    "this",
    "everything",
    "something",
    "nothing",
];

/// Whether a word has the ending of an abstract noun: English and, as they share the endings,
/// French.
pub(crate) fn is_abstract(language: Language, word: &str) -> bool {
    const ENDINGS: [&str; 12] = [
        "tion", "tions", "sion", "sions", "ment", "ments", "ness", "ity", "ities", "ance", "ence",
        "ism",
    ];
    const SHORTEST: usize = 7;
    matches!(language, Language::English | Language::French)
        && word.len() >= SHORTEST
        && ENDINGS.iter().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imperatives_begin_with_a_bare_verb() {
        let lexicon = Lexicon::of(Language::English);
        assert!(lexicon.imperative("then open it".split(' ')));
        assert!(lexicon.imperative("do not open it".split(' ')));
        assert!(!lexicon.imperative("work is hard".split(' ')));
        assert!(!lexicon.imperative("i open it".split(' ')));
        assert!(!lexicon.imperative(std::iter::empty()));
    }

    #[test]
    fn contractions_are_no_possessives() {
        assert!(is_contraction(Language::English, "they're"));
        assert!(is_contraction(Language::English, "it's"));
        assert!(!is_contraction(Language::English, "ada's"));
        assert!(!is_contraction(Language::French, "l'll"));
    }
}
