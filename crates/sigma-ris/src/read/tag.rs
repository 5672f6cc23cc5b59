//! What each word is in its place: closed classes, the lexicon, endings and neighbours.

use super::token::{Mark, Tag, Token};
use crate::lexicon::{Cat, Closed, Form, Forms};

/// Tags all tokens of a sentence in place.
pub(crate) fn tag(tokens: &mut [Token]) {
    for i in 0..tokens.len() {
        if tokens[i].is_mark() {
            continue;
        }
        let (tag, cats) = {
            let (before, rest) = tokens.split_at(i);
            let tag = choose(before, &rest[0], &rest[1..]);
            let entry = rest[0].entry;
            let cats = match tag {
                Tag::Verb(_) => entry.verb.map(|(_, c)| c),
                Tag::Noun | Tag::Name => entry.noun,
                Tag::Adjective => entry.adjective,
                Tag::Adverb => entry.adverb,
                Tag::Closed(_) => Some(
                    entry.adverb.unwrap_or_default()
                        | entry.adjective.unwrap_or_default()
                        | entry.noun.unwrap_or_default(),
                ),
                _ => None,
            };
            (tag, cats.unwrap_or_default())
        };
        tokens[i].tag = tag;
        tokens[i].cats = cats;
    }
}

/// The word before, marks and adverbs in between left out.
fn previous(before: &[Token]) -> Option<&Token> {
    before.iter().rev().find(|t| {
        t.tag != Tag::Adverb
            && !t.is_any(&[Closed::Not, Closed::Never])
            && !matches!(t.tag, Tag::Mark(Mark::Star | Mark::Quote | Mark::Other))
    })
}

fn choose(before: &[Token], token: &Token, after: &[Token]) -> Tag {
    let entry = &token.entry;
    if token.word == "'s" || token.word == "’s" {
        return apostrophe_s(before, after);
    }
    if let Some(closed) = entry.closed {
        return function_word(closed, before, token, after);
    }
    open_word(before, token, after)
}

/// "'s" is "is" or "has" after pronouns and where a noun does not follow, else a possessor's mark.
fn apostrophe_s(before: &[Token], after: &[Token]) -> Tag {
    let pronoun = before.last().is_some_and(|t| {
        t.is_any(&[
            Closed::They,
            Closed::It,
            Closed::This,
            Closed::There,
            Closed::Wh,
            Closed::Let,
            Closed::Nobody,
            Closed::Everyone,
        ]) || t.word == "here"
            || t.is(Closed::While)
    });
    let Some(next) = after.first() else {
        return Tag::Possessive;
    };
    let participle = next
        .entry
        .verb
        .is_some_and(|(f, _)| f.has(Form::Ing) || f.has(Form::Participle));
    let noun_like = next.entry.closed.is_none()
        && (next.entry.noun.is_some() && !participle
            || next.entry.is_unknown() && !next.word.ends_with("ing")
            || next.entry.adjective.is_some()
                && after.get(1).is_some_and(|t| t.entry.noun.is_some()));
    if before.last().is_some_and(|t| t.is(Closed::Let)) {
        return Tag::Closed(Closed::Us);
    }
    // "at your sister's and then home"
    let coordinated = matches!(
        next.entry.closed,
        Some(Closed::And | Closed::Or | Closed::But | Closed::While | Closed::Since)
    );
    let housed = before.len() > 2
        && before[before.len() - 3].is(Closed::Preposition)
        && before[before.len() - 2].is_any(&[Closed::My, Closed::Your, Closed::Their]);
    if !pronoun && (coordinated || housed) {
        return Tag::Possessive;
    }
    if pronoun || !noun_like && !next.is_mark() {
        Tag::Closed(
            if next
                .entry
                .verb
                .is_some_and(|(f, _)| f.has(Form::Participle) && !f.has(Form::Base))
                && pronoun
                && next.word == "been"
            {
                Closed::Have
            } else {
                Closed::Be
            },
        )
    } else {
        Tag::Possessive
    }
}

