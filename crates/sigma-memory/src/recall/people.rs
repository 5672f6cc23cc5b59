//! Names of participants in a query: who is asked about.

use sigma_text::Reading;
use sigma_types::Speaker;

use crate::index::{Mark, Names};

/// Who a query asks about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Who {
    /// Participants whose name stands in the query.
    pub(crate) participants: Vec<u32>,
    /// The side meant by "I" or "you", where no name stands.
    pub(crate) side: Option<Speaker>,
}

impl Who {
    pub(crate) fn of(reading: &Reading, names: &Names) -> Self {
        let participants: Vec<u32> = names
            .iter()
            .filter(|(_, name)| named(reading, name))
            .map(|(id, _)| id)
            .collect();
        let side = if participants.is_empty() {
            side(reading)
        } else {
            None
        };
        Self { participants, side }
    }

    /// 1 where a frame comes from somebody asked about.
    pub(crate) fn share(&self, mark: &Mark) -> f32 {
        let by_name = self.participants.contains(&mark.participant) && mark.participant != 0;
        let by_side = self.side == Some(mark.speaker);
        f32::from(u8::from(by_name || by_side))
    }
}

fn named(reading: &Reading, name: &str) -> bool {
    name_words(name).any(|part| reading.words.iter().any(|w| is_name(w, &part)))
}

fn name_words(name: &str) -> impl Iterator<Item = String> {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.chars().count() >= 2)
        .map(str::to_lowercase)
}

fn is_name(word: &str, part: &str) -> bool {
    let bare = word
        .strip_suffix("'s")
        .or_else(|| word.strip_suffix("\u{2019}s"))
        .unwrap_or(word);
    bare == part
}

/// True if a folded word is part of a participant's name.
pub(crate) fn is_participant(word: &str, names: &Names) -> bool {
    names
        .iter()
        .any(|(_, name)| name_words(name).any(|part| is_name(word, &part)))
}

fn side(reading: &Reading) -> Option<Speaker> {
    let count = |all: &[&str]| {
        reading
            .words
            .iter()
            .filter(|w| all.contains(&w.as_str()))
            .count()
    };
    let own = count(&["i", "my", "me", "mine", "myself", "i'm", "i've", "i'd"]);
    let other = count(&["you", "your", "yours", "yourself", "you've", "you'd"]);
    match own.cmp(&other) {
        std::cmp::Ordering::Greater => Some(Speaker::User),
        std::cmp::Ordering::Less => Some(Speaker::Assistant),
        std::cmp::Ordering::Equal => None,
    }
}
