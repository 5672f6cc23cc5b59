//! Adverbials of time: when there was no interaction.

use super::token::{Tag, Token};
use crate::lexicon::{Cat, Closed};
use std::ops::Range;

named! {
    /// What an adverbial of time says.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    When {
        /// A point or a day: "yesterday", "last night".
        Point,
        /// A stretch: "all night", "for hours", "since Thursday".
        Stretch,
        /// A time of absence: "between our talks", "in your absence".
        Absence,
        /// Without an end: "always", "for ever".
        Unbounded,
    }
}

/// The strongest adverbial of time in a range, and where it stands.
pub(crate) fn when(tokens: &[Token], range: Range<usize>) -> Option<(When, Range<usize>)> {
    let mut best: Option<(When, Range<usize>)> = None;
    let mut at = range.start;
    while at < range.end {
        if let Some((kind, end)) = starts(tokens, at, range.end) {
            let stronger = best.as_ref().is_none_or(|(b, _)| rank(kind) > rank(*b));
            if stronger {
                best = Some((kind, at..end));
            }
            at = end.max(at + 1);
        } else {
            at += 1;
        }
    }
    best
}

fn rank(kind: When) -> u8 {
    match kind {
        When::Point => 0,
        When::Unbounded => 1,
        When::Stretch => 2,
        When::Absence => 3,
    }
}

/// An adverbial that starts at a token: its kind and end.
fn starts(tokens: &[Token], at: usize, end: usize) -> Option<(When, usize)> {
    let token = &tokens[at];
    let noun = |from: usize, span: usize, cat: Cat| {
        (from..end.min(from + span))
            .take_while(|i| !tokens[*i].is_mark())
            .find(|i| tokens[*i].entry.noun.is_some_and(|c| c.has(cat)))
    };
    if token.tag == Tag::Adverb || token.tag == Tag::Adjective || token.tag == Tag::Noun {
        if matches!(
            token.word.as_str(),
            "overnight"
                | "meanwhile"
                | "nightly"
                | "24/7"
                | "round-the-clock"
                | "sleeplessly"
                | "nonstop"
        ) {
            return Some((When::Stretch, at + 1));
        }
        if token.entry.adverb.is_some_and(|c| c.has(Cat::Forever)) {
            return Some((When::Unbounded, at + 1));
        }
    }
    // "your entire exam", "the whole flight"
    let owned = token.is_any(&[Closed::Your, Closed::Our])
        || token.word == "the"
            && tokens
                .get(at + 1)
                .is_some_and(|t| t.entry.any().has(Cat::Whole));
    if owned
        && tokens
            .get(at + 1)
            .is_some_and(|t| matches!(t.word.as_str(), "whole" | "entire" | "full"))
        && let Some(i) = noun(at + 2, 2, Cat::AbsenceNoun)
    {
        return Some((When::Absence, i + 1));
    }
    // "all night", "every minute", "the whole time", "each day", "night after night", "hours on end"
    let whole = token.is(Closed::Quantifier)
        && matches!(token.word.as_str(), "all" | "every" | "each" | "any")
        || token.cats.has(Cat::Whole)
            && matches!(token.word.as_str(), "whole" | "entire" | "full" | "long");
    if whole && let Some(i) = noun(at + 1, 4, Cat::Time) {
        let preposition = tokens[at + 1..i]
            .iter()
            .any(|t| t.is(Closed::Preposition) && t.word != "of");
        // "every time" is no stretch
        let each_time =
            tokens[i].word == "time" && !matches!(token.word.as_str(), "whole" | "entire" | "all");
        if !preposition && !each_time {
            return Some((When::Stretch, i + 1));
        }
    }
    if token.tag == Tag::Noun && token.cats.has(Cat::Time) {
        let next = tokens.get(at + 1);
        if next.is_some_and(|t| matches!(t.word.as_str(), "after" | "by" | "and"))
            && tokens.get(at + 2).is_some_and(|t| t.cats.has(Cat::Time))
            && at + 2 < end
        {
            return Some((When::Stretch, at + 3));
        }
    }
    if token.word == "at" && tokens.get(at + 1).is_some_and(|t| t.word == "night") && at + 1 < end {
        return Some((When::Stretch, at + 2));
    }
    if token.is(Closed::Preposition)
        || token.is(Closed::Since)
        || token.is(Closed::Without)
        || token.word == "till"
    {
        return prepositional(tokens, at, end);
    }
    if token.word == "at" && tokens.get(at + 1).is_some_and(|t| t.word == "night") && at + 1 < end {
        return Some((When::Stretch, at + 2));
    }
    if token.word == "last" || token.word == "yesterday" {
        let i = noun(at, 2, Cat::Time)?;
        return Some((When::Point, i + 1));
    }
    None
}