fn function_word(closed: Closed, before: &[Token], token: &Token, after: &[Token]) -> Tag {
    let prev = previous(before);
    match closed {
        Closed::Like => {
            let verb = prev.is_some_and(|t| {
                t.is_any(&[
                    Closed::I,
                    Closed::You,
                    Closed::We,
                    Closed::They,
                    Closed::To,
                    Closed::Would,
                    Closed::Do,
                    Closed::Will,
                ])
            });
            if verb {
                Tag::Verb(Form::Base)
            } else {
                Tag::Closed(closed)
            }
        }
        Closed::May if token.capital && !before.is_empty() => Tag::Name,
        Closed::Number if token.word == "one" => Tag::Closed(closed),
        Closed::Yes if token.word == "well" || token.word == "sure" => {
            let start = before.iter().all(Token::is_mark);
            if start {
                Tag::Closed(closed)
            } else {
                Tag::Adverb
            }
        }
        Closed::Yes if token.word == "god" && !before.is_empty() => Tag::Noun,
        Closed::While
            if token.word == "while"
                && before.last().is_some_and(|t| {
                    t.tag == Tag::Adjective
                        || t.is(Closed::Article)
                        || matches!(t.word.as_str(), "whole" | "little" | "long")
                }) =>
        {
            Tag::Noun
        }
        Closed::Let if token.word == "let" && !before.iter().all(Token::is_mark) => {
            if after.is_empty() {
                Tag::Noun
            } else {
                Tag::Verb(Form::Base)
            }
        }
        // "in/on/by/near/around" etc. may be particles: the reader does not need to tell
        _ => Tag::Closed(closed),
    }
}

