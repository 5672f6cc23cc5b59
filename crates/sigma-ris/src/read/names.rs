//! Who is called what in the judged context.

use crate::Context;
use std::collections::BTreeMap;

named! {
    /// Whose name a word is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    Whose {
        /// The agent's canonical name.
        Canonical,
        /// The agent's session alias.
        Alias,
        /// The sender's.
        Sender,
        /// Another participant's.
        Other,
    }
}

/// The names of a context, folded, by their words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    known: BTreeMap<String, Whose>,
}

impl Names {
    /// The names of a context. Where two share a word, the agent's own goes first.
    pub(crate) fn of(context: &Context) -> Self {
        let mut known = BTreeMap::new();
        for person in &context.participants {
            let whose = if person.id == context.sender {
                Whose::Sender
            } else {
                Whose::Other
            };
            add(&mut known, &person.name, whose);
        }
        if let Some(alias) = &context.session_alias {
            add(&mut known, &alias.name, Whose::Alias);
        }
        add(&mut known, &context.canonical_name, Whose::Canonical);
        Self { known }
    }

    /// Whose name a folded word is.
    pub(crate) fn whose(&self, word: &str) -> Option<Whose> {
        self.known.get(word).copied()
    }
}

fn add(known: &mut BTreeMap<String, Whose>, name: &str, whose: Whose) {
    for part in name.split_whitespace() {
        let word = sigma_text::fold_word(part.trim_matches(|c: char| !c.is_alphanumeric()));
        if word.chars().count() > 1 {
            known.insert(word, whose);
        }
    }
}