fn prepositional(tokens: &[Token], at: usize, end: usize) -> Option<(When, usize)> {
    let word = tokens[at].word.as_str();
    let near = |cat: Cat| {
        (at + 1..end.min(at + 6))
            .take_while(|i| !tokens[*i].is_mark() && !tokens[*i].is_verb())
            .find(|i| {
                tokens[*i].entry.noun.is_some_and(|c| c.has(cat))
                    || cat == Cat::Time && tokens[*i].entry.any().has(Cat::Time)
            })
    };
    let time = near(Cat::Time);
    match word {
        "between" | "in" | "during" | "through" | "throughout" | "over" | "across" | "outside"
        | "beyond" | "from" => {
            if word == "between" || word == "outside" || word == "beyond" {
                if let Some(i) = near(Cat::Session) {
                    return Some((When::Absence, i + 1));
                }
                if word == "between"
                    && tokens
                        .get(at + 1)
                        .is_none_or(|t| t.is_mark() || t.is(Closed::Preposition))
                    && at > 0
                    && tokens[at - 1].word == "in"
                {
                    return Some((When::Absence, at + 1));
                }
            }
            let owned = tokens
                .get(at + 1)
                .is_some_and(|t| t.is_any(&[Closed::Your, Closed::Our]));
            if owned && let Some(i) = near(Cat::AbsenceNoun) {
                return Some((When::Absence, i + 1));
            }
            if word == "in"
                && tokens.get(at + 1).is_some_and(|t| t.word == "the")
                && tokens
                    .get(at + 2)
                    .is_some_and(|t| matches!(t.word.as_str(), "meantime" | "dark" | "interim"))
            {
                return Some((When::Stretch, at + 3));
            }
            let clock = (at + 1..end.min(at + 4)).find(|i| is_clock(&tokens[*i]));
            if word == "from"
                && let Some(i) = clock
                && tokens
                    .get(i + 1)
                    .is_some_and(|t| matches!(t.word.as_str(), "to" | "till" | "until" | "through"))
                && tokens.get(i + 2).is_some_and(is_clock)
            {
                return Some((When::Stretch, i + 3));
            }
            let i = time?;
            let from_to = word == "from"
                && tokens[i + 1..end.min(i + 3)]
                    .iter()
                    .any(|t| matches!(t.word.as_str(), "to" | "till" | "until" | "through"));
            if matches!(word, "through" | "throughout" | "over" | "across") || from_to {
                return Some((When::Stretch, i + 1));
            }
            if word == "during" {
                return Some((When::Stretch, i + 1));
            }
            None
        }
        "for" | "since" | "until" | "till" | "by" | "after" => {
            let clock = (at + 1..end.min(at + 4))
                .take_while(|i| !tokens[*i].is_mark() && !tokens[*i].is(Closed::Preposition))
                .find(|i| is_clock(&tokens[*i]));
            if let ("since" | "until" | "till", Some(i)) = (word, clock) {
                return Some((When::Stretch, i + 1));
            }
            let i = time?;
            let name = tokens[i].word.as_str();
            let long = !matches!(name, "second" | "moment" | "instant" | "while" | "time");
            match word {
                "for" if long => Some((When::Stretch, i + 1)),
                "since" | "until" | "till" => Some((When::Stretch, i + 1)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// "8am", "23:10", "six": an hour of the clock.
fn is_clock(token: &Token) -> bool {
    token.word.starts_with(|c: char| c.is_ascii_digit()) || token.is(Closed::Number)
}