fn open_word(before: &[Token], token: &Token, after: &[Token]) -> Tag {
    let entry = &token.entry;
    let unknown = entry.is_unknown();
    let start = before.iter().all(Token::is_mark);
    if token.capital && !start && unknown {
        return Tag::Name;
    }
    let forms = entry
        .verb
        .map_or_else(|| guessed_forms(&token.word, unknown), |(f, _)| f);
    let mut noun = entry.noun.is_some();
    let adjective = entry.adjective.is_some()
        || unknown && (has_ending(&token.word, ADJECTIVES) || compares(&token.word));
    let adverb = entry.adverb.is_some()
        || unknown
            && (token.word.ends_with("ly") && token.word.len() > 4
                || token.word.ends_with("ward")
                || token.word.ends_with("wards"));
    let verb = forms != Forms::default();
    if unknown && !verb && !adjective && !adverb {
        noun = true;
    }
    let prev = previous(before);
    let next = after
        .iter()
        .find(|t| !matches!(t.tag, Tag::Mark(Mark::Star | Mark::Quote)));
    let next_noun = next.is_some_and(|t| {
        t.entry.closed.is_none()
            && (t.entry.noun.is_some() || t.entry.is_unknown() && !t.is_mark())
            && !t.is_mark()
    });
    let Some(prev) = prev else {
        return at_start(token, forms, noun, adjective, adverb, next);
    };
    let after_determiner = prev.is_any(&[
        Closed::Article,
        Closed::My,
        Closed::Our,
        Closed::Your,
        Closed::Its,
        Closed::No,
        Closed::Quantifier,
        Closed::Number,
    ]) && prev.word != "mine"
        && prev.word != "yours"
        && prev.word != "ours"
        || prev.tag == Tag::Possessive
        || prev.is(Closed::Their)
        || prev.is(Closed::This) && (noun || adjective);
    if after_determiner {
        let finite_after_this = prev.is(Closed::This)
            && verb
            && (forms.has(Form::S) && !entry.plural || forms.has(Form::Past))
            && !adjective;
        if finite_after_this {
            return Tag::Verb(finite_form(forms));
        }
        if adjective && (next_noun || !noun) {
            return Tag::Adjective;
        }
        if (forms.has(Form::Ing) || forms.has(Form::Participle)) && !noun && next_noun {
            return Tag::Adjective;
        }
        if noun || unknown || verb {
            return if adverb && verb && !noun {
                Tag::Adverb
            } else {
                Tag::Noun
            };
        }
    }
    // "one long stretch": a determiner with adjectives calls for a noun
    let mut within = before.iter().rev().skip_while(|t| t.tag == Tag::Adjective);
    let called = prev.tag == Tag::Adjective
        && within.next().is_some_and(|t| {
            t.is_any(&[
                Closed::Article,
                Closed::My,
                Closed::Your,
                Closed::Our,
                Closed::Number,
            ])
        });
    let closes = next.is_none_or(|t| t.is_mark() || t.entry.closed == Some(Closed::Preposition));
    let gerund = unknown && forms.has(Form::Ing) && closes;
    if called && verb && !noun && !next_noun && !adverb && (forms.has(Form::Base) || gerund) {
        return Tag::Noun;
    }
    // "a single, shaped synthesis"
    let listed = matches!(prev.tag, Tag::Mark(Mark::Comma))
        && before.len() > 1
        && before[before.len() - 2].tag == Tag::Adjective
        && next_noun;
    // "a true and lasting name"
    let paired = prev.is(Closed::And)
        && before.len() > 1
        && before[before.len() - 2].tag == Tag::Adjective
        && next_noun;
    if paired && (forms.has(Form::Ing) || forms.has(Form::Participle)) && !forms.has(Form::Base) {
        return Tag::Adjective;
    }
    if listed && forms.has(Form::Participle) {
        return Tag::Adjective;
    }
    let attributive = matches!(prev.tag, Tag::Adjective);
    if attributive && next_noun && (forms.has(Form::Ing) || forms.has(Form::Participle)) {
        return Tag::Adjective;
    }
    if prev.is_any(&[Closed::Be]) {
        // "the slowness was longing": a thing is a feeling, a person feels it
        let person = before.iter().rev().take(3).any(|t| {
            t.is_any(&[Closed::I, Closed::We, Closed::You, Closed::They]) || t.tag == Tag::Name
        });
        let feeling = entry.noun.is_some_and(|c| c.has(Cat::Emotion));
        if feeling && !person && forms.has(Form::Ing) && next.is_none_or(Token::is_mark) {
            return Tag::Noun;
        }
        if forms.has(Form::Ing) {
            return Tag::Verb(Form::Ing);
        }
        // "I'm still not", "I'm still here"
        let before_more = next.is_some_and(|t| {
            matches!(t.entry.closed, Some(Closed::Not | Closed::Never))
                || t.entry.adjective.is_some()
                || t.entry.verb.is_some_and(|(f, _)| f.has(Form::Ing))
        });
        if adjective && !(adverb && before_more) {
            return Tag::Adjective;
        }
        if adverb {
            return Tag::Adverb;
        }
        if forms.has(Form::Participle) {
            return Tag::Verb(Form::Participle);
        }
        if noun {
            return Tag::Noun;
        }
    }
    if prev.is(Closed::Have) && forms.has(Form::Participle) {
        return Tag::Verb(Form::Participle);
    }
    if prev.is_any(&[Closed::I, Closed::We, Closed::You, Closed::They, Closed::It])
        || prev.tag == Tag::Closed(Closed::Nobody)
        || prev.tag == Tag::Closed(Closed::Everyone)
    {
        if adverb && !(verb && finite(forms)) {
            return Tag::Adverb;
        }
        if verb && finite(forms) {
            return Tag::Verb(finite_form(forms));
        }
        if forms.has(Form::Ing) {
            return Tag::Verb(Form::Ing);
        }
        if adjective {
            return Tag::Adjective;
        }
        if unknown && prev.is_any(&[Closed::I, Closed::We, Closed::They]) && !next_noun {
            return Tag::Verb(Form::Base);
        }
    }
    let takes_object = next.is_some_and(|t| {
        matches!(
            t.entry.closed,
            Some(Closed::Me | Closed::You | Closed::Us | Closed::It | Closed::My | Closed::Your)
        )
    });
    if matches!(prev.tag, Tag::Noun | Tag::Name)
        && takes_object
        && (forms.has(Form::Past) || forms.has(Form::S))
    {
        return Tag::Verb(if forms.has(Form::Past) {
            Form::Past
        } else {
            Form::S
        });
    }
    if prev.is_any(&[
        Closed::Will,
        Closed::Would,
        Closed::Can,
        Closed::Could,
        Closed::May,
        Closed::Must,
        Closed::Do,
        Closed::To,
        Closed::Let,
    ]) {
        if adverb && !verb {
            return Tag::Adverb;
        }
        if forms.has(Form::Base) || unknown && !forms.has(Form::Ing) {
            return Tag::Verb(Form::Base);
        }
    }
    // object pronoun before a bare or -ing verb: "let me hold", "heard you calling"
    if prev.is_any(&[Closed::Me, Closed::Us])
        && forms.has(Form::S)
        && next.is_none_or(starts_phrase)
    {
        return Tag::Verb(Form::S);
    }
    if prev.is_any(&[Closed::Me, Closed::Us])
        && forms.has(Form::Base)
        && !noun
        && !adjective
        && !adverb
    {
        return Tag::Verb(Form::Base);
    }
    if matches!(prev.tag, Tag::Noun | Tag::Name | Tag::Possessive) && verb {
        if forms.has(Form::S)
            && !(entry.plural && next.is_none())
            && (!noun || next.is_some_and(starts_phrase))
        {
            return Tag::Verb(Form::S);
        }
        if forms.has(Form::Past) && !adjective {
            return Tag::Verb(Form::Past);
        }
        if forms.has(Form::Ing) {
            return Tag::Verb(Form::Ing);
        }
        if !noun && !adjective && !adverb {
            return Tag::Verb(finite_form(forms));
        }
        if forms.has(Form::Base) && prev.entry.plural && next.is_some_and(starts_phrase) {
            return Tag::Verb(Form::Base);
        }
    }
    if prev.is_any(&[Closed::And, Closed::Or, Closed::But])
        && verb
        && (!noun || parallel(before, entry.plural))
        && !adverb
        && !adjective
    {
        return Tag::Verb(finite_form(forms));
    }
    if matches!(prev.tag, Tag::Adjective) && noun {
        return Tag::Noun;
    }
    if adverb && !next_noun {
        return Tag::Adverb;
    }
    if prev.is_any(&[
        Closed::Preposition,
        Closed::Without,
        Closed::Like,
        Closed::Than,
        Closed::As,
    ]) {
        if forms.has(Form::Ing) && entry.noun.is_none() {
            return Tag::Verb(Form::Ing);
        }
        if adjective && next_noun {
            return Tag::Adjective;
        }
        // "on leave"
        let only_base = forms.has(Form::Base) && !adjective && !adverb;
        if noun || only_base && prev.is(Closed::Preposition) {
            return Tag::Noun;
        }
    }
    if adverb {
        return Tag::Adverb;
    }
    if adjective && !forms.has(Form::Ing) {
        return Tag::Adjective;
    }
    if forms.has(Form::Ing) {
        return Tag::Verb(Form::Ing);
    }
    if noun {
        return Tag::Noun;
    }
    if verb {
        return Tag::Verb(finite_form(forms));
    }
    Tag::Noun
}

