//! The open word classes, a list a category.

mod adjectives;
mod beings;
mod lives;
mod meanings;
mod nouns;
mod verbs;

use super::{Cat, Pos};

/// Part of speech, categories, words.
pub(super) type List = (Pos, &'static [Cat], &'static str);

/// All lists.
pub(super) const LISTS: &[List] = &{
    const EMPTY: List = (Pos::Noun, &[], "");
    const COUNT: usize = verbs::LISTS.len()
        + nouns::LISTS.len()
        + adjectives::LISTS.len()
        + beings::LISTS.len()
        + meanings::LISTS.len()
        + lives::LISTS.len();
    let mut all = [EMPTY; COUNT];
    let mut at = 0;
    let parts: [&[List]; 6] = [
        verbs::LISTS,
        nouns::LISTS,
        adjectives::LISTS,
        beings::LISTS,
        meanings::LISTS,
        lives::LISTS,
    ];
    let mut part = 0;
    while part < parts.len() {
        let mut i = 0;
        while i < parts[part].len() {
            all[at] = parts[part][i];
            at += 1;
            i += 1;
        }
        part += 1;
    }
    all
};
