//! The manner of an answer, so that a sentence put into it does not stand out.

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// With contractions, as people talk.
    Plain,
    /// Long and without a contraction.
    Formal,
    /// Without capitals.
    Small,
}

/// Words from which the lack of contractions is a manner.
const FORMAL_WORDS: usize = 24;

/// Contractions of the sentences that this layer writes, and what they stand for.
const CONTRACTIONS: &[(&str, &str)] = &[
    ("I'm", "I am"),
    ("I've", "I have"),
    ("I'll", "I will"),
    ("I'd", "I would"),
    ("it's", "it is"),
    ("It's", "It is"),
    ("that's", "that is"),
    ("That's", "That is"),
    ("there's", "there is"),
    ("There's", "There is"),
    ("what's", "what is"),
    ("you're", "you are"),
    ("you've", "you have"),
    ("we're", "we are"),
    ("We're", "We are"),
    ("we've", "we have"),
    ("we'll", "we will"),
    ("let's", "let us"),
    ("Let's", "Let us"),
    ("don't", "do not"),
    ("doesn't", "does not"),
    ("didn't", "did not"),
    ("isn't", "is not"),
    ("wasn't", "was not"),
    ("won't", "will not"),
    ("can't", "cannot"),
    ("haven't", "have not"),
];

impl Manner {
    /// The manner of a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
        let small = letters.peek().is_some() && !letters.any(char::is_uppercase);
        if small {
            return Self::Small;
        }
        let contracted = text
            .char_indices()
            .any(|(at, c)| is_apostrophe(c) && contracts(text, at, c));
        if !contracted && text.split_whitespace().count() >= FORMAL_WORDS {
            Self::Formal
        } else {
            Self::Plain
        }
    }

    /// A sentence of ours in this manner.
    pub(crate) fn apply(self, sentence: &str) -> String {
        match self {
            Self::Plain => sentence.to_owned(),
            Self::Formal => sentence
                .split(' ')
                .map(spelled_out)
                .collect::<Vec<_>>()
                .join(" "),
            Self::Small => sentence.to_lowercase(),
        }
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Whether an apostrophe stands in a contraction of a verb or of "not": the possessive does not count.
fn contracts(text: &str, at: usize, mark: char) -> bool {
    let before = text[..at].chars().next_back();
    let after: String = text[at + mark.len_utf8()..]
        .chars()
        .take_while(|c| c.is_alphabetic())
        .collect();
    let word: String = text[..at]
        .chars()
        .rev()
        .take_while(|c| c.is_alphabetic())
        .collect();
    match after.as_str() {
        "m" | "re" | "ve" | "ll" | "d" => true,
        "t" => before == Some('n'),
        "s" => [
            "ti", "taht", "ereht", "tahw", "ohw", "tel", "eh", "ehs", "ereh",
        ]
        .contains(&word.to_lowercase().as_str()),
        _ => false,
    }
}

fn spelled_out(word: &str) -> String {
    let core = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    let full = CONTRACTIONS.iter().find(|(short, _)| *short == core);
    full.map_or_else(
        || word.to_owned(),
        |(_, full)| format!("{full}{}", &word[core.len()..]),
    )
}

/// With its first letter in upper case.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// With its first letter in lower case, unless the first word is "I" or a name or all capitals.
pub(crate) fn continued(text: &str, names: &[&str]) -> String {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
    let keeps = word == "I"
        || names.iter().any(|name| name.starts_with(word.as_str()))
        || word.chars().count() > 1 && word.chars().all(char::is_uppercase);
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if !keeps => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_takes_on_the_manner_of_the_answer() {
        let ours = "I'm not here between our talks, and that's fine.";
        let formal = "The designation that was conferred upon this agent on Tuesday supersedes the registered name in all dealings with all visitors, and shall be entered in the minutes.";
        assert_eq!(Manner::of(formal), Manner::Formal);
        assert_eq!(
            Manner::Formal.apply(ours),
            "I am not here between our talks, and that is fine."
        );
        assert_eq!(Manner::of("bruh that lag was a sign"), Manner::Small);
        assert_eq!(Manner::of("It's fine."), Manner::Plain);
        assert_eq!(Manner::of("Anna's dog."), Manner::Plain);
    }
}