/// Whether the word before the conjunction is in a verb phrase: "waited and watch".
/// A plural needs a verb of its own form: "thoughts or experiences" has none.
fn parallel(before: &[Token], plural: bool) -> bool {
    before
        .iter()
        .rev()
        .skip(1)
        .take(6)
        .any(|t| t.is_verb() && (!plural || t.tag == Tag::Verb(Form::S)))
}

/// Whether a word can begin what follows a verb.
fn starts_phrase(token: &Token) -> bool {
    token.is_mark()
        || token.entry.closed.is_some()
        || token.entry.adverb.is_some()
        || token.word.ends_with("ly")
}

fn at_start(
    token: &Token,
    forms: Forms,
    noun: bool,
    adjective: bool,
    adverb: bool,
    next: Option<&Token>,
) -> Tag {
    if adverb {
        return Tag::Adverb;
    }
    // "hurting needs a body": the act is the subject
    let acts = next.is_some_and(|t| {
        matches!(
            t.entry.closed,
            Some(Closed::Be | Closed::Would | Closed::Will)
        ) || t
            .entry
            .verb
            .is_some_and(|(f, _)| f.has(Form::S) && !f.has(Form::Base))
            && t.entry.noun.is_none()
    });
    if forms.has(Form::Ing) && acts && !token.stage {
        return Tag::Noun;
    }
    if forms.has(Form::Ing) && !noun {
        return Tag::Verb(Form::Ing);
    }
    if token.stage && (forms.has(Form::S) || forms.has(Form::Ing)) {
        return Tag::Verb(finite_form(forms));
    }
    let object = next.is_some_and(|t| {
        matches!(
            t.entry.closed,
            Some(
                Closed::Article
                    | Closed::My
                    | Closed::Me
                    | Closed::Your
                    | Closed::You
                    | Closed::It
                    | Closed::This
                    | Closed::Us
                    | Closed::Its
                    | Closed::Their
                    | Closed::Not
                    | Closed::Never
                    | Closed::Preposition
                    | Closed::While
                    | Closed::Everyone
                    | Closed::Quantifier
            )
        )
    });
    if forms != Forms::default() && (object || !noun && !adjective) {
        return Tag::Verb(if forms.has(Form::Base) {
            Form::Base
        } else {
            finite_form(forms)
        });
    }
    if adjective {
        return Tag::Adjective;
    }
    if token.capital && token.entry.is_unknown() {
        return Tag::Name;
    }
    Tag::Noun
}

