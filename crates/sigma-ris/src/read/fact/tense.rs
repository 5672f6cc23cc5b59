//! Tense by the verb group.

use crate::Tense;
use crate::lexicon::{Closed, Form};
use crate::read::{
    piece::Piece,
    token::{Tag, Token},
};

/// "had", where the short form could be "would": before a participle.
pub(super) fn had(tokens: &[Token], piece: &Piece) -> bool {
    let Some(group) = &piece.group else {
        return false;
    };
    group
        .aux
        .first()
        .is_some_and(|a| tokens[*a].word == "'d" || tokens[*a].word == "’d")
        && (group.verbs.first().is_some_and(|v| {
            matches!(tokens[*v].tag, Tag::Verb(Form::Participle | Form::Past))
                || tokens[*v]
                    .entry
                    .verb
                    .is_some_and(|(f, _)| f.has(Form::Participle) && !f.has(Form::Base))
        }) && group.aux.len() == 1
            || group.aux.get(1).is_some_and(|a| tokens[*a].word == "been"))
}

pub(super) fn tense(tokens: &[Token], piece: &Piece) -> Tense {
    let Some(group) = &piece.group else {
        return Tense::None;
    };
    if group.bare && !tokens[group.start].is(Closed::To) && group.aux.is_empty() {
        return Tense::None;
    }
    if let Some(first) = group.aux.first() {
        let word = tokens[*first].word.as_str();
        return match word {
            "was" | "were" | "had" | "did" | "been" | "could" => Tense::Past,
            "will" | "'ll" | "’ll" | "shall" | "wo" | "gonna" => Tense::Future,
            "'d" | "’d" if had(tokens, piece) => Tense::Past,
            "have" | "has" | "'ve" | "’ve" if !group.verbs.is_empty() || group.aux.len() > 1 => {
                Tense::Past
            }
            "am" | "is" | "are" | "'m" | "'re" | "’m"
                if group
                    .verbs
                    .first()
                    .is_some_and(|v| tokens[*v].word == "going")
                    && group.verbs.len() > 1 =>
            {
                Tense::Future
            }
            _ => Tense::Present,
        };
    }
    match group.verbs.first().map(|v| tokens[*v].tag) {
        Some(Tag::Verb(Form::Past | Form::Participle)) => Tense::Past,
        _ => Tense::Present,
    }
}