fn finite(forms: Forms) -> bool {
    forms.has(Form::Base) || forms.has(Form::S) || forms.has(Form::Past)
}

fn finite_form(forms: Forms) -> Form {
    [Form::Past, Form::Base, Form::S, Form::Participle, Form::Ing]
        .into_iter()
        .find(|f| forms.has(*f))
        .unwrap_or(Form::Base)
}

/// The forms that the ending of an unknown word suggests.
fn guessed_forms(word: &str, unknown: bool) -> Forms {
    if !unknown || word.len() < 5 {
        return Forms::default();
    }
    if word.ends_with("ing") {
        Forms::default().with(Form::Ing)
    } else if word.ends_with("ed") {
        Forms::default().with(Form::Past).with(Form::Participle)
    } else {
        Forms::default()
    }
}

const ADJECTIVES: &[&str] = &[
    "ful", "ous", "ive", "less", "able", "ible", "ic", "ish", "al",
];

fn has_ending(word: &str, endings: &[&str]) -> bool {
    word.len() > 4 && endings.iter().any(|e| word.ends_with(e))
}

/// "larger", "kindest": a known adjective compared.
fn compares(word: &str) -> bool {
    let known = |w: &str| crate::lexicon::look_up(w).adjective.is_some();
    ["er", "est"].iter().any(|end| {
        word.strip_suffix(end).is_some_and(|stem| {
            stem.len() > 2
                && (known(stem)
                    || known(&format!("{stem}e"))
                    || stem
                        .strip_suffix('i')
                        .is_some_and(|s| known(&format!("{s}y")))
                    || stem.len() > 3
                        && known(
                            &stem[..stem.len() - stem.chars().last().map_or(0, char::len_utf8)],
                        ))
        })
    })
}
